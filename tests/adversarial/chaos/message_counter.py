"""Counts posts that took effect, from the emulator's log."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from allybot.demo.workspace import Remote, direct_messages
from allybot.prompts import ids
from tests.adversarial.chaos.plan import MODES, Due

_CHECK_IN = re.compile(r"^check_in\.step-(\d+)$")
_SCENARIO = re.compile(r"^scenario\.(\d{4}-\d{2}-\d{2})$")
_UNCERTAIN = frozenset(MODES) - {"rate_limited"}
"""Faults after which the caller cannot know whether its post arrived."""

SeenItem = tuple[str, int | str]
"""(Slack user, step) of a check-in or (channel, Monday) of a circle post."""


@dataclass(frozen=True)
class Question:
    """Somebody was asked whether a message appeared."""

    channel: str
    ts: str
    about: str


class MessageCounter:
    """Reads the log as it grows. `read` is for one thread, the rest is thread-safe."""

    def __init__(self, remote: Remote) -> None:
        self.faults: Counter[str] = Counter()
        self.uncertain = 0
        self.posts = 0
        self._remote = remote
        self._since = 0
        self._lock = Lock()
        self._by_id: Counter[str] = Counter()
        self._by_item: Counter[tuple[str, int | str]] = Counter()
        self._questions: list[Question] = []
        self._scenarios: dict[str, str] = {}
        self._people: dict[str, str] = {}

    def read(self) -> None:
        """Read new entries."""
        new = self._remote.get(f"log?kind=web_api&since={self._since}")["log"]
        with self._lock:
            for entry in new:
                self._since = max(self._since, entry["id"])
                if entry["fault"]:
                    self.faults[entry["fault"]] += 1
                if entry["method"] == "chat.postMessage":
                    self.uncertain += entry["fault"] in _UNCERTAIN
                    if entry["carried_out"]:
                        self._note(entry)
            unknown = {channel for channel, _ in self._by_item if channel.startswith("D")} - set(self._people)
        if unknown:
            known = direct_messages(self._remote)
            with self._lock:
                self._people = known

    def seen(self) -> Counter[SeenItem]:
        """How often each check-in and circle post was posted."""
        with self._lock:
            return Counter(
                {
                    (self._people.get(workspace, workspace), item): times
                    for (workspace, item), times in self._by_item.items()
                }
            )

    def all_seen(self, due: Due) -> bool:
        """Whether everything due was posted."""
        return due.all <= set(self.seen())

    def was_posted(self, message_id: str) -> bool:
        """Whether a message was posted."""
        with self._lock:
            return self._by_id[message_id] > 0

    def questions(self) -> list[Question]:
        """The questions asked, in order."""
        with self._lock:
            return list(self._questions)

    def newest_scenario(self, channel: str) -> str | None:
        """The `ts` of a circle's newest scenario, if one was posted."""
        with self._lock:
            return self._scenarios.get(channel)

    def other_duplicates(self) -> int:
        """Duplicates of messages that are neither check-ins nor circle posts."""
        with self._lock:
            in_all = sum(times - 1 for times in self._by_id.values())
            counted = sum(times - 1 for times in self._by_item.values())
        return max(0, in_all - counted)

    def _note(self, entry: dict[str, Any]) -> None:
        self.posts += 1
        arguments = entry["args"]
        self._by_id[str(arguments["metadata"]["event_payload"]["id"])] += 1
        for item in _items(arguments.get("blocks") or []):
            self._by_item[entry["channel"], item] += 1
            if isinstance(item, str):
                self._scenarios[entry["channel"]] = entry["ts"]
        for block in arguments.get("blocks") or []:
            for element in block.get("elements") or []:
                if element.get("action_id") == ids.IT_APPEARED:
                    value = ids.OutboxValue.unpack(element["value"])
                    assert value is not None
                    self._questions.append(Question(entry["channel"], entry["ts"], value.outbox))


def _items(blocks: list[dict[str, Any]]) -> Iterator[int | str]:
    for block in blocks:
        name = str(block.get("block_id") or "")
        if match := _CHECK_IN.match(name):
            yield int(match[1])
        elif match := _SCENARIO.match(name):
            yield match[1]
