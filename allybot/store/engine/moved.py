"""Marks a database that was moved elsewhere, and keeps everybody from writing into it.

The mark is made of triggers and of a table that no migration knows: an older allybot, which would not look
for a mark, cannot write either, so that no worker of it claims a message.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, MetaData, String, Table, insert, inspect, select, update

from allybot.clock import aware
from allybot.store.engine.database import Transaction, UtcDateTime

_moved = Table(
    "allybot_moved",
    MetaData(),
    Column("target", String(500), nullable=False, comment="the new place, without user and password"),
    Column("began_at", UtcDateTime, nullable=False, comment="real: when the move began"),
    Column("ended_at", UtcDateTime, comment="real: when everything was there; NULL: unfinished"),
)
_FUNCTION = "allybot_was_moved"
_VERBS = ("INSERT", "UPDATE", "DELETE")
_SAYS = "this database was moved elsewhere"


@dataclass(frozen=True)
class Mark:
    """Where a database is being moved to, or was.

    Attributes:
        target: the new place as `Database.place` has it.
        ended_at: real time, aware UTC; None while the move is unfinished.
    """

    target: str
    ended_at: datetime | None


def mark_of(tx: Transaction) -> Mark | None:
    """The mark of a database; None where it was not moved."""
    if not inspect(tx).has_table(_moved.name):
        return None
    row = tx.execute(select(_moved)).one()
    return Mark(row.target, row.ended_at)


def close(tx: Transaction, target: str, now: datetime) -> None:
    """Mark a database and refuse every later write into its tables; whoever writes now is waited for.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it is marked already.
    """
    tables = _tables(tx)
    _moved.create(tx)
    tx.execute(insert(_moved).values(target=target, began_at=aware(now)))
    if tx.dialect.name != "sqlite":
        tx.exec_driver_sql(
            f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$"
        )
    for name in tables:
        _close_table(tx, name)


def reopen(tx: Transaction) -> None:
    """Take the mark away and let everybody write again."""
    for name in _tables(tx):
        _open_table(tx, name)
    if tx.dialect.name != "sqlite":
        tx.exec_driver_sql(f"DROP FUNCTION {_FUNCTION}() CASCADE")
    _moved.drop(tx)


def empty(tx: Transaction, tables: Collection[str]) -> None:
    """Delete every row of these tables of a marked database, which stay closed to everybody else.

    On SQLite the rows are in the log until it is truncated (`secure_delete.truncate_log`); on PostgreSQL the
    tables' files go with the transaction.
    """
    for name in tables:
        _open_table(tx, name)
        tx.exec_driver_sql(f'{"DELETE FROM" if tx.dialect.name == "sqlite" else "TRUNCATE"} "{name}"')
        _close_table(tx, name)


def note_end(tx: Transaction, now: datetime) -> None:
    """Note that everything is in its new place."""
    tx.execute(update(_moved).values(ended_at=aware(now)))


def _tables(tx: Transaction) -> list[str]:
    return sorted(set(inspect(tx).get_table_names()) - {_moved.name})


def _close_table(tx: Transaction, name: str) -> None:
    if tx.dialect.name == "sqlite":
        for verb in _VERBS:
            tx.exec_driver_sql(
                f'CREATE TRIGGER "{_trigger(name, verb)}" BEFORE {verb} ON "{name}" '
                f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
            )
        return
    tx.exec_driver_sql(
        f'CREATE TRIGGER "{_trigger(name, "any")}" BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE '
        f'ON "{name}" FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()'
    )


def _open_table(tx: Transaction, name: str) -> None:
    if tx.dialect.name == "sqlite":
        for verb in _VERBS:
            tx.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{_trigger(name, verb)}"')
        return
    tx.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{_trigger(name, "any")}" ON "{name}"')


def _trigger(table: str, verb: str) -> str:
    return f"allybot_moved_{table}_{verb.lower()}"
