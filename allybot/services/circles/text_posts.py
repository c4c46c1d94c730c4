"""The posts of what members wrote to their circle, and what follows them: texts are deleted, failures told.

The author gets a direct message where a text was not posted, or their question was answered, whose row names
nobody (`NAMES_NOBODY`). That a text no longer waits is noted in the private record, written together with the
circle's.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from allybot.crypto import unlock_text
from allybot.domain.circle_questions import TextKind
from allybot.domain.circles import Circle, CircleState
from allybot.domain.people import Program
from allybot.domain.trainee import Trainee
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import answers as answer_prompts
from allybot.prompts.circles import questions as prompts
from allybot.prompts.circles import recaps as recap_prompts
from allybot.prompts.circles import text_trouble
from allybot.services.circles.texts import KEPT_AT_MOST, STALE_AFTER, keys_of_circle, was_posted
from allybot.services.context import Context, Rendering, new_id, program_of
from allybot.services.isolation import ScheduledJob
from allybot.services.working_hours import next_working_time
from allybot.store import trainees
from allybot.store.circles import circles, texts
from allybot.store.circles.texts import TextState, Written
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import NEVER_SENT, OutboxMessage, encrypted_about
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.programs import programs

_NOT_POSTED = {
    TextKind.QUESTION: MessageKind.QUESTION_NOT_POSTED,
    TextKind.ANSWER: MessageKind.ANSWER_NOT_POSTED,
    TextKind.RECAP: MessageKind.RECAP_NOT_POSTED,
}
_UNKNOWN = {
    TextKind.QUESTION: MessageKind.QUESTION_UNKNOWN,
    TextKind.ANSWER: MessageKind.ANSWER_UNKNOWN,
    TextKind.RECAP: MessageKind.RECAP_UNKNOWN,
}


def render_circle_question(rendering: Rendering) -> Message | None:
    """The question as the circle reads it; None once its author is gone or no longer a member."""
    found = _readable(rendering)
    if found is None:
        return None
    written, author, program, text = found
    user = author.slack_user if written.named else None
    return prompts.circle_question(Say(), rendering.row.id, text, user, program.support_contact)


def render_circle_answer(rendering: Rendering) -> Message | None:
    """The answer in the question's thread; None as for a question."""
    found = _readable(rendering)
    if found is None:
        return None
    written, author, _, text = found
    return answer_prompts.circle_answer(Say(), text, author.slack_user if written.named else None)


def render_circle_recap(rendering: Rendering) -> Message | None:
    """The recap in the scenario's thread; None as for a question."""
    found = _readable(rendering)
    return recap_prompts.circle_recap(Say(), found[3], found[1].slack_user) if found else None


def render_answered(rendering: Rendering) -> Message | None:
    """To the author: somebody marked the question as answered. None once they are gone."""
    found = _recipient(rendering)
    return prompts.answered(*found) if found else None


def render_not_posted(rendering: Rendering, *, kind: TextKind) -> Message | None:
    """To the author: it was not posted, and what they can do. None once they are gone."""
    found = _recipient(rendering)
    return text_trouble.not_posted(found[0], kind, *found[1:]) if found else None


def render_unknown(rendering: Rendering, *, kind: TextKind) -> Message | None:
    """To the author: nobody knows whether it was posted. None once they are gone."""
    found = _recipient(rendering)
    return text_trouble.unknown_whether_posted(found[0], kind, *found[1:]) if found else None


RENDERERS: dict[MessageKind, Callable[[Rendering], Message | None]] = {
    MessageKind.CIRCLE_QUESTION: render_circle_question,
    MessageKind.CIRCLE_ANSWER: render_circle_answer,
    MessageKind.CIRCLE_RECAP: render_circle_recap,
    MessageKind.QUESTION_ANSWERED: render_answered,
    **{message: partial(render_not_posted, kind=kind) for kind, message in _NOT_POSTED.items()},
    **{message: partial(render_unknown, kind=kind) for kind, message in _UNKNOWN.items()},
}


def _readable(rendering: Rendering) -> tuple[Written, Trainee, Program, str] | None:
    """A waiting text with its author; None once they are gone or no longer a member, or the circle rests."""
    tx, context = rendering.tx, rendering.context
    written = texts.by_id(tx, context.keyring, rendering.row.id)
    circle = circles.circle_by_id(tx, written.circle_id) if written else None
    if written is None or circle is None or circle.state is not CircleState.ACTIVE:
        return None
    author = trainees.trainee_by_id(tx, written.trainee_id)
    program = programs.program_by_id(tx, circle.program_id)
    if author is None or program is None or not circles.is_member(tx, circle.id, author.id):
        return None
    return written, author, program, unlock_text(context.personal_key(author.id), written.text_locked)


def _recipient(rendering: Rendering) -> tuple[Say, Circle | None, str] | None:
    """The language of the author, their circle as it is now, and whom they can turn to."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    if trainee is None:
        return None
    contact = program_of(rendering.tx, trainee).support_contact
    return Say(trainee.locale), _circle_of(rendering.tx, trainee.id), contact


def _circle_of(tx: Transaction, trainee_id: str) -> Circle | None:
    """A trainee's circle as it is now, rather an open one than a closed one."""
    own = circles.circles_of_trainee(tx, trainee_id)
    return next((each for each in own if each.state is CircleState.ACTIVE), own[0] if own else None)


def _settle(context: Context, text_id: str, now: datetime) -> int:
    with context.database.transaction() as tx:
        try:
            written = texts.by_id(tx, context.keyring, text_id)
        except DecryptionError:
            until = texts.kept_until(tx, text_id)
            if until is not None and now < until and not was_posted(tx, text_id):
                raise  # parked; once the key is back, its author is told
            return texts.forget(tx, text_id)
        if written is not None and written.state is TextState.WAITING:
            posted = was_posted(tx, text_id)
            if posted and written.kind is TextKind.QUESTION:
                days = context.content.rules.circles.days_question_is_open
                return texts.keep_open(tx, context.keyring, text_id, now + timedelta(days=days))
            _note_in_record(context, tx, text_id, written, posted=posted)
            if not posted:
                _tell(context, tx, text_id, written, now)
        elif written is not None and written.state is TextState.OPEN:
            _note_in_record(context, tx, text_id, written, posted=True)
        return texts.forget(tx, text_id)


settle = ScheduledJob(
    "ask",
    RowKind.CIRCLE_TEXT,
    lambda tx, now, limit: texts.settled(tx, now, KEPT_AT_MOST, limit),
    _settle,
)
"""Delete texts that are posted or given up, tell the authors of the latter, and forget who asked in the end.

Where the author of one that was given up cannot be read, it is parked until its last day, and then deleted.
"""


def _note_in_record(
    context: Context, tx: Transaction, text_id: str, written: Written, *, posted: bool
) -> None:
    """Take the text's id out of its author's private record; one that was not posted takes no day either.

    Somebody who has left the circle keeps the id of a text that no longer exists, since a record written
    alone would show whose it was.
    """
    with private_records.rewriting_all(tx, keys_of_circle(context, tx, written.circle_id)) as held:
        own = held.get(written.trainee_id)
        if own is not None:
            own.record = (
                own.record.with_settled_text(text_id) if posted else own.record.without_circle_text(text_id)
            )


def _tell(context: Context, tx: Transaction, text_id: str, written: Written, now: datetime) -> None:
    """Queue a word to the author of a text that was given up."""
    author = trainees.trainee_by_id(tx, written.trainee_id)
    if author is None:
        return
    row = outbox.row_by_id(tx, text_id)
    never = row is not None and (row.state in NEVER_SENT or row.attempted_at is None)
    program = program_of(tx, author)
    due_at = next_working_time(context, program, program.zone, now)  # the author's own hours would show
    message = OutboxMessage(
        key=f"{written.kind}-failed:{text_id}",
        workspace_id=author.workspace_id,
        kind=(_NOT_POSTED if never else _UNKNOWN)[written.kind],
        about_id=encrypted_about(context.keyring, author.id),
        due_at=due_at,
        stale_at=due_at + STALE_AFTER,
    )
    outbox.put(tx, new_id(), message)
