"""Corrections of a list read the same for whoever stayed and whoever left, and wake nobody who said no."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from allybot.domain.people import Actor, Program
from allybot.domain.trainee import TraineeState
from allybot.errors import NotALeadError, WrongStateError
from allybot.services.check_ins import frequency
from allybot.services.context import Context
from allybot.services.data import forget_me, suppression
from allybot.services.programs import corrections, enrolment, programs
from allybot.services.programs.corrections import NotOnTheListError
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.suppressed_people import counted
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.programs import programs as stored
from allybot.store.programs.workspaces import save_workspace
from allybot.store.tables import outbox as sent
from allybot.store.tables import trainee

WHO, LEAD = Actor("T1", "U000"), Actor("T1", "ULEAD")
Leave = Callable[[Context, datetime], None]


def stays(context: Context, now: datetime) -> None:
    consent.start(context, WHO, now)


def hesitates(_context: Context, _now: datetime) -> None:
    """The welcome is not answered."""


def stops(context: Context, now: datetime) -> None:
    consent.start(context, WHO, now)
    frequency.stop(context, WHO, now)


def declines(context: Context, now: datetime) -> None:
    consent.decline(context, WHO, now)


def declined_long_ago(context: Context, now: datetime) -> None:
    consent.decline(context, WHO, now)
    with context.database.transaction() as tx:
        tx.execute(update(trainee).where(trainee.c.slack_user == WHO.slack_user).values(delete_after=now))
    assert consent.delete_expired(context, now) == 1


def forgets(context: Context, _now: datetime) -> None:
    forget_me.forget(context, WHO)


LEAVES = (stays, hesitates, stops, declines, declined_long_ago, forgets)
SAID_NO = (stops, declines, declined_long_ago, forgets)
every_way = pytest.mark.parametrize("leave", LEAVES, ids=lambda leave: leave.__name__)


def people(number: int, circle: str = "C1") -> list[Enrolee]:
    return [
        Enrolee(f"U{each:03}", f"Person {each}", "UTC", "en-GB", "a", circle, "Oak" if circle else "")
        for each in range(number)
    ]


@pytest.fixture
def allies(context: Context, now: datetime) -> Program:
    """A program with two cohorts, five people in a circle and one more in another."""
    with context.database.transaction() as tx:
        save_workspace(tx, "T1", name="N", bot_user="B1", state="active", token_wrapped=None)
    ended = now.date() - timedelta(days=1)
    cohorts = [("a", ended), ("b", ended + timedelta(days=14))]
    made = programs.create(context, "T1", "Allies", "Kim", cohorts, zone="UTC", now=now)
    with context.database.transaction() as tx:
        stored.add_lead(tx, made.id, LEAD.slack_user)
    enrolment.enrol(context, made.id, people(5), now)
    enrolment.enrol(context, made.id, [replace(people(6, "C2")[5], circle_name="Elm")], now)
    return made


def cohort_of(context: Context, program: Program, name: str) -> str:
    with context.database.reading() as tx:
        return next(each.id for each in stored.cohorts(tx, program.id) if each.name == name)


def on_list(context: Context, program: Program, now: datetime) -> int:
    with context.database.reading() as tx:
        return sum(trainees.count_by_state(tx, program.id).values()) + counted(context, tx, program, now)[0]


def state(context: Context) -> TraineeState | None:
    with context.database.reading() as tx:
        found = trainees.trainee_of(tx, WHO)
    return found.state if found else None


@every_way
def test_whatever_is_done_to_somebody_reads_the_same(
    context: Context, allies: Program, now: datetime, leave: Leave
) -> None:
    leave(context, now)
    them = people(1, "")
    b = cohort_of(context, allies, "b")
    assert corrections.move_to_cohort(context, LEAD, allies.id, "U000", b, now).name == "b"
    moved = enrolment.dry_run(context, allies.id, them, now)
    assert [each.name for each in moved.already] == ["Person 0"]
    assert "Person 0 stays in the first cohort, not a." in moved.warnings
    assert on_list(context, allies, now) == 6
    corrections.take_off(context, LEAD, allies.id, "U000", now)
    assert on_list(context, allies, now) == 5
    for deed in (
        lambda: corrections.take_off(context, LEAD, allies.id, "U000", now),
        lambda: corrections.move_to_cohort(context, LEAD, allies.id, "U000", b, now),
    ):
        with pytest.raises(NotOnTheListError):
            deed()
    again = enrolment.enrol(context, allies.id, them, now)
    assert [each.name for each in again.added] == ["Person 0"]
    assert on_list(context, allies, now) == 6
    # Who said no is left alone for good; whoever had not is invited once more.
    assert state(context) is (None if leave in SAID_NO else TraineeState.INVITED)
    assert suppression.is_suppressed(context, WHO) is (leave in SAID_NO)


def test_check_ins_to_come_follow_the_new_cohort(context: Context, allies: Program, now: datetime) -> None:
    stays(context, now)

    def next_at() -> datetime:
        with context.database.reading() as tx:
            found = trainees.trainee_of(tx, WHO)
        assert found is not None
        assert found.next_check_in_at is not None
        return found.next_check_in_at

    before = next_at()
    corrections.move_to_cohort(context, None, allies.id, "U000", cohort_of(context, allies, "b"), now)
    assert next_at().date() >= now.date() + timedelta(days=13 + 3), "the third day after its training"
    corrections.move_to_cohort(context, None, allies.id, "U000", cohort_of(context, allies, "a"), now)
    assert next_at() == before


@pytest.mark.parametrize("leave", [stays, hesitates, stops], ids=lambda leave: leave.__name__)
def test_only_who_has_heard_from_allybot_and_not_said_no_is_told(
    context: Context, allies: Program, now: datetime, leave: Leave
) -> None:
    leave(context, now)
    with context.database.transaction() as tx:
        tx.execute(update(sent).values(state=outbox.MessageState.SENT, sent_channel="D1", sent_ts="1.2"))
    corrections.take_off(context, LEAD, allies.id, "U000", now)
    with context.database.reading() as tx:
        told = outbox.rows_in(tx, outbox.MessageState.DUE)
    kinds = [each.kind for each in told if each.to_user == "U000"]
    assert kinds == ([] if leave is stops else [MessageKind.TAKEN_OFF])


@every_way
def test_once_a_program_is_over_nobody_is_asked_about(
    context: Context, allies: Program, now: datetime, leave: Leave
) -> None:
    leave(context, now)
    later = now + timedelta(days=150)
    with pytest.raises(WrongStateError):
        corrections.require_on_list(context, LEAD, allies.id, "U000", later)
    with pytest.raises(WrongStateError):
        corrections.take_off(context, LEAD, allies.id, "U000", later)


def test_a_cohort_into_which_somebody_was_put_counts_as_listed_whoever_it_was(
    context: Context, allies: Program, now: datetime
) -> None:
    forgets(context, now)
    corrections.move_to_cohort(context, LEAD, allies.id, "U000", cohort_of(context, allies, "b"), now)
    with context.database.reading() as tx:
        assert all(each.was_listed for each in stored.cohorts(tx, allies.id))


def test_only_a_lead_of_the_program_corrects_its_list(
    context: Context, allies: Program, now: datetime
) -> None:
    for deed in (
        lambda: corrections.take_off(context, Actor("T1", "U001"), allies.id, "U000", now),
        lambda: corrections.require_on_list(context, Actor("T2", "ULEAD"), allies.id, "U000", now),
    ):
        with pytest.raises(NotALeadError):
            deed()
