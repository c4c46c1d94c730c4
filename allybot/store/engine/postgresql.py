"""Connections to PostgreSQL, and statements that are given up in time whatever stands between it and us."""

import select
import time
from typing import Any

from psycopg import Error, OperationalError, errors
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Dialect

from allybot.errors import DatabaseUnavailableError

_BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle TO ISO"
)
"""Everything said each time: a server or user may have other defaults, and a pooler would forget it."""
BEGIN_MILLISECONDS = 1000
"""How long it may take; half of it once one has waited in vain, as presses must not queue for it."""
CONNECT_SECONDS = 2
"""How long a connection may take to open; libpq takes whole seconds, and no fewer. Slack waits for three."""


def connect(dialect: Dialect, _record: Any, arguments: Any, options: dict[str, Any]) -> Any:
    """A new connection; for SQLAlchemy's event `do_connect`.

    Raises:
        DatabaseUnavailableError: the database has another encoding, in which words would be lost.
    """
    connection: Any = dialect.connect(*arguments, **options)
    encoding = (connection.pgconn.parameter_status(b"server_encoding") or b"").decode()
    if encoding != "UTF8":
        connection.close()
        name = options.get("dbname", "")
        raise DatabaseUnavailableError(
            f"PostgreSQL database {name}: It has the encoding {encoding}, which cannot hold every name and "
            f"plan. Make one with `createdb --encoding=UTF8 --template=template0 NAME` and name it instead."
        )
    return connection


def begin(connection: Connection, lock_milliseconds: int, seconds: float, *, retry: bool = True) -> None:
    """Begin a transaction that shows times in UTC, on a new connection where the pool's turns out to be dead.

    Args:
        lock_milliseconds: how long the transaction will wait for a lock.
        seconds: how long it may take, on each of the two connections.

    Raises:
        psycopg.Error: it has not begun (in time: TookTooLongError), and the connection is closed.
    """
    # LOCAL: PgBouncer gives the server's connection to others afterwards.
    statements = f"{_BEGIN}; SET LOCAL lock_timeout = {lock_milliseconds}"
    try:
        run_within(connection.connection.driver_connection, statements, seconds)
    except Error as error:
        connection.invalidate(error)
        if not retry or isinstance(error, TookTooLongError):
            raise
        connection.engine.dispose()  # the server was restarted: the others of the pool are dead, too
        begin(connection, lock_milliseconds, seconds, retry=False)


class TookTooLongError(OperationalError):
    """The server, or a pooler before it, did not answer in time."""


def run_within(connection: Any, statements: str, seconds: float) -> None:
    """Run statements that return no rows, in one round trip; an error leaves the connection unusable.

    While its server is away, a pooler such as PgBouncer takes connections and lets their first statement
    wait: for 15 seconds after a restart of half a second. Nobody's press may wait so long.

    Args:
        connection: psycopg's, idle.
        seconds: real ones, in all.

    Raises:
        psycopg.Error: the statements failed, or did not end in time (TookTooLongError).
    """
    pgconn, end, failed = connection.pgconn, time.monotonic() + seconds, None
    pgconn.send_query(statements.encode())
    while True:
        while (unsent := pgconn.flush()) or pgconn.is_busy():
            changed = select.poll()
            changed.register(pgconn.socket, select.POLLIN | (select.POLLOUT if unsent else 0))
            if not changed.poll(max(0.0, end - time.monotonic()) * 1000):
                raise TookTooLongError("it did not begin in time")
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            break
        if result.status == ExecStatus.FATAL_ERROR:
            failed = result
    if failed is not None:
        raise errors.error_from_result(failed)
