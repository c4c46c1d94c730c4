"""A dated away status in Slack holds back what nobody asked for; who is active is asked once a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from allybot.clock import Clock
from allybot.domain.people import Actor
from allybot.services.data.retention import tidy
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.sender import Delivery
from allybot.services.trainees.slack_events import person_changed
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.trainees import trainee_of
from tests.workers.delivery_harness import HERE, Office, fast, render

CircleOf = Callable[..., Actor]
UA1 = Actor(HERE, "UA1")
BACK = datetime(2026, 1, 14, 12, 30, tzinfo=UTC)
"""A Wednesday, within working hours."""


def status(office: Office, end: datetime | None, text: str = "Vacationing") -> None:
    people = office.emulator.slack.workspaces[HERE].people
    changed = {"status_text": text if end else "", "status_expiration": int(end.timestamp()) if end else 0}
    people["UA1"] = people["UA1"].model_copy(update=changed)


def stored(office: Office) -> datetime | None:
    with office.context.database.reading() as tx:
        trainee = trainee_of(tx, UA1)
    assert trainee is not None
    return trainee.away_until


def put(office: Office, **fields: object) -> str:
    return office.put("one", trainee_id="trainee-UA1", **fields)


def at(office: Office, moment: datetime) -> Office:
    return replace(office, now=moment)


def test_a_status_that_comes_with_users_info_holds_a_check_in_back(
    office: Office, circle_of: CircleOf
) -> None:
    circle_of()
    status(office, BACK)
    row = put(office)
    office.deliver()
    assert office.seen() == {}
    assert office.state(row) is MessageState.DUE
    assert office.row(row).due_at == BACK
    assert stored(office) == BACK
    status(office, None)
    at(office, BACK).deliver()
    assert office.seen() == {"about one": 1}
    assert stored(office) is None


def test_that_a_circle_rests_is_told_once_they_are_back(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    status(office, BACK)
    row = put(office, kind=MessageKind.CIRCLE_RESTS)
    office.deliver()
    assert office.seen() == {}
    assert office.row(row).due_at == BACK


def test_the_last_copy_of_plans_does_not_wait_for_whoever_may_be_deleted_before(
    office: Office, circle_of: CircleOf
) -> None:
    circle_of()
    status(office, BACK)
    put(office, kind=MessageKind.LAST_COPY)
    office.deliver()
    assert office.seen() == {"about one": 1}


def test_what_somebody_asked_for_comes_all_the_same(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    status(office, BACK)
    put(office, kind=MessageKind.FIRST_PLAN)
    office.deliver()
    assert office.seen() == {"about one": 1}


def test_a_status_that_slack_tells_of_holds_it_back_without_a_call(
    office: Office, circle_of: CircleOf
) -> None:
    circle_of()
    person_changed(office.context, UA1, office.now, deleted=False, away=BACK)
    row = put(office)
    office.deliver()
    assert (office.seen(), office.calls("users.info")) == ({}, 0)
    assert office.row(row).due_at == BACK
    person_changed(office.context, UA1, office.now, deleted=False)
    assert stored(office) is None


def test_a_status_that_is_over_holds_nothing_back_and_is_cleared(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    person_changed(office.context, UA1, office.now, deleted=False, away=BACK)
    tidy(office.context, BACK)
    assert stored(office) is None
    person_changed(office.context, UA1, BACK, deleted=False, away=BACK)
    assert stored(office) is None


@pytest.mark.parametrize(("later", "calls"), [(timedelta(hours=20), 1), (timedelta(hours=25), 2)])
def test_that_somebody_is_active_is_believed_for_a_day(
    office: Office, circle_of: CircleOf, later: timedelta, calls: int
) -> None:
    circle_of()
    moved = timedelta()

    def real() -> datetime:
        return datetime.now(UTC) + moved

    with Delivery(
        office.context, office.slack, render, "w", real, fast(presence=DeliveryRules().presence)
    ) as delivery:
        for _ in range(2):
            put(office)
            delivery.begin(office.now)
            delivery.finish()
            moved = later
    assert office.seen() == {"about one": 2}
    assert office.calls("users.info") == calls


def test_a_deactivation_that_slack_tells_of_counts_at_once(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    clock: Clock = office.real
    rules = fast(presence=DeliveryRules().presence)
    with Delivery(office.context, office.slack, render, "w", clock, rules) as delivery:
        put(office)
        delivery.begin(office.now)
        delivery.finish()
        row = put(office)
        people = office.emulator.slack.workspaces[HERE].people
        people["UA1"] = people["UA1"].model_copy(update={"deleted": True})
        person_changed(office.context, UA1, office.now, deleted=True)
        delivery.begin(office.now)
        delivery.finish()
    assert office.seen() == {"about one": 1}
    assert office.state(row) in {MessageState.CANCELLED, MessageState.REFUSED}
