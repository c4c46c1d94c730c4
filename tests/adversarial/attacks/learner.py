"""Learns from people whose answers are known what goes with having acted, and guesses everybody else's.

Each answer is described by what changed in the person's rows in every copy since, by what their rows say
then, and by the piece of log that it wrote. Two learners are tried inside the known half, naive Bayes over
what was seen and ridge regression; the one that guesses better there guesses the other half, then the halves
change places.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tests.adversarial.attacks.copies import HEX, Change, Row

Features = NDArray[np.float64]
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
_RIDGE, _TELLING = 30.0, 60
_SELDOM = 0.004
"""A word about fewer answers than this share is not learned from."""


@dataclass(frozen=True)
class Trial:
    """One answer as the attacker sees it.

    Attributes:
        known: whether the person is in the first half, of people (not of answers).
        acted: what they answered.
        words: what was seen, as words.
        numbers: of the piece of log.
    """

    known: bool
    acted: bool
    words: Counter[str]
    numbers: Features


def words_about(changes: Sequence[tuple[str, Change]], now: datetime) -> Counter[str]:
    """What changed, as words: tables, columns, values relative to the moment, lengths.

    Args:
        changes: with the name of the phase: at once, in the evening, in the days after.
        now: of the answer, aware UTC.
    """
    found: Counter[str] = Counter()
    written: dict[str, set[object]] = {}
    for phase, change in changes:
        kind = "new" if change.before is None else "gone" if change.after is None else "changed"
        found[f"{phase} {change.table} {kind}"] += 1
        before, after = change.before or {}, change.after or {}
        if after.get("#transaction") is not None:
            written.setdefault(phase, set()).add(after["#transaction"])
        for column in before.keys() | after.keys():
            one, other = before.get(column), after.get(column)
            if one != other and not column.startswith("#"):
                found[f"{phase} {change.table}.{column} {kind}"] += 1
                found[f"{phase} {change.table}.{column}={_word(other, now)}"] += 1
                if isinstance(one, bytes) and isinstance(other, bytes):
                    longer = (len(other) > len(one)) - (len(other) < len(one))
                    found[f"{phase} {change.table}.{column} length {longer}"] += 1
    for phase, transactions in written.items():
        found[f"{phase} transactions {len(transactions)}"] += 1
    return found


def words_of(rows: Sequence[tuple[str, Row]], now: datetime) -> Counter[str]:
    """What somebody's rows say, as words."""
    return Counter(
        f"is {table}.{column}={_word(value, now)}"
        for table, row in rows
        for column, value in row.items()
        if not column.startswith("#")
    )


def scores(trials: Sequence[Trial]) -> list[float]:
    """How much each speaks for having acted, above 0 or below; each half scored by who knows the other."""
    found = np.zeros(len(trials))
    for known in (True, False):
        given = [each for each in trials if each.known is known]
        places = [place for place, each in enumerate(trials) if each.known is not known]
        found[places] = _better(given)(given, [trials[place] for place in places])
    return [float(each) for each in found]


def advantage(trials: Sequence[Trial]) -> float:
    """Twice the share of right guesses less one, each half guessed by who knows the other."""
    right = sum((score > 0) is each.acted for score, each in zip(scores(trials), trials, strict=True))
    return 2 * right / len(trials) - 1


def advantage_of(numbers: Sequence[tuple[bool, bool, Features]]) -> float:
    """The same from a few numbers an answer: whether the person is known, whether they acted, the numbers."""

    def words(values: Features) -> Counter[str]:
        return Counter(f"{place} {value:.0f}" for place, value in enumerate(values))

    return advantage([Trial(known, acted, words(values), values) for known, acted, values in numbers])


def standard_error(trials: int) -> float:
    """Of an advantage whose truth is zero."""
    return 1 / math.sqrt(trials)


def _better(given: Sequence[Trial]) -> Callable[[Sequence[Trial], Sequence[Trial]], Features]:
    half = len(given) // 2
    if half == 0:
        return _bayes
    first, second = given[:half], given[half:]
    return max(
        (_bayes, _ridge), key=lambda learner: float(np.mean((learner(first, second) > 0) == _acted(second)))
    )


def _acted(trials: Sequence[Trial]) -> NDArray[np.bool_]:
    return np.array([each.acted for each in trials], dtype=bool)


def _matrices(given: Sequence[Trial], asked: Sequence[Trial]) -> tuple[Features, Features]:
    often = Counter(word for each in given for word in each.words)
    least = max(3, _SELDOM * len(given))
    vocabulary = {
        word: place
        for place, word in enumerate(
            sorted(word for word, count in often.items() if least <= count <= len(given) - least)
        )
    }
    counts = Counter((word, count) for each in given for word, count in each.words.items())
    varying = {word for word, _ in counts if sum(1 for count in (1, 2, 3) if counts[word, count]) > 1}
    for word in sorted(varying - vocabulary.keys()):
        vocabulary[word] = len(vocabulary)

    def matrix(trials: Sequence[Trial]) -> Features:
        found = np.zeros((len(trials), len(vocabulary)))
        for row, each in enumerate(trials):
            for word, count in each.words.items():
                if word in vocabulary:
                    found[row, vocabulary[word]] = count
        return found

    return matrix(given), matrix(asked)


def _bayes(given: Sequence[Trial], asked: Sequence[Trial]) -> Features:
    """Log odds of having acted, by which words were seen at all; each word's say is tempered."""
    known, unknown = _matrices(given, asked)
    acted = _acted(given)
    seen, telling = known > 0, unknown > 0
    if_acted = (seen[acted].sum(axis=0) + 1) / (acted.sum() + 2)
    if_not = (seen[~acted].sum(axis=0) + 1) / ((~acted).sum() + 2)
    says, silence = np.log(if_acted / if_not), np.log((1 - if_acted) / (1 - if_not))
    spread = np.sqrt(1 / (seen[acted].sum(axis=0) + 1) + 1 / (seen[~acted].sum(axis=0) + 1))
    trusted = np.abs(says) > 2 * spread
    return np.asarray(np.where(telling, says, silence)[:, trusted].sum(axis=1))


def _ridge(given: Sequence[Trial], asked: Sequence[Trial]) -> Features:
    known, unknown = _matrices(given, asked)
    known = np.hstack((known, [each.numbers for each in given]))
    unknown = np.hstack((unknown, [each.numbers for each in asked]))
    acted = np.where(_acted(given), 1.0, -1.0)
    middle, spread = known.mean(axis=0), known.std(axis=0)
    spread[spread == 0] = np.inf
    known, unknown = (known - middle) / spread, (unknown - middle) / spread
    telling = np.argsort(-np.abs(known.T @ acted))[:_TELLING]
    known = known[:, telling]
    weights = np.linalg.solve(known.T @ known + _RIDGE * np.eye(len(telling)), known.T @ acted)
    return np.asarray(unknown[:, telling] @ weights)


def _word(value: object, now: datetime) -> str:
    """A value without what is different for everybody: ids, absolute times, what is sealed."""
    if isinstance(value, (bytes, memoryview)):
        return f"{len(value)} bytes"
    if isinstance(value, str) and _TIME.match(value):
        value = datetime.fromisoformat(value)
    elif isinstance(value, str) and _DAY.match(value):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        return (
            f"{round((value.replace(tzinfo=None) - now.replace(tzinfo=None)) / timedelta(days=1), 0):+.0f}d"
        )
    if isinstance(value, date):
        return f"{(value - now.date()).days:+d} days"
    return HEX.sub("id", str(value))
