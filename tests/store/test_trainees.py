"""apply_event, the only writer of a trainee's state, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from allybot.domain.trainee import TraineeEvent, TraineeState
from allybot.errors import WrongStateError
from allybot.services.context import Context
from allybot.store import trainees
from tests.support.full_trainee import full_trainee

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def test_an_event_sets_the_state_and_the_given_columns(context: Context) -> None:
    al = full_trainee(context, NOW).trainee
    until = NOW + timedelta(days=14)

    with context.database.transaction() as tx:
        assert trainees.apply_event(tx, al, TraineeEvent.PAUSE, paused_until=until)
        paused = trainees.trainee_by_id(tx, al.id)

    assert paused is not None
    assert (paused.state, paused.paused_until) == (TraineeState.PAUSED, until)


def test_the_slower_of_two_concurrent_events_changes_nothing(context: Context) -> None:
    al = full_trainee(context, NOW).trainee

    with context.database.transaction() as tx:
        assert trainees.apply_event(tx, al, TraineeEvent.STOP)
        assert not trainees.apply_event(tx, al, TraineeEvent.PAUSE), "read before the stop"
        stopped = trainees.trainee_by_id(tx, al.id)

    assert stopped is not None
    assert stopped.state is TraineeState.STOPPED


def test_a_pause_changed_meanwhile_does_not_end(context: Context) -> None:
    al = full_trainee(context, NOW).trainee

    with context.database.transaction() as tx:
        trainees.apply_event(tx, al, TraineeEvent.PAUSE, paused_until=NOW)
        read = trainees.trainee_by_id(tx, al.id)
        assert read is not None
        trainees.change_trainee(tx, al.id, paused_until=NOW + timedelta(days=30))
        assert not trainees.apply_event(tx, read, TraineeEvent.PAUSE_ENDS, paused_until=None)


def test_an_event_that_cannot_happen_is_refused(context: Context) -> None:
    al = full_trainee(context, NOW).trainee

    with context.database.transaction() as tx, pytest.raises(WrongStateError):
        trainees.apply_event(tx, al, TraineeEvent.DECLINE)
