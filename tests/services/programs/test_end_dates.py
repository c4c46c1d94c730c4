"""Whoever was promised a day of deletion is told when it moves; nobody's stays while the others' moves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from allybot.domain.people import Actor, Program
from allybot.services.check_ins import frequency
from allybot.services.context import Context, Rendering
from allybot.services.programs import changing, correcting, enrolment, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.moving import render_dates_moved
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.programs.workspaces import save_workspace
from allybot.store.tables import outbox as queued

TRAINED = date(2026, 1, 2)
WAITS, ACTIVE, STOPPED, DECLINED = (Actor("T1", f"U{number}") for number in range(4))


@pytest.fixture
def allies(context: Context, now: datetime) -> Program:
    """A program with one cohort: one has not decided, one takes part, one has stopped, one declined."""
    with context.database.transaction() as tx:
        save_workspace(tx, "T1", name="Northwind", bot_user="B1", state="active")
    made = programs.create(context, "T1", "Allies", "Kim", [("a", TRAINED)], zone="Europe/London", now=now)
    enrolment.enrol(context, made.id, [Enrolee(f"U{n}", f"P{n}", "UTC", "en-GB") for n in range(4)], now)
    for who in (ACTIVE, STOPPED):
        consent.start(context, who, now)
    frequency.stop(context, STOPPED, now)
    consent.decline(context, DECLINED, now)
    return made


def kept(context: Context, program: Program) -> dict[str, date]:
    """By Slack user: the day of deletion, in the program's zone."""
    with context.database.reading() as tx:
        return {
            each.slack_user: each.delete_after.astimezone(program.zone).date()
            for each in trainees.trainees_of_program(tx, program.id)
            if each.delete_after
        }


def told(context: Context, now: datetime) -> dict[str, str]:
    """By Slack user: the words of the message about moved dates that waits."""
    with context.database.reading() as tx:
        kind = (queued.c.kind == MessageKind.DATES_MOVED) & (queued.c.state == MessageState.DUE)
        found = {}
        for row_id in tx.execute(select(queued.c.id).where(kind)).scalars():
            row = outbox.row_by_id(tx, row_id)
            assert row is not None
            assert row.to_user is not None
            assert row.to_user not in found, "told twice"
            message = render_dates_moved(Rendering(context, tx, row, now))
            found[row.to_user] = str(message.blocks) if message else ""
    return found


def test_a_later_cohort_moves_deletion_for_all_alike_and_all_are_told(
    context: Context, allies: Program, now: datetime
) -> None:
    before = kept(context, allies)
    changing.add_cohort(context, None, allies.id, "b", TRAINED + timedelta(days=60), now, confirmed=False)
    assert told(context, now) == {}
    changing.add_cohort(context, None, allies.id, "b", TRAINED + timedelta(days=60), now, confirmed=True)
    after = kept(context, allies)
    later = TRAINED + timedelta(days=60 + 136)
    assert after == dict.fromkeys(("U0", "U1", "U2"), later) | {"U3": before["U3"]}
    words = told(context, now)
    assert sorted(words) == ["U0", "U1", "U2"]
    for said in words.values():
        assert "your training's last day is 2 January 2026" in said
        assert "deleted on 17 July 2026" in said
        assert "`/allybot forget-me` deletes it at once" in said


def test_moving_the_last_training_tells_the_other_cohort_too_and_nobody_twice(
    context: Context, allies: Program, now: datetime
) -> None:
    day = TRAINED + timedelta(days=60)
    changing.add_cohort(context, None, allies.id, "b", day, now, confirmed=True)
    later = now + timedelta(hours=1)
    enrolment.enrol(context, allies.id, [Enrolee("U9", "P9", "UTC", "en-GB", "b")], later)
    assert sorted(told(context, later)) == ["U0", "U1", "U2"]
    changing.move_training(context, None, allies.id, "b", day - timedelta(days=7), later, confirmed=True)
    assert sorted(told(context, later)) == ["U0", "U1", "U2", "U9"]


def test_a_corrected_time_zone_moves_deletion_along_and_tells_nobody(
    context: Context, allies: Program, now: datetime
) -> None:
    before = kept(context, allies)
    correction = correcting.Corrections(zone="America/New_York")
    correcting.correct(context, None, allies.id, correction, now, confirmed=True)
    with context.database.reading() as tx:
        found = trainees.trainee_of(tx, ACTIVE)
    assert found is not None
    assert found.delete_after is not None
    local = found.delete_after.astimezone(ZoneInfo("America/New_York"))
    assert (local.date(), local.hour) == (before["U1"], 0)
    assert told(context, now) == {}
