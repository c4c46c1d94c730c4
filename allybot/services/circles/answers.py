"""Answers to a posted question in its thread, and the word to its author that it was answered.

Whatever a member does here, the rows that change and the reply are the same, whoever they are: also the one
who asked may add something and mark the question, and nothing shows that it was they.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot.domain.circle_questions import PostingWindow, Refusal, TextKind
from allybot.domain.circle_questions import question as normalised
from allybot.domain.circles import Circle, CircleState
from allybot.domain.people import Actor
from allybot.services.circles.texts import (
    STALE_AFTER,
    Author,
    CannotAskError,
    Posting,
    check_circle,
    keys_of_circle,
    queue,
    was_posted,
    was_sent,
)
from allybot.services.context import Context, new_id, program_of
from allybot.services.working_hours import next_working_time
from allybot.store import trainees
from allybot.store.circles import circles, texts
from allybot.store.circles.texts import TextState
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage, encrypted_about
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.programs import programs


@dataclass(frozen=True)
class Place:
    """Where an answer goes.

    Attributes:
        pressed_ts: Slack's ts of the post with the button, for a question whose own ts Slack never told;
            empty for none.
    """

    question_id: str
    pressed_ts: str = ""


@dataclass(frozen=True)
class Answering:
    """The data of the modal."""

    author: Author
    thread_ts: str
    longest: int


@dataclass(frozen=True)
class Marked:
    """What marking did: the support contact to show with the post, and whether this press was the first."""

    support_contact: str
    first: bool


def read(context: Context, actor: Actor, place: Place, now: datetime, form_id: str = "") -> Answering:
    """What the actor would answer, and in which thread.

    Args:
        now: aware UTC.
        form_id: the modal's own id; an answer it already sent does not count against the limit.

    Raises:
        DecryptionError: the personal key was erased.
        CannotAskError: no consent, no open question in a circle of theirs, the circle is closed, or the
            limit is reached.
    """
    with context.database.reading() as tx:
        return _answering(context, tx, actor, place, now, form_id)


def check(
    context: Context, actor: Actor, form_id: str, place: Place, text: str | None, now: datetime
) -> tuple[Answering, str]:
    """The same, and the normalised text as the circle would read it.

    Raises:
        FieldError: field `question`, reason `empty` or `too_long`.
        DecryptionError, CannotAskError: as in `read`.
    """
    answering = read(context, actor, place, now, form_id)
    return answering, normalised(text, answering.longest)


def add(
    context: Context,
    actor: Actor,
    form_id: str,
    place: Place,
    text: str | None,
    now: datetime,
    *,
    named: bool,
) -> tuple[Answering, PostingWindow]:
    """Queue an answer: with the name for now, without it for a random moment. Idempotent per form.

    Args:
        form_id: the modal's own id.
        named: whether to show whose answer it is.
        now: aware UTC.

    Raises:
        DecryptionError, FieldError, CannotAskError: as in `check`.
        NotFoundError: the actor was erased meanwhile.
    """
    words = normalised(text, context.content.rules.plans.max_question_characters)
    with context.database.transaction() as tx:
        answering = _answering(context, tx, actor, place, now, form_id, lock=True)
        posting = Posting(TextKind.ANSWER, form_id, named, thread_ts=answering.thread_ts, at_once=named)
        return answering, queue(context, tx, answering.author, posting, words, now)


def mark(context: Context, actor: Actor, question_id: str, now: datetime) -> Marked:
    """Mark a question as answered, and queue the word to its author; a second time changes nothing.

    Their author is told also where they marked it themselves: otherwise the missing row would name them.

    Args:
        now: aware UTC.

    Raises:
        DecryptionError: no configured key tells whose question it is.
        CannotAskError: as in `read`, without the limit.
    """
    with context.database.transaction() as tx:
        author = _member(tx, actor, question_id, lock=True)
        found = texts.question(tx, question_id)
        if found is None:
            raise CannotAskError(Refusal.NOT_HERE)
        if found.state is TextState.WAITING and not was_posted(tx, question_id):
            raise CannotAskError(Refusal.NOT_YET)
        first = found.state is not TextState.ANSWERED
        if first:
            _mark(context, tx, author.circle, question_id, now)
        return Marked(author.program.support_contact, first)


def _mark(context: Context, tx: Transaction, circle: Circle, question_id: str, now: datetime) -> None:
    with private_records.rewriting_all(tx, keys_of_circle(context, tx, circle.id)) as held:
        for each in held.values():
            each.record = each.record.with_settled_text(question_id)
    until = now + timedelta(days=context.content.rules.circles.days_question_is_open)
    texts.keep_open(tx, context.keyring, question_id, until)  # where no worker has come to it yet
    asker = trainees.trainee_by_id(tx, texts.mark_answered(tx, context.keyring, question_id) or "")
    program = programs.program_by_id(tx, circle.program_id)
    if asker is None or program is None:
        return  # forgotten meanwhile
    due_at = next_working_time(context, program, program.zone, now)  # the author's own hours would show
    message = OutboxMessage(
        key=f"question-answered:{question_id}",
        workspace_id=circle.workspace_id,
        kind=MessageKind.QUESTION_ANSWERED,
        about_id=encrypted_about(context.keyring, asker.id),
        due_at=due_at,
        stale_at=due_at + STALE_AFTER,
    )
    outbox.put(tx, new_id(), message)


def _member(tx: Transaction, actor: Actor, question_id: str, *, lock: bool) -> Author:
    """The actor as a member of the question's circle; a made-up question is refused like another circle's."""
    trainee, found = trainees.trainee_of(tx, actor), texts.question(tx, question_id)
    if trainee is None or found is None or not circles.is_member(tx, found.circle_id, trainee.id):
        raise CannotAskError(Refusal.NOT_HERE)
    if found.state is TextState.WAITING and not _was_tried(tx, question_id):
        raise CannotAskError(Refusal.NOT_HERE)
    circle = circles.circle_by_id(tx, found.circle_id)
    if circle is not None and lock:  # a double submit may run concurrently
        circle = circles.take_circle(tx, circle.id, wait=True)
    is_open = circle is not None and circle.state is CircleState.ACTIVE
    return Author(trainee, program_of(tx, trainee), check_circle(tx, trainee, circle if is_open else None))


def _was_tried(tx: Transaction, question_id: str) -> bool:
    """Whether a question may be in Slack: whoever presses its button sees it there."""
    row = outbox.row_by_id(tx, question_id)
    return row is not None and row.attempted_at is not None


def _answering(
    context: Context,
    tx: Transaction,
    actor: Actor,
    place: Place,
    now: datetime,
    form_id: str,
    *,
    lock: bool = False,
) -> Answering:
    author = _member(tx, actor, place.question_id, lock=lock)
    trainee, rules = author.trainee, context.content.rules
    record = private_records.read(tx, context.personal_key(trainee.id), trainee.id)
    today = now.astimezone(trainee.zone).date()
    written = sum(each.kind is TextKind.ANSWER and each.written_on == today for each in record.wrote_circle)
    if written >= rules.circles.max_own_answers_a_day and not was_sent(tx, trainee.id, form_id):
        raise CannotAskError(Refusal.ANSWERED_ENOUGH)
    posted = outbox.sent_place(tx, f"circle-question:{place.question_id}")
    thread_ts = posted[1] if posted else place.pressed_ts
    if not thread_ts:
        raise CannotAskError(Refusal.NOT_HERE)
    return Answering(author, thread_ts, rules.plans.max_question_characters)
