"""INSERT with ON CONFLICT, which SQLite and PostgreSQL both have and SQLAlchemy spells once for each."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from allybot.store.engine.database import Transaction

Insert = postgresql.Insert | sqlite.Insert


def insert_for(tx: Transaction, table: Table) -> Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)


def insert_or_ignore(table: Table, unique: str) -> dict[str, Insert]:
    """An INSERT for each dialect, by its name, that does nothing where `unique` (a column) is taken."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=[unique]),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=[unique]),
    }


def upsert(table: Table, column: str) -> dict[str, Insert]:
    """An INSERT for each dialect, by its name, that overwrites `column` where the primary key is there."""
    key = [each.name for each in table.primary_key]
    here, there = sqlite.insert(table), postgresql.insert(table)
    return {
        "sqlite": here.on_conflict_do_update(index_elements=key, set_={column: here.excluded[column]}),
        "postgresql": there.on_conflict_do_update(index_elements=key, set_={column: there.excluded[column]}),
    }
