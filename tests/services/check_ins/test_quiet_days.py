"""Quiet days and an hour of one's own, on SQLite and PostgreSQL."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.services.check_ins import frequency, quiet_days
from allybot.services.check_ins.quiet_hours import UNSOLICITED, put_off_until
from allybot.services.context import Context
from allybot.store import tables, trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from tests.support.trainee_timeline import BERLIN, TRAINED, Timeline, berlin

TUESDAY, WEDNESDAY, FRIDAY = 1, 2, 4


@pytest.fixture
def timeline(context: Context) -> Timeline:
    timeline = Timeline(context)
    timeline.write()
    return timeline


def choose(timeline: Timeline, *days: int, hour: int | None = None, day: int = 2) -> quiet_days.Quiet:
    return quiet_days.choose(timeline.context, timeline.actor, days, hour, berlin(1, day))


def test_what_is_planned_moves_off_a_quiet_day_and_back_when_it_is_none(timeline: Timeline):
    assert choose(timeline, TUESDAY, WEDNESDAY).next_on == date(2026, 1, 8)
    assert timeline.trainee().quiet_days == (TUESDAY, WEDNESDAY)
    assert choose(timeline).next_on == date(2026, 1, 6)
    assert timeline.trainee().quiet_days == ()


def test_every_step_and_follow_up_comes_and_none_on_a_quiet_day(timeline: Timeline):
    choose(timeline, TUESDAY, FRIDAY)
    seen = timeline.days(TRAINED, date(2026, 2, 20))
    assert {kind for _, kind, _ in seen} == {
        MessageKind.CHECK_IN,
        MessageKind.FOLLOW_UP,
        MessageKind.SLOWED,
    }
    assert [day for day, _, _ in seen if day.weekday() in {TUESDAY, FRIDAY}] == []
    asked = [key.rpartition(":")[2] for _, kind, key in seen if kind is MessageKind.CHECK_IN]
    assert asked == ["3", "10", "42"]


def test_on_one_day_that_is_left_every_step_is_asked_once(timeline: Timeline):
    choose(timeline, 0, 1, 2, 3)
    steps = []
    for ahead in range(120):
        day = TRAINED + timedelta(days=ahead)
        for found, kind, key in timeline.days(day, day):
            assert found.weekday() == FRIDAY
            if kind in {MessageKind.CHECK_IN, MessageKind.REPLAN}:
                steps.append(int(key.rpartition(":")[2]))
            frequency.keep(
                timeline.context, timeline.actor, berlin(1, 2)
            )  # like a tap: resets the silent steps
            with timeline.context.database.transaction() as tx:
                trainees.change_trainee(tx, timeline.trainee().id, silent_steps=0)
    assert steps == [3, 10, 17, 28, 42, 56, 70, 90]


def test_check_ins_come_at_the_chosen_hour_while_it_is_offered(timeline: Timeline):
    assert choose(timeline, hour=15).hour == time(15)
    at = timeline.trainee().next_check_in_at
    assert at
    assert at.astimezone(BERLIN).hour == 15
    assert choose(timeline, hour=23).hour == time(10)
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(tx, timeline.trainee().id, check_in_hour=23)  # once offered, by other rules
    assert quiet_days.read(timeline.context, timeline.actor).hour == time(10)


def test_a_message_claimed_on_a_quiet_day_waits_for_the_next_open_day_at_the_chosen_hour(timeline: Timeline):
    choose(timeline, WEDNESDAY, hour=14)
    wednesday = berlin(1, 7)
    with timeline.context.database.transaction() as tx:
        for kind in UNSOLICITED:
            draft = OutboxMessage(
                f"{kind}", "T1", kind, "x", wednesday, to_user="U1", trainee_id=timeline.trainee().id
            )
            stale = berlin(1, 20) if kind is MessageKind.FIRST_PLAN else None
            outbox.put(tx, f"row-{kind}", OutboxMessage(**{**vars(draft), "stale_at": stale}))
        rows = [outbox.row_by_id(tx, f"row-{kind}") for kind in UNSOLICITED]
        assert {put_off_until(timeline.context, tx, row, wednesday) for row in rows if row} == {
            berlin(1, 8, 14)
        }
        now = {row.kind: put_off_until(timeline.context, tx, row, berlin(1, 8)) for row in rows if row}
        give_way = {MessageKind.RESULT, MessageKind.SUGGESTION_ANSWERS}
        give_way |= {MessageKind.FACILITATOR_ASKED, MessageKind.POOL_QUESTION}
        for kind in give_way:  # to the others
            assert now.pop(kind) == berlin(1, 9, 14)
        assert set(now.values()) == {None}


def test_of_a_result_and_answers_that_meet_the_result_goes_unless_the_answers_have_gone(timeline: Timeline):
    kinds, now = (MessageKind.RESULT, MessageKind.SUGGESTION_ANSWERS), berlin(1, 7)
    own = timeline.trainee().id
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(tx, own, next_check_in_at=berlin(1, 13))
        for kind in kinds:
            message = OutboxMessage(kind, "T1", kind, "x", now, to_user="U1", trainee_id=own)
            outbox.put(tx, f"row-{kind}", message)
        result, answers = (outbox.row_by_id(tx, f"row-{kind}") for kind in kinds)
        assert result
        assert answers
        assert put_off_until(timeline.context, tx, result, now) is None
        assert put_off_until(timeline.context, tx, answers, now) == berlin(1, 8, 10)
        tx.execute(update(tables.outbox).where(tables.outbox.c.id == answers.id).values(state="sent"))
        assert put_off_until(timeline.context, tx, result, now) == berlin(1, 8, 10)


def test_the_same_choice_twice_and_no_choice_change_nothing(timeline: Timeline):
    choose(timeline, FRIDAY)
    before = timeline.rows("trainee")
    assert choose(timeline, FRIDAY, FRIDAY, 6).trainee.quiet_days == (FRIDAY,)
    assert timeline.rows("trainee") == before


def test_a_week_without_any_day_is_refused_and_nothing_changes(timeline: Timeline):
    before = timeline.rows("trainee")
    with pytest.raises(FieldError):
        choose(timeline, 0, 1, 2, 3, 4)
    assert timeline.rows("trainee") == before


def test_who_waits_in_silence_or_on_a_pause_is_not_woken(timeline: Timeline):
    frequency.pause(timeline.context, timeline.actor, date(2026, 1, 20), berlin(1, 2))
    assert choose(timeline, TUESDAY).next_on is None
    assert timeline.days(date(2026, 1, 2), date(2026, 1, 20)) == []
    assert [day for day, _, _ in timeline.days(date(2026, 1, 21), date(2026, 1, 22))] == [date(2026, 1, 21)]


def test_who_has_not_said_yes_or_is_unknown_chooses_nothing(timeline: Timeline):
    with pytest.raises(NotFoundError):
        quiet_days.choose(timeline.context, Actor("T2", "U1"), [TUESDAY], None, berlin(1, 2))
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(tx, "trainee-U1", state=TraineeState.INVITED)
    with pytest.raises(WrongStateError):
        choose(timeline, TUESDAY)
    with pytest.raises(WrongStateError):
        quiet_days.read(timeline.context, timeline.actor)
