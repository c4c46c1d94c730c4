"""A friendly second look at a plan, in words. Whoever wrote it may keep it as it is."""

from collections.abc import Sequence

from allybot.content import Library
from allybot.domain.plan_checks import Remark, Signs, second_look
from allybot.domain.plans import Intention
from allybot.i18n import Say
from allybot.message import Block
from allybot.prompts import blocks

MAX_REMARKS = 2
"""More at once would read like a verdict; what is left comes up again when the words have changed."""


def remarks_on(say: Say, library: Library, words: Intention) -> tuple[Remark, ...]:
    """What a second look finds, going by the signs in his language and in the library's own."""
    checks = library.checks

    def both(signs: str) -> tuple[str, ...]:
        return tuple(each.strip() for text in (signs, say(signs)) for each in text.split("/"))

    signs = Signs(
        vague=both(checks.vague),
        one_after_another=both(checks.one_after_another),
        ands=tuple(dict.fromkeys(both(checks.ands))),
        being=both(checks.being),
        fixing=both(checks.fixing),
    )
    return second_look(words, signs)


def remark_lines(say: Say, remarks: Sequence[Remark]) -> list[Block]:
    """The remarks as a friendly aside, not more than can be taken in; nothing where there is none."""
    if not remarks:
        return []
    thoughts = "\n".join(f"• {remark(say, each)}" for each in remarks[:MAX_REMARKS])
    return [
        blocks.section(say("A second look, if you like. It is your plan, and it can stay as it is.")),
        blocks.section(thoughts),
    ]


def remark(say: Say, found: Remark) -> str:
    """One remark: what may make the plan harder to keep, and what helps."""
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
    }
    return thoughts[found]
