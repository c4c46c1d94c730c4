"""Queues what a member writes to their circle, so that no row names who wrote it.

The outbox row holds ids of the circle and the text, the text's row is sealed, and that the author wrote it
lies in their private record, which is written anew together with those of the whole circle.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot.crypto import lock_text
from allybot.domain.circle_questions import (
    PostingWindow,
    Refusal,
    TextKind,
    counts_from,
    post_at,
    posting_window,
)
from allybot.domain.circles import Circle
from allybot.domain.people import Program
from allybot.domain.trainee import Trainee, may_ask_circle
from allybot.errors import NotFoundError, WrongStateError
from allybot.services.context import Context
from allybot.services.working_hours import working_hours
from allybot.store.circles import circles, texts
from allybot.store.circles.texts import Written
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.vault.vault import keys_of_people

STALE_AFTER = timedelta(days=7)
"""A text that could not be posted for a week expires, and so does a word to its author."""
KEPT_AT_MOST = timedelta(days=14)
"""How long the text is kept when it stays unknown whether it was posted."""
_FEWEST_MEMBERS = 2
_MESSAGES = {
    TextKind.QUESTION: MessageKind.CIRCLE_QUESTION,
    TextKind.ANSWER: MessageKind.CIRCLE_ANSWER,
    TextKind.RECAP: MessageKind.CIRCLE_RECAP,
}


class CannotAskError(WrongStateError):
    """The trainee cannot ask, answer or write a recap now; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(frozen=True)
class Author:
    """Who writes, and to which circle."""

    trainee: Trainee
    program: Program
    circle: Circle


@dataclass(frozen=True)
class Posting:
    """How a text is posted.

    Attributes:
        form_id: the modal's own id; the same form makes the same text.
        named: whether to show the author's name.
        about_id: what the outbox row is about; empty for the text itself.
        thread_ts: the thread, None for the channel itself.
        at_once: for what carries a name; else at a random moment of the posting window.
    """

    kind: TextKind
    form_id: str
    named: bool
    about_id: str = ""
    thread_ts: str | None = None
    at_once: bool = False


def check_circle(tx: Transaction, trainee: Trainee, circle: Circle | None) -> Circle:
    """The circle, if a trainee may write to it now.

    Raises:
        CannotAskError: no consent, or the circle is closed or has no other member.
    """
    if not may_ask_circle(trainee.state):
        raise CannotAskError(Refusal.NOT_STARTED)
    # Whoever keeps going may be the last whom allybot knows of a circle: what they ask would name them.
    if circle is None or len(circles.members(tx, circle.id)) < _FEWEST_MEMBERS:
        raise CannotAskError(Refusal.CIRCLE_CLOSED)
    return circle


def queue(
    context: Context, tx: Transaction, author: Author, posting: Posting, words: str, now: datetime
) -> PostingWindow:
    """Queue a text; when it is posted is told nobody, only the window. Idempotent per form.

    The circle's row must be locked: the author's, whose lock would show on PostgreSQL's disk, is not.

    Args:
        words: as the circle reads them.
        now: aware UTC.

    Raises:
        DecryptionError: the personal key was erased.
        NotFoundError: the author was erased meanwhile.
    """
    trainee, circle = author.trainee, author.circle
    calendar = working_hours(context, author.program, author.program.zone)
    today = now.astimezone(trainee.zone).date()
    chance = context.secret_rng(f"circle {posting.kind}", trainee.workspace_id, trainee.slack_user, today)
    due_at = now if posting.at_once else post_at(calendar, now, chance)
    text_id = text_id_of(trainee.id, posting.form_id)
    message = OutboxMessage(
        key=f"circle-{posting.kind}:{text_id}",
        workspace_id=trainee.workspace_id,
        kind=_MESSAGES[posting.kind],
        about_id=posting.about_id or text_id,
        due_at=due_at,
        to_channel=circle.channel,
        stale_at=due_at + STALE_AFTER,
        thread_ts=posting.thread_ts,
    )
    if outbox.put(tx, text_id, message):
        locked = lock_text(context.personal_key(trainee.id), words)
        written = Written(circle.id, posting.kind, trainee.id, locked, posting.named)
        texts.add(tx, context.keyring, text_id, written, due_at + KEPT_AT_MOST)
        since = counts_from(now, trainee.zone, context.content.rules.circles.days_between_own_questions)
        with private_records.rewriting_all(tx, keys_of_circle(context, tx, circle.id)) as held:
            for each in held.values():
                each.record = each.record.without_past_texts(since)
            if trainee.id not in held:  # erased meanwhile
                raise NotFoundError
            own = held[trainee.id]
            own.record = own.record.with_circle_text(posting.kind, text_id, today)
    return posting_window(calendar, now)


def keys_of_circle(context: Context, tx: Transaction, circle_id: str) -> dict[str, bytes]:
    """The personal keys of a circle's members, by trainee; without those that are erased."""
    members = [member.trainee_id for member in circles.members(tx, circle_id)]
    with context.vault.reading() as vault_tx:
        return keys_of_people(vault_tx, context.keyring, members)


def was_sent(tx: Transaction, trainee_id: str, form_id: str) -> bool:
    """Whether this form was sent before; what it sent counts against no limit then."""
    return bool(form_id) and outbox.row_by_id(tx, text_id_of(trainee_id, form_id)) is not None


def was_posted(tx: Transaction, text_id: str) -> bool:
    """Whether a text is known to be in Slack."""
    row = outbox.row_by_id(tx, text_id)
    return row is not None and row.state is MessageState.SENT


def text_id_of(trainee_id: str, form_id: str) -> str:
    """An id that is fixed per form and trainee, and does not reveal the trainee without knowing both."""
    return hashlib.blake2b(f"{trainee_id}/{form_id}".encode(), digest_size=16).hexdigest()
