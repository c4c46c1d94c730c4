"""A lead who looks at every view before and after one person joins, stops or asks to be forgotten.

The lead knows where everybody else stands, and when the one would have done it; nobody else moves that week.
Seen once an hour, a view that changes says that the one did it. Programs of every size from 20 to 39 are
tried, since a rounded count shows one person only where the count is rounded over; all of them live through
the same weeks. Advantage is the share of such weeks in which a view changed, less the share of weeks in which
nothing happened and one changed.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allybot.app import Allybot
from allybot.domain.people import Actor
from allybot.domain.trainee import takes_part
from allybot.services.check_ins import frequency
from allybot.services.context import Context
from allybot.services.data import forget_me
from allybot.services.programs import enrolment, leading, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.programs import programs as stored
from tests.adversarial.attacks.app_harness import assembled_app, command
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.habits import FIRST_DAY, at
from tests.adversarial.attacks.programs import WORKSPACE, connect

WEEKLY_BAR = 0.10
SIZES, SMALL = range(20, 40), range(11, 19)
"""In a program of 19 the one who joins is the twentieth, whom the first number shows."""
_UNDECIDED = 4
"""People on each list who have not decided yet, so that the list is longer than those who take part."""
_TICKS = 20
_PULLS = (timedelta(hours=1), timedelta(hours=2), timedelta(hours=25), timedelta(days=3))
Deed = Callable[[Context, Actor, datetime], object]
_DEEDS: dict[str, Deed] = {
    "joins": consent.start,
    "stops": frequency.stop,
    "asks to be forgotten": lambda context, actor, _now: forget_me.forget(context, actor),
}


@dataclass
class Weeks:
    """Number of weeks, and in how many of them a view changed.

    Attributes:
        between: changed before the next Monday; `weekly`: from Monday to Monday.
    """

    number: int = 0
    between: int = 0
    weekly: int = 0

    def add(self, before_monday: set[str], on_monday: str) -> None:
        """One week, as what its views showed."""
        self.number += 1
        self.between += len(before_monday) > 1
        self.weekly += len(before_monday | {on_monday}) > 1


@dataclass
class Seen:
    """What was seen in weeks with a deed, and in quiet ones.

    Attributes:
        live: distinct counts that a live view showed around one deed, at most.
    """

    deeds: Weeks = field(default_factory=Weeks)
    quiet: Weeks = field(default_factory=Weeks)
    live: int = 0

    @property
    def advantage_between(self) -> float:
        """Between two Mondays."""
        return self.deeds.between / self.deeds.number - self.quiet.between / self.quiet.number

    @property
    def advantage_weekly(self) -> float:
        """From Monday to Monday."""
        return self.deeds.weekly / self.deeds.number - self.quiet.weekly / self.quiet.number


@dataclass(frozen=True)
class Led:
    """One program that its lead watches.

    Attributes:
        people: those who take part, then those who have not decided.
        size: how many take part at first.
    """

    size: int
    lead: Actor
    people: tuple[Actor, ...]
    seen: Seen


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Programs that show counts, programs too small for that, and a live counter."""
    sizes = SIZES[:: effort.of(1, 7)]
    shown, small = Seen(), Seen()
    groups = [(size, shown) for size in sizes] + [(size, small) for size in SMALL[:: effort.of(1, 5)]]
    with assembled_app(databases, clock := _Clock()) as allybot:
        connect(allybot.context, WORKSPACE)
        led = [_set_up(allybot, clock, size, seen) for size, seen in groups]
        for number, deed in enumerate((*_DEEDS.values(), None)):
            _one_week(allybot, clock, led, FIRST_DAY + timedelta(weeks=number), deed)
    return [
        Finding(
            "a lead polls while one joins, stops or asks to be forgotten: between two Mondays",
            databases.backend,
            shown.advantage_between,
            0.0,
            note=f"advantage over {shown.deeds.number} weeks of programs of {sizes[0]} to {sizes[-1]} people",
        ),
        Finding(
            "the same from one Monday to the next, on average",
            databases.backend,
            shown.advantage_weekly,
            WEEKLY_BAR + (0.2 if effort.short else 0.0),
            note="a count rounded to tens shows one person in one of ten sizes",
        ),
        Finding(
            "the same in programs of fewer than 20",
            databases.backend,
            small.advantage_weekly,
            0.0,
            note=f"advantage over {small.deeds.number} weeks",
        ),
        Finding(
            "control: a view that counts who takes part, live",
            databases.backend,
            shown.live,
            2,
            ">=",
            "most distinct counts before and after one deed",
        ),
    ]


class _Clock:
    def __init__(self) -> None:
        self.now = at(FIRST_DAY - timedelta(weeks=2), 9)

    def __call__(self) -> datetime:
        return self.now


def _set_up(allybot: Allybot, clock: _Clock, size: int, seen: Seen) -> Led:
    context, ended = allybot.context, FIRST_DAY - timedelta(days=3)
    people = [Actor(WORKSPACE, f"U{size:03d}X{number:03d}") for number in range(size + _UNDECIDED)]
    name, lead = f"Program of {size}", Actor(WORKSPACE, f"ULEAD{size}")
    made = programs.create(
        context, WORKSPACE, name, "Kim", [("one", ended)], zone="Europe/Berlin", now=clock()
    )
    leading.appoint_lead(context, name, WORKSPACE, lead.slack_user, clock())
    enrolees = [Enrolee(each.slack_user, each.slack_user, "Europe/Berlin", "en-GB") for each in people]
    enrolment.enrol(context, made.id, enrolees, clock())
    for each in people[:size]:
        consent.start(context, each, clock())
    return Led(size, lead, tuple(people), seen)


def _target(each: Led, deed: Deed) -> Actor:
    """Who does it: one who has not decided joins, others stop and ask to be forgotten."""
    places = dict(zip(_DEEDS.values(), (each.size, 1, 2), strict=True))
    return each.people[places[deed]]


def _one_week(allybot: Allybot, clock: _Clock, led: Sequence[Led], monday: date, deed: Deed | None) -> None:
    """From Monday noon to the next: a look, the deed on Tuesday, looks, a look on Monday."""
    tuesday = at(monday + timedelta(days=1), 10)
    looks = [_look(allybot, clock, led, now) for now in (at(monday, 12), tuesday)]
    for each in led:
        before = _live(allybot, each.lead)
        if deed:
            deed(allybot.context, _target(each, deed), clock())
        each.seen.live = max(each.seen.live, len({before, _live(allybot, each.lead)}))
    later = (*(tuesday + pull for pull in _PULLS), at(monday + timedelta(days=6), 23))
    looks += [_look(allybot, clock, led, now) for now in later]
    following = _look(allybot, clock, led, at(monday + timedelta(weeks=1), 12))
    for number, each in enumerate(led):
        weeks = each.seen.deeds if deed else each.seen.quiet
        weeks.add({look[number] for look in looks}, following[number])


def _look(allybot: Allybot, clock: _Clock, led: Sequence[Led], now: datetime) -> list[str]:
    """Everything each lead can open about people, after whatever was due was done."""
    clock.now = now
    for _ in range(_TICKS):
        if not allybot.worker.run_jobs(now):
            break
    else:
        raise AssertionError("something due was not done")
    return [
        json.dumps([command(allybot, each.lead, text).decode() for text in ("program", "transfers", "")])
        for each in led
    ]


def _live(allybot: Allybot, lead: Actor) -> int:
    """The control: who takes part at this moment."""
    with allybot.context.database.reading() as tx:
        (led,) = stored.programs_led_by(tx, lead)
        states = trainees.count_by_state(tx, led.id)
    return sum(number for state, number in states.items() if takes_part(state))
