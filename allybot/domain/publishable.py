"""What a program of so many people will be told, by how many of them answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from allybot.domain.anonymity import Tier, nearly_all_answered, tier_for

SHARES = (50, 70, 90)
"""How many per cent may answer. Our own proposal: a bad, a usual and a good case."""
_ALL = 100


class Publishable(StrEnum):
    """What comes of a window: its reasons, one count, or two, a wait for later groups, or nothing."""

    REASONS = "reasons"
    MOMENTS = "moments"
    COUNT = "count"
    WAITS = "waits"
    NOTHING = "nothing"


_TOLD = {Tier.S: Publishable.COUNT, Tier.M: Publishable.REASONS, Tier.MOMENTS: Publishable.MOMENTS}


@dataclass(frozen=True)
class Forecast:
    """What a window tells if so many answer.

    Attributes:
        share: of the people, in per cent.
        answering: the same in people, rounded to the nearest, a half upwards.
        nearly_all: whether fewer than two would be silent, so that how many answered is not told.
        groups: how many such groups a pool needs to be counted, this one included; None when it does not
            wait, or when nobody answers.
    """

    share: int
    answering: int
    what: Publishable
    nearly_all: bool
    groups: int | None = None


def forecast(
    people: int,
    minimum: int,
    reasons_from: int,
    pool_minimum: int | None = None,
    shares: Sequence[int] = SHARES,
    *,
    counts_moments: bool = False,
) -> tuple[Forecast, ...]:
    """What a window of a program tells, one entry for each share of its people who answer.

    Args:
        people: how many are asked; each counts once, however often they answer.
        minimum: the program's fewest respondents for figures.
        reasons_from: the fewest respondents for reasons.
        pool_minimum: the fewest with whom its pool is counted; None without a pool.
        shares: of the people, in per cent.
        counts_moments: whether it counts once, and also how many had a moment.

    Raises:
        ValueError: a number of people is below zero, or a share is not within 0 to 100.
    """
    if people < 0 or not all(0 <= share <= _ALL for share in shares):
        raise ValueError("people are none or more, and shares lie within 0 to 100")
    return tuple(
        _one(people, share, minimum, reasons_from, pool_minimum, counts_moments=counts_moments)
        for share in shares
    )


def _one(
    people: int,
    share: int,
    minimum: int,
    reasons_from: int,
    pool_minimum: int | None,
    *,
    counts_moments: bool,
) -> Forecast:
    answering = (2 * people * share + _ALL) // (2 * _ALL)
    if answering < minimum:
        if pool_minimum is None:
            return Forecast(share, answering, Publishable.NOTHING, nearly_all=False)
        groups = -(-pool_minimum // answering) if answering else None
        return Forecast(share, answering, Publishable.WAITS, nearly_all=False, groups=groups)
    tier = tier_for(min(answering, people - 1), reasons_from, counts_moments=counts_moments)
    return Forecast(share, answering, _TOLD[tier], nearly_all=nearly_all_answered(answering, people))
