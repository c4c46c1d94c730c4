from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import NotFoundError, WrongStateError
from allybot.services.check_ins import answering, frequency, keep_going, quiet_days
from allybot.services.context import Context
from allybot.services.trainees import consent
from allybot.store import tables, trainees
from allybot.store.delivery.message_kinds import MessageKind
from tests.support.trainee_timeline import BERLIN, Timeline, berlin

AFTER_ALL = date(2026, 7, 3)
DELETED = datetime(2026, 8, 8, tzinfo=BERLIN)
"""Day 180, the week to the goodbye, and the thirty days of retention."""


@pytest.fixture
def timeline(context: Context) -> Timeline:
    """Somebody with a plan to whom the re-plan has come; all else is deleted on 18 May."""
    timeline = Timeline(context)
    timeline.write()
    with context.database.transaction() as tx:
        values = {"next_step": 90, "next_check_in_at": berlin(4, 2, 10)}
        trainees.change_trainee(tx, "trainee-U1", delete_after=berlin(5, 18, 0), **values)
    timeline.tick(berlin(4, 2))
    return timeline


def go_on(timeline: Timeline, now: datetime) -> None:
    keep_going.keep_going(timeline.context, timeline.actor, timeline.asked(90).id, now, None)


def messages(timeline: Timeline, first: date, last: date) -> list[tuple[date, str]]:
    return [(day, key) for day, kind, key in timeline.days(first, last) if kind is MessageKind.KEEP_GOING]


def rows(timeline: Timeline, table: str) -> int:
    with timeline.context.database.reading() as tx:
        return tx.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one()


def test_without_a_tap_it_ends_as_it_always_did(timeline: Timeline):
    assert timeline.trainee().next_step is None
    assert timeline.trainee().goodbye_at is not None
    assert consent.queue_goodbyes(timeline.context, berlin(4, 9)) == 1
    assert messages(timeline, date(2026, 4, 3), AFTER_ALL) == []
    assert timeline.trainee().state is TraineeState.FINISHED
    assert timeline.trainee().delete_after == berlin(5, 18, 0)


def test_a_tap_brings_three_messages_a_later_goodbye_and_a_later_deletion(timeline: Timeline):
    go_on(timeline, berlin(4, 2))
    trainee = timeline.trainee()
    assert (trainee.next_step, trainee.goodbye_at) == (120, None)
    assert trainee.delete_after == DELETED
    assert consent.queue_goodbyes(timeline.context, berlin(4, 30)) == 0
    assert messages(timeline, date(2026, 4, 3), AFTER_ALL) == [
        (date(2026, 5, 5), "keep-going:trainee-U1:120"),
        (date(2026, 6, 2), "keep-going:trainee-U1:150"),
        (date(2026, 7, 1), "keep-going:trainee-U1:180"),
    ]
    assert timeline.trainee().goodbye_at == berlin(7, 8, 10)
    assert consent.queue_goodbyes(timeline.context, berlin(7, 8)) == 1
    assert timeline.trainee().state is TraineeState.FINISHED
    assert consent.delete_expired(timeline.context, DELETED) == 0  # the file with their plans was not sent
    assert consent.delete_expired(timeline.context, DELETED + timedelta(days=7)) == 1


def test_the_days_after_the_replan_record_nothing(timeline: Timeline):
    go_on(timeline, berlin(4, 2))
    recorded = ("check_in", "ballot", "window")
    before = [rows(timeline, table) for table in recorded]
    messages(timeline, date(2026, 4, 3), AFTER_ALL)
    assert [rows(timeline, table) for table in recorded] == before
    assert timeline.trainee().silent_steps == 0


def test_a_second_tap_changes_nothing(timeline: Timeline):
    go_on(timeline, berlin(4, 2))
    before = timeline.trainee()
    go_on(timeline, berlin(4, 20))
    assert timeline.trainee() == before


def test_it_can_be_chosen_after_keeping_the_plans_and_after_the_goodbye(timeline: Timeline):
    answering.keep_plans(timeline.context, timeline.actor, timeline.asked(90).id, berlin(4, 2), None)
    consent.queue_goodbyes(timeline.context, berlin(4, 9))
    go_on(timeline, berlin(5, 11))  # day 129: the first message is a week away, at the least
    assert timeline.trainee().state is TraineeState.ACTIVE
    assert messages(timeline, date(2026, 5, 11), AFTER_ALL) == [
        (date(2026, 5, 19), "keep-going:trainee-U1:120"),
        (date(2026, 6, 2), "keep-going:trainee-U1:150"),
        (date(2026, 7, 1), "keep-going:trainee-U1:180"),
    ]
    assert consent.queue_goodbyes(timeline.context, berlin(7, 8)) == 1  # a second one
    assert [row.kind for row in timeline.outbox()].count(MessageKind.GOODBYE) == 2


def test_after_the_last_day_it_is_too_late(timeline: Timeline):
    with pytest.raises(WrongStateError):
        go_on(timeline, berlin(7, 2))
    assert timeline.trainee().delete_after == berlin(5, 18, 0)


def test_only_ones_own_replan_opens_it(timeline: Timeline):
    timeline.enrol("U2")
    with pytest.raises(NotFoundError):
        keep_going.keep_going(timeline.context, Actor("T1", "U2"), timeline.asked(90).id, berlin(4, 2), None)
    with pytest.raises(NotFoundError):
        keep_going.keep_going(timeline.context, timeline.actor, "none", berlin(4, 2), None)


def test_a_pause_moves_the_days_that_are_left_and_not_the_deletion(timeline: Timeline):
    go_on(timeline, berlin(4, 2))
    frequency.pause(timeline.context, timeline.actor, date(2026, 5, 18), berlin(5, 4))
    assert messages(timeline, date(2026, 5, 4), date(2026, 7, 31)) == [
        (date(2026, 5, 19), "keep-going:trainee-U1:120"),
        (date(2026, 6, 16), "keep-going:trainee-U1:150"),
        (date(2026, 7, 15), "keep-going:trainee-U1:180"),
    ]
    assert timeline.trainee().delete_after == DELETED


def test_days_that_pauses_have_moved_before_the_tap_move_the_deletion_too(timeline: Timeline):
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(tx, "trainee-U1", moved_days=14)
    go_on(timeline, berlin(4, 2))
    assert timeline.trainee().delete_after == DELETED + timedelta(days=14)


def test_after_a_stop_nothing_comes_and_resuming_brings_the_rest(timeline: Timeline):
    go_on(timeline, berlin(4, 2))
    frequency.stop(timeline.context, timeline.actor, berlin(4, 20))
    assert messages(timeline, date(2026, 4, 20), date(2026, 5, 20)) == []
    frequency.resume(timeline.context, timeline.actor, berlin(5, 20))
    assert [key for _, key in messages(timeline, date(2026, 5, 20), date(2026, 8, 1))] == [
        "keep-going:trainee-U1:120",
        "keep-going:trainee-U1:150",
        "keep-going:trainee-U1:180",
    ]


def test_asking_less_often_leaves_out_none_of_the_monthly_messages(timeline: Timeline):
    go_on(timeline, berlin(4, 2))
    assert frequency.slower(timeline.context, timeline.actor, berlin(4, 3)).next_on == date(2026, 5, 5)
    assert len(messages(timeline, date(2026, 4, 3), AFTER_ALL)) == 3


def test_quiet_days_hold_after_the_replan_too(timeline: Timeline):
    go_on(timeline, berlin(4, 2))
    quiet_days.choose(timeline.context, timeline.actor, {1}, None, berlin(4, 3))
    assert [day for day, _ in messages(timeline, date(2026, 4, 3), AFTER_ALL)] == [
        date(2026, 5, 6),  # the Tuesday before is quiet
        date(2026, 6, 3),
        date(2026, 7, 1),
    ]
