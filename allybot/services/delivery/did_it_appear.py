"""Asks a person whether an uncertain post appeared in a circle, whose channel the bot cannot read."""

from datetime import datetime, time
from typing import Final

from allybot.domain.people import Actor, Program
from allybot.errors import NotFoundError, WrongStateError
from allybot.message import Message
from allybot.prompts.delivery import messages as prompts
from allybot.services.context import Context, Rendering, new_id
from allybot.services.delivery.recipients import say_to
from allybot.services.working_hours import working_hours
from allybot.store.circles.circles import circle_of_channel
from allybot.store.circles.posts import facilitator_of_post
from allybot.store.delivery import outbox
from allybot.store.delivery.claims import settle_by_hand, settle_uncertain
from allybot.store.delivery.message_kinds import NOT_ASKED_ABOUT, MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage, OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.programs.programs import leads, program_by_id

NOON: Final = time(12)
NOBODY_TO_ASK = "nobody_to_ask"
_NOT_SHOWN = (MessageState.PARKED, *outbox.NEVER_SENT)


def ask(context: Context, tx: Transaction, row: OutboxRow, now: datetime) -> MessageState | None:
    """Ask the facilitator now and the leads at the next working noon; the post is never repeated unasked.

    Nobody is asked about `NOT_ASKED_ABOUT`, which end here.

    Args:
        row: an uncertain post in a circle.
        now: the program's clock, UTC.

    Returns:
        The row's new state, None when it has changed meanwhile. PARKED when there is nobody to ask.
    """
    if row.kind in NOT_ASKED_ABOUT:
        given_up = MessageState.CANCELLED
        return given_up if settle_uncertain(tx, row, given_up, reason=row.reason) else None
    circle = circle_of_channel(tx, row.workspace_id, row.to_channel or "")
    program = program_by_id(tx, circle.program_id) if circle else None
    questions = _questions(context, tx, row, circle.id, program, now) if circle and program else []
    state = MessageState.ASKED if questions else MessageState.PARKED
    if not settle_uncertain(tx, row, state, reason=None if questions else NOBODY_TO_ASK):
        return None
    for question in questions:
        outbox.put(tx, new_id(), question)
    return state


def answer(context: Context, actor: Actor, row_id: str, *, appeared: bool, now: datetime) -> None:
    """Record a person's answer: the row becomes sent, or due again. The first answer counts.

    Raises:
        NotFoundError: this person was not asked about such a message.
        WrongStateError: it has been answered already.
    """
    with context.database.transaction() as tx:
        questions = outbox.rows_about(tx, MessageKind.DID_IT_APPEAR, row_id)
        if not any(_was_asked(question, actor) for question in questions):
            raise NotFoundError
        if not settle_by_hand(
            tx, row_id, MessageState.ASKED, MessageState.SENT if appeared else MessageState.DUE
        ):
            raise WrongStateError
        for question in questions:
            place = outbox.sent_place(tx, question.key)
            if place is None:
                continue  # not sent yet: its renderer will drop it
            message = OutboxMessage(
                key=f"answered:{question.key}",
                workspace_id=question.workspace_id,
                kind=MessageKind.APPEARED_ANSWERED,
                about_id=row_id,
                due_at=now,
                to_user=question.to_user,
                trainee_id=question.trainee_id,
                replaces=place,
            )
            outbox.put(tx, new_id(), message)


def question_failed(tx: Transaction, question: OutboxRow) -> None:
    """Slack refused this question; when nobody else is or will be asked, park the message it is about."""
    others = [
        other
        for other in outbox.rows_about(tx, MessageKind.DID_IT_APPEAR, question.about_id)
        if other.id != question.id and other.state not in _NOT_SHOWN
    ]
    if not others:
        settle_by_hand(tx, question.about_id, MessageState.ASKED, MessageState.PARKED, reason=NOBODY_TO_ASK)


def render_did_it_appear(rendering: Rendering) -> Message | None:
    """The question; None once it has been answered."""
    asked = outbox.row_by_id(rendering.tx, rendering.row.about_id)
    if asked is None or asked.state != MessageState.ASKED:
        return None
    return prompts.did_it_appear(
        say_to(rendering.tx, rendering.row), _circle_name(rendering.tx, asked), asked.id
    )


def render_appeared_answered(rendering: Rendering) -> Message | None:
    """Replaces the question with thanks; None when the message it was about has been deleted."""
    asked = outbox.row_by_id(rendering.tx, rendering.row.about_id)
    if asked is None:
        return None
    # "It appeared" sets SENT without a Slack ts; a row that is posted again has one, or is not SENT yet.
    has_ts = outbox.sent_place(rendering.tx, asked.key) is not None
    again = asked.state != MessageState.SENT or has_ts
    return prompts.appeared_answered(
        say_to(rendering.tx, rendering.row), _circle_name(rendering.tx, asked), again=again
    )


def _questions(
    context: Context, tx: Transaction, row: OutboxRow, circle_id: str, program: Program, now: datetime
) -> list[OutboxMessage]:
    facilitator = facilitator_of_post(tx, circle_id, row.about_id)
    first = facilitator.slack_user if facilitator else None
    noon = _next_working_noon(context, program, now)
    people = ([(first, now)] if first else []) + [
        (lead, noon if first else now) for lead in leads(tx, program.id) if lead != first
    ]
    # A message that is posted again can become uncertain again, so the attempt is part of the key.
    attempt = row.attempted_at.isoformat() if row.attempted_at else ""
    return [
        OutboxMessage(
            key=f"did-it-appear:{row.id}:{attempt}:{slack_user}",
            workspace_id=row.workspace_id,
            kind=MessageKind.DID_IT_APPEAR,
            about_id=row.id,
            due_at=due_at,
            to_user=slack_user,
            trainee_id=facilitator.id if facilitator and slack_user == first else None,
        )
        for slack_user, due_at in people
    ]


def _next_working_noon(context: Context, program: Program, now: datetime) -> datetime:
    calendar = working_hours(context, program, program.zone)
    today = calendar.working_day_from(calendar.local_day(now))
    noon = calendar.at(today, NOON)
    return noon if noon > now else calendar.at(calendar.plus_working_days(today, 1), NOON)


def _was_asked(question: OutboxRow, actor: Actor) -> bool:
    shown = question.state in {MessageState.SENT, MessageState.UNCERTAIN, MessageState.CLAIMED}
    return shown and question.workspace_id == actor.workspace_id and question.to_user == actor.slack_user


def _circle_name(tx: Transaction, row: OutboxRow) -> str:
    circle = circle_of_channel(tx, row.workspace_id, row.to_channel or "")
    return circle.name if circle else ""
