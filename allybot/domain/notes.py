"""Notes: single lines that a trainee writes to themselves, kept in their private record. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allybot.domain.plans import one_line
from allybot.errors import FieldError

MAX_NOTE_LENGTH = 140
"""Characters of a note; our own proposal, about two short sentences."""
MAX_NOTES = 7
"""Notes that are kept, one for each question of the ladder that asks for an answer. As many as always fit in
the part of the private record that is theirs, also with characters of four bytes."""
_ID_BYTES = 8


@dataclass(frozen=True)
class Note:
    """One note; `written_on` is the day in its writer's zone."""

    text: str
    written_on: date

    @property
    def id(self) -> str:
        """Tells a trainee's notes apart without their words: a digest of words and day."""
        named = f"{self.written_on}/{self.text}".encode()
        return hashlib.blake2b(named, digest_size=_ID_BYTES).hexdigest()


def note_text(text: str | None) -> str | None:
    """What was typed, on one line; None for an empty field.

    Raises:
        FieldError: field `note`, reason `too_long` (over `MAX_NOTE_LENGTH` characters).
    """
    field = "note"
    words = one_line(text)
    if len(words) > MAX_NOTE_LENGTH:
        raise FieldError(field, "too_long")
    return words or None


def with_note(notes: Sequence[Note], text: str | None, today: date) -> tuple[Note, ...]:
    """The notes with one more, oldest first; the oldest goes where there are more than `MAX_NOTES`.

    The same words on the same day are one note, so that a form that is sent twice leaves one.

    Args:
        text: as `note_text` returns it; None adds nothing.
        today: the day in the writer's zone.
    """
    added = Note(text, today) if text is not None else None
    if added is None or added in notes:
        return tuple(notes)
    return (*notes, added)[-MAX_NOTES:]


def pushed_out(notes: Sequence[Note]) -> Note | None:
    """The note that makes room for the next one; None while there is room."""
    return notes[0] if len(notes) >= MAX_NOTES else None
