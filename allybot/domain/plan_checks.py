"""Hints on what may make a plan harder to carry out. They are suggestions and never block a plan.

The signs are lists of words, one per language, from the content and its catalogues. The lists are short,
because a missed sign costs nothing and a wrong one costs the trainee a glance.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from allybot.domain.plans import Intention

_CAPITALISED = re.compile(r"\b[^\W\d_a-z][a-z\u00df-\u00ff]+(?:['\u2019]s)?\b")
"""A word with one capital letter, its first; abbreviations such as HR have more."""
_ADDRESSED = re.compile(r"\b(?:Frau|Herrn?|Fr\.|Hr\.) +[^\W\d_a-z]\w+")
_GERMAN = frozenset(
    (
        "der",
        "die",
        "das",
        "dem",
        "den",
        "ein",
        "eine",
        "einer",
        "im",
        "ich",
        "mich",
        "mir",
        "sie",
        "ist",
        "und",
        "wird",
    )
)
"""Common German words that are no English ones."""
MAX_PARTS = 3
"""Commas and "and"s that make a response several deeds; "listen, say thank you and ask" has two."""


class Remark(StrEnum):
    """What may be worth changing in a plan, most helpful first."""

    VAGUE_CUE = "vague_cue"
    IDENTITY = "identity"
    FIXING_HER = "fixing_her"
    SEVERAL_DEEDS = "several_deeds"
    NAME = "name"


@dataclass(frozen=True)
class Signs:
    """Words that point to a remark, in the language of the plan.

    Attributes:
        vague: in a cue: no particular moment is meant.
        one_after_another: in a response: a second deed follows.
        ands: words that join the parts of a list.
        being: beginnings of a response that says what to be instead of what to do.
        fixing: in a response: the colleague is to change, not the situation.
        capitals: words that are written with a capital letter and are no names of people.
    """

    vague: tuple[str, ...] = ()
    one_after_another: tuple[str, ...] = ()
    ands: tuple[str, ...] = ()
    being: tuple[str, ...] = ()
    fixing: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()


def second_look(words: Intention, signs: Signs) -> tuple[Remark, ...]:
    """The remarks that apply to a plan; usually none."""
    cue, response = _spaced(words.cue), _spaced(words.response)
    found = {
        Remark.VAGUE_CUE: _holds(cue, signs.vague),
        Remark.IDENTITY: response.startswith(tuple(_each(signs.being))),
        Remark.FIXING_HER: _holds(response, signs.fixing),
        Remark.SEVERAL_DEEDS: _several(words.response, response, signs),
        Remark.NAME: bool(signs.capitals) and (_names(words.cue, signs) or _names(words.response, signs)),
    }
    return tuple(remark for remark, holds in found.items() if holds)


def _names(half: str, signs: Signs) -> bool:
    """Whether a half seems to name somebody: by a capital within it, or at its start before a verb.

    A text in German writes all nouns with a capital, so that only a form of address tells a name there.
    """
    if set(_spaced(half).split()) & _GERMAN:
        return _ADDRESSED.search(half) is not None
    known = {each.strip().casefold() for each in signs.capitals}
    for found in _CAPITALISED.finditer(half):
        word = re.sub(r"['\u2019]s$", "", found.group())
        if word.casefold() in known:
            continue
        # Phones begin a field with a capital: there, only "Sarah is", "Sarah talks" or "Sarah's" tell a name.
        at_start = not re.search(r"[^\W\d_]", half[: found.start()])
        follows_stop = re.search(r"[.!?:;\u201c\u201e\"(]\s*$", half[: found.start()])
        if at_start and (word != found.group() or re.match(r" [a-z]+s\b", half[found.end() :])):
            return True
        if not at_start and not follows_stop:
            return True
    return False


def _several(response: str, spaced: str, signs: Signs) -> bool:
    if ";" in response or _holds(spaced, signs.one_after_another):
        return True
    return response.count(",") + sum(map(spaced.count, _each(signs.ands))) >= MAX_PARTS


def _holds(text: str, signs: tuple[str, ...]) -> bool:
    return any(each in text for each in _each(signs))


def _each(signs: tuple[str, ...]) -> list[str]:
    return [spaced for each in signs if (spaced := _spaced(each)).strip()]


def _spaced(text: str) -> str:
    """The lower-case words, each between spaces, so that signs match whole words only."""
    plain = text.casefold().replace("\u2019", "'")
    bare = "".join(c if c.isalnum() or c == "'" else " " for c in plain)
    return f" {' '.join(bare.split())} "
