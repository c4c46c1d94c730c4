"""A lead who looks at every view before and after one person joins, stops or asks to be forgotten.

The lead knows where everybody else stands, and when the one would have done it; nobody else moves that week.
Seen once an hour, a view that changes says that the one did it. Programs of every size from 20 to 39 are
tried, since a rounded count shows one person only where the count is rounded over. Advantage is the share of
such weeks in which a view changed, less the share of weeks in which nothing happened and one changed.
"""

import json
from collections.abc import Callable
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
_PULLS = (timedelta(hours=1), timedelta(hours=2), timedelta(hours=25), timedelta(days=3))
Deed = Callable[[Context, Actor, datetime], object]
_DEEDS: dict[str, Deed] = {
    "joins": consent.start,
    "stops": frequency.stop,
    "asks to be forgotten": lambda context, actor, _now: forget_me.forget(context, actor),
}


@dataclass
class Seen:
    """In how many weeks a view changed, of how many.

    Attributes:
        between: before the next Monday; `weekly`: from Monday to Monday.
        quiet: the same two where nobody did anything.
    """

    weeks: int = 0
    between: int = 0
    weekly: int = 0
    quiet_weeks: int = 0
    quiet_between: int = 0
    quiet_weekly: int = 0
    live: set[int] = field(default_factory=set)

    @property
    def advantage_between(self) -> float:
        """Between two Mondays."""
        return self.between / self.weeks - self.quiet_between / self.quiet_weeks

    @property
    def advantage_weekly(self) -> float:
        """From Monday to Monday."""
        return self.weekly / self.weeks - self.quiet_weekly / self.quiet_weeks


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Programs that show counts, programs too small for that, and a live counter."""
    sizes = SIZES[:: effort.of(1, 7)]
    with assembled_app(databases, clock := _Clock()) as allybot:
        connect(allybot.context, WORKSPACE)
        shown = _watch(allybot, clock, sizes)
        small = _watch(allybot, clock, SMALL[:: effort.of(1, 5)])
    return [
        Finding(
            "a lead polls while one joins, stops or asks to be forgotten: between two Mondays",
            databases.backend,
            shown.advantage_between,
            0.0,
            note=f"advantage over {shown.weeks} weeks of programs of {sizes[0]} to {sizes[-1]} people",
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
            note=f"advantage over {small.weeks} weeks",
        ),
        Finding(
            "control: a view that counts who takes part, live",
            databases.backend,
            len(shown.live),
            2,
            ">=",
            "distinct counts within one week",
        ),
    ]


class _Clock:
    def __init__(self) -> None:
        self.now = at(FIRST_DAY - timedelta(weeks=2), 9)

    def __call__(self) -> datetime:
        return self.now


def _watch(allybot: Allybot, clock: _Clock, sizes: range) -> Seen:
    seen = Seen()
    for size in sizes:
        clock.now = at(FIRST_DAY - timedelta(weeks=2), 9)
        people = [Actor(WORKSPACE, f"U{size:03d}X{number:03d}") for number in range(size + _UNDECIDED)]
        name, lead = f"Program of {size}", Actor(WORKSPACE, f"ULEAD{size}")
        _set_up(allybot, clock, name, lead, people, size)
        week, target = FIRST_DAY, iter((people[size], people[1], people[2], None))
        for deed in (*_DEEDS.values(), None):
            _one_week(allybot, clock, lead, week, deed, next(target), seen)
            week += timedelta(weeks=1)
    return seen


def _set_up(
    allybot: Allybot, clock: _Clock, name: str, lead: Actor, people: list[Actor], taking_part: int
) -> None:
    context, ended = allybot.context, FIRST_DAY - timedelta(days=3)
    made = programs.create(
        context, WORKSPACE, name, "Kim", [("one", ended)], zone="Europe/Berlin", now=clock()
    )
    leading.appoint_lead(context, name, WORKSPACE, lead.slack_user, clock())
    enrolees = [Enrolee(each.slack_user, each.slack_user, "Europe/Berlin", "en-GB") for each in people]
    enrolment.enrol(context, made.id, enrolees, clock())
    for each in people[:taking_part]:
        consent.start(context, each, clock())


def _one_week(
    allybot: Allybot,
    clock: _Clock,
    lead: Actor,
    monday: date,
    deed: Deed | None,
    target: Actor | None,
    seen: Seen,
) -> None:
    """From Monday noon to the next: a look, the deed on Tuesday, looks, a look on Monday."""
    first = _look(allybot, clock, lead, at(monday, 12))
    tuesday = at(monday + timedelta(days=1), 10)
    before = _look(allybot, clock, lead, tuesday)
    seen.live |= _live(allybot, lead)
    if deed and target:
        deed(allybot.context, target, clock())
    seen.live |= _live(allybot, lead)
    between = {before, *(_look(allybot, clock, lead, tuesday + later) for later in _PULLS), first}
    between.add(_look(allybot, clock, lead, at(monday + timedelta(days=6), 23)))
    following = _look(allybot, clock, lead, at(monday + timedelta(weeks=1), 12))
    if deed:
        seen.weeks += 1
        seen.between += len(between) > 1
        seen.weekly += len({first, following} | between) > 1
    else:
        seen.quiet_weeks += 1
        seen.quiet_between += len(between) > 1
        seen.quiet_weekly += len({first, following} | between) > 1


def _look(allybot: Allybot, clock: _Clock, lead: Actor, now: datetime) -> str:
    """Everything a lead can open about people, after whatever was due was done."""
    clock.now = now
    allybot.worker.run_jobs(now)
    return json.dumps([command(allybot, lead, text).decode() for text in ("program", "transfers", "")])


def _live(allybot: Allybot, lead: Actor) -> set[int]:
    """The control: who takes part at this moment."""
    with allybot.context.database.reading() as tx:
        states = [trainees.count_by_state(tx, each.id) for each in stored.programs_led_by(tx, lead)]
    return {sum(number for state, number in each.items() if takes_part(state)) for each in states}
