"""Putting many rows into a database at once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert

from allybot.store.engine.database import Database

Values = dict[str, Any]
_ROWS_A_TIME = 100_000
_CACHE = "PRAGMA cache_size = -500000"
"""Half a gigabyte: keys are random, and with the usual 2 MB every row would wait for the disk."""
_UNCHECKED = "SET LOCAL session_replication_role = replica"
"""Foreign keys are not looked up row by row, which takes most of the time; a superuser may say so."""


def load(database: Database, table: Table, rows: Iterable[Values]) -> None:
    """Insert rows that all have the same columns: by COPY on PostgreSQL, many at a time on SQLite."""
    left = iter(rows)
    while some := list(islice(left, _ROWS_A_TIME)):
        with database.transaction() as tx:
            if database.is_sqlite:
                tx.exec_driver_sql(_CACHE)
                tx.execute(insert(table), some)
                continue
            tx.exec_driver_sql(_UNCHECKED)
            driver: Any = tx.connection.driver_connection  # psycopg's own
            with driver.cursor().copy(f'COPY "{table.name}" ({", ".join(some[0])}) FROM STDIN') as copy:
                for row in some:
                    copy.write_row(list(row.values()))


@contextmanager
def without_indexes(database: Database, tables: Sequence[Table]) -> Iterator[None]:
    """Drop the indexes of tables meanwhile and make them again; keys and unique columns keep theirs."""
    indexes = [index for table in tables for index in table.indexes]
    with database.transaction() as tx:
        for index in indexes:
            index.drop(tx)
    try:
        yield
    finally:
        with database.transaction() as tx:
            for index in indexes:
                index.create(tx)


def gather_statistics(database: Database) -> None:
    """What PostgreSQL's autovacuum does by itself after a while; SQLite is left as it is in production."""
    if database.is_sqlite:
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
