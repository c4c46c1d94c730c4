"""What a typed message may mean besides, below the answer to what it most likely means."""

from dataclasses import replace

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.trainee import may_still_consent
from allybot.domain.typed import ANSWERS, Meaning
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.trainees import typed, typed_pace
from allybot.prompts.trainees.typed_asker import Asker
from allybot.prompts.trainees.typed_buttons import row

_ANYWHERE = {
    Meaning.FORGET: ids.FORGET_ME_SHOW,
    Meaning.MY_DATA: ids.MY_DATA_SHOW,
    Meaning.WHO_SEES: ids.PRIVACY_SHOW,
}
"""What can be done in every state."""
_OF_A_CHECK_IN = ANSWERS | {Meaning.NOD, Meaning.CHANGE_ANSWER, Meaning.LATER}


def with_second(say: Say, message: Message, second: Meaning | None, asker: Asker) -> Message:
    """The message with one button more, or a person to talk to; unchanged where it has that already."""
    if second is None:
        return message
    if second in {Meaning.SERIOUS, Meaning.PERSON}:
        line = support_line(say, asker.support_contact)
        return message if line in message.blocks else _longer(say, message, [line])
    given = [each for block in message.blocks for each in block.get("elements", [])]
    given_ids = {each.get("action_id") for each in given}
    button, action = _of_check_in(say, second, asker), _action(second, asker)
    if button:
        action = button[0].action_id
    if action is None or action in given_ids or (button and ids.CHECK_IN_ACTED in given_ids):
        return message
    more = row(say, *(() if button else (action,)), before=button, block_id="typed.second")
    return _longer(say, message, [blocks.small(say("Or did you mean this?")), *more])


def _longer(say: Say, message: Message, more: list[Block]) -> Message:
    return replace(blocks.message(say, [*message.blocks, *more]), ephemeral=message.ephemeral)


def _of_check_in(say: Say, second: Meaning, asker: Asker) -> tuple[ButtonElement, ...]:
    """The way to the check-in that waits, or to the answer that can be changed."""
    if second not in _OF_A_CHECK_IN or may_still_consent(asker.state):
        return ()
    if asker.waiting_id:
        return typed.answer_button(say, asker)
    return typed.change_button(say, asker) if second is not Meaning.LATER else ()


def _action(second: Meaning, asker: Asker) -> str | None:
    """What does it; None where nothing can be done about it now."""
    if second in _ANYWHERE:
        return _ANYWHERE[second]
    if may_still_consent(asker.state) or second in ANSWERS or second is Meaning.CHANGE_ANSWER:
        return None
    if second in typed_pace.MEANINGS:
        return next(iter(typed_pace.buttons(second, asker)), None)
    return next(iter(typed.BUTTONS.get(second, ())), None)
