"""No stored time tells when somebody answered: the day is the finest that either database holds."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from allybot.services.context import Context
from allybot.slack_app import steady_time
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Database, UtcDateTime
from allybot.store.tables import check_in, metadata, outbox, trainee
from allybot.store.vault.vault import window_key
from tests.journeys.conftest import Journey
from tests.journeys.people import Person
from tests.journeys.test_check_ins import QUESTION, TAPS, asked, more, taps

CLOSE = timedelta(minutes=10)


def rows(context: Context) -> Iterator[tuple[str, Row[Any]]]:
    """Every row of both databases with its table's name."""
    held: tuple[tuple[Database, Any], ...] = (
        (context.database, metadata),
        (context.vault, window_key.metadata),
    )
    for database, tables in held:
        with database.reading() as tx:
            for table in tables.sorted_tables:
                yield from ((table.name, row) for row in tx.execute(select(table)).all())


def ids_of(context: Context, person: Person) -> set[str]:
    """What a row may name them by."""
    with context.database.reading() as tx:
        me = tx.execute(select(trainee).where(trainee.c.slack_user == person.user)).one()
        mine = tx.execute(select(check_in.c.id).where(check_in.c.trainee_id == me.id)).scalars()
        return {me.id, me.slack_user, me.dm_channel, *mine} - {None}


def times_near(context: Context, person: Person, moments: tuple[datetime, ...]) -> Counter[tuple[str, str]]:
    """How often a column of a row of theirs holds a time within ten minutes of one of these moments."""
    names, found = ids_of(context, person), Counter[tuple[str, str]]()
    for table, row in rows(context):
        values = row._mapping.items()
        if not any(isinstance(value, str) and any(name in value for name in names) for _, value in values):
            continue
        for column, value in values:
            near = isinstance(value, datetime) and any(abs(value - at) <= CLOSE for at in moments)
            stamp = (
                column.endswith("_ts")
                and value
                and any(abs(datetime.fromtimestamp(float(value), UTC) - at) <= CLOSE for at in moments)
            )
            found[table, column] += bool(near or stamp)
    return +found


def test_every_time_of_both_databases_is_a_datetime_the_scan_sees() -> None:
    for tables in (metadata, window_key.metadata):
        for table in tables.sorted_tables:
            for column in table.columns:
                is_time = column.name.endswith(("_at", "_until", "_from", "_after", "_before"))
                assert not is_time or isinstance(column.type, UtcDateTime), f"{table.name}.{column.name}"


@pytest.mark.parametrize("tap", TAPS)
def test_a_delivered_answer_leaves_no_time_that_its_silent_neighbour_lacks(
    journey: Journey, tap: str
) -> None:
    first, second = journey.people[:2]
    for person in (first, second):
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    journey.go_to(1, 16, 15, 37)
    before = times_near(journey.context, second, (journey.now, datetime.now(UTC)))
    view = more(first, tap, first.reads(QUESTION))
    first.submits(view)
    first.closes()
    journey.run_worker()
    moments = (journey.now, datetime.now(UTC))
    assert first.reads("Change my answer")
    # The silent one has a follow-up besides.
    assert not times_near(journey.context, first, moments) - times_near(journey.context, second, moments)
    assert times_near(journey.context, second, moments) == before


def test_a_waiting_confirmation_is_due_since_midnight_and_gone_once_it_is_sent(journey: Journey) -> None:
    jonas = asked(journey, 0)
    journey.go_to(1, 16, 15, 37)
    taps(jonas, "I did it", jonas.reads(QUESTION))

    def confirmations() -> list[Row[Any]]:
        with journey.context.database.reading() as tx:
            kind = outbox.c.kind == MessageKind.CHECK_IN_ANSWERED
            return list(tx.execute(select(outbox).where(kind)).all())

    assert [row.due_at for row in confirmations()] == [datetime(2026, 1, 16, tzinfo=UTC)]
    journey.run_worker()
    assert confirmations() == []
    assert jonas.reads("Change my answer")


def test_no_form_with_an_answer_is_acknowledged_sooner_than_the_steady_time(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady_time, "SECONDS", 0.9)  # longer than an answer takes on a busy machine
    jonas = asked(journey, 0)
    for tap in TAPS:
        view = taps(jonas, tap, jonas.reads(QUESTION))
        assert submitted_after(jonas, view) >= steady_time.SECONDS, tap
    journey.run_worker()
    for answer in ("I did it", "No moment yet"):
        jonas.presses("Change my answer")
        view = jonas.modal("Change my answer")
        assert submitted_after(jonas, view, answer=answer) >= steady_time.SECONDS, answer
        jonas.closes()
        journey.run_worker()


def submitted_after(person: Person, view: dict[str, Any], **filled: str) -> float:
    """Real seconds until the form's acknowledgement."""
    began = time.monotonic()
    assert person.submits(view, **filled)["response_action"] in {"clear", "update"}
    return time.monotonic() - began
