"""Before anybody is deleted they get plans and notes, and the deletion waits for that, but not for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from allybot.domain.trainee import TraineeState
from allybot.services.context import Context
from allybot.services.trainees import consent, plan_copies
from allybot.store.delivery.copies import GRACE
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow, as_row
from allybot.store.tables import outbox
from allybot.store.trainees import change_trainee, trainee_of
from tests.support.trainee_timeline import Timeline, berlin

DELETED = datetime(2026, 5, 24, 22, 0, tzinfo=UTC)
"""Midnight in Berlin before the 25th, a Monday."""
DAY = timedelta(days=1)


@pytest.fixture
def timeline(context: Context) -> Timeline:
    life = Timeline(context)
    life.write()
    change(life, delete_after=DELETED)
    return life


def change(life: Timeline, **values: object) -> None:
    with life.context.database.transaction() as tx:
        change_trainee(tx, "trainee-U1", **values)


def settle(life: Timeline, state: MessageState) -> None:
    with life.context.database.transaction() as tx:
        tx.execute(update(outbox).where(outbox.c.kind == MessageKind.LAST_COPY).values(state=state))


def copies_of(life: Timeline) -> list[OutboxRow]:
    with life.context.database.reading() as tx:
        rows = tx.execute(outbox.select().where(outbox.c.kind == MessageKind.LAST_COPY))
        return [as_row(row) for row in rows.fetchall()]


def is_there(life: Timeline) -> bool:
    with life.context.database.reading() as tx:
        return trainee_of(tx, life.actor) is not None


@pytest.mark.parametrize(
    ("state", "number"),
    [
        (TraineeState.ACTIVE, 1),
        (TraineeState.PAUSED, 1),
        (TraineeState.STOPPED, 1),
        (TraineeState.FINISHED, 1),
        (TraineeState.GONE, 0),
        (TraineeState.DECLINED, 0),
    ],
)
def test_everybody_who_said_yes_and_is_in_slack_gets_one_copy_a_week_before(
    timeline: Timeline, state: TraineeState, number: int
) -> None:
    change(timeline, state=state)
    assert plan_copies.queue_last(timeline.context, DELETED - 13 * DAY) == 0
    for days in (11, 8, 3):
        plan_copies.queue_last(timeline.context, DELETED - days * DAY)
    copies = copies_of(timeline)
    assert len(copies) == number
    assert all(berlin(5, 18, 9) <= each.due_at <= berlin(5, 18, 18) for each in copies)


@pytest.mark.parametrize(
    "state", [MessageState.DUE, MessageState.CLAIMED, MessageState.UNCERTAIN, MessageState.PARKED]
)
def test_a_copy_on_its_way_is_waited_for_a_week_at_most(timeline: Timeline, state: MessageState) -> None:
    plan_copies.queue_last(timeline.context, DELETED - DAY)
    settle(timeline, state)
    assert consent.delete_expired(timeline.context, DELETED + GRACE - DAY) == 0
    assert consent.delete_expired(timeline.context, DELETED + GRACE) == 1
    assert not is_there(timeline)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.CANCELLED, MessageState.REFUSED])
def test_once_it_is_settled_the_deletion_comes_on_its_day(timeline: Timeline, state: MessageState) -> None:
    plan_copies.queue_last(timeline.context, DELETED - DAY)
    settle(timeline, state)
    assert consent.delete_expired(timeline.context, DELETED - timedelta(seconds=1)) == 0
    assert consent.delete_expired(timeline.context, DELETED) == 1


def test_where_no_worker_ran_before_the_copy_is_queued_and_only_then_somebody_is_deleted(
    timeline: Timeline,
) -> None:
    late = DELETED + 2 * DAY
    assert consent.delete_expired(timeline.context, late) == 0
    assert plan_copies.queue_last(timeline.context, late) == 1
    (copy,) = copies_of(timeline)
    assert copy.due_at == late
    settle(timeline, MessageState.SENT)
    assert plan_copies.queue_last(timeline.context, late + DAY) == 0
    assert consent.delete_expired(timeline.context, late + DAY) == 1


def test_who_has_not_said_yes_has_nothing_to_be_waited_for(timeline: Timeline) -> None:
    change(timeline, consented_at=None, state=TraineeState.INVITED)
    assert plan_copies.queue_last(timeline.context, DELETED - DAY) == 0
    assert consent.delete_expired(timeline.context, DELETED) == 1


def test_a_deletion_that_is_put_off_by_weeks_has_a_copy_of_its_own(timeline: Timeline) -> None:
    plan_copies.queue_last(timeline.context, DELETED - 3 * DAY)
    settle(timeline, MessageState.SENT)
    later = DELETED + 60 * DAY
    change(timeline, delete_after=later)
    assert plan_copies.queue_last(timeline.context, DELETED) == 0
    assert plan_copies.queue_last(timeline.context, later - 3 * DAY) == 1
    assert len(copies_of(timeline)) == 2
    assert consent.delete_expired(timeline.context, later) == 0, "the first one told another day"
