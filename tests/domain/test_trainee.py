"""The trainee's state machine: random walks along the transitions, checked against the predicates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain import trainee as life
from allybot.domain.trainee import TRANSITIONS, Pace, Trainee, TraineeEvent, TraineeState

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AFTER_YES = {TraineeState.ACTIVE, TraineeState.PAUSED, TraineeState.STOPPED, TraineeState.FINISHED}
CONSENT_NEEDED = (
    life.may_answer,
    life.may_write_plans,
    life.may_ask_circle,
    life.may_choose_hours,
    life.may_change_frequency,
    life.gets_check_ins,
    life.takes_part,
    life.may_facilitate,
)
walks = st.lists(st.sampled_from(TraineeEvent), max_size=60)


def person(state: TraineeState) -> Trainee:
    return Trainee(
        id="1" * 32,
        workspace_id="T1",
        slack_user="U1",
        program_id="p",
        cohort_id="c",
        state=state,
        zone=ZoneInfo("Europe/Berlin"),
        locale="en-GB",
        dm_channel=None,
        consented_at=NOW if state in AFTER_YES else None,
        next_step=3,
        next_check_in_at=NOW,
        paused_until=None,
        silent_steps=0,
        pace=Pace.NORMAL,
        goodbye_at=None,
        delete_after=None,
    )


def walk(events: list[TraineeEvent]) -> list[tuple[TraineeState, TraineeEvent, TraineeState]]:
    """From INVITED along whichever of the events can happen: (before, event, after) of each step.

    Whoever never said yes returns to Slack as invited, everybody else does not, see `event_on_return`.
    """
    state, consented, steps = TraineeState.INVITED, False, []
    for event in events:
        returns = event is TraineeEvent.REINVITE or state is not TraineeState.GONE
        if not life.can_happen(event, state) or (state is TraineeState.GONE and returns is consented):
            continue
        consented = consented or event is TraineeEvent.CONSENT
        steps.append((state, event, TRANSITIONS[event].target))
        state = TRANSITIONS[event].target
    return steps


def test_every_event_has_a_transition_and_every_state_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(TraineeEvent)
    reached, ahead = set(), [TraineeState.INVITED]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += [each.target for each in TRANSITIONS.values() if state in each.sources]
    assert reached == set(TraineeState)


@given(walks)
def test_nothing_is_sent_or_permitted_before_consent(events: list[TraineeEvent]) -> None:
    consented = False
    for _, event, after in walk(events):
        consented = consented or event is TraineeEvent.CONSENT
        if not consented:
            assert not any(permits(after) for permits in CONSENT_NEEDED)


@given(walks)
def test_only_the_trainee_leaves_stopped_or_finished(events: list[TraineeEvent]) -> None:
    for before, event, after in walk(events):
        if before is TraineeState.STOPPED and before is not after:
            assert event in {TraineeEvent.RESUME, TraineeEvent.KEEP_GOING}
        if before is TraineeState.FINISHED:
            assert event is TraineeEvent.KEEP_GOING
        if before is TraineeState.DECLINED:
            assert event is TraineeEvent.CONSENT


@given(walks)
def test_pressing_a_button_twice_is_idempotent(events: list[TraineeEvent]) -> None:
    for _, event, after in walk(events):
        if life.can_happen(event, after):
            assert TRANSITIONS[event].target is after


@pytest.mark.parametrize("state", TraineeState)
def test_the_predicates_of_a_state_are_consistent(state: TraineeState) -> None:
    if life.may_facilitate(state):
        assert life.takes_part(state), "a facilitator takes part"
    if life.takes_part(state):
        assert life.may_answer(state), "whoever takes part may answer"
        assert life.may_join_circle(state), "whoever takes part may sit in a circle"
    if life.gets_check_ins(state):
        assert life.may_answer(state), "whoever is asked may answer"
        assert life.may_change_frequency(state), "whoever is asked may make it stop"
    assert life.may_still_consent(state) != life.may_answer(state) or state is TraineeState.GONE
    assert life.can_be_resumed(state) == (state in {TraineeState.PAUSED, TraineeState.STOPPED})
    assert not life.is_in_slack(state) or state is not TraineeState.GONE


@pytest.mark.parametrize(
    ("consented", "paused_until", "event"),
    [
        (False, None, TraineeEvent.REINVITE),
        (True, None, TraineeEvent.REACTIVATE),
        (True, NOW + timedelta(days=1), TraineeEvent.REPAUSE),
        (True, NOW, TraineeEvent.REACTIVATE),
    ],
)
def test_reactivation_restores_the_earlier_state(
    consented: bool,  # noqa: FBT001 - a column of the table above
    paused_until: datetime | None,
    event: TraineeEvent,
) -> None:
    gone = replace(
        person(TraineeState.GONE), consented_at=NOW if consented else None, paused_until=paused_until
    )

    assert life.event_on_return(gone, NOW) is event
    assert life.can_happen(event, TraineeState.GONE)


def test_a_pause_without_an_end_outlasts_a_deactivation() -> None:
    open_ended = person(TraineeState.PAUSED)

    assert not life.can_be_deactivated(open_ended)
    assert life.can_be_deactivated(replace(open_ended, paused_until=NOW + timedelta(days=3)))


@pytest.mark.parametrize("state", TraineeState)
def test_a_check_in_is_planned_only_for_those_who_get_them(state: TraineeState) -> None:
    planned = person(state).check_in_planned_on

    assert (planned == NOW.date()) is (state is TraineeState.ACTIVE)
