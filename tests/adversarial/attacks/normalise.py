"""Records everything observable of a run except answers, normalised for comparison.

Random ids become names in a deterministic order; Slack's message times become their rank; what is sealed or
encrypted keeps only its length. What a call shows in a modal is masked, what the ephemeral line after a typed
message says, and the noisy counts of a release, also where all people of a program are told of them: those
may differ. Of that line, of a modal in an acknowledgement and of a message with figures the length is
compared, which stands in any proxy's log; of a column on the machine's clock, whether it lies ahead.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, select

from allybot.clock import real_now
from allybot.domain.plans import Outcome
from allybot.prompts import ids
from allybot.services.context import Context
from allybot.slack.padding import padded
from allybot.store import tables
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.vault import vault

_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_TS = re.compile(r"(?<!\d)\d{10}\.\d{1,6}(?!\d)")
_NUMBERED = re.compile(r"\b[VD][0-9A-Z]{9}\b")
"""The emulator numbers modals and direct messages along with the blocks inside modals, which may differ."""
_CONNECTION = re.compile(r"session id: [0-9a-f-]{36}|127\.0\.0\.1:\d+")
_MODAL = frozenset({"views.open", "views.update", "views.push"})
_EPHEMERAL = "chat.postEphemeral"
"""The one line that follows every typed message; what it says may differ."""
_FIGURES = frozenset({ids.RESULT, ids.RELEASE_NOTICE})
"""Blocks that begin a message with published figures, which differ with the noise."""
_REAL_TIME = ("real:", "Slack's time")
_SOON = timedelta(seconds=30)
"""Longer than a halt takes on a busy machine, shorter than a lease."""
_ANSWERS = {"release.noisy"}
_WORKERS = {"outbox.lease_owner"}
_BY_CHANCE = frozenset({MessageKind.SUGGESTION_ANSWERS, MessageKind.CIRCLE_SUGGESTION_ANSWERS})
"""About whichever of the suggestions told together has the first random id."""
ABOUT_WORKERS = frozenset({"worker_sign", "signature_check"})
"""Tables that say nothing of a person: workers write them by the machine's clock."""
_CLOCK_CHECK = "api.test"
"""How a worker asks Slack for the time: as often as the machine's clock says."""
Row = tuple[str, ...]


@dataclass
class Recording:
    """One run: rows and writes at every halt, log lines, and calls to Slack, in order.

    Attributes:
        outcomes: which answers were given.
        published: how many windows were.
    """

    rows: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    acks: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    writes: Counter[str] = field(default_factory=Counter)
    outcomes: set[Outcome] = field(default_factory=set)
    published: int = 0

    def record_halt(self, now: datetime, rows: Sequence[str]) -> None:
        """Record the tables at a halt, and the writes since the last one."""
        self.rows += [f"{now:%d %b %H:%M} {row}" for row in rows]
        self.counted += [f"{now:%d %b %H:%M} {name} {count}" for name, count in sorted(self.writes.items())]
        self.writes.clear()

    def line(self, record: logging.LogRecord) -> None:
        """One log line with all it carries."""
        if record.name.startswith("slack_bolt") and _CONNECTION.search(record.getMessage()):
            return  # two threads tell of a new connection, in either order
        event: Any = record.msg
        if isinstance(event, dict):
            event = {name: value for name, value in event.items() if name not in {"timestamp", "worker"}}
        else:
            event = _CONNECTION.sub("a connection", record.getMessage())
        self.lines.append(f"{record.name} {record.levelname} {event}")

    def calls(self, log: Sequence[Mapping[str, Any]]) -> None:
        """Record the emulator's log: calls in order with their arguments, and acknowledgements."""
        names = _Names()
        for entry in log:
            if entry["kind"] == "web_api" and entry["method"] != _CLOCK_CHECK:
                channel = entry["channel"]
                if isinstance(channel, dict):  # an answer, with times of the emulator
                    channel = channel["id"]
                call = [entry["method"], channel, entry["ok"], entry["error"]]
                self.posted.append(names.of(json.dumps([*call, _masked(entry)], sort_keys=True)))
            elif entry["kind"] == "response_url":
                self.posted.append(names.of(json.dumps(["response_url", entry.get("args")], sort_keys=True)))
            elif entry["kind"] == "delivery" and entry["delivery"] != "events_api":
                answer = entry["response"]
                if isinstance(answer, dict) and "view" in answer:
                    length = len(padded(json.dumps(answer["view"]).encode()))  # as it goes over the wire
                    answer = {**answer, "view": f"a modal of {length} bytes"}
                acknowledged = [entry["delivery"], entry["type"], entry["acknowledged"], answer]
                self.acks.append(names.of(json.dumps(acknowledged, sort_keys=True)))
        self.lines = [names.of(line) for line in self.lines]

    def unlike(self, other: "Recording") -> list[str]:
        """Every item in which another run differs from this one."""
        found = []
        for part in ("rows", "counted", "lines", "posted", "acks"):
            pairs = zip_longest(getattr(self, part), getattr(other, part))
            found += [f"{part}: {one} <> {two}" for one, two in pairs if one != two]
        return found

    @property
    def items(self) -> int:
        """How much there is to compare."""
        return sum(len(part) for part in (self.rows, self.counted, self.lines, self.posted, self.acks))


def rows_of(context: Context) -> list[str]:
    """Every row of every table of both databases, in a deterministic order and with normalised ids."""
    names = _Names()
    found = []
    last = (tables.circle_week, tables.vote, tables.outbox)
    in_turn = [
        each for each in tables.metadata.sorted_tables if each not in last and each.name not in ABOUT_WORKERS
    ]
    with context.database.reading() as tx, context.vault.reading() as vault_tx:
        for table in (*in_turn, *last, *vault.vault_metadata.sorted_tables):
            source = vault_tx if table.metadata is vault.vault_metadata else tx
            read = [tuple(_values(table, row)) for row in source.execute(select(table)).mappings()]
            times = sorted({match for row in read for text in row for match in _TS.findall(text)})
            names.know_times(times)
            # Known ids by their names, unknown ones all alike: so the order hangs on what the rows say.
            found += [
                f"{table.name} {' | '.join(names.of(text) for text in row)}"
                for row in sorted(read, key=names.so_far)
            ]
    return found


def _values(table: Table, row: Mapping[Any, Any]) -> Iterator[str]:
    for column in table.columns:
        value, name = row[column.name], f"{table.name}.{column.name}"
        if value is None:
            yield "-"
        elif name in _ANSWERS or name in _WORKERS:
            yield "set"
        elif name == "outbox.about_id" and row["kind"] in _BY_CHANCE:
            yield "one of them"
        elif _runs_on_real_time(column):
            yield "ahead" if isinstance(value, datetime) and value > real_now() + _SOON else "over"
        elif isinstance(column.type, LargeBinary):
            yield f"{len(value)} bytes"
        else:
            yield str(value)


def _runs_on_real_time(column: Column[Any]) -> bool:
    return (column.comment or "").startswith(_REAL_TIME)


def _masked(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A call's arguments without what a modal holds and without what is made anew for each."""
    arguments = {name: value for name, value in (entry["args"] or {}).items() if name != "trigger_id"}
    if entry["method"] in _MODAL and "view" in arguments:
        arguments["view"] = "a modal"
    if entry["method"] == _EPHEMERAL:
        length = len(padded(json.dumps({name: arguments.pop(name) for name in ("text", "blocks")}).encode()))
        arguments["shown"] = f"a line of {length} bytes"
    if any(block.get("block_id") in _FIGURES for block in arguments.get("blocks") or ()):
        length = len(padded(json.dumps({name: arguments.pop(name) for name in ("text", "blocks")}).encode()))
        arguments["figures"] = f"a message of {length} bytes"
    arguments.pop("hash", None)
    return arguments


class _Names:
    """Names for ids and message times, by first appearance."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def know_times(self, times: Sequence[str]) -> None:
        """Message times get names in the order of time."""
        for each in times:
            self._known.setdefault(each, f"time{len(self._known)}")

    def of(self, text: str) -> str:
        """`text` with names instead of ids and message times; unknown ones get the next names."""
        return _each(text, lambda found: self._known.setdefault(found, f"name{len(self._known)}"))

    def so_far(self, row: Row) -> Row:
        """A row with the names known by now, unknown ids all alike."""
        return tuple(_each(text, lambda found: self._known.get(found, "?")) for text in row)


def _each(text: str, name: Callable[[str], str]) -> str:
    """`text` with every id, message time and number of the emulator replaced by its name."""
    for pattern in (_ID, _TS, _NUMBERED):
        text = pattern.sub(lambda match: name(match[0]), text)
    return text
