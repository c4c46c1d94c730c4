"""The bot cannot read circles: a person is asked about an uncertain post, which is not repeated unasked."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from allybot.domain.people import Actor
from allybot.errors import NotFoundError, WrongStateError
from allybot.services.delivery import did_it_appear
from allybot.services.delivery.parked import parked
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, rows_about
from allybot.store.programs.programs import remove_lead
from allybot.store.tables import circle_week
from tests.workers.delivery_harness import CIRCLE_CHANNEL, HERE, Office

MakeCircle = Callable[..., Actor]
FACILITATOR, LEAD, SOMEBODY = Actor(HERE, "UA1"), Actor(HERE, "UA8"), Actor(HERE, "UA3")


def uncertain_post(office: Office, mode: str = "drop_after_accept") -> str:
    row = office.put(
        "week-1", kind=MessageKind.SCENARIO, to_user=None, to_channel=CIRCLE_CHANNEL, due_at=office.now
    )
    office.fault(mode)
    office.deliver()
    return row


def questions(office: Office) -> list[str]:
    return [message["text"] for message in office.messages() if "Did it appear" in message["text"]]


def test_the_facilitator_is_asked_and_the_post_is_not_repeated(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    row = uncertain_post(office)
    for _ in range(3):
        office.deliver()
    assert office.state(row) is MessageState.ASKED
    assert office.seen()["about week-1"] == 1
    assert len(questions(office)) == 1
    assert "Oak" in questions(office)[0]


def test_the_lead_is_asked_after_the_next_working_noon(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    uncertain_post(office)
    office.deliver()
    office.now += timedelta(hours=2, minutes=59)
    office.deliver()
    assert len(questions(office)) == 1
    office.now += timedelta(minutes=1)
    office.deliver()
    assert len(questions(office)) == 2


def test_yes_means_sent_and_the_lead_is_not_asked_any_more(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    row = uncertain_post(office)
    office.deliver()
    did_it_appear.answer(office.context, FACILITATOR, row, appeared=True, now=office.now)
    office.now += timedelta(days=1)
    office.deliver()
    assert office.state(row) is MessageState.SENT
    assert office.seen()["about week-1"] == 1
    assert questions(office) == []
    assert any("all is well" in text for text in office.seen())
    with office.context.database.reading() as tx:
        states = {
            question.to_user: question.state for question in rows_about(tx, MessageKind.DID_IT_APPEAR, row)
        }
    assert states == {"UA1": MessageState.SENT, "UA8": MessageState.CANCELLED}


def test_no_means_that_it_is_posted_once_more(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    row = uncertain_post(office, "drop_before")
    office.deliver()
    did_it_appear.answer(office.context, FACILITATOR, row, appeared=False, now=office.now)
    office.deliver()
    assert office.state(row) is MessageState.SENT
    assert office.seen()["about week-1"] == 1
    assert any("once more" in text for text in office.seen())


def test_a_second_uncertainty_is_asked_about_anew(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    row = uncertain_post(office, "drop_before")
    office.deliver()
    did_it_appear.answer(office.context, FACILITATOR, row, appeared=False, now=office.now)
    office.fault("fatal_error")
    office.deliver()
    office.deliver()
    assert office.state(row) is MessageState.ASKED
    with office.context.database.reading() as tx:
        asked = [question.to_user for question in rows_about(tx, MessageKind.DID_IT_APPEAR, row)]
    assert sorted(name for name in asked if name) == ["UA1", "UA1", "UA8", "UA8"]


def test_only_who_was_asked_may_answer_and_only_once(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    row = uncertain_post(office)
    office.deliver()
    for stranger in (SOMEBODY, LEAD, Actor("T0OTHER", "UA1")):
        with pytest.raises(NotFoundError):
            did_it_appear.answer(office.context, stranger, row, appeared=False, now=office.now)
    assert office.state(row) is MessageState.ASKED
    did_it_appear.answer(office.context, FACILITATOR, row, appeared=True, now=office.now)
    with pytest.raises(WrongStateError):
        did_it_appear.answer(office.context, FACILITATOR, row, appeared=False, now=office.now)
    assert office.state(row) is MessageState.SENT


def test_of_a_week_that_runs_by_itself_the_lead_is_asked_whoever_facilitated_before(
    office: Office, circle_of: MakeCircle
) -> None:
    circle_of(facilitator=None)
    with office.context.database.transaction() as tx:
        week = dict(tx.execute(select(circle_week)).mappings().one())
        before = {"id": "week-0", "monday": date(2025, 12, 29), "facilitator_id": "trainee-UA1"}
        tx.execute(insert(circle_week).values(**{**week, **before}))
    row = uncertain_post(office)
    office.deliver()
    with office.context.database.reading() as tx:
        asked = [question.to_user for question in rows_about(tx, MessageKind.DID_IT_APPEAR, row)]
    assert asked == ["UA8"]


def test_without_a_facilitator_the_lead_is_asked_at_once(office: Office, circle_of: MakeCircle) -> None:
    circle_of(facilitator=None)
    uncertain_post(office)
    office.deliver()
    assert len(questions(office)) == 1


def test_with_nobody_to_ask_it_is_parked(office: Office, circle_of: MakeCircle) -> None:
    circle_of(facilitator=None)
    with office.context.database.transaction() as tx:
        remove_lead(tx, "program-1", "UA8")
    row = uncertain_post(office)
    office.deliver()
    assert office.state(row) is MessageState.PARKED
    (message,) = parked(office.context)
    assert message.reason == "nobody_to_ask"


def test_the_bot_never_tries_to_read_a_circle(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    uncertain_post(office)
    office.deliver()
    assert office.calls("conversations.history") == 0


def test_when_everybody_who_could_look_is_gone_the_operator_sees_it(
    office: Office, circle_of: MakeCircle
) -> None:
    circle_of()
    people = office.emulator.slack.workspaces[HERE].people
    people["UA1"].deleted = True
    row = uncertain_post(office)
    assert office.state(row) is MessageState.ASKED  # the lead is still to be asked
    people["UA8"].deleted = True
    office.now += timedelta(days=2)
    office.deliver()
    assert office.state(row) is MessageState.PARKED
    assert office.row(row).reason == "nobody_to_ask"
    assert office.seen() == {"about week-1": 1}
