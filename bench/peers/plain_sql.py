"""Plain SQL: the least that asks somebody once, one transaction with two inserts and an update."""

import itertools
import time

import psycopg

_TABLES = """
CREATE TABLE plain_check_in (id text PRIMARY KEY, person text, step integer);
CREATE TABLE plain_outbox (id text PRIMARY KEY, person text);
CREATE TABLE plain_person (id text PRIMARY KEY, step integer);
"""


class PlainTables:
    """Tables of their own in a PostgreSQL database.

    Args:
        url: of the database, as psycopg takes it.
    """

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url)
        self._numbers = itertools.count()
        with self._connection.transaction():
            self._connection.execute(_TABLES)

    def fill(self, many: int) -> None:
        """Have so many people."""
        with self._connection.transaction():
            self._connection.execute(
                "INSERT INTO plain_person SELECT 'person-' || n, 3 FROM generate_series(1, %s) AS n", [many]
            )

    def ask(self, many: int) -> float:
        """Ask so many people; seconds it took."""
        began = time.perf_counter()
        for person in range(1, many + 1):
            values = [f"row-{next(self._numbers)}", f"person-{person}"]
            with self._connection.transaction():
                self._connection.execute("INSERT INTO plain_check_in VALUES (%s, %s, 3)", values)
                self._connection.execute("INSERT INTO plain_outbox VALUES (%s, %s)", values)
                self._connection.execute("UPDATE plain_person SET step = 10 WHERE id = %s", values[1:])
        return time.perf_counter() - began
