"""A private record: what was put in comes out, and notes never change its length."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from allybot.domain.notes import MAX_NOTE_LENGTH, MAX_NOTES, Note
from allybot.domain.plans import Intention, Plan, PlanKind, PlanState
from allybot.domain.private_record import PrivateRecord, reworded
from allybot.errors import DecryptionError
from allybot.store.plans.private_records import BLOCK_BYTES, NOTES_BYTES, opened, sealed

KEY = b"k" * 32
DAY = date(2026, 1, 15)
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
WORDS = Intention("a colleague is talked over", "ask her to finish")
PLAN = Plan("plan", PlanKind.BYSTANDER, WORDS, PlanState.ACTIVE, NOW)


def notes_of(text: str, number: int = MAX_NOTES) -> tuple[Note, ...]:
    """So many notes that begin with their number and are as long as they may be."""
    return tuple(
        Note(f"{each}{text}"[:MAX_NOTE_LENGTH], DAY + timedelta(days=each)) for each in range(number)
    )


@pytest.mark.parametrize(
    "text",
    [
        "\U0001d49c" * MAX_NOTE_LENGTH,
        '"' * MAX_NOTE_LENGTH,
        "\\" * MAX_NOTE_LENGTH,
        "\u2028" * MAX_NOTE_LENGTH,
        "\x7f" * MAX_NOTE_LENGTH,
        "".join(chr(0x1F300 + 7 * each) for each in range(MAX_NOTE_LENGTH)),
    ],
    ids=["four bytes", "quotes", "backslashes", "separators", "delete", "emoji"],
)
def test_as_many_notes_as_are_kept_fit_whatever_their_characters(text: str) -> None:
    record = PrivateRecord((PLAN,), notes=notes_of(text))
    locked = sealed(KEY, record)
    assert len(locked) == len(sealed(KEY, PrivateRecord())) == NOTES_BYTES + BLOCK_BYTES + 40
    assert opened(KEY, locked) == record


def test_notes_make_no_record_longer_however_full_it_is() -> None:
    plan = PLAN
    for number in range(200):
        cue, response = (hashlib.sha256(f"{half} {number}".encode()).hexdigest() for half in ("if", "then"))
        plan = reworded(plan, Intention(cue, response), DAY)
        bare = PrivateRecord((plan,))
        before = sealed(KEY, bare)
        noted = replace(bare, notes=notes_of("\U0001f642" * MAX_NOTE_LENGTH, number % (MAX_NOTES + 1)))
        assert len(sealed(KEY, noted, before)) == len(before)
        assert opened(KEY, sealed(KEY, noted, before)) == noted
    assert len(before) > NOTES_BYTES + 2 * BLOCK_BYTES, "the record has grown by its plans meanwhile"


def test_a_record_never_becomes_shorter() -> None:
    many = replace(PLAN, coping="".join(chr(0x4E00 + 31 * each) for each in range(600)) * 9)
    long = sealed(KEY, PrivateRecord(tuple(replace(many, id=str(each)) for each in range(9))))
    assert len(sealed(KEY, PrivateRecord(), long)) == len(long)


def test_changed_bytes_are_refused() -> None:
    locked = bytearray(sealed(KEY, PrivateRecord(notes=notes_of("note", 1))))
    locked[-1] ^= 1
    with pytest.raises(DecryptionError):
        opened(KEY, bytes(locked))


def test_the_plan_as_asked_keeps_its_words_when_it_is_reworded() -> None:
    record = PrivateRecord((PLAN,)).with_question("first", "plan", DAY, NOW)
    other = Intention("she is cut off", "nod to her")
    record = record.with_plan(reworded(record.plans[0], other, DAY))
    record = record.with_question("second", "plan", DAY, NOW)
    record = opened(KEY, sealed(KEY, record.with_state("plan", PlanState.FINISHED)))
    assert (record.as_asked("first"), record.as_asked("second")) == (WORDS, other)
    assert record.as_asked("a re-plan without a plan") is None
