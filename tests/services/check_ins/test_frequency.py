from datetime import date

import pytest

from allybot.domain.check_ins import CheckInState
from allybot.domain.people import Actor
from allybot.domain.trainee import Pace, TraineeState
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.services.check_ins import asking, frequency
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from tests.support.trainee_timeline import TRAINED, Timeline, berlin


@pytest.fixture
def timeline(context: Context) -> Timeline:
    timeline = Timeline(context)
    timeline.write()
    return timeline


def steps(timeline: Timeline, first: date, last: date) -> list[tuple[date, str]]:
    return [
        (day, key.rpartition(":")[2])
        for day, kind, key in timeline.days(first, last)
        if kind in {MessageKind.CHECK_IN, MessageKind.REPLAN}
    ]


def test_a_pause_over_a_step_moves_it_and_all_that_follow(timeline: Timeline):
    timeline.days(TRAINED, date(2026, 1, 7))
    paused = frequency.pause_as_typed(timeline.context, timeline.actor, "2 weeks", berlin(1, 8))
    assert paused.back_on == date(2026, 1, 22)
    assert steps(timeline, date(2026, 1, 8), date(2026, 1, 21)) == []
    assert frequency.resume_due(timeline.context, berlin(1, 22, 1)) == 1
    assert steps(timeline, date(2026, 1, 22), date(2026, 1, 28)) == [(date(2026, 1, 22), "10")]
    trainee = timeline.trainee()
    assert trainee.moved_days == 9
    assert trainee.next_step == 17
    assert trainee.next_check_in_at
    assert trainee.next_check_in_at.date() == date(2026, 1, 29)


def test_a_pause_between_two_steps_changes_nothing(timeline: Timeline):
    timeline.days(TRAINED, date(2026, 1, 6))
    frequency.pause(timeline.context, timeline.actor, date(2026, 1, 12), berlin(1, 7))
    assert steps(timeline, date(2026, 1, 7), date(2026, 1, 15)) == [(date(2026, 1, 13), "10")]
    assert timeline.trainee().moved_days == 0


def test_a_pause_silences_what_is_queued_at_once(timeline: Timeline):
    asking.queue_due(timeline.context, berlin(1, 6))
    frequency.pause(timeline.context, timeline.actor, None, berlin(1, 6))
    assert [row.state for row in timeline.outbox()] == [MessageState.CANCELLED]
    assert timeline.asked(3).state is CheckInState.CANCELLED
    assert timeline.days(date(2026, 1, 6), date(2026, 3, 1)) == []


def test_a_pause_drops_the_follow_up_of_a_delivered_check_in(timeline: Timeline):
    timeline.days(TRAINED, date(2026, 1, 6))
    frequency.pause(timeline.context, timeline.actor, date(2026, 1, 9), berlin(1, 7))
    assert timeline.days(date(2026, 1, 7), date(2026, 1, 12)) == []
    assert timeline.asked(3).state is CheckInState.SILENT
    assert timeline.trainee().silent_steps == 0  # choosing a pause is a sign of timeline


def test_an_open_pause_ends_on_resume(timeline: Timeline):
    frequency.pause_as_typed(timeline.context, timeline.actor, "", berlin(1, 5))
    assert frequency.resume_due(timeline.context, berlin(6, 1)) == 0
    resumed = frequency.resume(timeline.context, timeline.actor, berlin(3, 2))
    assert resumed.next_on == date(2026, 3, 3)
    assert frequency.resume(timeline.context, timeline.actor, berlin(3, 2)) == resumed
    assert steps(timeline, date(2026, 3, 3), date(2026, 3, 11)) == [
        (date(2026, 3, 3), "3"),
        (date(2026, 3, 10), "10"),
    ]


def test_a_stop_means_silence_and_can_be_taken_back(timeline: Timeline):
    frequency.stop(timeline.context, timeline.actor, berlin(1, 5))
    assert frequency.stop(timeline.context, timeline.actor, berlin(1, 5)).next_on is None
    assert timeline.days(date(2026, 1, 5), date(2026, 2, 10)) == []
    with pytest.raises(WrongStateError):
        frequency.pause(timeline.context, timeline.actor, None, berlin(2, 10))
    assert frequency.resume(timeline.context, timeline.actor, berlin(2, 10)).next_on == date(2026, 2, 11)
    assert timeline.trainee().state is TraineeState.ACTIVE


def test_a_slower_pace_leaves_out_every_other_step(timeline: Timeline):
    timeline.days(TRAINED, date(2026, 1, 6))
    slower = frequency.slower(timeline.context, timeline.actor, berlin(1, 6))
    assert slower.next_on == date(2026, 1, 20)
    assert frequency.slower(timeline.context, timeline.actor, berlin(1, 6)) == slower
    assert timeline.trainee().pace is Pace.SLOWER
    seen = steps(timeline, date(2026, 1, 7), date(2026, 1, 30))
    assert [step for _, step in seen] == ["17"]
    assert timeline.trainee().next_step == 42
    assert frequency.keep(timeline.context, timeline.actor, berlin(1, 30)).trainee.pace is Pace.NORMAL


@pytest.mark.parametrize("words", ["until 2026-01-05", "until today", "until the cows come home"])
def test_a_pause_that_cannot_be_is_refused_and_nothing_changes(timeline: Timeline, words: str):
    before = timeline.trainee()
    with pytest.raises(FieldError):
        frequency.pause_as_typed(timeline.context, timeline.actor, words, berlin(1, 5))
    with pytest.raises(FieldError):
        frequency.pause(timeline.context, timeline.actor, date(2026, 1, 5), berlin(1, 5))
    assert timeline.trainee() == before


def test_who_has_not_said_yes_or_is_unknown_changes_nothing(timeline: Timeline):
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(tx, "trainee-U1", state=TraineeState.INVITED)
    for choice in (frequency.resume, frequency.stop, frequency.slower, frequency.keep):
        with pytest.raises(WrongStateError):
            choice(timeline.context, timeline.actor, berlin(1, 5))
        with pytest.raises(NotFoundError):
            choice(timeline.context, Actor("T1", "U9"), berlin(1, 5))
    with pytest.raises(NotFoundError):
        frequency.pause_as_typed(timeline.context, Actor("T2", "U1"), "2 weeks", berlin(1, 5))


def test_two_workers_bring_a_person_back_once(timeline: Timeline):
    frequency.pause(timeline.context, timeline.actor, date(2026, 1, 9), berlin(1, 5))
    assert frequency.resume_due(timeline.context, berlin(1, 8)) == 0
    assert [frequency.resume_due(timeline.context, berlin(1, 9)) for _ in range(2)] == [1, 0]
    assert timeline.trainee().state is TraineeState.ACTIVE
