"""Retention times and what is deleted after them, on SQLite and PostgreSQL."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from allybot.services.context import Context, new_id
from allybot.services.data import erasure, retention
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.tables import circle, circle_week, trainee, vote, window
from allybot.store.tables import outbox as outbox_table
from allybot.store.vault import upkeep, vault
from allybot.store.vault.vault import person_key, window_key
from bench.seeding.bulk import load
from tests.support.full_trainee import AL, Al, full_trainee, traces_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def add_key(context: Context, trainee_id: str) -> None:
    with context.vault.transaction() as vault_tx:
        vault.add_person_key(vault_tx, context.keyring, trainee_id)


def people_with_keys(context: Context) -> set[str]:
    with context.vault.reading() as vault_tx:
        return upkeep.people_with_keys(vault_tx)


def boxes_with_keys(context: Context) -> set[str]:
    with context.vault.reading() as vault_tx:
        return upkeep.boxes_with_keys(vault_tx)


def said(
    context: Context, key: str, kind: MessageKind, due_at: datetime, state: str = "sent", **fields: str
) -> None:
    with context.database.transaction() as tx:
        outbox.put(
            tx, new_id(), OutboxMessage(key, "T1", kind, fields.pop("about_id", "x"), due_at, **fields)
        )
        tx.execute(update(outbox_table).where(outbox_table.c.key == key).values(state=state))


def keys_of_messages(context: Context) -> set[str]:
    with context.database.reading() as tx:
        return set(tx.execute(select(outbox_table.c.key)).scalars())


def test_a_chore_is_done_once_by_whoever_comes_first(al: Al, now: datetime) -> None:
    with al.context.vault.transaction() as vault_tx:
        assert upkeep.take_chore(vault_tx, "x", now, HOUR)
        assert not upkeep.take_chore(vault_tx, "x", now + HOUR / 2, HOUR)
        assert upkeep.take_chore(vault_tx, "x", now + HOUR, HOUR)
        assert upkeep.take_chore(vault_tx, "x", now - 90 * DAY, HOUR), "a clock moved back"


def test_a_key_without_a_person_goes_after_a_day(al: Al, now: datetime) -> None:
    add_key(al.context, "nobody")
    assert retention.tidy(al.context, now) == 0
    assert "nobody" in people_with_keys(al.context)
    assert retention.tidy(al.context, now + DAY) == 1
    assert people_with_keys(al.context) >= {al.trainee.id}
    assert "nobody" not in people_with_keys(al.context)


def test_a_key_made_a_moment_before_its_person_stays(al: Al, now: datetime) -> None:
    add_key(al.context, "soon")
    retention.tidy(al.context, now)
    with al.context.database.transaction() as tx:
        values = tx.execute(select(trainee).where(trainee.c.id == al.trainee.id)).mappings().one()
        tx.execute(insert(trainee).values({**values, "id": "soon", "slack_user": "USOON"}))
    retention.tidy(al.context, now + DAY)
    with al.context.database.transaction() as tx:
        trainees.delete_trainee(tx, "soon")
    retention.tidy(al.context, now + DAY + retention.EVERY)
    assert "soon" in people_with_keys(al.context), "alone for hours only, since it was not alone meanwhile"


def test_orphans_are_found_among_more_keys_than_are_read_at_once(al: Al, now: datetime) -> None:
    lonely = {f"nobody-{number:04}" for number in range(2500)}
    load(al.context.vault, person_key, ({"trainee_id": each, "key_wrapped": b"x"} for each in lonely))
    load(al.context.vault, window_key, ({"box_id": each, "private_wrapped": b"x"} for each in lonely))
    before = people_with_keys(al.context) - lonely, boxes_with_keys(al.context) - lonely
    assert retention.tidy(al.context, now) == 0
    assert retention.tidy(al.context, now + DAY) == 5000
    assert (people_with_keys(al.context), boxes_with_keys(al.context)) == before


def test_somebody_erased_is_found_among_more_than_are_read_at_once(al: Al, now: datetime) -> None:
    load(al.context.vault, vault.erased, ({"trainee_id": f"{number:05}"} for number in range(2500)))
    with al.context.vault.transaction() as vault_tx:
        vault.erase_person_key(vault_tx, al.trainee.id)
    assert retention.tidy(al.context, now) == 1
    assert traces_of(al.context, AL.slack_user, al.trainee.id, "DAL") == []


def test_keys_of_boxes_that_never_came_or_are_done_go_and_others_stay(al: Al, now: datetime) -> None:
    with al.context.vault.transaction() as vault_tx:
        vault.add_window_key(vault_tx, al.context.keyring, "never-came")
    with al.context.database.transaction() as tx:
        tx.execute(update(window).where(window.c.id == al.window_id).values(state="published"))
    retention.tidy(al.context, now)
    assert al.window_id not in boxes_with_keys(al.context), (
        "published: a key here came from a copy of the vault"
    )
    assert {"never-came", "week-1"} <= boxes_with_keys(al.context)
    retention.tidy(al.context, now + DAY)
    assert "never-came" not in boxes_with_keys(al.context)
    assert "week-1" in boxes_with_keys(al.context)


def test_old_notes_of_messages_go_but_not_those_something_still_hangs_on(al: Al, now: datetime) -> None:
    old, recent = now - 31 * DAY, now - 29 * DAY
    said(al.context, "scenario:old", MessageKind.SCENARIO, old, to_channel="C1")
    said(al.context, "scenario:new", MessageKind.SCENARIO, recent, to_channel="C1")
    said(al.context, "goodbye:old", MessageKind.GOODBYE, old, to_user="UAL", trainee_id=al.trainee.id)
    said(
        al.context,
        "expired:old",
        MessageKind.FACILITATOR_KIT,
        old,
        "expired",
        to_user="UAL",
        trainee_id=al.trainee.id,
    )
    said(al.context, "check-in:old", MessageKind.CHECK_IN, old, to_user="UAL", trainee_id=al.trainee.id)
    said(al.context, "parked:old", MessageKind.SCENARIO, old, "parked", to_channel="C1")
    said(al.context, "due:old", MessageKind.SCENARIO, old, "due", to_channel="C1")
    retention.tidy(al.context, now)
    left = keys_of_messages(al.context)
    assert {"scenario:new", "check-in:old", "parked:old", "due:old", f"welcome:{al.trainee.id}"} <= left
    assert not {"scenario:old", "goodbye:old", "expired:old"} & left


def test_a_question_stays_as_long_as_its_answer_is_awaited(al: Al, now: datetime) -> None:
    old = now - 60 * DAY
    said(al.context, "asked", MessageKind.SCENARIO, old, "asked", to_channel="C1")
    with al.context.database.reading() as tx:
        row_id = tx.execute(select(outbox_table.c.id).where(outbox_table.c.key == "asked")).scalar_one()
    said(al.context, "question", MessageKind.DID_IT_APPEAR, old, about_id=row_id, to_user="ULEAD")
    said(al.context, "other", MessageKind.DID_IT_APPEAR, old, about_id="gone", to_user="ULEAD")
    retention.tidy(al.context, now)
    assert {"asked", "question"} <= keys_of_messages(al.context)
    assert "other" not in keys_of_messages(al.context)


def test_a_week_that_was_never_opened_goes_with_its_votes_and_key(al: Al, now: datetime) -> None:
    retention.tidy(al.context, now + 20 * DAY)
    with al.context.database.reading() as tx:
        assert tx.execute(select(vote)).all()
    later = now + 30 * DAY
    retention.tidy(al.context, later)
    with al.context.database.reading() as tx:
        assert not tx.execute(select(vote)).all()
        assert not tx.execute(select(circle_week)).all()
    retention.tidy(al.context, later + DAY)
    assert "week-1" not in boxes_with_keys(al.context)


def test_circles_go_when_the_program_has_nobody_left(al: Al, now: datetime) -> None:
    after = now + 200 * DAY
    assert consent.delete_expired(al.context, after) == 2
    retention.tidy(al.context, after)
    with al.context.database.reading() as tx:
        assert not tx.execute(select(circle)).all()
        assert len(tx.execute(select(window)).all()) == 2, "what was published stays"


def test_whoever_is_deleted_after_the_program_leaves_nothing(al: Al, now: datetime) -> None:
    consent.delete_expired(al.context, now + 200 * DAY)
    assert traces_of(al.context, AL.slack_user, al.trainee.id, "DAL") == []
    assert people_with_keys(al.context) == set()


def test_somebody_who_came_back_in_a_copied_file_is_dropped_by_the_chore(al: Al, now: datetime) -> None:
    with al.context.vault.transaction() as vault_tx:
        vault.erase_person_key(vault_tx, al.trainee.id)
    assert retention.tidy(al.context, now) == 1
    assert traces_of(al.context, AL.slack_user, al.trainee.id, "DAL") == []


def test_the_order_of_erasures_is_not_kept() -> None:
    assert vault.erased.dialect_options["sqlite"]["with_rowid"] is False
    assert {column.name for column in vault.erased.columns} == {"trainee_id"}


def test_erasing_nobody_is_nothing(context: Context) -> None:
    erasure.erase(context, [])
    assert erasure.drop_erased(context) == 0
    with context.vault.reading() as vault_tx:
        assert not vault_tx.execute(select(person_key)).all()
        assert not vault_tx.execute(select(window_key)).all()
