from datetime import date

import pytest

from allybot.domain.check_ins import CheckInState
from allybot.domain.people import Actor
from allybot.domain.trainee import Pace, TraineeState
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.services.check_ins import asking, frequency
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.delivery.outbox import MessageKind, MessageState
from tests.support.trainee_timeline import TRAINED, Life, berlin


@pytest.fixture
def life(context: Context) -> Life:
    life = Life(context)
    life.write()
    return life


def steps(life: Life, first: date, last: date) -> list[tuple[date, str]]:
    return [
        (day, key.rpartition(":")[2])
        for day, kind, key in life.days(first, last)
        if kind in {MessageKind.CHECK_IN, MessageKind.REPLAN}
    ]


def test_a_pause_over_a_step_moves_it_and_all_that_follow(life: Life):
    life.days(TRAINED, date(2026, 1, 7))
    paused = frequency.pause_as_typed(life.context, life.actor, "2 weeks", berlin(1, 8))
    assert paused.back_on == date(2026, 1, 22)
    assert steps(life, date(2026, 1, 8), date(2026, 1, 21)) == []
    assert frequency.resume_due(life.context, berlin(1, 22, 1)) == 1
    assert steps(life, date(2026, 1, 22), date(2026, 1, 28)) == [(date(2026, 1, 22), "10")]
    trainee = life.trainee()
    assert trainee.moved_days == 9
    assert trainee.next_step == 17
    assert trainee.next_check_in_at
    assert trainee.next_check_in_at.date() == date(2026, 1, 29)


def test_a_pause_between_two_steps_changes_nothing(life: Life):
    life.days(TRAINED, date(2026, 1, 6))
    frequency.pause(life.context, life.actor, date(2026, 1, 12), berlin(1, 7))
    assert steps(life, date(2026, 1, 7), date(2026, 1, 15)) == [(date(2026, 1, 13), "10")]
    assert life.trainee().moved_days == 0


def test_a_pause_silences_what_is_queued_at_once(life: Life):
    asking.queue_due(life.context, berlin(1, 6))
    frequency.pause(life.context, life.actor, None, berlin(1, 6))
    assert [row.state for row in life.outbox()] == [MessageState.CANCELLED]
    assert life.asked(3).state is CheckInState.CANCELLED
    assert life.days(date(2026, 1, 6), date(2026, 3, 1)) == []


def test_a_pause_drops_the_follow_up_of_what_he_has_seen(life: Life):
    life.days(TRAINED, date(2026, 1, 6))
    frequency.pause(life.context, life.actor, date(2026, 1, 9), berlin(1, 7))
    assert life.days(date(2026, 1, 7), date(2026, 1, 12)) == []
    assert life.asked(3).state is CheckInState.SILENT
    assert life.trainee().silent_steps == 0  # choosing a pause is a sign of life


def test_an_open_pause_ends_when_he_says_so(life: Life):
    frequency.pause_as_typed(life.context, life.actor, "", berlin(1, 5))
    assert frequency.resume_due(life.context, berlin(6, 1)) == 0
    resumed = frequency.resume(life.context, life.actor, berlin(3, 2))
    assert resumed.next_on == date(2026, 3, 3)
    assert frequency.resume(life.context, life.actor, berlin(3, 2)) == resumed
    assert steps(life, date(2026, 3, 3), date(2026, 3, 11)) == [
        (date(2026, 3, 3), "3"),
        (date(2026, 3, 10), "10"),
    ]


def test_a_stop_means_silence_and_can_be_taken_back(life: Life):
    frequency.stop(life.context, life.actor, berlin(1, 5))
    assert frequency.stop(life.context, life.actor, berlin(1, 5)).next_on is None
    assert life.days(date(2026, 1, 5), date(2026, 2, 10)) == []
    with pytest.raises(WrongStateError):
        frequency.pause(life.context, life.actor, None, berlin(2, 10))
    assert frequency.resume(life.context, life.actor, berlin(2, 10)).next_on == date(2026, 2, 11)
    assert life.trainee().state is TraineeState.ACTIVE


def test_a_slower_pace_leaves_out_every_other_step(life: Life):
    life.days(TRAINED, date(2026, 1, 6))
    slower = frequency.slower(life.context, life.actor, berlin(1, 6))
    assert slower.next_on == date(2026, 1, 20)
    assert frequency.slower(life.context, life.actor, berlin(1, 6)) == slower
    assert life.trainee().pace is Pace.SLOWER
    seen = steps(life, date(2026, 1, 7), date(2026, 1, 30))
    assert [step for _, step in seen] == ["17"]
    assert life.trainee().next_step == 42
    assert frequency.keep(life.context, life.actor, berlin(1, 30)).trainee.pace is Pace.NORMAL


def test_asking_less_often_after_silence_leaves_out_the_step_that_was_not_asked(life: Life):
    life.days(TRAINED, date(2026, 1, 20))
    slower = frequency.slower(life.context, life.actor, berlin(1, 20))
    assert slower.trainee.next_step == 28
    assert slower.trainee.silent_steps == 0


def test_the_pace_question_is_no_longer_asked_once_he_has_chosen(life: Life):
    life.days(TRAINED, date(2026, 1, 19))
    asking.queue_due(life.context, berlin(1, 20))
    frequency.keep(life.context, life.actor, berlin(1, 20))
    assert life.deliver(berlin(1, 20)) == []


@pytest.mark.parametrize("words", ["until 2026-01-05", "until today", "until the cows come home"])
def test_a_pause_that_cannot_be_is_refused_and_nothing_changes(life: Life, words: str):
    before = life.trainee()
    with pytest.raises(FieldError):
        frequency.pause_as_typed(life.context, life.actor, words, berlin(1, 5))
    with pytest.raises(FieldError):
        frequency.pause(life.context, life.actor, date(2026, 1, 5), berlin(1, 5))
    assert life.trainee() == before


def test_who_has_not_said_yes_or_is_unknown_changes_nothing(life: Life):
    with life.context.database.transaction() as tx:
        trainees.change_trainee(tx, "trainee-U1", state=TraineeState.INVITED)
    for choice in (frequency.resume, frequency.stop, frequency.slower, frequency.keep):
        with pytest.raises(WrongStateError):
            choice(life.context, life.actor, berlin(1, 5))
        with pytest.raises(NotFoundError):
            choice(life.context, Actor("T1", "U9"), berlin(1, 5))
    with pytest.raises(NotFoundError):
        frequency.pause_as_typed(life.context, Actor("T2", "U1"), "2 weeks", berlin(1, 5))


def test_two_workers_bring_a_person_back_once(life: Life):
    frequency.pause(life.context, life.actor, date(2026, 1, 9), berlin(1, 5))
    assert frequency.resume_due(life.context, berlin(1, 8)) == 0
    assert [frequency.resume_due(life.context, berlin(1, 9)) for _ in range(2)] == [1, 0]
    assert life.trainee().state is TraineeState.ACTIVE
