"""A friendly second look at a plan: what may make it harder to keep. It never stands in anybody's way.

The signs are words, one list for each language, which the content and its catalogues hold. A sign that is
missed costs nothing, and one that is wrong costs a glance; so the lists are short.
"""

from dataclasses import dataclass
from enum import StrEnum

from allybot.domain.plans import Intention

MAX_PARTS = 3
"""A comma or an "and" may tie one deed together ("listen, say thank you and ask"); so many tie several."""


class Remark(StrEnum):
    """What a second look may find; what helps most to change comes first."""

    VAGUE_CUE = "vague_cue"
    IDENTITY = "identity"
    FIXING_HER = "fixing_her"
    SEVERAL_DEEDS = "several_deeds"


@dataclass(frozen=True)
class Signs:
    """Words that give something away, in the language the plan may be written in.

    Attributes:
        vague: in a cue, that no moment in particular is meant.
        one_after_another: in a response, that a second deed follows.
        ands: what joins the parts of a list.
        being: how a response begins that says what to be and not what to do.
        fixing: in a response, that she is to change and not the situation.
    """

    vague: tuple[str, ...] = ()
    one_after_another: tuple[str, ...] = ()
    ands: tuple[str, ...] = ()
    being: tuple[str, ...] = ()
    fixing: tuple[str, ...] = ()


def second_look(words: Intention, signs: Signs) -> tuple[Remark, ...]:
    """What may be worth changing in a plan; mostly nothing."""
    cue, response = _spaced(words.cue), _spaced(words.response)
    found = {
        Remark.VAGUE_CUE: _holds(cue, signs.vague),
        Remark.IDENTITY: response.startswith(tuple(_each(signs.being))),
        Remark.FIXING_HER: _holds(response, signs.fixing),
        Remark.SEVERAL_DEEDS: _several(words.response, response, signs),
    }
    return tuple(remark for remark, holds in found.items() if holds)


def _several(response: str, spaced: str, signs: Signs) -> bool:
    if ";" in response or _holds(spaced, signs.one_after_another):
        return True
    return response.count(",") + sum(map(spaced.count, _each(signs.ands))) >= MAX_PARTS


def _holds(text: str, signs: tuple[str, ...]) -> bool:
    return any(each in text for each in _each(signs))


def _each(signs: tuple[str, ...]) -> list[str]:
    return [spaced for each in signs if (spaced := _spaced(each)).strip()]


def _spaced(text: str) -> str:
    """The words alone, each between spaces, so that a sign is found as whole words only."""
    plain = text.casefold().replace("\u2019", "'")
    bare = "".join(c if c.isalnum() or c == "'" else " " for c in plain)
    return f" {' '.join(bare.split())} "
