"""Changes of the outbox are conditional: of two workers only the first changes a row."""

from datetime import UTC, datetime, timedelta

import pytest

from allybot.services.context import Context
from allybot.store.delivery import outbox
from allybot.store.delivery.claims import (
    begin_attempt,
    claim,
    end_lapsed_leases,
    settle_claim,
    settle_sent,
    settle_uncertain,
)
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage
from allybot.store.delivery.queue_figures import pending
from allybot.store.delivery.rate_limits import Budget, hold_workspace, workspaces_to_serve
from allybot.store.programs.workspaces import save_workspace

REAL = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
BUDGET = Budget()


@pytest.fixture
def queued(context: Context, now: datetime) -> Context:
    with context.database.transaction() as tx:
        for workspace in ("T1", "T2"):
            save_workspace(tx, workspace, name=workspace, bot_user="UBOT", state="active")
        draft = OutboxMessage("key", "T1", MessageKind.CHECK_IN, "subject", now, to_user="U1")
        assert outbox.put(tx, "row", draft)
    return context


def take(context: Context, worker: str, now: datetime, real: datetime = REAL) -> bool:
    with context.database.transaction() as tx:
        return bool(claim(tx, "T1", worker, now, real, LEASE, 5))


def state(context: Context) -> MessageState:
    with context.database.reading() as tx:
        row = outbox.row_by_id(tx, "row")
    assert row is not None
    return row.state


def test_a_claimed_row_cannot_be_claimed_or_begun_by_another(queued: Context, now: datetime) -> None:
    assert take(queued, "first", now)
    assert not take(queued, "second", now)
    with queued.database.transaction() as tx:
        assert not begin_attempt(tx, "row", "second", REAL, LEASE)
        assert begin_attempt(tx, "row", "first", REAL, LEASE)


def test_a_worker_that_slept_past_its_lease_can_only_say_that_it_was_sent(
    queued: Context, now: datetime
) -> None:
    take(queued, "first", now)
    with queued.database.transaction() as tx:
        begin_attempt(tx, "row", "first", REAL, LEASE)
        assert end_lapsed_leases(tx, REAL + LEASE, 30) == 1
    assert state(queued) is MessageState.UNCERTAIN
    with queued.database.transaction() as tx:
        assert not settle_claim(tx, "row", "first", MessageState.PARKED)
        assert settle_sent(tx, "row", REAL, "D1", "1.1")
        assert outbox.sent_place(tx, "key") == ("D1", "1.1")
    assert state(queued) is MessageState.SENT


def test_a_claim_not_begun_is_due_again_and_parked_when_it_outlives_many_workers(
    queued: Context, now: datetime
) -> None:
    for round_ in range(3):
        real = REAL + 2 * LEASE * round_
        assert take(queued, f"worker {round_}", now, real)
        with queued.database.transaction() as tx:
            end_lapsed_leases(tx, real + LEASE, 2)
    assert state(queued) is MessageState.PARKED


def test_a_look_up_that_comes_too_late_changes_nothing(queued: Context, now: datetime) -> None:
    take(queued, "first", now)
    with queued.database.transaction() as tx:
        begin_attempt(tx, "row", "first", REAL, LEASE)
        settle_claim(tx, "row", "first", MessageState.UNCERTAIN)
        row = outbox.row_by_id(tx, "row")
        assert row is not None
        assert settle_sent(tx, "row", REAL, "D1", "1.1")
        assert not settle_uncertain(tx, row, MessageState.DUE)
    assert state(queued) is MessageState.SENT


def test_turns_between_workspaces_go_to_whoever_was_served_longest_ago(
    queued: Context, now: datetime
) -> None:
    with queued.database.transaction() as tx:
        outbox.put(
            tx, "other", OutboxMessage("other", "T2", MessageKind.CHECK_IN, "subject", now, to_user="U1")
        )
        save_workspace(tx, "T1", next_post_at=REAL)
        save_workspace(tx, "T2", next_post_at=REAL - timedelta(seconds=1))
        assert workspaces_to_serve(tx, now, REAL, BUDGET, 10) == ["T2", "T1"]
        save_workspace(tx, "T2", silent_until=REAL + timedelta(seconds=1))
        assert workspaces_to_serve(tx, now, REAL, BUDGET, 10) == ["T1"]
        assert hold_workspace(tx, "T2", REAL, BUDGET) == 0
        assert hold_workspace(tx, "T1", REAL, BUDGET) == BUDGET.burst


def test_only_what_a_worker_has_yet_to_do_keeps_the_house_busy(queued: Context, now: datetime) -> None:
    with queued.database.transaction() as tx:
        assert sum(pending(tx, now).values()) == 1
        assert sum(pending(tx, now - timedelta(seconds=1)).values()) == 0
    take(queued, "first", now)
    with queued.database.transaction() as tx:
        settle_claim(tx, "row", "first", MessageState.PARKED, reason="invalid_blocks")
        assert sum(pending(tx, now).values()) == 0
        assert [row.reason for row in outbox.rows_in(tx, MessageState.PARKED)] == ["invalid_blocks"]


def test_two_changes_of_one_message_do_not_overtake_each_other(queued: Context, now: datetime) -> None:
    with queued.database.transaction() as tx:
        for number, ts in (("1", "1.1"), ("2", "1.1"), ("3", "2.2")):
            change = OutboxMessage(number, "T1", MessageKind.CHECK_IN, "subject", now, replaces=("D1", ts))
            outbox.put(tx, f"change {number}", change)
        first = claim(tx, "T1", "first", now, REAL, LEASE, 5)
        assert [row.id for row in first] == ["change 1", "change 3", "row"]
        assert claim(tx, "T1", "second", now, REAL, LEASE, 5) == []
        settle_claim(tx, "change 1", "first", MessageState.CANCELLED)
        assert [row.id for row in claim(tx, "T1", "second", now, REAL, LEASE, 5)] == ["change 2"]
