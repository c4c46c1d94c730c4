"""Finds listed phrases in typed text, regardless of accents, apostrophes and small typos.

A phrase is words in order. `harass*` matches any word with that prefix, `can't/cannot go on` has alternatives
for one word, and `can't ... go on` allows up to three other words in between.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

GAP = "..."
MIN_CORRECTED = 7
"""Letters from which a listed word is matched with one typo; shorter words have too many neighbours."""
_MAX_CORRECTED_LENGTH = 40
"""Letters of a typed word that are compared; a message may be 40,000 letters without a space."""
_MIN_ALONE = 3
_APOSTROPHES = frozenset("'`\u2018\u2019\u00b4\u02bc")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*\*?")


def folded(text: str) -> list[str]:
    """The words of a text without capitals, accents, apostrophes and doubled letters; `ae` equals `ä`.

    Texts and phrases are folded alike, so it is harmless that a few different words become equal.
    """
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in apart if c not in _APOSTROPHES and unicodedata.category(c) not in {"Mn", "Cf"})
    without_umlauts = re.sub(r"(?<=[aou])e", "", kept)
    return _WORD.findall(re.sub(r"([^\W\d_])\1+", r"\1", without_umlauts))


class Phrases:
    """A compiled list of phrases.

    Raises:
        ValueError: a phrase is malformed; the message says how.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        parsed = [_parsed(phrase) for phrase in phrases]
        self._pattern = re.compile("|".join(pattern for pattern, _ in parsed) or r"(?!)")
        long = {word: begins for _, words in parsed for word, begins in words if len(word) >= MIN_CORRECTED}
        self._meant = {near: word for word in long for near in _with_one_deletion(word)}
        self._prefixes = {word for word, begins in long.items() if begins}

    def occur_in(self, text: str) -> bool:
        """Whether the text contains any of the phrases, exactly or with one typo in a long word."""
        return self.occur_among(folded(text))

    def occur_among(self, words: list[str]) -> bool:
        """`occur_in` for words that are folded already, when many lists are looked for in one text."""
        meant = {word: self._corrected(word) for word in set(words)}
        return any(self._pattern.search(" ".join(each)) for each in (words, map(meant.__getitem__, words)))

    def _corrected(self, word: str) -> str:
        """The listed word that differs from this one by one typo, not in the first letter; else this one."""
        if len(word) < MIN_CORRECTED - 1:
            return word
        lengths = {len(each) + more for each in self._prefixes for more in (-1, 0, 1)}
        for begin in {word[:length] for length in (_MAX_CORRECTED_LENGTH, *lengths)}:
            for near in _with_one_deletion(begin):
                listed = self._meant.get(near, "")
                if listed[:1] == word[0] and (begin == word or listed in self._prefixes):
                    return listed
        return word


def checked(phrase: str) -> str:
    """The phrase, if it is well-formed.

    Raises:
        ValueError: it is malformed; the message says how.
    """
    _parsed(phrase)
    return phrase


def _parsed(phrase: str) -> tuple[str, list[tuple[str, bool]]]:
    """A pattern for folded, space-separated words; and each word with whether it is a prefix."""
    tokens = phrase.replace("\u2026", GAP).split()
    if not tokens or GAP in {tokens[0], tokens[-1]}:
        raise ValueError("must begin and end with a word")
    parts: list[str] = []
    words: list[tuple[str, bool]] = []
    for token in tokens:
        if token == GAP:
            parts[-1] += r"(?: \w+){0,3}"
            continue
        found = [_word(each) for each in token.split("/")]
        words += found
        either = "|".join(word + r"\w*" if begins else word for word, begins in found)
        parts.append(f"(?:{either})")
    if len(tokens) == 1 and any(len(word) < _MIN_ALONE for word, _ in words):
        raise ValueError("is shorter than three letters, and would be found in nearly every message")
    return rf"\b{' '.join(parts)}\b", words


def _word(alternative: str) -> tuple[str, bool]:
    if not _TOKEN.fullmatch(alternative):
        raise ValueError(f'holds "{alternative}"; a word is letters, with * after it if longer words count')
    return "".join(folded(alternative)), alternative.endswith("*")


def _with_one_deletion(word: str) -> Iterator[str]:
    """The word, and the word with any one letter deleted.

    Two words that differ by one added, missing, wrong or swapped letter have one of these in common.
    """
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
