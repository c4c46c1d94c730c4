"""Trains the classifier of typed messages on every sentence that is not kept aside."""

import hashlib
import json
import struct
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allybot.content import TYPED_WORDS, default_directory
from allybot.content.typed_words import ALIKE, CLASSES
from allybot.domain.classifier import code
from allybot.domain.meanings import Meaning
from allybot.domain.typed import Listed, evidence
from tests.typed_corpus.sentences import Sentence, for_training

ROUNDS = 12
RATE = 0.5
DECAY = 1e-4
LEAST_SENTENCES = 2
"""Sentences in which a feature must occur."""
STRENGTH = {"!": 3.0, "~": 0.5}
"""How much more, or less, a feature counts before training, by what it begins with: rules, and letters in a
row, of which every word has a dozen."""
STEP = 1 / 16
SEEDS = (1, 2, 3)
"""Orders in which the sentences are gone through; the mean of the weights depends less on chance than any."""
Row = NDArray[np.float64]


def trained(listed: Listed) -> bytes:
    """The data for `allybot.domain.classifier`, the same each time on one machine.

    Logistic regression by stochastic gradient descent with a rate of its own for each weight (AdaGrad).
    """
    every = for_training()
    found = [sorted(evidence(each.text, listed)) for each in every]
    occurring = Counter(feature for features in found for feature in features)
    known = sorted({code(each) for each, times in occurring.items() if times >= LEAST_SENTENCES})
    place = {each: at for at, each in enumerate(known)}
    rows = [
        np.array([place[code(each)] for each in features if code(each) in place], dtype=np.intp)
        for features in found
    ]
    strength = np.ones((len(known), 1))
    for each in occurring:
        if each[0] in STRENGTH and code(each) in place:
            strength[place[code(each)]] = STRENGTH[each[0]]
    weights = np.mean([_fitted(rows, every, strength, seed) for seed in SEEDS], axis=0)
    units = np.clip(np.rint(weights / STEP), -127, 127).astype(np.int8)
    head = {
        "meanings": [*Meaning],
        "number": len(known),
        "step": STEP,
        "trained_on": trained_on(),
    }
    body = struct.pack(f"<{len(known)}I", *known) + units.tobytes()
    return json.dumps(head).encode() + b"\n" + zlib.compress(body, 9)


def trained_on() -> str:
    """A digest of the sentences, the groups and classes of words and the phrases."""
    parts = [f"{each.means}\t{each.text}" for each in for_training()]
    parts += [file.read_text(encoding="utf-8") for file in (ALIKE, default_directory() / TYPED_WORDS)]
    return hashlib.sha256("\n".join(parts).encode() + CLASSES.read_bytes()).hexdigest()


def _fitted(rows: Sequence[NDArray[np.intp]], every: Sequence[Sentence], strength: Row, seed: int) -> Row:
    """Weights, features by meanings, times the strength of each feature; the mean of the later rounds."""
    column = {meaning: at for at, meaning in enumerate(Meaning)}
    weights = np.zeros((len(strength), len(column)))
    squares = np.full_like(weights, 1e-6)
    later = np.zeros_like(weights)
    chance = np.random.default_rng(seed)
    for done in range(ROUNDS):
        for at in chance.permutation(len(rows)):
            row = rows[at]
            scale = 1 / np.sqrt(max(len(row), 1))
            raised = (weights[row] * strength[row]).sum(axis=0) * scale
            share = np.exp(raised - raised.max())
            share /= share.sum()
            share[column[every[at].means]] -= 1
            slope = share * scale * strength[row] + DECAY * weights[row]
            squares[row] += slope * slope
            weights[row] -= RATE * slope / np.sqrt(squares[row])
        if done >= ROUNDS // 2:
            later += weights
    return later / (ROUNDS - ROUNDS // 2) * strength
