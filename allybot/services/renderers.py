"""Which story writes the words of which message: the table of contents of everything we say unasked."""

from collections.abc import Callable
from datetime import datetime

from allybot.errors import ContentProblem
from allybot.message import Message
from allybot.services.check_ins import frequency, messages, reminders
from allybot.services.circles import messages as circle_messages
from allybot.services.circles import questions
from allybot.services.context import House
from allybot.services.delivery import did_it_appear, refusals
from allybot.services.outcomes import summaries
from allybot.services.trainees import consent, typed
from allybot.store.delivery.outbox import Kind, OutboxRow
from allybot.store.engine.database import Transaction

_RENDERERS: dict[Kind, Callable[[House, Transaction, OutboxRow, datetime], Message | None]] = {
    Kind.WELCOME: consent.render_welcome,
    Kind.WELCOME_ANSWERED: consent.render_welcome_answered,
    Kind.LATER_REMINDER: consent.render_later_reminder,
    Kind.FIRST_PLAN: consent.render_first_plan,
    Kind.GOODBYE: consent.render_goodbye,
    Kind.CHECK_IN: messages.render_check_in,
    Kind.FOLLOW_UP: messages.render_follow_up,
    Kind.REPLAN: messages.render_replan,
    Kind.CHECK_IN_ANSWERED: messages.render_answered,
    Kind.PACE_QUESTION: frequency.render_pace_question,
    Kind.REMINDER: reminders.render_reminder,
    Kind.SCENARIO: circle_messages.render_scenario,
    Kind.VOTE_RESULT: circle_messages.render_vote_result,
    Kind.FACILITATOR_KIT: circle_messages.render_facilitator_kit,
    Kind.RELEASE_NOTICE: summaries.render_release_notice,
    Kind.DID_IT_APPEAR: did_it_appear.render_did_it_appear,
    Kind.APPEARED_ANSWERED: did_it_appear.render_appeared_answered,
    Kind.CIRCLE_TROUBLE: refusals.render_circle_trouble,
    Kind.CIRCLE_QUESTION: questions.render_circle_question,
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
