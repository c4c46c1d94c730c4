"""Rows that cannot be used, one of each kind, each in a program of its own with one person in one circle.

Nothing that is due to these people is expected or missed. Everybody else's messages are: one bad row must not
stop another person's turn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Table, delete, insert, update

from allybot.services.context import Context, new_id
from allybot.store import tables
from allybot.store.delivery.outbox import MessageState
from allybot.store.vault.vault import person_key, window_key

FAR = datetime(9999, 12, 31, tzinfo=UTC)
UNKNOWN = "of_the_future"
"""A word that this version does not know, as a newer one may have left it."""


@dataclass(frozen=True)
class Victim:
    """The rows of one person whose program, circle or own row is damaged: ids."""

    workspace_id: str
    user: str
    channel: str
    program_id: str
    cohort_id: str
    circle_id: str
    trainee_id: str


Damage = Callable[[Context, Victim], None]


def _changed(table: Table, key: str, names: str, **values: object) -> Damage:
    """Other values in the rows whose column `key` is the victim's id called `names`."""

    def apply(context: Context, victim: Victim) -> None:
        with context.database.transaction() as tx:
            done = tx.execute(
                update(table).where(table.c[key] == getattr(victim, names)).values(values)
            ).rowcount
        assert done, f"{table.name} has no row to damage"

    return apply


def _trainee(**values: object) -> Damage:
    return _changed(tables.trainee, "id", "trainee_id", **values)


def _program(**values: object) -> Damage:
    return _changed(tables.program, "id", "program_id", **values)


def _circle(**values: object) -> Damage:
    return _changed(tables.circle, "id", "circle_id", **values)


def _added(table: Table, **values: object) -> Damage:
    """A row more; a value that is a function is called with the victim."""

    def apply(context: Context, victim: Victim) -> None:
        row: dict[str, Any] = {
            name: value(victim) if callable(value) else value for name, value in values.items()
        }
        with context.database.transaction() as tx:
            tx.execute(insert(table).values(row))

    return apply


def _without_record(context: Context, victim: Victim) -> None:
    with context.database.transaction() as tx:
        tx.execute(
            delete(tables.private_record).where(tables.private_record.c.trainee_id == victim.trainee_id)
        )


def _without_key(context: Context, victim: Victim) -> None:
    with context.vault.transaction() as tx:
        tx.execute(delete(person_key).where(person_key.c.trainee_id == victim.trainee_id))


def _unreadable_key(context: Context, victim: Victim) -> None:
    with context.vault.transaction() as tx:
        tx.execute(
            update(person_key)
            .where(person_key.c.trainee_id == victim.trainee_id)
            .values(key_wrapped=bytes(72))
        )


def _unreadable_window_keys(context: Context, victim: Victim) -> None:
    with context.database.reading() as tx:
        windows = tx.execute(
            tables.window.select().where(tables.window.c.program_id == victim.program_id)
        ).all()
    with context.vault.transaction() as tx:
        for window in windows:
            tx.execute(
                update(window_key).where(window_key.c.box_id == window.id).values(private_wrapped=bytes(72))
            )


DAMAGES: dict[str, Damage] = {
    "a zone nobody knows": _trainee(zone="Mars/Olympus"),
    "a state nobody knows": _trainee(state=UNKNOWN),
    "a pace nobody knows": _trainee(pace=UNKNOWN),
    "a language nobody knows": _trainee(locale="??"),
    "a step beyond the ladder": _trainee(next_step=9_999),
    "an hour no day has": _trainee(check_in_hour=99),
    "a check-in never due": _trainee(next_check_in_at=FAR, record_due_at=FAR),
    "a record nobody can open": _changed(
        tables.private_record, "trainee_id", "trainee_id", locked=bytes(4_136)
    ),
    "no record": _without_record,
    "no key": _without_key,
    "a key nobody can open": _unreadable_key,
    "keys of windows nobody can open": _unreadable_window_keys,
    "a program in a zone nobody knows": _program(zone="Mars/Olympus"),
    "a program with a country that is none": _program(country="??"),
    "a program with noise that is none": _program(epsilon_milli=0),
    "a training in the year 9999": _changed(
        tables.cohort, "id", "cohort_id", training_ended_on=date(9999, 12, 31)
    ),
    "a training in the year 1": _changed(tables.cohort, "id", "cohort_id", training_ended_on=date(1, 1, 1)),
    "a window nobody can seal for": _changed(
        tables.window, "program_id", "program_id", public_key=b"\0", state=UNKNOWN
    ),
    "a circle in a state nobody knows": _circle(state=UNKNOWN),
    "a circle without a channel": _circle(channel=""),
    "a circle whose next scenario is far": _circle(next_post_at=FAR),
    "a circle before its first week": _circle(last_week=-5, weeks_posted=-5),
    "a member with an impossible place": _changed(
        tables.circle_member, "trainee_id", "trainee_id", place=-1, turns=-1
    ),
    "a week with a scenario nobody knows": _added(
        tables.circle_week,
        id=lambda _: new_id(),
        circle_id=lambda victim: victim.circle_id,
        monday=date(2026, 1, 5),
        number=1,
        scenario_id="gone",
        public_key=b"\0",
        opens_at=datetime(2026, 1, 5, 8, tzinfo=UTC),
        state="posted",
    ),
    "counts that are none": _changed(
        tables.program_count, "program_id", "program_id", on_list=-7, counted_on=date(9999, 12, 31)
    ),
    "a lead nobody is": _added(
        tables.lead, program_id=lambda victim: victim.program_id, slack_user="UNOBODY"
    ),
    "a message of a kind nobody knows": _added(
        tables.outbox,
        id=lambda _: new_id(),
        key=lambda victim: f"{UNKNOWN}:{victim.trainee_id}",
        workspace_id=lambda victim: victim.workspace_id,
        kind=UNKNOWN,
        about_id=lambda victim: victim.trainee_id,
        to_user=lambda victim: victim.user,
        due_at=datetime(2026, 1, 2, tzinfo=UTC),
        state=MessageState.DUE,
        attempts=0,
    ),
    "a check-in in a state nobody knows": _added(
        tables.check_in,
        id=lambda _: new_id(),
        trainee_id=lambda victim: victim.trainee_id,
        step=-1,
        due_at=datetime(2026, 1, 3, tzinfo=UTC),
        follow_up_at=datetime(2026, 1, 3, tzinfo=UTC),
        state=UNKNOWN,
        times_put_off=0,
    ),
    "a channel that may be posted to in the year 9999": _added(
        tables.channel_budget,
        workspace_id=lambda victim: victim.workspace_id,
        channel=lambda victim: victim.channel,
        next_post_at=FAR,
    ),
    "a row that is put aside for ever": _added(
        tables.parked_row,
        job="check_ins",
        row_id=lambda victim: victim.trainee_id,
        kind="trainee",
        reason=UNKNOWN,
        attempts=1,
        since=FAR,
        retry_at=FAR,
    ),
}
"""Ways to damage a victim's rows, by name; at least one of every table that a worker reads."""
