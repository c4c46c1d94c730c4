"""The members of the circles, and what each does by themselves."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from allybot.demo.cast import Character, Habit, cast
from allybot.demo.scripted_person import ScriptedPerson, elements
from allybot.demo.session import START, ZONE
from allybot.domain.circles import FIRST_DAYS
from allybot.prompts import ids

FIRST_MONDAY = START.date()
LEAVE_FROM = FIRST_MONDAY + timedelta(weeks=3, days=4)
"""A Friday, on which four weeks' leave begin."""
LEAVE = timedelta(weeks=4)
LEAVES_ON = FIRST_MONDAY + timedelta(weeks=8, days=4)
"""A Friday, on which some leave their circle's channel."""
JOINS_ON = FIRST_MONDAY + timedelta(weeks=12, days=4)
"""A Friday, the last day of the later cohort's training, and of the thirteen weeks of the first."""
DAYS_TO_VOTE = 3
"""Monday to Wednesday; Thursday opens the votes."""
_ASKED_BEFORE = timedelta(weeks=1)
"""How long before its Monday somebody is asked to facilitate a week, at the earliest."""
_OPENS_AFTER = timedelta(days=3)
_TO_SAY_YES = timedelta(days=4)
"""From the enrolment to the yes, over a weekend."""


class Way(StrEnum):
    """How somebody lives in a circle; SILENT says yes to the program and answers nothing after that."""

    STAYS = "stays"
    SILENT = "silent"
    ON_LEAVE = "on leave"
    LEAVES = "leaves"
    JOINS = "joins later"


CIRCLES = (
    (Way.STAYS, Way.ON_LEAVE, Way.STAYS, Way.LEAVES, Way.JOINS),
    (Way.STAYS, Way.SILENT, Way.ON_LEAVE, *(Way.STAYS,) * 4, Way.LEAVES, Way.JOINS),
    (Way.STAYS, Way.SILENT, Way.ON_LEAVE, *(Way.STAYS,) * 7, *(Way.LEAVES, Way.JOINS) * 2),
)
"""Three circles with 4, 8 and 12 members at the start."""


@dataclass
class Seen:
    """What the script did, for the judge.

    Attributes:
        voted: by channel and Monday, who voted.
        said_yes: by the week's id, who pressed yes.
    """

    voted: dict[tuple[str, date], set[str]] = field(default_factory=lambda: defaultdict(set))
    said_yes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def agreed(self, week_id: str) -> frozenset[str]:
        """Who agreed to facilitate a week."""
        return frozenset(self.said_yes.get(week_id, ()))


@dataclass
class Member(ScriptedPerson):
    """A scripted member, who votes in so many of the weeks and facilitates when asked."""

    way: Way = Way.STAYS
    voting: float = 1.0
    seen: Seen = field(default_factory=Seen)
    _today: date = field(default=FIRST_MONDAY, init=False)
    _to_vote: list[tuple[date, date, dict[str, Any]]] = field(default_factory=list, init=False)
    _on_leave: bool = field(default=False, init=False)

    def live(self, today: date) -> None:
        """What they do on a day by themselves: go on leave, leave the circle, cast the vote they put off."""
        self._today = today
        if self.way is Way.ON_LEAVE and today >= LEAVE_FROM and not self._on_leave:
            self._on_leave = True
            self.command(f"pause {LEAVE.days // 7} weeks")
        for due in [each for each in self._to_vote if each[0] <= today]:
            self._to_vote.remove(due)
            _, monday, message = due
            self.seen.voted[message["channel"], monday].add(self.who.user)
            self.press(message, self.rng.choice(_votes(message)))

    def react(self, message: dict[str, Any]) -> None:
        """Say yes to the program, say yes as a facilitator, and decide whether and when to vote."""
        pressable = [element for _, element in elements(message.get("blocks") or [])]
        if ids.CONSENT_START in [element["action_id"] for element in pressable]:
            self.press(message, ids.CONSENT_START)
        elif message["channel"].startswith("D"):
            self._facilitate(message, pressable)
        elif (
            _votes(message)
            and not self.silent
            and here(self.way, self._today)
            and self.rng.random() < self.voting
        ):
            day = self._today + timedelta(days=self.rng.randrange(DAYS_TO_VOTE))
            monday = self._today - timedelta(days=self._today.weekday())
            last = monday + timedelta(days=DAYS_TO_VOTE - 1)
            self._to_vote.append((min(day, last), monday, message))

    def _facilitate(self, message: dict[str, Any], pressable: list[dict[str, Any]]) -> None:
        for element in pressable:
            about = ids.CircleWeekValue.unpack(element.get("value"))
            if about is None:
                continue
            if element["text"]["text"].startswith("Yes") and not self.silent:
                self.seen.said_yes[about.week].add(self.who.user)
                self.press(message, element["action_id"])
                return


def members(number: int) -> list[tuple[Character, Way]]:
    """The people of that many circles, of the three sizes in turn, each with their way."""
    seats = [(circle, way) for circle in range(number) for way in CIRCLES[circle % len(CIRCLES)]]
    people = cast(len(seats), 1)
    return [
        (replace(who, habit=Habit.ACTS, zone=ZONE.key, circle=circle), way)
        for who, (circle, way) in zip(people, seats, strict=True)
    ]


def here(way: Way, day: date) -> bool:
    """Whether somebody of this way is a member on that day, and not away."""
    return not (
        (way is Way.ON_LEAVE and LEAVE_FROM <= day < LEAVE_FROM + LEAVE)
        or (way is Way.LEAVES and day >= LEAVES_ON)
        or (way is Way.JOINS and day < JOINS_ON)
    )


def available(way: Way, monday: date) -> bool:
    """Whether they could be asked for a week, and answer: there from the first day on, and not new then."""
    asked_on = max(monday - _ASKED_BEFORE, FIRST_MONDAY)
    new = way is Way.JOINS and asked_on <= JOINS_ON + _TO_SAY_YES + FIRST_DAYS
    return way is not Way.SILENT and not new and here(way, asked_on) and here(way, monday + _OPENS_AFTER)


def _votes(message: dict[str, Any]) -> list[str]:
    found = [str(element["action_id"]) for _, element in elements(message.get("blocks") or [])]
    return [action for action in found if action in ids.VOTES]
