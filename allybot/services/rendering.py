"""Which story writes the words of which message: the table of contents of everything we say unasked."""

from collections.abc import Callable
from datetime import datetime

from allybot.errors import ContentProblem
from allybot.message import Message
from allybot.services import (
    appearance,
    ask,
    check_in_words,
    circle_messages,
    dose,
    refusals,
    reminders,
    transfers,
    typed,
    welcome,
)
from allybot.services.house import House
from allybot.store.database import Transaction
from allybot.store.outbox import Kind, OutboxRow

_RENDERERS: dict[Kind, Callable[[House, Transaction, OutboxRow, datetime], Message | None]] = {
    Kind.WELCOME: welcome.render_welcome,
    Kind.WELCOME_ANSWERED: welcome.render_welcome_answered,
    Kind.LATER_REMINDER: welcome.render_later_reminder,
    Kind.FIRST_PLAN: welcome.render_first_plan,
    Kind.GOODBYE: welcome.render_goodbye,
    Kind.CHECK_IN: check_in_words.render_check_in,
    Kind.FOLLOW_UP: check_in_words.render_follow_up,
    Kind.REPLAN: check_in_words.render_replan,
    Kind.CHECK_IN_ANSWERED: check_in_words.render_answered,
    Kind.PACE_QUESTION: dose.render_pace_question,
    Kind.REMINDER: reminders.render_reminder,
    Kind.SCENARIO: circle_messages.render_scenario,
    Kind.VOTE_RESULT: circle_messages.render_vote_result,
    Kind.FACILITATOR_KIT: circle_messages.render_facilitator_kit,
    Kind.RELEASE_NOTICE: transfers.render_release_notice,
    Kind.DID_IT_APPEAR: appearance.render_did_it_appear,
    Kind.APPEARED_ANSWERED: appearance.render_appeared_answered,
    Kind.CIRCLE_TROUBLE: refusals.render_circle_trouble,
    Kind.CIRCLE_QUESTION: ask.render_circle_question,
    Kind.TYPED_REPLY: typed.render_typed_reply,
}


def render(house: House, tx: Transaction, row: OutboxRow, now: datetime) -> Message | None:
    """The message of an outbox row as things stand at `now` (UTC); None when it is no longer wanted.

    Raises:
        ContentProblem: this allybot does not know the kind of message.
    """
    if row.kind is Kind.UNKNOWN:
        raise ContentProblem
    return _RENDERERS[row.kind](house, tx, row, now)
