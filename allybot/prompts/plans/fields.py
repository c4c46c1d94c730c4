"""The questions that the forms of a plan have in common."""

from datetime import date
from typing import Any

from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement

from allybot.domain.plans import Intention
from allybot.i18n import Say
from allybot.message import Block
from allybot.prompts import blocks
from allybot.prompts.plans.sentence import COPING, CUE, MOMENT, RESPONSE


def words_questions(say: Say, words: Intention, suffix: str = "") -> list[Block]:
    """The two halves of a plan.

    Args:
        suffix: what the block ids end with, new whenever the fields are filled for him.
    """
    return [
        blocks.question(
            say("If …"),
            text_field(CUE, words.cue, say("a colleague is talked over in our Monday meeting")),
            CUE + suffix,
            say("The moment you will recognise: when, where, with whom."),
        ),
        blocks.question(
            say("… then I will"),
            text_field(RESPONSE, words.response, say("ask her to finish her point")),
            RESPONSE + suffix,
            say("One thing you can do right then. Quiet ways count."),
        ),
    ]


def coping_question(say: Say, coping: str, suffix: str = "") -> Block:
    """The one light line for when it goes badly."""
    return blocks.question(
        say("If it goes badly, then I will …"),
        text_field(COPING, coping, say("ask her afterwards what would have helped"), multiline=False),
        COPING + suffix,
        optional=True,
    )


def moment_question(say: Say, moment: date | None, suffix: str = "") -> Block:
    """The day of the first likely moment."""
    element = DatePickerElement(action_id=MOMENT, initial_date=moment.isoformat() if moment else None)
    return blocks.question(
        say("When is the first likely moment?"),
        element,
        MOMENT + suffix,
        say("Leave it empty if you cannot tell."),
        optional=True,
    )


def text_field(
    action: str, text: str, placeholder: str, *, multiline: bool = True, most: int | None = None
) -> PlainTextInputElement:
    """A field to write in, with what stands in it already."""
    extra: dict[str, Any] = {"initial_value": text} if text else {}
    return PlainTextInputElement(
        action_id=action, multiline=multiline, placeholder=placeholder, max_length=most, **extra
    )
