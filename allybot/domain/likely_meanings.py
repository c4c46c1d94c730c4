"""From the probabilities of meanings to the one that is answered, and to what is offered besides.

The thresholds are ours, tried out on the sentences of `tests/typed_corpus`.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from allybot.domain.meanings import ACTS, ANSWERS, WORDS_ALONE, Meaning, Situation

LEAST = 0.12
"""Probability below which a meaning does not count."""
LEAST_ACT, LEAST_ACT_SAID = 0.65, 0.5
"""The same for a meaning of ACTS, and for one that a listed phrase says: to offer a step that nobody wished
is worse than to ask."""
SURE = 0.85
"""Probability from which nothing else is offered besides."""
LEAST_OTHER = 0.06
"""Probability from which something else is offered besides; where it is distress, a person to talk to."""
LEAST_OTHER_ACT = 0.15
"""The same for a meaning of ACTS."""
MOST_OTHERS = 2
"""Buttons besides; more would be a list to read."""
_FEW_ANSWERS = dict.fromkeys(ANSWERS, 0.4)
_WEIGHTS: Mapping[Situation, Mapping[Meaning, float]] = {
    Situation.UNDECIDED: {**_FEW_ANSWERS, Meaning.START: 2, Meaning.DECLINE: 2, Meaning.HELP: 1.3},
    Situation.WAITING: dict.fromkeys(ANSWERS, 1.5),
    Situation.ACTIVE: dict.fromkeys(ANSWERS, 0.7),
    Situation.PAUSED: {**_FEW_ANSWERS, Meaning.RESUME: 2},
    Situation.STOPPED: {**_FEW_ANSWERS, Meaning.RESUME: 2, Meaning.START: 2, Meaning.FORGET: 1.5},
    Situation.FINISHED: {**_FEW_ANSWERS, Meaning.HELP: 1.3},
}
"""How many times likelier a meaning is than among the sentences of the training, which tell of no situation.
Estimates of ours."""


def weighed(probable: Mapping[Meaning, float], situation: Situation | None) -> dict[Meaning, float]:
    """The probabilities in a situation; they sum to 1. None: nothing is known of it."""
    weights = _WEIGHTS.get(situation, {}) if situation else {}
    found = {meaning: share * weights.get(meaning, 1) for meaning, share in probable.items()}
    whole = sum(found.values())
    return {meaning: share / whole for meaning, share in found.items()}


def likeliest(probable: Mapping[Meaning, float], said: AbstractSet[Meaning] = frozenset()) -> Meaning:
    """UNKNOWN where none is likely enough.

    Args:
        said: meanings of which a listed phrase occurs.
    """
    meaning = max(probable, key=probable.__getitem__)
    least_act = LEAST_ACT_SAID if meaning in said else LEAST_ACT
    return Meaning.UNKNOWN if probable[meaning] < (least_act if meaning in ACTS else LEAST) else meaning


def offered_besides(meaning: Meaning, probable: Mapping[Meaning, float]) -> tuple[Meaning, ...]:
    """What else is likely: distress before anything, then at most MOST_OTHERS, the likeliest first."""
    serious = (Meaning.SERIOUS,) if probable[Meaning.SERIOUS] >= LEAST_OTHER else ()
    if probable[meaning] >= SURE and meaning is not Meaning.UNKNOWN:
        return serious
    others = [
        other
        for other in sorted(probable, key=probable.__getitem__, reverse=True)
        if probable[other] >= (LEAST_OTHER_ACT if other in ACTS else LEAST_OTHER)
        and other not in WORDS_ALONE
        and other not in {meaning, Meaning.SERIOUS}
    ]
    return (*serious, *others[:MOST_OTHERS])
