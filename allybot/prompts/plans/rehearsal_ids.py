"""What the buttons and the modal of a rehearsal hand back to us: a part of `ids`."""

from pydantic import Field

from allybot.prompts.ids import Value

SHOW = "rehearse.show"
KIND = "rehearse.kind"
ENTRY = "rehearse.entry"
OPEN = "rehearse.open"
FORM = "rehearse.form"
SAY = "rehearse.say"
BACK = "rehearse.back"
AGAIN = "rehearse.again"
COMPARE = ("rehearse.compare.0", "rehearse.compare.1", "rehearse.compare.2")  # one per turn

OWN_WORDS = "o"
"""Stands in `RehearsalValue.said` for a line in words of one's own; the words themselves stand nowhere."""


class RehearsalValue(Value):
    """How far a rehearsal has come: all there is to know about it, and no word of it.

    Attributes:
        entry: a kind of plan, or the id of a scenario.
        course: which of its two courses, 0 or 1.
        said: what was said in each turn so far: the letter of a line, or `OWN_WORDS`.
        shown: the turn whose lines are compared at the end, from 0.
    """

    entry: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    course: int = Field(default=0, ge=0, le=1)
    said: str = Field(default="", pattern=rf"^[abc{OWN_WORDS}]{{0,3}}$")
    shown: int = Field(default=0, ge=0, le=2)
