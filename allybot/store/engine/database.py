"""Engine and transactions for SQLite and PostgreSQL."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
)
from sqlalchemy.types import TypeDecorator

from allybot.clock import aware
from allybot.errors import DatabaseUnavailableError, SettingsError
from allybot.store.engine.file_rights import OwnerOnly, open_to_others
from allybot.store.engine.group_commit import Flusher

Transaction = Connection
"""What store functions receive. They never commit; leaving the service's `with` block does."""

IDLE_SECONDS = 1.0
"""A connection that was idle for less than this is reused without a ping."""
_LAST_USED = "allybot_last_used"
BUSY_MILLISECONDS = 2000
"""How long SQLite waits for another writer: less than the 3 s in which Slack wants its answer."""

_NO_PRIVILEGE = "42501"  # PostgreSQL's code


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, UTC in the database and in Python. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; SQLite stores no zone, so it is dropped there."""
        if value is None:
            return None
        utc = aware(value)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to an aware datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Database:
    """One database, opened lazily.

    Args:
        url: an SQLAlchemy URL, `sqlite:///file.db` or `postgresql://...`.
        durable: False skips the fsync on SQLite, for data that need not survive a power cut.

    Raises:
        SettingsError: the URL is invalid or names another kind of database.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.engine = _engine(url)
        self._writing = threading.Lock()
        file = self.engine.url.database
        flushes = durable and self.is_sqlite and file and file != ":memory:"
        self._flusher = Flusher(Path(str(file))) if flushes else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that commits when left normally and rolls back when left by an error.

        Raises:
            DatabaseUnavailableError: the database is unreachable or too busy.
        """
        with self._write_lock(), _translate_errors(), self.engine.begin() as tx:
            yield tx
        if self._flusher is not None:
            try:
                self._flusher.flush()
            except OSError as error:
                raise DatabaseUnavailableError from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A read-only transaction: on SQLite it takes no write lock.

        Raises:
            DatabaseUnavailableError: the database is unreachable or too busy.
        """
        with (
            _translate_errors(),
            self.engine.connect().execution_options(allybot_reading=True) as tx,
            tx.begin(),
        ):
            yield tx

    @contextmanager
    def _write_lock(self) -> Iterator[None]:
        """Serialise this process's writers on SQLite, which allows one at a time.

        SQLite itself lets waiting writers poll, with pauses of up to 100 ms and no fairness: with ten threads
        in two processes this lock halved the longest wait.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._writing.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise DatabaseUnavailableError
        try:
            yield
        finally:
            self._writing.release()

    def files_open_to_others(self) -> list[Path]:
        """Files of this database that other users of the host may read; none on PostgreSQL."""
        return open_to_others(Path(str(self.engine.url.database))) if self.is_sqlite else []

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        # The driver's message may contain the URL's host and user; ours does not.
        raise DatabaseUnavailableError from error
    except DatabaseError as error:
        if type(error) is DatabaseError:  # subclasses are about statements and rows
            raise DatabaseUnavailableError("The file is not an SQLite database, or is damaged.") from error
        if getattr(error.orig, "sqlstate", None) == _NO_PRIVILEGE:
            raise DatabaseUnavailableError("The database's user may not create or use its tables.") from error
        raise


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        parsed = None
    if parsed is None or parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        # The URL may contain a password, so the message does not repeat it.
        message = "A database URL must begin with sqlite:/// or postgresql:// and be a whole URL."
        raise SettingsError(message)
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        message = "An SQLite URL must name a file: sqlite:///allybot.db, or sqlite:////srv/allybot.db."
        raise SettingsError(message)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=10,
            max_overflow=20,
            hide_parameters=True,
            connect_args={"options": "-c timezone=UTC", "connect_timeout": 5},
        )
        event.listen(engine, "checkout", partial(_ping_idle_connection, engine.dialect))
        event.listen(engine, "checkin", _record_use)
    else:
        engine = create_engine(
            parsed,
            hide_parameters=True,
            pool_size=10,
            max_overflow=20,
            connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False},
        )
        event.listen(engine, "do_connect", OwnerOnly(Path(str(parsed.database))))
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _ping_idle_connection(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Close all pooled connections when an idle one is dead: the server was restarted.

    SQLAlchemy's own pre-ping pings at every use, which would be one in nine queries before an `ack()`.
    """
    if time.monotonic() - record.info.get(_LAST_USED, -IDLE_SECONDS) < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except connection.Error as error:
        raise InvalidatePoolError from error


def _record_use(_connection: Any, record: Any) -> None:
    record.info[_LAST_USED] = time.monotonic()


def _tune_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # `_begin_sqlite` emits BEGIN
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",  # the fsync is done in `group_commit.py`
        "foreign_keys = ON",
        "secure_delete = ON",
        f"busy_timeout = {BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails under contention, whatever the time-out.
    reading = connection.get_execution_options().get("allybot_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
