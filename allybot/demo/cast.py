"""The people of the demo's workspace and how they behave."""

import random
from dataclasses import dataclass
from enum import StrEnum

from allybot.domain.plans import Intention, PlanKind


class Habit(StrEnum):
    """How a scripted person responds to check-ins.

    ACTS mostly acted; FORGETS often names a barrier; WAITS mostly had no moment; SILENT never answers;
    ON_LEAVE pauses for two weeks; LEAVES stops half-way; DEACTIVATED is deactivated in Slack half-way.
    """

    ACTS = "acts"
    FORGETS = "forgets"
    WAITS = "waits"
    SILENT = "silent"
    ON_LEAVE = "on_leave"
    LEAVES = "leaves"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Character:
    """One person of the demo's workspace.

    Attributes:
        circle: number of the ally circle, from 0.
        plans: one of each kind.
    """

    user: str
    name: str
    title: str
    zone: str
    habit: Habit
    circle: int
    plans: tuple[tuple[PlanKind, Intention], ...]


LEAD_USER, LEAD_NAME = "U0LEAD", "Mira Okafor"
COLLEAGUES = (("U0LEYLA", "Leyla Demir", "Data engineer"), ("U0ANA", "Ana Petrova", "Product designer"))

_NAMES = (
    ("Jonas Weber", "Backend developer"),
    ("Tomasz Nowak", "Team lead, logistics"),
    ("Daniel Okoye", "Analyst"),
    ("Felix Brunner", "Controller"),
    ("Matteo Ricci", "Sales engineer"),
    ("Samir Haddad", "Researcher"),
    ("Henrik Larsen", "Operations"),
    ("Paul Novotny", "Architect"),
    ("David Kim", "Frontend developer"),
    ("Lukas Steiner", "Legal counsel"),
    ("Pedro Alves", "Support lead"),
    ("Oliver Hughes", "Procurement"),
    ("Jan de Vries", "Data scientist"),
    ("Emre Yilmaz", "Quality engineer"),
    ("Niklas Berg", "Recruiter"),
    ("Marc Dubois", "Finance partner"),
    ("Adam Cohen", "Product manager"),
    ("Viktor Hansen", "Site reliability"),
)
_ZONES = (
    "Europe/Berlin",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Vienna",
    "Europe/Lisbon",
    "Europe/Berlin",
)
_HABITS = (
    *(Habit.ACTS, Habit.FORGETS, Habit.ACTS, Habit.WAITS, Habit.ON_LEAVE, Habit.ACTS),
    *(Habit.SILENT, Habit.FORGETS, Habit.WAITS, Habit.LEAVES, Habit.ACTS, Habit.FORGETS),
    *(Habit.DEACTIVATED, Habit.ACTS, Habit.ON_LEAVE, Habit.WAITS, Habit.SILENT, Habit.ACTS),
)
"""14 of these 18 answer in both windows: enough for two releases at the default minimum of 10."""

_PLANS = {
    PlanKind.FEAR: (
        ("I fear saying the wrong thing", "start with a question"),
        ("I wonder whether it is my place", "ask her whether a word from me would help"),
        ("I feel the eyes of the other men on me", "say one calm sentence anyway"),
    ),
    PlanKind.BYSTANDER: (
        ("someone is talked over in our planning meeting", "say that I would like to hear the rest"),
        ("a colleague's idea is repeated without her name", "say whose idea it was"),
        ("a joke is made at someone's expense", "say that I do not find it funny and move on"),
    ),
    PlanKind.LISTENING: (
        ("I have coffee with a colleague on Friday", "ask what most needs to improve here"),
        ("our one-to-one begins", "ask how meetings feel for her, and listen to the end"),
        ("we walk back from lunch", "ask one question and not give advice"),
    ),
}
CIRCLE_SIZE = 6


def cast(people: int, seed: int) -> tuple[Character, ...]:
    """The trainees of a session; the first one is the person at the keyboard when there is one.

    Args:
        people: how many, at least 1.
        seed: shuffles the habits of all but the first, which is ACTS.
    """
    rng = random.Random(seed)  # noqa: S311 - a script, not a secret
    habits = [_HABITS[number % len(_HABITS)] for number in range(people)]
    others = habits[1:]
    rng.shuffle(others)
    circles = max(1, round(people / CIRCLE_SIZE))
    return tuple(
        _character(number, habit, number % circles, rng) for number, habit in enumerate([habits[0], *others])
    )


def _character(number: int, habit: Habit, circle: int, rng: random.Random) -> Character:
    name, title = _NAMES[number % len(_NAMES)]
    again = number // len(_NAMES)
    return Character(
        user=f"U0{number:03d}",
        name=f"{name} {again + 1}" if again else name,
        title=title,
        zone=_ZONES[number % len(_ZONES)],
        habit=habit,
        circle=circle,
        plans=tuple((kind, Intention(*rng.choice(pairs))) for kind, pairs in _PLANS.items()),
    )
