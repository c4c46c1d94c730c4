"""Everybody in a program is told of a window once: in pages, by any number of workers, killed or not."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select, update

from allybot.domain.anonymity import Tier
from allybot.domain.plans import Outcome
from allybot.domain.windows import Telling, WindowState
from allybot.services.context import Context
from allybot.services.isolation import ROWS_A_TICK
from allybot.services.outcomes import publishing, telling
from allybot.services.renderers import render
from allybot.services.working_hours import working_hours
from allybot.store import tables
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from tests.services.outcomes.test_summaries import AFTER, answer, enrol, set_up, window_of
from tests.support import builders

CIRCLES = 3


def ended(context: Context, state: WindowState = WindowState.PUBLISHED) -> str:
    """A window that was published or is void, and of which nobody has been told."""
    window_id = window_of(context).id
    with context.database.transaction() as tx:
        if state is WindowState.PUBLISHED:
            made = ballots.Published({"acted": 9}, Tier.S, 1000, 12, 14, AFTER.date())
            ballots.add_release(tx, window_id, made)
        values = {"key_destroyed_on": AFTER.date(), "telling": Telling.PEOPLE, "told_up_to": ""}
        ballots.set_window(tx, window_id, state=state, published_on=AFTER.date(), **values)
    return window_id


def program_of(context: Context, people: int) -> None:
    set_up(context)
    with context.database.transaction() as tx:
        names = {f"trainee-{place:03}": f"U{place:03}" for place in range(people)}
        rows = [builders.trainee_row(name, user, zone="Europe/Berlin") for name, user in names.items()]
        tx.execute(tables.trainee.insert(), rows)
        for number in range(CIRCLES):
            values: dict[str, Any] = {"workspace_id": "T1", "program_id": "program", "weeks_posted": 0}
            values |= {"state": "closed" if number == 0 else "active", "last_week": 13, "name": f"c{number}"}
            tx.execute(tables.circle.insert().values(id=f"circle-{number}", channel=f"C{number}", **values))


def queued(context: Context) -> list[OutboxRow]:
    with context.database.reading() as tx:
        rows = tx.execute(select(tables.outbox).order_by(tables.outbox.c.key))
        found = [outbox.as_row(row) for row in rows]
    return [row for row in found if row.kind in {MessageKind.RESULT, MessageKind.CIRCLE_RESULT}]


def told(context: Context) -> Counter[str]:
    return Counter(row.to_user or row.to_channel or "" for row in queued(context))


def test_people_are_told_in_pages_and_then_the_circles_that_do_not_rest(context: Context) -> None:
    program_of(context, ROWS_A_TICK + 50)
    window_id = ended(context)
    assert telling.tell(context, window_id, AFTER)
    assert len(queued(context)) == ROWS_A_TICK
    assert telling.tell(context, window_id, AFTER)
    everybody = {f"U{place:03}" for place in range(ROWS_A_TICK + 50)}
    assert told(context) == Counter({*everybody, "C1", "C2"})
    assert not telling.tell(context, window_id, AFTER)
    assert window_of(context).telling is None


@pytest.mark.parametrize("people", [ROWS_A_TICK - 1, ROWS_A_TICK, ROWS_A_TICK + 1])
def test_nobody_is_left_out_where_a_page_ends(context: Context, people: int) -> None:
    program_of(context, people)
    window_id = ended(context)
    while telling.tell(context, window_id, AFTER):
        pass
    assert sum(told(context).values()) == len(told(context)) == people + CIRCLES - 1


def test_a_window_without_figures_is_told_to_people_and_not_in_circles(context: Context) -> None:
    program_of(context, 3)
    telling.tell(context, ended(context, WindowState.VOID), AFTER)
    assert told(context) == Counter(["U000", "U001", "U002"])
    assert window_of(context).telling is None


def test_who_stopped_declined_or_has_not_said_yes_is_not_told_and_leads_are_told_as_leads(
    context: Context,
) -> None:
    program_of(context, 9)
    states = ["invited", "later", "declined", "active", "paused", "stopped", "gone", "finished", "active"]
    with context.database.transaction() as tx:
        for place, state in enumerate(states):
            row = update(tables.trainee).where(tables.trainee.c.id == f"trainee-{place:03}")
            tx.execute(row.values(state=state))
        programs.add_lead(tx, "program", "U008")
    telling.tell(context, ended(context), AFTER)
    assert sorted(told(context)) == ["C1", "C2", "U003", "U004", "U007"]


def test_all_rows_of_a_program_are_alike_whoever_answered(context: Context) -> None:
    set_up(context)
    for name in enrol(context, 14)[:12]:
        answer(context, name, Outcome.ACTED)
    publishing.close_due(context, AFTER)
    rows = queued(context)
    assert len(rows) == 14
    assert len({(row.kind, row.about_id, row.due_at, row.stale_at, row.state) for row in rows}) == 1
    assert rows[0].due_at == AFTER
    with context.database.reading() as tx:
        assert len({str(render(context, tx, row, AFTER)) for row in rows}) == 1


class Killed(Exception):
    """Stands for a worker that ends between two statements."""


@contextmanager
def killed_before(context: Context, statement: int) -> Iterator[list[int]]:
    """The database refuses this statement, counted from 1, and all after it."""
    seen = [0]

    def count(*_arguments: object) -> None:
        seen[0] += 1
        if seen[0] >= statement:
            raise Killed

    event.listen(context.database.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(context.database.engine, "before_cursor_execute", count)


def test_a_worker_killed_before_any_statement_loses_and_repeats_nothing(context: Context) -> None:
    program_of(context, 5)
    window_id = ended(context)
    for statement in range(1, 100):
        with killed_before(context, statement) as seen, suppress(Killed):
            telling.tell(context, window_id, AFTER)
        if seen[0] < statement:
            break
        assert queued(context) == []
    assert statement > 10
    assert told(context) == Counter(["U000", "U001", "U002", "U003", "U004", "C1", "C2"])


def test_four_workers_at_once_tell_everybody_once(context: Context) -> None:
    program_of(context, ROWS_A_TICK + 20)
    window_id = ended(context)

    def work(_number: int) -> None:
        while telling.tell(context, window_id, AFTER):
            pass

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert sum(told(context).values()) == len(told(context)) == ROWS_A_TICK + 20 + CIRCLES - 1


def test_a_row_that_cannot_be_read_keeps_nobody_else_waiting(context: Context) -> None:
    program_of(context, 4)
    with context.database.transaction() as tx:
        damaged = update(tables.trainee).where(tables.trainee.c.id == "trainee-001")
        tx.execute(damaged.values(zone="Mars/Olympus"))
    telling.tell(context, ended(context), AFTER)
    assert {"U000", "U002", "U003"} <= set(told(context))


@pytest.mark.parametrize(
    ("now", "zone", "due_at"),
    [
        pytest.param(AFTER, "Europe/Berlin", AFTER, id="on the day it closes"),
        pytest.param(AFTER, "America/New_York", datetime(2026, 2, 27, 15, tzinfo=UTC), id="later that day"),
        pytest.param(AFTER, "Asia/Tokyo", datetime(2026, 3, 2, 1, tzinfo=UTC), id="after the weekend"),
        pytest.param(
            datetime(2026, 3, 3, 13, tzinfo=UTC),
            "Europe/Berlin",
            datetime(2026, 3, 4, 9, tzinfo=UTC),
            id="opened by a custodian on another day: reminders could not know",
        ),
        pytest.param(
            datetime(2026, 3, 3, 20, tzinfo=UTC),
            "Europe/Berlin",
            datetime(2026, 3, 4, 9, tzinfo=UTC),
            id="opened by a custodian at night",
        ),
    ],
)
def test_it_waits_for_the_next_working_hour_of_each(
    context: Context, now: datetime, zone: str, due_at: datetime
) -> None:
    program_of(context, 1)
    with context.database.transaction() as tx:
        tx.execute(update(tables.trainee).values(zone=zone))
    telling.tell(context, ended(context), now)
    (row,) = (each for each in queued(context) if each.to_user)
    assert row.due_at == due_at
    assert row.stale_at == now + timedelta(days=28)


def test_reminders_know_the_day_beforehand(context: Context) -> None:
    set_up(context)
    with context.database.reading() as tx:
        made = programs.program_by_id(tx, "program")
        assert made
        calendar = working_hours(context, made, ZoneInfo("Europe/Berlin"))
        assert telling.told_on(tx, "program", calendar) == {date(2026, 2, 27), date(2026, 4, 17)}
