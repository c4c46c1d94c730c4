"""Input blocks that the forms of a plan share."""

from datetime import date
from typing import Any

from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement

from allybot.domain.plans import Intention
from allybot.i18n import Say
from allybot.message import Block
from allybot.prompts import blocks
from allybot.prompts.plans.sentence import COPING, CUE, MOMENT, RESPONSE


def words_questions(say: Say, words: Intention, suffix: str = "") -> list[Block]:
    """The inputs for both halves of a plan.

    Args:
        suffix: appended to the block ids; a new one whenever the app fills in the fields.
    """
    return [
        blocks.question(
            say("If …"),
            text_field(CUE, words.cue, say("a colleague is talked over in our Monday meeting")),
            CUE + suffix,
            say("The moment you will recognise: when and where."),
        ),
        blocks.question(
            say("… then I will"),
            text_field(RESPONSE, words.response, say("ask her to finish her point")),
            RESPONSE + suffix,
            say("One thing you can do right then. Quiet ways count."),
        ),
    ]


def coping_question(say: Say, coping: str, suffix: str = "") -> Block:
    """The input for the coping line."""
    return blocks.question(
        say("If it goes badly, then I will …"),
        text_field(COPING, coping, say("ask her afterwards what would have helped"), multiline=False),
        COPING + suffix,
        optional=True,
    )


def moment_question(say: Say, moment: date | None, suffix: str = "") -> Block:
    """The input for the day of the first likely moment."""
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
    """A text input with its initial value; at most `most` characters."""
    extra: dict[str, Any] = {"initial_value": text} if text else {}
    return PlainTextInputElement(
        action_id=action, multiline=multiline, placeholder=placeholder, max_length=most, **extra
    )
