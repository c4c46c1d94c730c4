"""Unsolicited messages arrive in working hours, even when claimed late or retried at night."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from allybot.domain.people import Actor
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.trainees import change_trainee
from tests.workers.delivery_harness import Office, fast

CircleOf = Callable[..., Actor]
UNPROMPTED = (
    MessageKind.CHECK_IN,
    MessageKind.FOLLOW_UP,
    MessageKind.REPLAN,
    MessageKind.SLOWED,
    MessageKind.FRESH_START,
    MessageKind.KEEP_GOING,
    MessageKind.FACILITATOR_KIT,
    MessageKind.GOODBYE,
    MessageKind.LAST_COPY,
    MessageKind.LATER_REMINDER,
    MessageKind.WELCOME,
    MessageKind.DID_IT_APPEAR,
)
NIGHT = datetime(2026, 1, 6, 22, 0, tzinfo=UTC)


def at(office: Office, moment: datetime) -> Office:
    return replace(office, now=moment)


def lives_in(office: Office, zone: str) -> None:
    with office.context.database.transaction() as tx:
        change_trainee(tx, "trainee-UA1", zone=zone)


def put(office: Office, about_id: str = "one", **fields: object) -> str:
    return office.put(about_id, trainee_id="trainee-UA1", **fields)


@pytest.mark.parametrize("kind", [kind for kind in UNPROMPTED if kind is not MessageKind.DID_IT_APPEAR])
def test_at_night_it_waits_for_the_morning(office: Office, circle_of: CircleOf, kind: MessageKind) -> None:
    circle_of()
    row = put(office, kind=kind)
    at(office, NIGHT).deliver()
    assert office.seen() == {}
    assert office.row(row).due_at == datetime(2026, 1, 7, 10, 0, tzinfo=UTC)
    assert office.state(row) is MessageState.DUE
    assert office.calls("users.info") == 0
    at(office, office.row(row).due_at).deliver()
    assert office.seen() == {"about one": 1}


def test_a_facilitator_is_not_asked_at_night_whether_a_post_appeared(
    office: Office, circle_of: CircleOf
) -> None:
    circle_of()
    asked = put(office, "another row", kind=MessageKind.DID_IT_APPEAR)
    at(office, NIGHT).deliver()
    assert office.row(asked).due_at == datetime(2026, 1, 7, 10, 0, tzinfo=UTC)


def test_a_failure_by_day_is_tried_again_by_day(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    office.rules = fast(look_up_after=timedelta(minutes=1), lease=timedelta(minutes=2))
    row = put(office)
    office.fault("drop_before")
    office.deliver()
    assert office.state(row) is MessageState.UNCERTAIN
    office.ahead += timedelta(minutes=3)
    at(office, NIGHT).deliver()
    assert office.state(row) is MessageState.DUE
    assert office.seen() == {}
    at(office, NIGHT + timedelta(hours=12)).deliver()
    assert office.seen() == {"about one": 1}


@pytest.mark.parametrize(
    ("zone", "friday_evening", "monday_at_ten"),
    [
        (
            "America/New_York",
            datetime(2026, 3, 6, 22, 30, tzinfo=UTC),
            datetime(2026, 3, 9, 14, 0, tzinfo=UTC),
        ),
        (
            "Europe/Berlin",
            datetime(2026, 10, 23, 18, 0, tzinfo=UTC),
            datetime(2026, 10, 26, 9, 0, tzinfo=UTC),
        ),
    ],
)
def test_over_a_weekend_on_which_the_clocks_change_it_comes_at_the_same_local_hour(
    office: Office, circle_of: CircleOf, zone: str, friday_evening: datetime, monday_at_ten: datetime
) -> None:
    circle_of()
    lives_in(office, zone)
    row = put(office, due_at=friday_evening - timedelta(hours=3))
    at(office, friday_evening).deliver()
    assert office.row(row).due_at == monday_at_ten
    at(office, monday_at_ten - timedelta(minutes=1)).deliver()
    assert office.seen() == {}
    at(office, monday_at_ten).deliver()
    assert office.seen() == {"about one": 1}


def test_what_would_be_stale_by_then_expires(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    row = put(office, stale_at=NIGHT + timedelta(hours=2))
    at(office, NIGHT).deliver()
    assert office.state(row) is MessageState.EXPIRED
    assert office.seen() == {}


def test_the_answer_to_somebody_who_acts_at_night_comes_at_once(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    put(office, "a reply", kind=MessageKind.TYPED_REPLY)
    put(office, "a yes", kind=MessageKind.FIRST_PLAN, to_user="UA2")
    put(office, "an offer", kind=MessageKind.FACILITATOR_KIT, key="kit:week:them:volunteer", to_user="UA3")
    at(office, NIGHT).deliver()
    assert office.seen() == {"about a reply": 1, "about a yes": 1, "about an offer": 1}


def test_a_plan_that_the_ladder_asks_for_waits_for_the_morning(office: Office, circle_of: CircleOf) -> None:
    circle_of()
    row = put(office, kind=MessageKind.FIRST_PLAN, stale_at=NIGHT + timedelta(days=2))
    at(office, NIGHT).deliver()
    assert office.state(row) is MessageState.DUE
    assert office.seen() == {}
