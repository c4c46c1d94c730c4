"""Protects single answers: ballots of equal length, and counts that are reduced before publishing.

The noise itself is in `noise.py`; the reasoning behind tiers and contributions is in docs/privacy.md.
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from allybot.domain.noise import Rng, discrete_laplace
from allybot.domain.plans import BARRIERS, Outcome, PlanKind

PAYLOAD_BYTES = 32
_VERSION = 1
_BOX_BYTES = 16
_HIGHEST_CODE = 255

REASONS_FROM = 50
"""From this many respondents on the reasons are published too: six cells cost 12 points of noise, not 33."""
CELL_ACTED = Outcome.ACTED.value
CELL_MOMENT = "had_a_moment"
"""Whoever gave at least one answer that is not "no moment came"; everybody who acted is among them."""
MIN_SILENT = 2
"""The number who answered is told only where so many were silent: a single one could be found out."""

OUTCOME_CODES: Mapping[Outcome, int] = {
    Outcome.ACTED: 1,
    Outcome.NOT_ACTED: 2,
    Outcome.NO_MOMENT: 3,
    Outcome.NO_TIME: 4,
    Outcome.FORGOT: 5,
    Outcome.NOT_MY_PLACE: 6,
    Outcome.UNSURE_HOW: 7,
    Outcome.FEARED_REACTION: 8,
    Outcome.LESS_MOTIVATED: 9,
}
"""Never change these: ballots sealed by an older version must stay readable."""
KIND_CODES: Mapping[PlanKind, int] = {
    PlanKind.FEAR: 1,
    PlanKind.BYSTANDER: 2,
    PlanKind.LISTENING: 3,
    PlanKind.PRACTICE: 4,
}
_OUTCOMES = {code: outcome for outcome, code in OUTCOME_CODES.items()}
_KINDS = frozenset(KIND_CODES.values())

HISTOGRAM = (Outcome.ACTED, Outcome.NO_MOMENT, *BARRIERS, Outcome.NOT_ACTED)
"""The cells of a tier M release, in the order in which they are shown."""


class Tier(StrEnum):
    """How much is released.

    S is how many acted at least once, M the same with what the others answered. MOMENTS is how many acted at
    least once and how many had a moment at all, of a program that chose that.
    """

    S = "S"
    M = "M"
    MOMENTS = "moments"


SENSITIVITY: Mapping[Tier, int] = {Tier.S: 1, Tier.M: 2, Tier.MOMENTS: 2}
"""How far the counts of a release move, summed over its cells, when one trainee answers otherwise."""
FIGURES: Mapping[Tier, int] = {Tier.S: 1, Tier.M: 1, Tier.MOMENTS: 2}
"""How many times a release spends a program's epsilon: the two counts of MOMENTS each spend it once."""


def _digest(box_id: str) -> bytes:
    return hashlib.blake2b(box_id.encode(), digest_size=_BOX_BYTES, person=b"ballot box").digest()


def encode(box_id: str, kind_code: int, code: int) -> bytes:
    """The payload of one ballot or vote, always 32 bytes.

    Layout: version (1), digest of the box it belongs to (16), kind (1), code (1), zeros (13). The digest
    makes a ballot that was moved to another window invalid.

    Raises:
        ValueError: a code is not in 0..255.
    """
    if not (0 <= kind_code <= _HIGHEST_CODE and 0 <= code <= _HIGHEST_CODE):
        message = "codes are one byte each"
        raise ValueError(message)
    return (bytes([_VERSION]) + _digest(box_id) + bytes([kind_code, code])).ljust(PAYLOAD_BYTES, b"\0")


def decode(box_id: str, payload: bytes) -> tuple[int, int] | None:
    """(kind code, code) of a payload; None when it was made for another box or is invalid."""
    if len(payload) != PAYLOAD_BYTES:
        return None
    kind_code, code = payload[1 + _BOX_BYTES], payload[2 + _BOX_BYTES]
    return (kind_code, code) if payload == encode(box_id, kind_code, code) else None


def encode_answer(window_id: str, kind: PlanKind, outcome: Outcome) -> bytes:
    """The payload of an answer to a check-in."""
    return encode(window_id, KIND_CODES[kind], OUTCOME_CODES[outcome])


def decode_answer(window_id: str, payload: bytes) -> Outcome | None:
    """The outcome in a payload; None when it was forged, moved or is unknown.

    The kind of plan is checked and dropped: no release contains it.
    """
    codes = decode(window_id, payload)
    return _OUTCOMES.get(codes[1]) if codes and codes[0] in _KINDS else None


def tier_for(respondents: int, reasons_from: int = REASONS_FROM, *, counts_moments: bool = False) -> Tier:
    """S below `reasons_from` respondents, M from there on; MOMENTS of any size where that was chosen."""
    if counts_moments:
        return Tier.MOMENTS
    return Tier.M if respondents >= reasons_from else Tier.S


def nearly_all_answered(respondents: int, invited: int) -> bool:
    """Whether fewer than two were silent, so that the number who answered must not be told."""
    return invited - respondents < MIN_SILENT


def scale_milli(tier: Tier, epsilon_milli: int) -> int:
    """Scale of the noise on each cell in thousandths: sensitivity over what is spent, rounded up.

    One changed answer moves the one cell of tier S by 1, and two cells of the tier M histogram by 1 each; of
    the two counts of MOMENTS it moves each by 1 at most, and each spends epsilon.

    Raises:
        ValueError: epsilon is not positive.
    """
    if epsilon_milli <= 0:
        message = "epsilon must be above zero"
        raise ValueError(message)
    return -(-SENSITIVITY[tier] * 1_000_000 // (FIGURES[tier] * epsilon_milli))


def epsilon_of(tier: Tier, scale_in_milli: int) -> Fraction:
    """What a release with this noise spends of the privacy budget."""
    return Fraction(SENSITIVITY[tier] * 1000, scale_in_milli)


def reduced(tier: Tier, answers: Sequence[Sequence[Outcome]], rng: Rng) -> dict[str, int]:
    """True counts per cell; each trainee contributes once, however often they answered.

    All tiers count whoever acted at least once as having acted. Tier M counts everybody else by one of
    their answers, drawn uniformly. So each is in one cell, and another answer of one moves at most two.
    MOMENTS also counts whoever gave any answer but "no moment came"; whoever acted is in both cells.
    The result must not leave memory; only that of `published` may.

    Args:
        tier: what is counted.
        answers: each trainee's outcomes; a trainee without any (all forged) is not counted.
        rng: picks the answer in tier M; asked once a trainee, whatever they answered.
    """
    acted = sum(Outcome.ACTED in of_one for of_one in answers)
    if tier is Tier.S:
        return {CELL_ACTED: acted}
    if tier is Tier.MOMENTS:
        had = sum(any(each is not Outcome.NO_MOMENT for each in of_one) for of_one in answers)
        return {CELL_ACTED: acted, CELL_MOMENT: had}
    counts = dict.fromkeys((outcome.value for outcome in HISTOGRAM), 0)
    for of_one in answers:
        if of_one:
            drawn = of_one[rng.randrange(len(of_one))]
            counts[CELL_ACTED if Outcome.ACTED in of_one else drawn.value] += 1
    return counts


def published(
    counts: Mapping[str, int], respondents: int, scale_in_milli: int, rng: Rng, *, invited: int
) -> dict[str, int]:
    """Counts as they may be seen: noise drawn once, then brought back to what is possible.

    Args:
        counts: true counts by cell.
        respondents: above zero.
        scale_in_milli: scale of the noise in thousandths.
        rng: the source of the noise.
        invited: trainees asked, at least `respondents`.
    """
    scale = Fraction(scale_in_milli, 1000)
    noisy = {cell: count + discrete_laplace(rng, scale) for cell, count in counts.items()}
    return possible(noisy, respondents, invited)


def possible(noisy: Mapping[str, int], respondents: int, invited: int) -> dict[str, int]:
    """Whole numbers between 0 and `respondents`; all of it is post-processing and costs no privacy.

    A histogram is brought back to its known total. Of MOMENTS no more acted than had a moment, and both stay
    below `invited` before they are brought into order, as they are at reading where nearly all answered: else
    their mean would differ between "one was silent" and "nobody was".
    """
    if CELL_MOMENT in noisy:
        most = min(respondents, invited - 1)
        return in_order({cell: min(max(count, 0), most) for cell, count in noisy.items()})
    if len(noisy) == 1:
        return {cell: min(max(count, 0), respondents) for cell, count in noisy.items()}
    return dict(zip(noisy, onto_total(list(noisy.values()), respondents), strict=True))


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """The same counts, but no more people acted than had a moment: both become their mean where more did.

    The mean is rounded down for those who acted and up for those who had a moment. It lies between the two,
    so neither error becomes larger than the larger of both was.
    """
    acted, had = counts[CELL_ACTED], counts[CELL_MOMENT]
    if acted <= had:
        return dict(counts)
    return {CELL_ACTED: (acted + had) // 2, CELL_MOMENT: -(-(acted + had) // 2)}


def onto_total(counts: Sequence[int], total: int) -> list[int]:
    """The whole numbers from 0 up that sum to `total` and lie nearest to `counts`.

    The Euclidean projection onto a simplex (Held, Wolfe & Crowder 1974; the sort in Duchi and others 2008),
    then the largest remainders are rounded up; the first of equals wins.

    Raises:
        ValueError: there are no counts, or the total is below zero.
    """
    if not counts or total < 0:
        message = "there must be counts, and a total of zero or more"
        raise ValueError(message)
    shift, running = Fraction(0), 0
    for place, count in enumerate(sorted(counts, reverse=True), start=1):
        running += count
        candidate = Fraction(running - total, place)
        if count >= candidate:
            shift = candidate
    exact = [max(count - shift, Fraction(0)) for count in counts]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_remainder[: total - sum(whole)]:
        whole[place] += 1
    return whole
