"""INSERT with ON CONFLICT, for which SQLAlchemy has one construct per dialect."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite

from allybot.store.engine.database import Transaction

Insert = postgresql.Insert | sqlite.Insert


def insert_for(tx: Transaction, table: Table) -> Insert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)


def insert_or_ignore(table: Table, unique: str) -> dict[str, Insert]:
    """An INSERT per dialect name that does nothing on a conflict in the column `unique`."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=[unique]),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=[unique]),
    }


def upsert(
    table: Table, column: str, where: Callable[[ColumnElement[Any]], ColumnElement[bool]] | None = None
) -> dict[str, Insert]:
    """An INSERT per dialect name that overwrites `column` on a conflict in the primary key.

    Args:
        where: from the new value to the condition under which it overwrites; None for always.
    """
    key = [each.name for each in table.primary_key]
    lite, postgres = sqlite.insert(table), postgresql.insert(table)
    return {
        "sqlite": lite.on_conflict_do_update(
            index_elements=key,
            set_={column: lite.excluded[column]},
            where=where and where(lite.excluded[column]),
        ),
        "postgresql": postgres.on_conflict_do_update(
            index_elements=key,
            set_={column: postgres.excluded[column]},
            where=where and where(postgres.excluded[column]),
        ),
    }
