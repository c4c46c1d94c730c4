"""What a typed message is recognised by: words, their groups and classes, letters, and matching rules."""

import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from allybot.domain.phrases import folded

MAX_WORDS = 120
"""Words at the beginning of a text that are looked at."""
_MAX_LETTERS = 40
"""Letters of a word that are looked at."""


class Groups:
    """Words that count alike (`alike_words.toml`), by the name of their group.

    Args:
        listed: words by group; with * after it, any word that begins so.
    """

    def __init__(self, listed: Mapping[str, Iterable[str]]) -> None:
        self._words: dict[str, list[str]] = {}
        self._beginnings: dict[str, list[str]] = {}
        for group, words in listed.items():
            for word in words:
                where = self._beginnings if word.endswith("*") else self._words
                where.setdefault("".join(folded(word)), []).append(group)
        self._lengths = sorted({len(beginning) for beginning in self._beginnings})
        self.of = lru_cache(maxsize=4096)(self._of)

    def _of(self, word: str) -> tuple[str, ...]:
        """The groups of a folded word; often none. `of` is this, remembered."""
        found = list(self._words.get(word, ()))
        for length in self._lengths:
            found += self._beginnings.get(word[:length], ()) if length <= len(word) else ()
        return tuple(dict.fromkeys(found)) or (("number",) if word.isdigit() else ())


class Classes:
    """Frequent words of many languages by their class: words of like meaning share one.

    Args:
        data: compressed with zlib, the CRC-32 of each folded word in order (four bytes, little-endian), then
            the class of each (two bytes). `python -m tests.typed_corpus.word_classes` writes it.

    Raises:
        ValueError: the data is not such.
    """

    def __init__(self, data: bytes) -> None:
        body = zlib.decompress(data)
        number, rest = divmod(len(body), 6)
        if rest:
            raise ValueError("the classes are not as many as the words")
        self._words = array("I", struct.unpack_from(f"<{number}I", body))
        self._classes = array("H", struct.unpack_from(f"<{number}H", body, 4 * number))
        self.of = lru_cache(maxsize=4096)(self._of)

    def _of(self, word: str) -> int | None:
        """The class of a folded word; None where it has none. `of` is this, remembered."""
        sought = zlib.crc32(word.encode())
        at = bisect_left(self._words, sought)
        return self._classes[at] if at < len(self._words) and self._words[at] == sought else None


def features(
    words: list[str], groups: Groups, classes: Classes, *, asks: bool, matched: Iterable[str] = ()
) -> set[str]:
    """The features of a message.

    Args:
        words: folded, see `allybot.domain.phrases`.
        asks: whether it holds a question mark.
        matched: names of the rules that match it; each is a feature.
    """
    words = words[:MAX_WORDS]
    found = {f"!{name}" for name in matched}
    found.update(words, _runs(words), *map(_letters, words), _groups(words, groups))
    found.update(_in_classes(words, classes))
    if asks:
        found.add("?")
    return found


def _runs(words: list[str]) -> Iterator[str]:
    """Two and three words in a row."""
    around = ["<", *words, ">"]
    for length in (2, 3):
        yield from (" ".join(around[at : at + length]) for at in range(len(around) + 1 - length))


@lru_cache(maxsize=4096)
def _letters(word: str) -> tuple[str, ...]:
    """Three to five letters in a row, so that a typo costs little."""
    padded = f"^{word[:_MAX_LETTERS]}$"
    return tuple(
        f"~{padded[at : at + length]}" for length in (3, 4, 5) for at in range(len(padded) + 1 - length)
    )


def _groups(words: list[str], groups: Groups) -> Iterator[str]:
    """Each group, two in a row, and the first groups of three words in a row; a word in none is its own."""
    of = [groups.of(word) for word in words]
    yield from (f"#{group}" for each in of for group in each)
    around = [("<",), *(each or (word,) for each, word in zip(of, words, strict=True)), (">",)]
    for left, right in pairwise(around):
        yield from (f"#{first} {second}" for first in left for second in right)
    firsts = [each[0] for each in around]
    yield from (f"#{' '.join(firsts[at : at + 3])}" for at in range(len(firsts) - 2))


def _in_classes(words: list[str], classes: Classes) -> Iterator[str]:
    """Each class, and two in a row; a word in none is its own."""
    of = [classes.of(word) for word in words]
    yield from (f"@{each}" for each in of if each is not None)
    around = ["<", *(word if each is None else str(each) for each, word in zip(of, words, strict=True)), ">"]
    yield from (f"@{left} {right}" for left, right in pairwise(around))
