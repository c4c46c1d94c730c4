"""What `/metrics` says of the queue and of the workers, from rows."""

import math
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from allybot.services.context import Context
from allybot.services.delivery import queue_metrics
from allybot.services.delivery.config import DeliveryRules
from allybot.store import tables
from allybot.store.engine.shared_clock import database_time
from tests.support import builders

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


STATES = ("due", "claimed", "uncertain")


def row(number: int, workspace: str, state: str, ago: timedelta, **columns: object) -> dict[str, object]:
    return {
        "id": f"m{number}",
        "key": f"k{number}",
        "workspace_id": workspace,
        "kind": "scenario",
        "about_id": "week",
        "to_channel": "C1",
        "due_at": NOW - ago,
        "state": state,
        "attempts": 0,
        "not_before": None,
        **columns,
    }


def test_what_is_due_and_how_long_it_waits_counts_what_can_be_sent_only(context: Context) -> None:
    with context.database.transaction() as tx:
        real = database_time(tx)
        builders.workspace(tx, "T1")
        builders.workspace(tx, "T2", state="stopped")
        rows = [
            row(1, "T1", "due", 3 * MINUTE),
            row(2, "T1", "due", 9 * MINUTE, not_before=real + MINUTE),
            row(3, "T1", "claimed", 8 * MINUTE),
            row(4, "T1", "uncertain", 7 * MINUTE),
            row(5, "T1", "due", -MINUTE),
            row(6, "T2", "due", 90 * MINUTE),
            row(7, "T1", "parked", 50 * MINUTE),
        ]
        tx.execute(insert(tables.outbox), rows)
    found = queue_metrics.figures(context, lambda: NOW, DeliveryRules())
    assert (found.due, found.claimed, found.uncertain) == (2, 1, 1)
    assert found.lag_s == 180
    assert (found.parked_messages, found.parked_rows) == (1, 0)


def test_what_is_due_since_a_moment_ago_and_may_answer_a_press_does_not_show(context: Context) -> None:
    with context.database.transaction() as tx:
        builders.workspace(tx, "T1")
        rows = [row(number, "T1", state, MINUTE / 2) for number, state in enumerate(STATES)]
        tx.execute(insert(tables.outbox), rows)
    found = queue_metrics.figures(context, lambda: NOW, DeliveryRules())
    assert (found.due, found.claimed, found.uncertain, found.lag_s) == (0, 0, 0, 0)


def test_workers_are_counted_by_their_latest_heartbeat(context: Context) -> None:
    rules = DeliveryRules()
    assert queue_metrics.figures(context, lambda: NOW, rules).newest_s == math.inf
    with context.database.transaction() as tx:
        real = database_time(tx)
        heartbeats = [("a", MINUTE, None), ("b", MINUTE / 2, "slack_clock"), ("c", 20 * MINUTE, None)]
        rows = [
            {
                "worker": name,
                "began_at": real - age,
                "seen_at": real - age,
                "host_ahead_s": 0,
                "offset_s": 0,
                "refuses": refuses,
            }
            for name, age, refuses in heartbeats
        ]
        tx.execute(insert(tables.worker_sign), rows)
    found = queue_metrics.figures(context, lambda: NOW, rules)
    assert (found.acting, found.paused) == (1, 1)
    assert 30 <= found.newest_s < 60
    assert 1200 <= found.oldest_s < 1230
