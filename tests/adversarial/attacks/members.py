"""The people of a population: who they are, when they join, and what they do whatever they answer."""

# ruff: noqa: S311 - seeded chance drives people

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allybot.domain.people import Actor
from allybot.prompts import ids
from allybot.services.context import Context
from allybot.services.programs import enrolment, programs
from allybot.services.programs.directory import Enrolee
from tests.adversarial.attacks import habits
from tests.adversarial.attacks.acting import Hands
from tests.adversarial.attacks.habits import FIRST_DAY, ZONE
from tests.adversarial.attacks.programs import WORKSPACE


@dataclass
class Member:
    """One person of the population.

    Attributes:
        number: tells people apart; even numbers are the attacker's training half.
        circle: Slack channel.
        gone: no longer answers.
    """

    hands: Hands
    rng: random.Random
    number: int
    circle: str
    joins_on: date
    later: list[tuple[date, Callable[[], object]]] = field(default_factory=list)
    read: int = 0
    gone: bool = False
    planned: bool = False

    @property
    def actor(self) -> Actor:
        """As services know them."""
        return Actor(self.hands.workspace, self.hands.user)

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.rng.random() < share

    def forget(self) -> None:
        """Ask to be forgotten."""
        self.gone = True
        self.hands.press_value(ids.FORGET_ME)


class Joining:
    """Enrols members on the day on which they join; a program is set up with its first people."""

    def __init__(self, context: Context, members: Sequence[Member]) -> None:
        self._context, self._waiting = context, {each.number: each for each in members}

    def enrol_due(self, now: datetime) -> None:
        """Enrol whoever joins by `now`, aware UTC."""
        today, context = now.astimezone(ZONE).date(), self._context
        due = [each for each in self._waiting.values() if each.joins_on <= today]
        for week in range(habits.LATEST_TRAINING_WEEKS):
            here = [each for each in due if _training_week(each.number) == week]
            name, trained = f"Allies {week}", FIRST_DAY - timedelta(days=3) + timedelta(weeks=week)
            if not here or trained >= today:
                continue
            if name not in {each.program.name for each in programs.list_programs(context)}:
                cohorts = [("one", trained)]
                programs.create(context, WORKSPACE, name, "Kim", cohorts, zone=ZONE.key, now=now)
            enrolment.enrol(context, programs.find(context, name).id, [_enrolee(each) for each in here], now)
            for each in here:
                del self._waiting[each.number]


def new_member(number: int, rng: random.Random, hands_of: Callable[[str], Hands]) -> Member:
    """One person, with what they will do whatever they answer.

    Args:
        rng: seeds the person's own chance.
        hands_of: what somebody can do in Slack, by Slack user.
    """
    own = random.Random(rng.random())
    circle, week = f"C{number // habits.CIRCLE:05d}", _training_week(number)
    joins = FIRST_DAY + timedelta(weeks=week + (own.randint(2, 5) if own.random() < habits.JOINS_LATE else 0))
    made = Member(hands_of(f"U{number:05d}"), own, number, circle, joins)
    for share, deed in (
        (habits.PAUSES, lambda: made.hands.command("pause 2 weeks")),
        (habits.STOPS, lambda: made.hands.command("stop")),
        (habits.LEAVES_CIRCLE, lambda: made.hands.leave_channel(circle)),
        (habits.FORGETS, made.forget),
    ):
        if made.chance(share):
            made.later.append((joins + timedelta(days=own.randint(10, 70)), deed))
    return made


def _enrolee(each: Member) -> Enrolee:
    user = each.hands.user
    return Enrolee(user, user, ZONE.key, "en-GB", circle=each.circle, circle_name=each.circle)


def _training_week(number: int) -> int:
    """Whole circles are trained together."""
    return number // habits.CIRCLE % habits.LATEST_TRAINING_WEEKS
