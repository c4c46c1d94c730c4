"""Lets the circles live their weeks: the real bot, against the emulator, on a moving clock."""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from allybot.demo.options import DemoOptions
from allybot.demo.scripted_people import ScriptedPeople
from allybot.demo.session import PROGRAM, START, ZONE, DemoSession
from allybot.demo.workspace import circle_channel
from allybot.domain.circles import CircleWeek
from allybot.services.programs import changing, programs
from allybot.store.circles import weeks as circle_weeks
from allybot.store.tables import circle, circle_week, trainee
from bench.circle_weeks.people import (
    CIRCLES,
    FIRST_MONDAY,
    JOINS_ON,
    LEAVES_ON,
    Member,
    Seen,
    Way,
    available,
    members,
)
from bench.circle_weeks.records import CircleRun, Week

WEEKS = 26
LATER_COHORT = "Spring 2026"
DOWN_FROM = datetime.combine(FIRST_MONDAY + timedelta(weeks=10, days=-1), time(12), ZONE)
"""A Sunday; the bot is down for two days, across the eleventh Monday."""
DOWN_FOR = timedelta(days=2)


class Circles(ScriptedPeople):
    """All members; `titles` and `results` are what was posted, by channel and Monday."""

    def __init__(self, session: DemoSession, voting: Sequence[float], seed: int) -> None:
        super().__init__(session, random.Random(seed))  # noqa: S311 - a script, not a secret
        self.seen = Seen()
        self.titles: dict[tuple[str, date], list[str]] = defaultdict(list)
        self.results: Counter[tuple[str, date]] = Counter()
        self.everybody = [
            Member(
                who,
                session.remote,
                random.Random(f"{seed}:{number}"),  # noqa: S311 - the same
                silent=way is Way.SILENT,
                way=way,
                voting=voting[who.circle // len(CIRCLES)],
                seen=self.seen,
            )
            for number, (who, way) in enumerate(members(len(voting) * len(CIRCLES)))
        ]
        self._present = [each for each in self.everybody if each.way is not Way.JOINS]
        self._joined = False

    def act(self) -> None:
        """Let people come and go, read what is new, and vote."""
        today = self._session.clock().astimezone(ZONE).date()
        if today >= JOINS_ON and not self._joined:
            self._joined = True
            self._join([each for each in self.everybody if each.way is Way.JOINS])
        for each in [each for each in self._present if each.way is Way.LEAVES and today >= LEAVES_ON]:
            self._present.remove(each)
            self._session.remote.post("kick", channel=circle_channel(each.who.circle), user=each.who.user)
        self.people = list(self._present)
        for each in self._present:
            each.live(today)
        super().act()

    def _join(self, joiners: list[Member]) -> None:
        """A later cohort: its people come to the workspace and into the channels, and are enrolled."""
        remote = self._session.remote
        for each in joiners:
            who = each.who
            remote.post(
                "users", id=who.user, name=who.user.casefold(), real_name=who.name, tz=who.zone, quiet=True
            )
            remote.post("invite", channel=circle_channel(who.circle), user=who.user)
        self._session.enrol([each.who for each in joiners], LATER_COHORT)
        self._present += joiners

    def _new_messages(self) -> dict[str, list[dict[str, Any]]]:
        """Messages since the last call, as people get them; a circle's scenarios and results are noted."""
        found = super()._new_messages()
        for channel, messages in found.items():
            for block in (block for message in messages for block in message.get("blocks") or []):
                kind, _, monday = str(block.get("block_id") or "").partition(".")
                if kind == "scenario":
                    self.titles[channel, date.fromisoformat(monday)].append(block["text"]["text"])
                elif kind == "votes":
                    self.results[channel, date.fromisoformat(monday)] += 1
        return found


def live(
    voting: Sequence[float], weeks: int = WEEKS, seed: int = 1, database: str = "", vault: str = ""
) -> list[CircleRun]:
    """Live so many weeks, with three circles for each voting rate.

    Args:
        voting: shares of members who vote in a week.
        database, vault: temporary SQLite files unless named by URL.
    """
    seats = members(len(voting) * len(CIRCLES))
    starters = [who for who, way in seats if way is not Way.JOINS]
    session = DemoSession(
        DemoOptions(people=len(starters), seed=seed, database=database, vault=vault), starters, ticking=False
    )
    try:
        session.open(0)
        context, now = session.allybot.context, session.clock()
        program = programs.find(context, PROGRAM)
        changing.add_cohort(context, None, program.id, LATER_COHORT, JOINS_ON, now, confirmed=True)
        circles = Circles(session, voting, seed)
        for minutes in (0, 10):  # the welcome and the yes, then whatever comes before the first scenario
            session.move_to(START + timedelta(minutes=minutes), circles.act)
            circles.act()
        for week in range(1, weeks + 1):
            until = START + timedelta(weeks=week)
            if session.clock() < DOWN_FROM < until:
                _be_down(session, circles)
            session.move_to(until, circles.act)
            sys.stderr.write(f"\rweek {week} of {weeks}")
        sys.stderr.write("\n")
        circles.act()
        return _runs(session, circles, voting, weeks)
    finally:
        session.close()


def _be_down(session: DemoSession, circles: Circles) -> None:
    session.move_to(DOWN_FROM, circles.act)
    session.clock.move_to(DOWN_FROM + DOWN_FOR)
    session.restart_bot()
    session.run_worker()
    circles.act()


def _runs(session: DemoSession, circles: Circles, voting: Sequence[float], weeks: int) -> list[CircleRun]:
    stored = _stored_weeks(session)
    mondays = tuple(FIRST_MONDAY + timedelta(weeks=week) for week in range(weeks))
    runs = []
    for number in range(len(voting) * len(CIRCLES)):
        ways = {each.who.user: each.way for each in circles.everybody if each.who.circle == number}
        size = sum(way is not Way.JOINS for way in ways.values())
        rate, channel = voting[number // len(CIRCLES)], circle_channel(number)
        lived = [
            _week(circles, channel, monday, ways, stored.get((channel, monday)))
            for monday in sorted({monday for where, monday in circles.titles if where == channel})
        ]
        runs.append(CircleRun(f"circle of {size} at {rate:.0%}", size, rate, mondays, tuple(lived)))
    return runs


def _week(
    circles: Circles,
    channel: str,
    monday: date,
    ways: dict[str, Way],
    stored: tuple[CircleWeek, str | None] | None,
) -> Week:
    week, facilitator = stored or (None, None)
    return Week(
        monday=monday,
        scenarios=tuple(circles.titles[channel, monday]),
        results=circles.results[channel, monday],
        facilitator=facilitator,
        agreed=circles.seen.agreed(week.id) if week else frozenset(),
        available=frozenset(user for user, way in ways.items() if available(way, monday)),
        votes=len(circles.seen.voted[channel, monday]),
        opened=week is not None and week.counts is not None,
    )


def _stored_weeks(session: DemoSession) -> dict[tuple[str, date], tuple[CircleWeek, str | None]]:
    """The weeks as stored, each with the Slack user who facilitates it, by channel and Monday."""
    found = {}
    with session.allybot.context.database.reading() as tx:
        rows = tx.execute(
            select(circle_week.c.id, circle.c.channel, trainee.c.slack_user)
            .join(circle, circle.c.id == circle_week.c.circle_id)
            .outerjoin(trainee, trainee.c.id == circle_week.c.facilitator_id)
        ).all()
        for row in rows:
            week = circle_weeks.week_by_id(tx, row.id)
            if week:
                found[row.channel, week.monday] = week, row.slack_user
    return found
