"""The post of a question in the circle, and what follows it: text and author are deleted, a failure is told.

The author gets a direct message where the question was not posted, whose row names nobody (`NAMES_NOBODY`).
That a question no longer waits is noted in the private record, written together with the circle's.
"""

from datetime import datetime

from allybot.crypto import unlock_text
from allybot.domain.circles import Circle, CircleState
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import questions as prompts
from allybot.services.circles.questions import KEPT_AT_MOST, STALE_AFTER, keys_of_circle
from allybot.services.context import Context, Rendering, new_id, program_of
from allybot.services.isolation import ScheduledJob
from allybot.services.working_hours import next_working_time
from allybot.store import trainees
from allybot.store.circles import circles, questions
from allybot.store.circles.questions import NEVER_POSTED, Waiting
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, MessageState, OutboxMessage, encrypted_about
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.programs import programs


def render_circle_question(rendering: Rendering) -> Message | None:
    """The question as the circle reads it; None once its author is gone or no longer a member."""
    tx, context = rendering.tx, rendering.context
    asked = questions.waiting(tx, context.keyring, rendering.row.about_id)
    circle = circles.circle_by_id(tx, asked.circle_id) if asked else None
    if asked is None or circle is None or circle.state is not CircleState.ACTIVE:
        return None
    author = trainees.trainee_by_id(tx, asked.trainee_id)
    program = programs.program_by_id(tx, circle.program_id)
    if author is None or program is None or not circles.is_member(tx, circle.id, author.id):
        return None
    text = unlock_text(context.personal_key(author.id), asked.text_locked)
    return prompts.circle_question(
        Say(), text, author.slack_user if asked.named else None, program.support_contact
    )


def render_not_posted(rendering: Rendering) -> Message | None:
    """To the author: the question was not posted, and what they can do. None once they are gone."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    if trainee is None:
        return None
    contact = program_of(rendering.tx, trainee).support_contact
    return prompts.not_posted(Say(trainee.locale), _circle_of(rendering.tx, trainee.id), contact)


def render_unknown(rendering: Rendering) -> Message | None:
    """To the author: nobody knows whether the question was posted. None once they are gone."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    if trainee is None:
        return None
    contact = program_of(rendering.tx, trainee).support_contact
    return prompts.unknown_whether_posted(Say(trainee.locale), _circle_of(rendering.tx, trainee.id), contact)


def _circle_of(tx: Transaction, trainee_id: str) -> Circle | None:
    """A trainee's circle as it is now, rather an open one than a closed one."""
    own = circles.circles_of_trainee(tx, trainee_id)
    return next((each for each in own if each.state is CircleState.ACTIVE), own[0] if own else None)


def _forget(context: Context, question_id: str, now: datetime) -> int:
    with context.database.transaction() as tx:
        try:
            asked = questions.waiting(tx, context.keyring, question_id)
        except DecryptionError:
            until = questions.kept_until(tx, question_id)
            if until is not None and now < until and _tells(tx, question_id) is not None:
                raise  # parked; once the key is back, its author is told
            asked = None
        if asked is not None:
            tells = _tells(tx, question_id)
            _note_in_record(context, tx, question_id, asked, posted=tells is None)
            if tells is not None:
                _tell(context, tx, question_id, asked, tells, now)
        return questions.forget(tx, question_id)


forget_settled = ScheduledJob(
    "ask",
    RowKind.CIRCLE_QUESTION,
    lambda tx, now, limit: questions.settled(tx, now, KEPT_AT_MOST, limit),
    _forget,
)
"""Delete questions that are posted or given up, and tell the authors of the latter; returns how many.

Where the author of one that was given up cannot be read, it is parked until its last day, and then deleted.
"""


def _tells(tx: Transaction, question_id: str) -> MessageKind | None:
    """What a question's author has to be told; None for one that was posted."""
    row = outbox.row_by_id(tx, question_id)
    if row is not None and row.state is MessageState.SENT:
        return None
    never = row is not None and (row.state in NEVER_POSTED or row.attempted_at is None)
    return MessageKind.QUESTION_NOT_POSTED if never else MessageKind.QUESTION_UNKNOWN


def _note_in_record(
    context: Context, tx: Transaction, question_id: str, asked: Waiting, *, posted: bool
) -> None:
    """Take the question out of its author's private record; one that was not posted takes no day either.

    Somebody who has left the circle keeps the id of a question that no longer exists, since a record written
    alone would show whose it was.
    """
    with private_records.rewriting_all(tx, keys_of_circle(context, tx, asked.circle_id)) as held:
        own = held.get(asked.trainee_id)
        if own is not None:
            own.record = (
                own.record.with_posted_question(question_id)
                if posted
                else own.record.without_circle_question(question_id)
            )


def _tell(
    context: Context, tx: Transaction, question_id: str, asked: Waiting, kind: MessageKind, now: datetime
) -> None:
    author = trainees.trainee_by_id(tx, asked.trainee_id)
    if author is None:
        return
    program = program_of(tx, author)
    due_at = next_working_time(context, program, program.zone, now)  # the author's own hours would show
    message = OutboxMessage(
        key=f"question-failed:{question_id}",
        workspace_id=author.workspace_id,
        kind=kind,
        about_id=encrypted_about(context.keyring, author.id),
        due_at=due_at,
        stale_at=due_at + STALE_AFTER,
    )
    outbox.put(tx, new_id(), message)
