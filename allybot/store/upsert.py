"""INSERT with ON CONFLICT, which SQLite and PostgreSQL both have and SQLAlchemy spells once for each."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from allybot.store.database import Transaction


def insert_for(tx: Transaction, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
