"""Quiet days and an hour of one's own, on SQLite and PostgreSQL."""

from datetime import date, time, timedelta

import pytest

from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.services.check_ins import frequency, quiet_days
from allybot.services.check_ins.quiet_hours import UNPROMPTED, put_off_until
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage
from tests.support.trainee_timeline import BERLIN, TRAINED, Life, berlin

TUESDAY, WEDNESDAY, FRIDAY = 1, 2, 4


@pytest.fixture
def life(context: Context) -> Life:
    life = Life(context)
    life.write()
    return life


def choose(life: Life, *days: int, hour: int | None = None, day: int = 2) -> quiet_days.Quiet:
    return quiet_days.choose(life.context, life.actor, days, hour, berlin(1, day))


def test_what_is_planned_moves_off_a_quiet_day_and_back_when_it_is_none(life: Life):
    assert choose(life, TUESDAY, WEDNESDAY).next_on == date(2026, 1, 8)
    assert life.trainee().quiet_days == (TUESDAY, WEDNESDAY)
    assert choose(life).next_on == date(2026, 1, 6)
    assert life.trainee().quiet_days == ()


def test_every_step_and_follow_up_comes_and_none_on_a_quiet_day(life: Life):
    choose(life, TUESDAY, FRIDAY)
    seen = life.days(TRAINED, date(2026, 2, 20))
    assert {kind for _, kind, _ in seen} == {
        MessageKind.CHECK_IN,
        MessageKind.FOLLOW_UP,
        MessageKind.PACE_QUESTION,
    }
    assert [day for day, _, _ in seen if day.weekday() in {TUESDAY, FRIDAY}] == []
    assert [key.rpartition(":")[2] for _, kind, key in seen if kind is MessageKind.CHECK_IN] == ["3", "10"]


def test_on_one_day_that_is_left_every_step_is_asked_once(life: Life):
    choose(life, 0, 1, 2, 3)
    steps = []
    for ahead in range(120):
        day = TRAINED + timedelta(days=ahead)
        for found, kind, key in life.days(day, day):
            assert found.weekday() == FRIDAY
            if kind in {MessageKind.CHECK_IN, MessageKind.REPLAN}:
                steps.append(int(key.rpartition(":")[2]))
            frequency.keep(life.context, life.actor, berlin(1, 2))  # as if he tapped: no silence adds up
            with life.context.database.transaction() as tx:
                trainees.change_trainee(tx, life.trainee().id, silent_steps=0)
    assert steps == [3, 10, 17, 28, 42, 56, 70, 90]


def test_his_own_hour_is_that_of_his_check_ins_while_it_is_offered(life: Life):
    assert choose(life, hour=15).hour == time(15)
    at = life.trainee().next_check_in_at
    assert at
    assert at.astimezone(BERLIN).hour == 15
    assert choose(life, hour=23).hour == time(10)
    with life.context.database.transaction() as tx:
        trainees.change_trainee(tx, life.trainee().id, check_in_hour=23)  # once offered, by other rules
    assert quiet_days.read(life.context, life.actor).hour == time(10)


def test_whatever_is_claimed_on_a_quiet_day_waits_for_the_next_of_his_days_at_his_hour(life: Life):
    choose(life, WEDNESDAY, hour=14)
    wednesday = berlin(1, 7)
    with life.context.database.transaction() as tx:
        for kind in UNPROMPTED:
            draft = OutboxMessage(
                f"{kind}", "T1", kind, "x", wednesday, to_user="U1", trainee_id=life.trainee().id
            )
            stale = berlin(1, 20) if kind is MessageKind.FIRST_PLAN else None
            outbox.put(tx, f"row-{kind}", OutboxMessage(**{**vars(draft), "stale_at": stale}))
        rows = [outbox.row_by_id(tx, f"row-{kind}") for kind in UNPROMPTED]
        assert {put_off_until(life.context, tx, row, wednesday) for row in rows if row} == {berlin(1, 8, 14)}
        assert {put_off_until(life.context, tx, row, berlin(1, 8)) for row in rows if row} == {None}


def test_the_same_choice_twice_and_no_choice_change_nothing(life: Life):
    choose(life, FRIDAY)
    before = life.rows("trainee")
    assert choose(life, FRIDAY, FRIDAY, 6).trainee.quiet_days == (FRIDAY,)
    assert life.rows("trainee") == before


def test_a_week_without_any_day_is_refused_and_nothing_changes(life: Life):
    before = life.rows("trainee")
    with pytest.raises(FieldError):
        choose(life, 0, 1, 2, 3, 4)
    assert life.rows("trainee") == before


def test_who_waits_in_silence_or_on_a_pause_is_not_woken(life: Life):
    frequency.pause(life.context, life.actor, date(2026, 1, 20), berlin(1, 2))
    assert choose(life, TUESDAY).next_on is None
    assert life.days(date(2026, 1, 2), date(2026, 1, 20)) == []
    assert [day for day, _, _ in life.days(date(2026, 1, 21), date(2026, 1, 22))] == [date(2026, 1, 21)]


def test_who_has_not_said_yes_or_is_unknown_chooses_nothing(life: Life):
    with pytest.raises(NotFoundError):
        quiet_days.choose(life.context, Actor("T2", "U1"), [TUESDAY], None, berlin(1, 2))
    with life.context.database.transaction() as tx:
        trainees.change_trainee(tx, "trainee-U1", state=TraineeState.INVITED)
    with pytest.raises(WrongStateError):
        choose(life, TUESDAY)
    with pytest.raises(WrongStateError):
        quiet_days.read(life.context, life.actor)
