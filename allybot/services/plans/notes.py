"""Reads, adds and deletes a trainee's notes to themselves, which are in their private record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allybot.domain.notes import Note, note_text
from allybot.domain.people import Actor
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import Trainee, may_write_plans
from allybot.services.context import Context, acting, program_of
from allybot.store.plans import private_records


@dataclass(frozen=True)
class NotesFacts:
    """The data of the notes' modal; `notes` are oldest first."""

    notes: tuple[Note, ...]
    support_contact: str


def read(context: Context, actor: Actor) -> NotesFacts:
    """The actor's notes.

    Raises:
        DecryptionError: the personal key was erased.
        NotFoundError: the actor is in no program.
        WrongStateError: they have not consented, or have left.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor, may_write_plans)
        program = program_of(tx, trainee)
        record = private_records.read(tx, context.personal_key(trainee.id), trainee.id)
    return NotesFacts(record.notes, program.support_contact)


def write(context: Context, actor: Actor, text: str | None, now: datetime) -> NotesFacts:
    """Add a note; an empty text adds none. The same words on the same day are one note.

    Args:
        now: aware UTC.

    Raises:
        FieldError: field `note`, reason `too_long`.
        DecryptionError, NotFoundError, WrongStateError: as in `read`.
    """
    words = note_text(text)
    return _rewrite(
        context, actor, lambda trainee, record: record.with_note(words, now.astimezone(trainee.zone).date())
    )


def delete(context: Context, actor: Actor, note_id: str) -> NotesFacts:
    """Delete a note. Idempotent.

    Raises:
        DecryptionError, NotFoundError, WrongStateError: as in `read`.
    """
    return _rewrite(context, actor, lambda _trainee, record: record.without_note(note_id))


def _rewrite(
    context: Context, actor: Actor, changed: Callable[[Trainee, PrivateRecord], PrivateRecord]
) -> NotesFacts:
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        program = program_of(tx, trainee)
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            held.record = changed(trainee, held.record)
    return NotesFacts(held.record.notes, program.support_contact)
