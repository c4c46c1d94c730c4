"""Finding listed phrases in what somebody typed, whatever its accents, apostrophes and small slips.

A phrase is words in order. `harass*` is any word that begins so, `can't/cannot go on` names alternatives of
one word, and `can't ... go on` lets up to three other words stand in between.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

GAP = "..."
MIN_CORRECTED = 7
"""Letters of a listed word from which one slip is forgiven: a shorter one has too many neighbours."""
_MAX_CORRECTED_LENGTH = 40
"""Letters of a typed word that are looked at: somebody may type 40,000 without a space."""
_MIN_ALONE = 3
_APOSTROPHES = frozenset("'`\u2018\u2019\u00b4\u02bc")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*\*?")


def folded(text: str) -> list[str]:
    """The words of a text without capitals, accents, apostrophes and doubled letters; `ae` is as good as `ä`.

    Texts and phrases are folded alike, so it does not matter that a few more words become the same.
    """
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in apart if c not in _APOSTROPHES and unicodedata.category(c) not in {"Mn", "Cf"})
    without_umlauts = re.sub(r"(?<=[aou])e", "", kept)
    return _WORD.findall(re.sub(r"([^\W\d_])\1+", r"\1", without_umlauts))


class Phrases:
    """A list of phrases, ready to be looked for.

    Raises:
        ValueError: a phrase cannot be used; the message says why.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        parsed = [_parsed(phrase) for phrase in phrases]
        self._pattern = re.compile("|".join(pattern for pattern, _ in parsed) or r"(?!)")
        long = {word: begins for _, words in parsed for word, begins in words if len(word) >= MIN_CORRECTED}
        self._meant = {near: word for word in long for near in _with_one_letter_less(word)}
        self._beginnings = {word for word, begins in long.items() if begins}

    def stand_in(self, text: str) -> bool:
        """Whether any of them stands in the text, as it is or with one slip in a long word."""
        words = folded(text)
        meant = {word: self._corrected(word) for word in set(words)}
        return any(self._pattern.search(" ".join(each)) for each in (words, map(meant.__getitem__, words)))

    def _corrected(self, word: str) -> str:
        """The listed word this one is but for a slip after its first letter; else the word as it is."""
        if len(word) < MIN_CORRECTED - 1:
            return word
        lengths = {len(each) + more for each in self._beginnings for more in (-1, 0, 1)}
        for begin in {word[:length] for length in (_MAX_CORRECTED_LENGTH, *lengths)}:
            for near in _with_one_letter_less(begin):
                listed = self._meant.get(near, "")
                if listed[:1] == word[0] and (begin == word or listed in self._beginnings):
                    return listed
        return word


def checked(phrase: str) -> str:
    """The phrase, if it can be used.

    Raises:
        ValueError: it cannot; the message says why.
    """
    _parsed(phrase)
    return phrase


def _parsed(phrase: str) -> tuple[str, list[tuple[str, bool]]]:
    """A pattern for folded words with a space between, and each word with whether longer ones count, too."""
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


def _with_one_letter_less(word: str) -> Iterator[str]:
    """The word, and what is left of it when any one letter is taken out.

    Two words that differ by a letter too many, missing, wrong or swapped with the next have one in common.
    """
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
