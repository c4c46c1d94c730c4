"""Finds listed phrases in typed text, regardless of accents, apostrophes and small typos.

A phrase is words in order. `harass*` matches any word with that prefix, `can't/cannot go on` has alternatives
for one word, and `can't ... go on` allows up to three other words in between. `^` is the beginning of the
text and `$` its end: `^ later $` is the word alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache

GAP, BEGIN, END = "...", "^", "$"
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


class Spelling:
    """Corrects typed words by a list of words.

    Args:
        listed: folded words, each with whether it is a prefix of longer words.
        least_letters: from which a listed word is matched with one typo.
        known: folded words that are right as they are.
    """

    def __init__(
        self,
        listed: Iterable[tuple[str, bool]],
        least_letters: int = MIN_CORRECTED,
        known: Iterable[str] = (),
    ) -> None:
        all_listed = dict(sorted(listed))
        long = {word: begins for word, begins in all_listed.items() if len(word) >= least_letters}
        self._least = least_letters
        self._exact = frozenset([*all_listed, *known])
        self._meant = {near: word for word in long for near in _with_one_deletion(word)}
        self._prefixes = {word for word, begins in long.items() if begins}
        self._begin = {word[0] for word in long}
        self._lengths = {len(each) + more for each in self._prefixes for more in (-1, 0, 1)}

    def corrected(self, word: str) -> str:
        """The listed word that differs from this one by one typo, not in the first letter; else this one."""
        if len(word) < self._least - 1 or word[0] not in self._begin or word in self._exact:
            return word
        for begin in {word[:length] for length in (_MAX_CORRECTED_LENGTH, *self._lengths)}:
            for near in _with_one_deletion(begin):
                listed = self._meant.get(near, "")
                if listed[:1] == word[0] and (begin == word or listed in self._prefixes):
                    return listed
        return word


class Phrases:
    """A compiled list of phrases.

    Args:
        known: folded words that are no typos of a listed word.

    Attributes:
        words: every word of the phrases, folded, with whether it is a prefix.

    Raises:
        ValueError: a phrase is malformed; the message says how.
    """

    def __init__(self, phrases: Iterable[str], known: Iterable[str] = ()) -> None:
        phrases = tuple(phrases)
        parsed = [_parsed(phrase) for phrase in phrases]
        self.words = [word for _, words in parsed for word in words]
        patterns: dict[tuple[str, bool], list[str]] = {}
        for phrase, (pattern, _) in zip(phrases, parsed, strict=True):
            for first in _first(phrase):
                patterns.setdefault(first, []).append(pattern)
        self._first = {word: "|".join(each) for (word, begins), each in patterns.items() if not begins}
        self._begun = {word: "|".join(each) for (word, begins), each in patterns.items() if begins}
        self._words, self._beginnings = frozenset(self._first), tuple(self._begun)
        self._spelling = Spelling(self.words, known=known)

    def occur_in(self, text: str) -> bool:
        """Whether the text contains any of the phrases, exactly or with one typo in a long word."""
        return self.occur_among(folded(text))

    def occur_among(self, words: list[str]) -> bool:
        """`occur_in` for words that are folded already, when many lists are looked for in one text."""
        corrected = {word: self._spelling.corrected(word) for word in set(words)}
        meant = [corrected[word] for word in words]
        return self.occur_exactly(" ".join(words)) or (meant != words and self.occur_exactly(" ".join(meant)))

    def occur_exactly(self, text: str, words: AbstractSet[str] | None = None) -> bool:
        """Whether any of the phrases is in lines of folded words, one space apart, with no typo forgiven.

        Args:
            words: those of the text, where they are at hand already.
        """
        words = set(text.split()) if words is None else words
        found = [self._first[word] for word in self._words & words]
        if self._beginnings:
            begun = [word for word in words if word.startswith(self._beginnings)]
            found += [
                pattern
                for beginning, pattern in self._begun.items()
                if begun and any(word.startswith(beginning) for word in begun)
            ]
        return any(_compiled(pattern).search(text) for pattern in found)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Of phrases that begin alike: most messages hold the first words of few phrases."""
    return re.compile(pattern, re.MULTILINE)


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
    begins_text, ends_text = tokens[:1] == [BEGIN], tokens[-1:] == [END]
    tokens = tokens[begins_text : len(tokens) - ends_text]
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
    whole = begins_text or ends_text
    if len(tokens) == 1 and not whole and any(len(word) < _MIN_ALONE for word, _ in words):
        raise ValueError("is shorter than three letters, and would be found in nearly every message")
    pattern = " ".join(parts)
    return rf"{'^' if begins_text else ''}\b{pattern}\b{'$' if ends_text else ''}", words


def _first(phrase: str) -> list[tuple[str, bool]]:
    """The alternatives of the first word, as in `_parsed`."""
    return [_word(each) for each in next(token for token in phrase.split() if token != BEGIN).split("/")]


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
