"""What a typed message may mean besides, below the answer to what it most likely means."""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.meanings import ANSWERS, Meaning
from allybot.domain.plans import Outcome
from allybot.domain.trainee import may_still_consent
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins import typed_answers
from allybot.prompts.help import support_line
from allybot.prompts.trainees import typed, typed_pace
from allybot.prompts.trainees.typed_asker import Asker
from allybot.prompts.trainees.typed_buttons import button

_ANYWHERE = {
    Meaning.FORGET: ids.FORGET_ME_SHOW,
    Meaning.MY_DATA: ids.MY_DATA_SHOW,
    Meaning.WHO_SEES: ids.PRIVACY_SHOW,
}
"""What can be done in every state."""
_OF_A_CHECK_IN = ANSWERS | {Meaning.NOD, Meaning.CHANGE_ANSWER, Meaning.LATER}
_A_PERSON = frozenset({Meaning.SERIOUS, Meaning.PERSON})


def with_others(say: Say, message: Message, others: Sequence[Meaning], asker: Asker) -> Message:
    """The message with a button for each other meaning, or a person to talk to, unless it has those."""
    given = {each.get("action_id") for block in message.blocks for each in block.get("elements", [])}
    has_answers = ids.CHECK_IN_ACTED in given
    buttons: list[ButtonElement] = []
    for other in others:
        is_there = has_answers and other in _OF_A_CHECK_IN
        more = None if is_there or other in _A_PERSON else _button(say, other, asker, len(buttons))
        if more and more.action_id not in given:
            given.add(more.action_id)
            buttons.append(more)
    page: list[Block] = []
    if buttons:
        page = [blocks.small(say("Or did you mean this?")), blocks.actions(buttons, block_id="typed.others")]
    line = support_line(say, asker.support_contact)
    if not _A_PERSON.isdisjoint(others) and line not in message.blocks:
        page.append(line)
    if not page:
        return message
    return replace(blocks.message(say, [*message.blocks, *page]), ephemeral=message.ephemeral)


def _button(say: Say, other: Meaning, asker: Asker, place: int) -> ButtonElement | None:
    """What does it; None where nothing can be done about it now.

    Args:
        place: how many buttons come before it.
    """
    if other in _ANYWHERE:
        return button(say, _ANYWHERE[other])
    if other in _OF_A_CHECK_IN:
        return None if may_still_consent(asker.state) else _of_check_in(say, other, asker, place)
    if may_still_consent(asker.state):
        return None
    if other in typed_pace.MEANINGS:
        actions = typed_pace.own_buttons(other, asker)
    else:
        actions = typed.BUTTONS.get(other, ())
    return button(say, actions[0]) if actions else None


def _of_check_in(say: Say, other: Meaning, asker: Asker, place: int) -> ButtonElement | None:
    """Counts the answer; else the way to the check-in that waits, or to the answer that can be changed."""
    if asker.waiting_id and other in ANSWERS:
        action = ids.TYPED_COUNT_OTHERS[place]
        return typed_answers.count_button(say, Outcome(other.value), asker.waiting_id, asker.language, action)
    if asker.waiting_id:
        return next(iter(typed.answer_button(say, asker)), None)
    if other is Meaning.LATER:
        actions = typed_pace.own_buttons(other, asker)
        return button(say, actions[0]) if actions else None
    return next(iter(typed.change_button(say, asker)), None)
