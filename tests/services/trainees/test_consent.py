"""Consent, goodbye and deletion, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allybot.domain.people import Actor, Program
from allybot.domain.plans import PlanKind
from allybot.domain.trainee import Trainee, TraineeState
from allybot.errors import DecryptionError, NotFoundError
from allybot.message import Message
from allybot.prompts import ids
from allybot.services.context import Context, Rendering
from allybot.services.plans import plans
from allybot.services.programs import enrolment, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.trainees import consent, plan_copies
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.tables import outbox as outbox_table
from tests.support import builders

AL = Actor("T1", "U1")
TRAINED = date(2026, 1, 2)
DELETED = datetime(2026, 5, 18, tzinfo=UTC)
"""Midnight of day 105 + 31 after the training."""


@pytest.fixture
def program(context: Context, now: datetime) -> Program:
    with context.database.transaction() as tx:
        builders.workspace(tx)
    made = programs.create(context, "T1", "Allies", "Kim", [("a", TRAINED)], zone="UTC", now=now)
    enrolment.enrol(context, made.id, [Enrolee("U1", "Al", "Europe/Berlin", "en-GB")], now)
    return made


def al(context: Context) -> Trainee:
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, AL)
    assert trainee is not None
    return trainee


def change(context: Context, **values: object) -> None:
    with context.database.transaction() as tx:
        trainees.change_trainee(tx, al_id(context), **values)


def al_id(context: Context) -> str:
    return al(context).id


def queued(context: Context, kind: MessageKind) -> list[OutboxRow]:
    with context.database.reading() as tx:
        return [row for row in outbox.rows_in(tx, outbox.MessageState.DUE) if row.kind == kind]


def delivered(context: Context, key: str, ts: str) -> None:
    """Mark the message of this key as sent to the trainee's DM."""
    with context.database.transaction() as tx:
        tx.execute(
            outbox_table.update()
            .where(outbox_table.c.key == key)
            .values(state="sent", sent_channel="D1", sent_ts=ts)
        )


def render(context: Context, row: OutboxRow, now: datetime) -> Message | None:
    renderers = {
        MessageKind.WELCOME: consent.render_welcome,
        MessageKind.WELCOME_ANSWERED: consent.render_welcome_answered,
        MessageKind.LATER_REMINDER: consent.render_later_reminder,
        MessageKind.FIRST_PLAN: consent.render_first_plan,
        MessageKind.GOODBYE: consent.render_goodbye,
    }
    with context.database.reading() as tx:
        return renderers[row.kind](Rendering(context, tx, row, now))


def buttons(message: Message | None) -> list[str]:
    """The buttons, without "Who sees what", which stays in every state."""
    assert message is not None
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    found = [element["action_id"] for row in rows for element in row]
    return [action for action in found if action != ids.PRIVACY_SHOW]


def text(message: Message | None) -> str:
    assert message is not None
    return message.text + str(message.blocks)


def test_consent_starts_the_ladder_and_invites_to_write_plans(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    assert consent.start(context, AL, now)
    trainee = al(context)
    assert trainee.state is TraineeState.ACTIVE
    assert trainee.consented_at == now
    assert trainee.next_step is not None
    assert trainee.next_check_in_at is not None
    assert trainee.next_check_in_at > now
    first = render(context, queued(context, MessageKind.FIRST_PLAN)[0], now)
    assert buttons(first) == [ids.PLAN_NEW, ids.QUIET_DAYS_SHOW]


def test_the_buttons_are_replaced_by_the_choice(context: Context, program: Program, now: datetime) -> None:
    assert program
    delivered(context, f"welcome:{al_id(context)}", "1.1")
    consent.start(context, AL, now, pressed=("D1", "1.1"))
    rows = queued(context, MessageKind.WELCOME_ANSWERED)
    assert [(row.to_channel, row.replaces_ts) for row in rows] == [("D1", "1.1")]
    assert buttons(render(context, rows[0], now)) == []
    assert "You said yes on 6 January 2026" in text(render(context, rows[0], now))


def test_a_press_before_the_outbox_knows_the_message_updates_it(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.decline(context, AL, now, pressed=("D1", "1.1"))
    rows = queued(context, MessageKind.WELCOME_ANSWERED)
    assert [(row.to_channel, row.replaces_ts) for row in rows] == [("D1", "1.1")]


def test_a_double_click_consents_once(context: Context, program: Program, now: datetime) -> None:
    assert program
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: consent.start(context, AL, now, ("D1", "1.1")), range(4)))
    assert answers == [True] * 4
    assert len(queued(context, MessageKind.FIRST_PLAN)) == 1
    assert len(queued(context, MessageKind.WELCOME_ANSWERED)) == 1
    assert consent.start(context, AL, now + timedelta(days=1))
    assert al(context).consented_at == now


def test_an_old_button_after_consent_changes_nothing(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    before = al(context)
    assert not consent.later(context, AL, now)
    assert not consent.decline(context, AL, now)
    assert al(context) == before


@pytest.mark.parametrize("state", [TraineeState.PAUSED, TraineeState.STOPPED, TraineeState.FINISHED])
def test_an_old_start_button_does_not_resume_a_stopped_trainee(
    context: Context, program: Program, now: datetime, state: TraineeState
) -> None:
    assert program
    change(context, state=state)
    assert not consent.start(context, AL, now)
    assert al(context).state is state
    assert queued(context, MessageKind.FIRST_PLAN) == []


def test_postponing_queues_one_reminder_after_three_working_days(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    assert consent.later(context, AL, now)
    assert consent.later(context, AL, now)
    (row,) = queued(context, MessageKind.LATER_REMINDER)
    assert row.due_at == datetime(2026, 1, 9, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert buttons(render(context, row, now)) == [ids.CONSENT_START, ids.CONSENT_DECLINE]
    consent.start(context, AL, now)
    assert render(context, row, now) is None


def test_three_working_days_skip_a_weekend(context: Context, program: Program, now: datetime) -> None:
    assert program
    consent.later(context, AL, now + timedelta(days=2))
    assert queued(context, MessageKind.LATER_REMINDER)[0].due_at.date() == date(2026, 1, 13)


def test_consent_on_the_reminder_updates_both_messages(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    delivered(context, f"welcome:{al_id(context)}", "1.1")
    consent.later(context, AL, now, ("D1", "1.1"))
    (row,) = queued(context, MessageKind.WELCOME_ANSWERED)
    assert buttons(render(context, row, now)) == [ids.CONSENT_START, ids.CONSENT_DECLINE]
    delivered(context, row.key, "1.1")
    delivered(context, f"later:{al_id(context)}", "2.2")
    consent.start(context, AL, now, ("D1", "2.2"))
    rows = {row.replaces_ts: row for row in queued(context, MessageKind.WELCOME_ANSWERED)}
    assert set(rows) == {"1.1", "2.2"}
    assert all(buttons(render(context, row, now)) == [] for row in rows.values())
    assert "asked to hear again" in text(render(context, rows["2.2"], now))
    assert "check-ins in 90 days" in text(render(context, rows["1.1"], now))


def test_declining_sends_nothing_more_and_sets_a_deletion_date(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.later(context, AL, now)
    assert consent.decline(context, AL, now, ("D1", "1.1"))
    assert consent.decline(context, AL, now, ("D1", "1.1"))
    assert al(context).delete_after == now + timedelta(days=30)
    assert render(context, queued(context, MessageKind.WELCOME)[0], now) is None
    assert render(context, queued(context, MessageKind.LATER_REMINDER)[0], now) is None
    (row,) = queued(context, MessageKind.WELCOME_ANSWERED)
    assert "taken off the list on 5 February 2026" in text(render(context, row, now))
    assert buttons(render(context, row, now)) == [ids.CONSENT_START]


def test_somebody_who_declined_can_still_consent(context: Context, program: Program, now: datetime) -> None:
    assert program
    consent.decline(context, AL, now)
    assert consent.start(context, AL, now)
    assert al(context).state is TraineeState.ACTIVE
    assert al(context).delete_after == DELETED


def test_somebody_in_no_program_is_not_found(context: Context, program: Program, now: datetime) -> None:
    assert program
    for choice in (consent.start, consent.later, consent.decline):
        with pytest.raises(NotFoundError):
            choice(context, Actor("T1", "U9"), now)
        with pytest.raises(NotFoundError):
            choice(context, Actor("T2", "U1"), now)


def test_the_welcome_is_not_sent_to_a_deactivated_user(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    (row,) = queued(context, MessageKind.WELCOME)
    assert buttons(render(context, row, now)) == [ids.CONSENT_START, ids.CONSENT_LATER, ids.CONSENT_DECLINE]
    assert "18 May 2026" in text(render(context, row, now))
    change(context, state=TraineeState.GONE)
    assert render(context, row, now) is None


def test_who_consented_before_the_welcome_still_gets_it(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    assert buttons(render(context, queued(context, MessageKind.WELCOME)[0], now)) == []


def test_a_trainee_with_a_plan_is_not_invited_to_write_the_first(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    plans.write(context, AL, "form", PlanKind.LISTENING, "we meet", "ask", None, now)
    assert render(context, queued(context, MessageKind.FIRST_PLAN)[0], now) is None


def test_goodbye_is_sent_once_and_names_the_deletion_date(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    later = now + timedelta(days=100)
    change(context, goodbye_at=later)
    assert consent.queue_goodbyes(context, later - timedelta(minutes=1)) == 0
    assert consent.queue_goodbyes(context, later) == 1
    assert consent.queue_goodbyes(context, later) == 0
    assert al(context).state is TraineeState.FINISHED
    assert "deleted on 18 May 2026" in text(render(context, queued(context, MessageKind.GOODBYE)[0], later))


def test_goodbye_waits_for_a_pause_and_is_not_sent_after_stop(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    change(context, goodbye_at=now, state=TraineeState.PAUSED, paused_until=now + timedelta(days=9))
    assert consent.queue_goodbyes(context, now) == 0
    assert al(context).goodbye_at == now + timedelta(days=9)
    change(context, goodbye_at=now, state=TraineeState.STOPPED)
    assert consent.queue_goodbyes(context, now) == 0
    assert (al(context).state, al(context).goodbye_at) == (TraineeState.STOPPED, None)


def test_on_the_deletion_date_all_rows_and_the_key_are_deleted(
    context: Context, program: Program, now: datetime
) -> None:
    assert program
    consent.start(context, AL, now)
    plan = plans.write(context, AL, "form", PlanKind.LISTENING, "we meet", "ask", None, now)
    trainee = al(context)
    assert trainee.delete_after == DELETED
    assert consent.delete_expired(context, DELETED - timedelta(seconds=1)) == 0
    plan_copies.queue_last(context, DELETED - timedelta(days=7))
    (copy,) = queued(context, MessageKind.LAST_COPY)
    delivered(context, copy.key, "1.1")
    assert consent.delete_expired(context, DELETED) == 1
    assert consent.delete_expired(context, DELETED) == 0
    with context.database.reading() as tx:
        assert trainees.trainee_of(tx, AL) is None
        assert outbox.rows_in(tx, outbox.MessageState.DUE) == []
    with pytest.raises(DecryptionError):
        context.personal_key(trainee.id)
    with pytest.raises(NotFoundError):
        plans.finish(context, AL, plan.id)
