"""Finds the meaning of a text by sentences whose meaning is known (multinomial naive Bayes).

The features are words, two and three words in a row, and three to five letters in a row within a word, so
that a typo costs little. They overlap; so their evidence is averaged instead of added up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import exp, log
from typing import Generic, TypeVar

from allybot.domain.phrases import folded

SMOOTHING = 0.1
"""Occurrences that a feature is given where a meaning has none; tried out on the sentences."""
SHARPNESS = 8.0
"""Independent features that a text is taken to have, however long; tried out on the sentences."""
PRIOR = 0.3
"""Weight of the number of sentences that a meaning has; tried out on the sentences."""
LEAST_KNOWN = 0.45
"""Share of a text's features that must occur in the sentences; another language has fewer. Tried out."""
MAX_WORDS = 120
"""Words at the beginning of a text that are looked at."""
M = TypeVar("M")


class Examples(Generic[M]):
    """Sentences and their meanings, counted once."""

    def __init__(self, sentences: Iterable[tuple[str, M]]) -> None:
        counts: defaultdict[M, Counter[str]] = defaultdict(Counter)
        number: Counter[M] = Counter()
        for text, meaning in sentences:
            counts[meaning].update(_features(text))
            number[meaning] += 1
        every = {feature for counted in counts.values() for feature in counted}
        self._absent = {
            meaning: log(SMOOTHING / (counted.total() + SMOOTHING * len(every)))
            for meaning, counted in counts.items()
        }
        self._prior = {meaning: PRIOR * log(times + 1) for meaning, times in number.items()}
        self._present: dict[str, dict[M, float]] = {feature: {} for feature in every}
        for meaning, counted in counts.items():
            for feature, times in counted.items():
                self._present[feature][meaning] = log((times + SMOOTHING) / SMOOTHING)

    def probabilities(self, text: str) -> dict[M, float]:
        """By meaning; empty for a text of which too little occurs in any sentence."""
        features = _features(text)
        known = [self._present[feature] for feature in features if feature in self._present]
        if len(known) <= LEAST_KNOWN * len(features):
            return {}
        totals = dict.fromkeys(self._absent, 0.0)
        for by_meaning in known:
            for meaning, weight in by_meaning.items():
                totals[meaning] += weight
        scores = {
            meaning: SHARPNESS * (self._absent[meaning] + total / len(known)) + self._prior[meaning]
            for meaning, total in totals.items()
        }
        highest = max(scores.values())
        weights = {meaning: exp(score - highest) for meaning, score in scores.items()}
        whole = sum(weights.values())
        return {meaning: weight / whole for meaning, weight in weights.items()}


def _features(text: str) -> set[str]:
    return set(_listed(folded(text)[:MAX_WORDS], asks="?" in text))


def _listed(words: list[str], *, asks: bool) -> Iterator[str]:
    around = ["<", *words, ">"]
    yield from words
    yield from (
        " ".join(around[at : at + length]) for length in (2, 3) for at in range(len(around) + 1 - length)
    )
    for word in words:
        padded = f"^{word[:40]}$"
        yield from (
            f"~{padded[at : at + length]}" for length in (3, 4, 5) for at in range(len(padded) + 1 - length)
        )
    if asks:
        yield "?"
