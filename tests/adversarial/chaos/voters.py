"""People who press the buttons of their circle's scenario all the time, whatever happens to the bot.

Each press must be acknowledged within the three seconds that Slack waits, and answered: by what became of the
vote, or by the request to press again. A vote that somebody was told is sealed must be in the database.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import select

from allybot.demo.workspace import Remote
from allybot.i18n import Say
from allybot.prompts import ids
from allybot.prompts.help import try_again
from allybot.store import tables
from allybot.store.engine.database import Database
from tests.adversarial.chaos.message_counter import MessageCounter

THREADS = 4
PAUSE = 0.3
"""Seconds between an answer and the next press of the same thread."""
ANSWERED_WITHIN = 15.0
"""Seconds from the acknowledgement; the answer is sent after it, by other threads of the bot."""
_LOOK_EVERY = 0.1
_OPTIONS = 2
"""Every scenario has at least as many."""


@dataclass
class Presses:
    """What became of the presses of a run.

    Attributes:
        number: how many were made while the bot was connected.
        unacknowledged: Slack got no acknowledgement within three seconds.
        unanswered: acknowledged, and the person was told nothing.
        asked_again: answered with the request to press again.
        slowest: seconds until the slowest acknowledgement.
        votes_lost: votes that somebody was told are sealed, and that are not in the database.
        sealed: channel and Slack user of those who were told so, since the last look into the database.
    """

    number: int = 0
    unacknowledged: int = 0
    unanswered: int = 0
    asked_again: int = 0
    slowest: float = 0.0
    votes_lost: int = 0
    sealed: set[tuple[str, str]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look_for_votes(self, database_url: str) -> None:
        """Count the votes of this day that are lost; to be called before the next day opens them.

        A circle in which everyone has voted has opened its votes at once, and has as many counts as voters.
        """
        database = Database(database_url)
        circle, week, vote, trainee = tables.circle, tables.circle_week, tables.vote, tables.trainee
        joined = (
            vote.join(week, vote.c.circle_week_id == week.c.id)
            .join(circle, week.c.circle_id == circle.c.id)
            .join(trainee, vote.c.trainee_id == trainee.c.id)
        )
        opened = select(circle.c.channel, week.c.counts, week.c.number, circle.c.weeks_posted).join(week)
        with database.reading() as tx:
            rows = tx.execute(select(circle.c.channel, trainee.c.slack_user).select_from(joined)).all()
            counts = {
                row.channel: sum(json.loads(row.counts))
                for row in tx.execute(opened)
                if row.counts and row.number == row.weeks_posted
            }
        database.close()
        kept = {(row.channel, row.slack_user) for row in rows}
        voters = Counter(channel for channel, _user in self.sealed)
        self.votes_lost += sum(max(0, voters[channel] - counted) for channel, counted in counts.items())
        self.votes_lost += len({one for one in self.sealed - kept if one[0] not in counts})
        self.sealed.clear()


class Voters:
    """A few threads that press from entering to leaving.

    Args:
        presses: takes what becomes of the presses.
        members: the people of each circle, by its channel.
        counter: knows the scenarios that were posted.
        connected: whether the bot listens; until then nobody presses.
    """

    def __init__(
        self,
        remote: Remote,
        presses: Presses,
        members: dict[str, tuple[str, ...]],
        counter: MessageCounter,
        connected: Callable[[], bool],
        rng: random.Random,
    ) -> None:
        self._remote = remote
        self._presses = presses
        self._members = members
        self._counter = counter
        self._connected = connected
        self._stopping = threading.Event()
        # Each thread has circles of its own, so that nobody presses twice at the same time.
        self._threads = [
            threading.Thread(
                target=self._press_until_stopped,
                args=(sorted(members)[number::THREADS], random.Random(rng.random())),  # noqa: S311 - a script
                name=f"voter-{number}",
                daemon=True,
            )
            for number in range(THREADS)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _press_until_stopped(self, channels: list[str], rng: random.Random) -> None:
        while not self._stopping.wait(PAUSE):
            channel = rng.choice(channels)
            ts = self._counter.newest_scenario(channel)
            if ts and self._connected():
                self._press(channel, ts, rng.choice(self._members[channel]), rng.randrange(_OPTIONS))

    def _press(self, channel: str, ts: str, user: str, option: int) -> None:
        before = len(self._told(channel, user))
        began = time.monotonic()
        pressed = self._remote.post(
            "interact", channel=channel, messageTs=ts, user=user, action=f"{ids.VOTE}.{option}"
        )
        seconds = time.monotonic() - began
        assert pressed["ok"], pressed
        answer = self._answer(channel, user, before) if pressed["acknowledged"] else None
        with self._presses.lock:
            self._presses.number += 1
            self._presses.slowest = max(self._presses.slowest, round(seconds, 2))
            if not pressed["acknowledged"]:
                self._presses.unacknowledged += 1
            elif answer is None:
                self._presses.unanswered += 1
            elif answer["text"] == try_again(Say()).text:
                self._presses.asked_again += 1
            elif any(block.get("block_id") == ids.VOTE_SEALED for block in answer.get("blocks") or []):
                self._presses.sealed.add((channel, user))

    def _answer(self, channel: str, user: str, before: int) -> dict[str, Any] | None:
        end = time.monotonic() + ANSWERED_WITHIN
        while time.monotonic() < end:
            told = self._told(channel, user)
            if len(told) > before:
                return told[-1]
            time.sleep(_LOOK_EVERY)
        return None

    def _told(self, channel: str, user: str) -> list[dict[str, Any]]:
        messages = self._remote.get(f"messages/{channel}")["messages"]
        return [message for message in messages if message.get("ephemeral_to") == user]
