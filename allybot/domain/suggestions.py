"""Suggestions that people send the leads of their program without a name: when they go, and how many. Pure.

They go in threes, so that the number leads see is never the number of people who sent one, and each person
has at most one that waits, so that nobody makes three alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from allybot.clock import aware
from allybot.domain.noise import Rng
from allybot.domain.phrases import folded
from allybot.domain.plans import one_line
from allybot.errors import FieldError

MAX_LENGTH, MAX_ANSWER_LENGTH = 300, 500
"""Characters of a suggestion and of a lead's answer. Our own numbers."""
TOGETHER = 3
"""Suggestions of different people that go together; what is over waits for the next Monday."""
MOST_IN_A_ROUND = 9
"""As many as a lead can answer in a week, and as one message of Slack holds. Our own number."""
MONDAYS = 8
"""On how many Mondays a suggestion waits for others before it is deleted unread. Our own number."""
NOON = time(12)
"""When suggestions go to leads, and answers to everybody, in the program's zone."""
OPEN_KEPT = timedelta(days=182)
"""How long leads can answer a suggestion, or follow up one that they wanted to look into. Our own number."""
SETTLED_KEPT = timedelta(days=35)
"""How long a suggestion is kept once it is answered or hidden: longer than a result waits for a pause."""
MOST_TOLD_TOGETHER = 5
"""Answers in one message to everybody; what is over is told a working day later."""
_A_WEEK = timedelta(days=7)
_POLITE = tuple(
    f"{' '.join(folded(each))} "
    for each in ("please", "bitte", "can you", "could you", "I want to", "I would like to", "I'd like to")
)
_FOR_LEADS = tuple(
    " ".join(folded(each))
    for each in (
        "tell the leads", "tell the lead", "tell our leads", "tell my lead", "tell my leads",
        "a suggestion for the leads", "suggestion for the leads", "suggest to the leads",
        "sag den Leitungen", "sag der Leitung", "sagt der Leitung", "der Leitung sagen",
        "ein Vorschlag an die Leitung", "Vorschlag an die Leitung", "ein Vorschlag für die Leitung",
        "Vorschlag für die Leitung",
    )
)  # fmt: skip


class SuggestionState(StrEnum):
    """waiting -> with_leads -> answered -> followed_up, or with_leads -> hidden.

    FOLLOWED_UP: leads wanted to look into it, and have given another answer since, in a row of its own.
    """

    WAITING = "waiting"
    WITH_LEADS = "with_leads"
    ANSWERED = "answered"
    FOLLOWED_UP = "followed_up"
    HIDDEN = "hidden"


class Reply(StrEnum):
    """What a lead says to a suggestion."""

    CHANGED = "changed"
    NOT_NOW = "not_now"
    WILL_LOOK = "will_look"


class Refusal(StrEnum):
    """Why somebody cannot send a suggestion now."""

    NOT_STARTED = "not_started"
    NO_LEADS = "no_leads"


@dataclass(frozen=True)
class Suggestion:
    """A suggestion that leads have, or had.

    Attributes:
        text: None once it was hidden, or where no configured key opens it.
        reply: None before it is answered, like `answer` and what follows.
        settled_by: the lead who answered or hid it, a Slack id; for leads only.
        settled_on: in the program's zone.
        tell_at: when everybody is told of the answer, aware UTC.
    """

    id: str
    program_id: str
    state: SuggestionState
    text: str | None
    reply: Reply | None = None
    answer: str = ""
    settled_by: str | None = None
    settled_on: date | None = None
    tell_at: datetime | None = None

    @property
    def can_be_answered(self) -> bool:
        """Whether it has no answer yet, or the last word was that leads look into it."""
        if self.text is None:
            return False
        looked_into = self.state is SuggestionState.ANSWERED and self.reply is Reply.WILL_LOOK
        return looked_into or self.state is SuggestionState.WITH_LEADS


@dataclass(frozen=True)
class Waiting:
    """A suggestion that waits; its sender stands nowhere.

    Attributes:
        first_on: the Monday it was sent for.
    """

    id: str
    first_on: date


def suggestion_text(text: str | None) -> str:
    """The normalised text of a suggestion, on one line.

    Raises:
        FieldError: field `suggestion`, reason `empty` or `too_long`.
    """
    return _line(text, "suggestion", MAX_LENGTH)


def answer_text(text: str | None) -> str:
    """The same of a lead's answer; field `answer`."""
    return _line(text, "answer", MAX_ANSWER_LENGTH)


def _line(text: str | None, field: str, longest: int) -> str:
    words = one_line(text)
    if not any(c.isalnum() for c in words):
        raise FieldError(field, "empty")
    if len(words) > longest:
        raise FieldError(field, "too_long")
    return words


def next_round(now: datetime, zone: ZoneInfo) -> datetime:
    """The first Monday's noon in this zone after `now` (aware), as aware UTC."""
    today = aware(now).astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    while (at := aware(datetime.combine(monday, NOON, zone))) <= now:
        monday += _A_WEEK
    return at


def going_with_round(waiting: Sequence[Waiting], rng: Rng) -> list[str]:
    """The ids of those that go now, in random order; a multiple of three, possibly none.

    Those that have waited longest go first, and chance decides between those that have waited alike.
    """
    number = min(len(waiting) - len(waiting) % TOGETHER, MOST_IN_A_ROUND)
    shuffled = _shuffled(waiting, rng)
    return [each.id for each in _shuffled(sorted(shuffled, key=lambda one: one.first_on)[:number], rng)]


def waits_no_longer(waiting: Waiting, monday: date) -> bool:
    """Whether this Monday, on which it does not go, was its last."""
    return monday >= waiting.first_on + (MONDAYS - 1) * _A_WEEK


def said_to_leads(text: str) -> str | None:
    """What follows in a typed message that begins as something for the leads; None where it does not.

    Such as "that we need a room" of "please tell the leads that we need a room".
    """
    said = " ".join(folded(text))
    words = said
    for polite in _POLITE:
        words = words.removeprefix(polite)
    begun = next((each for each in _FOR_LEADS if f"{words} ".startswith(f"{each} ")), None)
    if begun is None:
        return None
    length = len(said.split()) - len(words.split()) + len(begun.split())
    return " ".join(text.split()[length:])


def _shuffled(waiting: Sequence[Waiting], rng: Rng) -> list[Waiting]:
    """In random order (Fisher and Yates), by whole numbers only."""
    found = list(waiting)
    for place in range(len(found) - 1, 0, -1):
        other = rng.randrange(place + 1)
        found[place], found[other] = found[other], found[place]
    return found
