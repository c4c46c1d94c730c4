"""Answers of leads to suggestions, told to everybody in the same words, and in circles."""

from collections.abc import Sequence

from allybot.domain.suggestions import Reply, Suggestion
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks
from allybot.prompts.programs.suggestions import quoted, suggest_button

_BLOCK = "suggestion-answers"


def label(say: Say, reply: Reply) -> str:
    """What a lead says to a suggestion, before their own words."""
    return {
        Reply.CHANGED: say("We changed this"),
        Reply.NOT_NOW: say("Not now, because …"),
        Reply.WILL_LOOK: say("We will look into it"),
    }[reply]


def answered(say: Say, suggestion: str, reply: Reply, answer: str) -> list[Block]:
    """A suggestion with its answer, as everybody reads it."""
    said = {
        Reply.CHANGED: say("*The leads: We changed this.* {answer}", answer=blocks.escape(answer)),
        Reply.NOT_NOW: say("*The leads: Not now, because:* {answer}", answer=blocks.escape(answer)),
        Reply.WILL_LOOK: say("*The leads: We will look into it.* {answer}", answer=blocks.escape(answer)),
    }[reply]
    return [quoted(suggestion), blocks.section(said)]


def to_everybody(say: Say, program: str, found: Sequence[Suggestion]) -> Message:
    """To everybody who takes part, and to leads."""
    small = say(
        "Everybody who takes part gets this message, in the same words, and so do the leads and each circle. "
        "Nobody knows who suggested it."
    )
    end = [blocks.actions([suggest_button(say)], block_id="suggestion.choices"), blocks.small(small)]
    return blocks.message(say, _page(say, program, found, end))


def to_a_circle(say: Say, program: str, found: Sequence[Suggestion]) -> Message:
    """The same as a post in a circle."""
    small = say("Suggestions come from the whole program. Please do not guess whose they are.")
    return blocks.message(say, _page(say, program, found, [blocks.small(small)]), blocks.to_the_channel(say))


def _page(say: Say, program: str, found: Sequence[Suggestion], end: Sequence[Block]) -> list[Block]:
    title = say("*What you suggested in {program}, and what the leads say:*", program=blocks.escape(program))
    page: list[Block] = [blocks.section(title, block_id=_BLOCK)]
    for each in found:
        if each.text is None or each.reply is None:
            continue
        row = answered(say, each.text, each.reply, each.answer)
        if not blocks.has_room([*page, *row, *end]):
            more = say("Slack has no room for the other answers here; the leads can tell you.")
            return [*page, blocks.small(more), *end]
        page += row
    return [*page, *end]
