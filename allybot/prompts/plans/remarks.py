"""Hints on a plan's wording; they never block the plan."""

from collections.abc import Sequence

from allybot.content import Library
from allybot.domain.plan_checks import Remark, Signs, second_look
from allybot.domain.plans import Intention
from allybot.i18n import Say
from allybot.message import Block
from allybot.prompts import blocks

MAX_REMARKS = 2
"""Hints at once, so that they do not read like a verdict."""


def remarks_on(say: Say, library: Library, words: Intention) -> tuple[Remark, ...]:
    """The remarks that apply, by the signs in the trainee's language and in English."""
    checks = library.checks

    def both(signs: str) -> tuple[str, ...]:
        return tuple(each.strip() for text in (signs, say(signs)) for each in text.split("/"))

    signs = Signs(
        vague=both(checks.vague),
        one_after_another=both(checks.one_after_another),
        ands=tuple(dict.fromkeys(both(checks.ands))),
        being=both(checks.being),
        fixing=both(checks.fixing),
        capitals=both(checks.capitals),
    )
    return second_look(words, signs)


def remark_lines(say: Say, remarks: Sequence[Remark]) -> list[Block]:
    """At most `MAX_REMARKS` remarks as blocks; empty without remarks."""
    if not remarks:
        return []
    thoughts = "\n".join(f"• {remark(say, each)}" for each in remarks[:MAX_REMARKS])
    return [
        blocks.section(say("A second look, if you like. It is your plan, and it can stay as it is.")),
        blocks.section(thoughts),
    ]


def remark(say: Say, found: Remark) -> str:
    """The text of one remark."""
    thoughts = {
        Remark.VAGUE_CUE: say(
            "The “if” could be any moment. One that you can see or hear starts a plan better: a certain "
            "meeting, a door, a person, a sentence."
        ),
        Remark.SEVERAL_DEEDS: say(
            "The “then” holds more than one deed. One alone is easier to keep; which comes first?"
        ),
        Remark.IDENTITY: say(
            "The “then” says what to be. What would somebody in the room see or hear you do?"
        ),
        Remark.FIXING_HER: say(
            "The “then” is about changing somebody. What in the situation could change, or what would help "
            "as she sees it? Where you cannot know, asking is a fine deed."
        ),
        Remark.NAME: say("Is that a name? “A colleague” is safer: this text shows on your phone."),
    }
    return thoughts[found]
