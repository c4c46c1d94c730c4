"""Deeds that members of a circle tell: their text, which of those without a name go with a round. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from allybot.domain.plans import one_line
from allybot.errors import FieldError

MAX_DEED_LENGTH = 200
"""Characters: two lines on a desktop. Our own number."""
MOST_A_WEEK = 3
"""Deeds of one person from round to round, with and without their name. Our own number."""
MOST_IN_A_ROUND = 30
"""As many as Slack takes in one message at their usual length; the others wait for the next round."""
KEPT_AFTER_ROUND = timedelta(days=21)
"""How long after the round it was told for a deed is kept. Our own number: one more round, and two weeks of
holidays. It does not show when the deed was told."""
NAMED_KEPT_AT_MOST = timedelta(days=14)
"""How long a deed with a name is kept where it stays unknown whether it was posted."""
_FEWEST_TELLERS = 2


class Refusal(StrEnum):
    """Why somebody cannot tell a deed now. NO_ROUND: without a name, since the last round is over."""

    NOT_STARTED = "not_started"
    NO_CIRCLE = "no_circle"
    CIRCLE_CLOSED = "circle_closed"
    ENOUGH = "enough"
    NO_ROUND = "no_round"


@dataclass(frozen=True)
class WaitingDeed:
    """A deed without a name that waits for a round.

    Attributes:
        teller: trainee id.
        kept_back: whether a round went by without it.
    """

    id: str
    teller: str
    kept_back: bool


def deed_text(text: str | None) -> str:
    """The normalised text of a deed, on one line.

    Raises:
        FieldError: field `deed`, reason `empty` or `too_long`.
    """
    words, field = one_line(text), "deed"
    if not any(c.isalnum() for c in words):
        raise FieldError(field, "empty")
    if len(words) > MAX_DEED_LENGTH:
        raise FieldError(field, "too_long")
    return words


def going_with_round(waiting: Sequence[WaitingDeed], *, is_last: bool) -> list[str]:
    """The ids of the deeds that a round is posted with; empty where they wait for the next one.

    Deeds go once two people have told one. Those that waited a round already go in any case, and all others
    with them; so do all in a circle's last round.
    """
    together = len({deed.teller for deed in waiting}) >= _FEWEST_TELLERS
    if not (is_last or together or any(deed.kept_back for deed in waiting)):
        return []
    in_order = sorted(waiting, key=lambda deed: (not deed.kept_back, deed.id))
    return [deed.id for deed in in_order[:MOST_IN_A_ROUND]]
