"""Slack's events about users, channels and the installation, each possibly delivered twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allybot.domain.circles import CircleState
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import Trainee, TraineeState
from allybot.services.context import Context
from allybot.services.programs import enrolment, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.renderers import render
from allybot.services.trainees import consent, slack_events
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.programs import programs as stored_programs
from allybot.store.programs.workspaces import save_workspace, workspace_row

AL = Actor("T1", "U1")
TRAINED = date(2026, 1, 2)


@pytest.fixture
def program(context: Context, now: datetime) -> Program:
    with context.database.transaction() as tx:
        save_workspace(tx, "T1", name="Northwind", bot_user="B1", state="active", token_wrapped=b"wrapped")
    made = programs.create(context, "T1", "Allies", "Kim", [("a", TRAINED)], now=now)
    crowd = [
        Enrolee(f"U{n}", "", "Europe/Berlin", "en-GB", circle="C1", circle_name="Oaks") for n in range(5)
    ]
    enrolment.enrol(context, made.id, crowd, now)
    return made


def al(context: Context) -> Trainee:
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, AL)
    assert trainee is not None
    return trainee


def change(context: Context, **values: object) -> None:
    trainee = al(context)
    with context.database.transaction() as tx:
        trainees.change_trainee(tx, trainee.id, **values)


def goes(context: Context, now: datetime) -> bool:
    return slack_events.person_changed(context, AL, now, deleted=True)


def returns(context: Context, now: datetime) -> bool:
    return slack_events.person_changed(context, AL, now, deleted=False, zone="Europe/Berlin", locale="en-GB")


def test_a_reactivated_trainee_continues_the_ladder(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    assert goes(context, now)
    assert not goes(context, now)
    assert al(context).state is TraineeState.GONE
    back = now + timedelta(days=30)
    assert returns(context, back)
    assert not returns(context, back)
    trainee = al(context)
    assert trainee.state is TraineeState.ACTIVE
    assert trainee.next_check_in_at is not None
    assert trainee.next_check_in_at > back


def test_who_had_not_consented_is_invited_after_reactivation(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    for state in (TraineeState.INVITED, TraineeState.LATER):
        change(context, state=state)
        goes(context, now)
        assert al(context).state is TraineeState.GONE
        returns(context, now)
        assert al(context).state is TraineeState.INVITED


def test_a_pause_continues_after_reactivation(context: Context, program: Program, now: datetime) -> None:
    assert program
    consent.start(context, AL, now)
    change(context, state=TraineeState.PAUSED, paused_until=now + timedelta(days=20))
    goes(context, now)
    returns(context, now + timedelta(days=10))
    assert al(context).state is TraineeState.PAUSED
    goes(context, now)
    returns(context, now + timedelta(days=21))
    assert (al(context).state, al(context).paused_until) == (TraineeState.ACTIVE, None)


@pytest.mark.parametrize(
    "state", [TraineeState.STOPPED, TraineeState.DECLINED, TraineeState.FINISHED, TraineeState.PAUSED]
)
def test_reactivation_does_not_resume_a_stopped_trainee(
    context: Context, program: Program, now: datetime, state: TraineeState
) -> None:
    assert program
    change(context, state=state, consented_at=now)
    goes(context, now)
    returns(context, now)
    assert al(context).state is state


def test_reactivation_after_the_last_step_plans_nothing(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    change(context, next_step=None, next_check_in_at=None)
    goes(context, now)
    returns(context, now)
    assert al(context).next_check_in_at is None


def test_a_new_zone_moves_the_next_check_in_to_the_same_local_hour(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    before = al(context)
    assert slack_events.person_changed(
        context, AL, now, deleted=False, zone="America/New_York", locale="de-DE"
    )
    after = al(context)
    assert (after.zone.key, after.locale) == ("America/New_York", "de-DE")
    assert after.next_step == before.next_step
    assert before.next_check_in_at is not None
    assert after.next_check_in_at is not None
    here = before.next_check_in_at.astimezone(ZoneInfo("Europe/Berlin"))
    there = after.next_check_in_at.astimezone(ZoneInfo("America/New_York"))
    assert (there.date(), there.time()) == (here.date(), here.time())


def test_a_new_zone_does_not_move_a_check_in_that_is_due(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    change(context, next_check_in_at=now)
    slack_events.person_changed(context, AL, now, deleted=False, zone="Asia/Tokyo")
    assert al(context).next_check_in_at == now


def test_an_unknown_zone_and_a_missing_language_change_nothing(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    before = al(context)
    assert not slack_events.person_changed(context, AL, now, deleted=False, zone="Moon/Base")
    assert not slack_events.person_changed(context, AL, now, deleted=False)
    assert al(context) == before


def test_unknown_users_change_nothing(context: Context, program: Program, now: datetime) -> None:
    assert program
    for stranger in (Actor("T1", "U99"), Actor("T2", "U1")):
        assert not slack_events.person_changed(context, stranger, now, deleted=True)
    assert al(context).state is TraineeState.INVITED


def circle_of(context: Context) -> tuple[CircleState, int]:
    with context.database.reading() as tx:
        circle = circles.circle_of_channel(tx, "T1", "C1")
        assert circle is not None
        return circle.state, len(circles.members(tx, circle.id))


def test_a_member_who_leaves_the_channel_leaves_the_circle(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    assert slack_events.left_channel(context, AL, "C1", now)
    assert not slack_events.left_channel(context, AL, "C1", now)
    assert not slack_events.left_channel(context, AL, "C9", now)
    assert circle_of(context) == (CircleState.ACTIVE, 4)


def test_a_circle_without_the_bot_or_its_channel_is_closed_and_each_lead_told_once(
    context: Context, program: Program, now: datetime
) -> None:
    with context.database.transaction() as tx:
        for lead in ("ULEAD", "UOTHER"):
            stored_programs.add_lead(tx, program.id, lead)
    assert slack_events.left_channel(context, Actor("T1", "B1"), "C1", now)
    assert circle_of(context) == (CircleState.CLOSED, 5)
    slack_events.channel_closed(context, "T1", "C1", now)
    assert not slack_events.channel_closed(context, "T1", "C9", now)
    assert circle_of(context) == (CircleState.CLOSED, 5)
    with context.database.reading() as tx:
        told = outbox.rows_in(tx, MessageState.DUE)
        rows = [row for row in told if row.kind is MessageKind.CIRCLE_TROUBLE]
        shown = {str(render(context, tx, row, now)) for row in rows}
    assert sorted(row.to_user or "" for row in rows) == ["ULEAD", "UOTHER"]
    (message,) = shown
    assert "The circle *Oaks* has stopped" in message


def test_an_uninstalled_workspace_is_stopped_and_its_token_deleted(
    context: Context, program: Program
) -> None:
    assert program
    assert slack_events.uninstalled(context, "T1", "app_uninstalled")
    assert not slack_events.uninstalled(context, "T1", "tokens_revoked")
    assert not slack_events.uninstalled(context, "T9", "app_uninstalled")
    with context.database.reading() as tx:
        workspace = workspace_row(tx, "T1")
    assert workspace is not None
    assert (workspace.state, workspace.stopped_reason, workspace.token_wrapped) == (
        "stopped",
        "app_uninstalled",
        None,
    )


def test_trainees_are_deleted_on_time_after_uninstalling(context: Context, program: Program) -> None:
    assert program
    slack_events.uninstalled(context, "T1", "app_uninstalled")
    assert consent.delete_expired(context, datetime(2026, 6, 1, tzinfo=UTC)) == 5
