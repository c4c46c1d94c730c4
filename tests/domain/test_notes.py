"""Notes to oneself: how long, how many, and which one makes room."""

from datetime import date, timedelta

import pytest

from allybot.domain.notes import MAX_NOTE_LENGTH, MAX_NOTES, Note, note_text, pushed_out, with_note
from allybot.errors import FieldError

TODAY = date(2026, 1, 15)
FULL = tuple(Note(f"note {number}", TODAY + timedelta(days=number)) for number in range(MAX_NOTES))


def test_a_note_is_one_line_and_an_empty_field_is_none() -> None:
    assert note_text(" she\nthanked \x00 me ") == "she thanked me"
    assert note_text("") is None
    assert note_text(" \n ") is None
    assert note_text(None) is None


def test_a_note_may_be_as_long_as_it_says_and_no_longer() -> None:
    assert note_text("\U0001d49c" * MAX_NOTE_LENGTH) == "\U0001d49c" * MAX_NOTE_LENGTH
    with pytest.raises(FieldError) as refused:
        note_text("a" * (MAX_NOTE_LENGTH + 1))
    assert (refused.value.field, refused.value.reason) == ("note", "too_long")


def test_the_same_words_on_the_same_day_are_one_note() -> None:
    once = with_note((), "she thanked me", TODAY)
    assert with_note(once, "she thanked me", TODAY) == once
    assert len(with_note(once, "she thanked me", TODAY + timedelta(days=1))) == 2
    assert with_note(once, None, TODAY) == once


def test_the_oldest_makes_room_and_is_named_before() -> None:
    assert pushed_out(FULL[1:]) is None
    assert pushed_out(FULL) == FULL[0]
    assert with_note(FULL, "one more", TODAY) == (*FULL[1:], Note("one more", TODAY))


def test_an_id_tells_notes_apart_and_holds_none_of_their_words() -> None:
    assert len({each.id for each in FULL}) == MAX_NOTES
    assert FULL[0].id == Note(FULL[0].text, FULL[0].written_on).id
    assert len(FULL[0].id) == 16
