"""Notes to oneself: the field in a form, the modal with all of them, and the newest on the Home tab."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement, ConfirmObject

from allybot.domain.notes import MAX_NOTE_LENGTH, MAX_NOTES, Note, pushed_out
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.plans.fields import text_field

NOTE = "note"
"""Block id of the field."""
_AT_HOME = 2
"""Notes on the Home tab, so that it stays one phone screen."""


def note_question(say: Say, notes: Sequence[Note]) -> Block:
    """The field for a note, without a hint, so that the help stays one phone screen, unless there is no room.

    The hint then says beforehand that the oldest note makes room.
    """
    oldest = pushed_out(notes)
    hint = (
        say(
            "Your {most} notes are as many as are kept: a new one replaces that of {day}.",
            most=MAX_NOTES,
            day=say.day(oldest.written_on),
        )
        if oldest
        else ""
    )
    element = text_field(
        NOTE, "", say("What do you want to remember?"), multiline=False, most=MAX_NOTE_LENGTH
    )
    return blocks.question(say("A note to yourself (only you see it)"), element, NOTE, hint, optional=True)


def notes_button(say: Say) -> ButtonElement:
    """Opens all notes."""
    return blocks.button(say("My notes"), ids.NOTES_SHOW)


def notes_form(say: Say, notes: Sequence[Note], support_contact: str) -> View:
    """All notes, the newest first, each with a button that deletes it, and the field for another one."""
    opening = (
        say("What you wrote to yourself. Only you see it; it is kept encrypted, with your plans.")
        if notes
        else say(
            "A note is one line to yourself: what you noticed, what you said, what you want to remember. "
            "You have none yet. Only you see it; it is kept encrypted, with your plans. The newest {most} "
            "are kept.",
            most=MAX_NOTES,
        )
    )
    return blocks.modal(
        say("My notes"),
        [
            blocks.section(opening),
            *(_one(say, each) for each in reversed(notes)),
            note_question(say, notes),
            support_line(say, support_contact),
        ],
        ids.NOTES_FORM,
        submit=say("Keep it"),
        close=say("Close"),
    )


def newest_notes(say: Say, notes: Sequence[Note]) -> list[Block]:
    """The newest notes for the Home tab, with the way to all of them; nothing where there are none."""
    if not notes:
        return []
    shown = [_in_words(say, each) for each in reversed(notes[-_AT_HOME:])]
    return [blocks.section("\n".join([say("*Your notes*"), *shown]), accessory=notes_button(say))]


def _one(say: Say, note: Note) -> Block:
    day = say.day_and_year(note.written_on)
    confirm = ConfirmObject(
        title=say("Delete this note?"),
        text=say("It is deleted at once, for good."),
        confirm=say("Delete"),
        deny=say("Keep it"),
    )
    delete = blocks.button(
        say("Delete"),
        ids.NOTE_DELETE,
        ids.NoteValue(note=note.id).pack(),
        confirm=confirm,
        read_aloud=say("Delete the note of {day}", day=day),
    )
    return blocks.section(_in_words(say, note), accessory=delete, block_id=f"note.{note.id}")


def _in_words(say: Say, note: Note) -> str:
    return say("“{note}” ({day})", note=blocks.escape(note.text), day=say.day_and_year(note.written_on))
