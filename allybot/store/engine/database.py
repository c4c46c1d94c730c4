"""Engine and transactions for SQLite and PostgreSQL."""

import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, DateTime, Dialect, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.types import TypeDecorator

from allybot.clock import aware
from allybot.errors import DatabaseUnavailableError
from allybot.store.engine.address import file_of, place, usable_url
from allybot.store.engine.failures import busy, explain, full_or_broken, leave_a_standby
from allybot.store.engine.file_rights import OwnerOnly, open_to_others
from allybot.store.engine.group_commit import Flusher
from allybot.store.engine.postgresql import (
    BEGIN_MILLISECONDS,
    CONNECT_SECONDS,
    TookTooLongError,
    begin,
    connect,
)

Transaction = Connection
"""What store functions receive. They never commit; leaving the service's `with` block does."""

ID_KEY = "allybot_id_key"
"""The option of a transaction that holds the key of `since_backup.id_of`."""
BUSY_MILLISECONDS = 2000
"""How long a transaction waits for others on SQLite, in all: less than the 3 s that Slack waits."""
LOCK_MILLISECONDS = 1000
"""How long it waits for a lock on PostgreSQL, once it has begun (`BEGIN_MILLISECONDS`)."""
HELD_MILLISECONDS = 150
"""The same once one has waited in vain: somebody holds the lock, and presses must not queue for it.
Three listeners then refuse 20 presses a second. Our own proposal."""
HELD_SECONDS = 5.0
"""How long one wait in vain shortens those that follow. On PostgreSQL a transaction that waits for nobody
does not show that the lock is free: it may be on another table or row. Our own proposal."""


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


@dataclass(frozen=True)
class Room:
    """Bytes a database's file takes, and bytes its disk has left."""

    used: int
    free: int


class Database:
    """One database, opened lazily.

    Args:
        url: an SQLAlchemy URL, `sqlite:///file.db` or `postgresql://...`.
        durable: False skips the fsync on SQLite, for data that need not survive a power cut.
        setting: the environment variable that names it, for messages.

    Raises:
        SettingsError: the URL is invalid or names another kind of database.
    """

    def __init__(self, url: str, *, durable: bool = True, setting: str = "DATABASE_URL") -> None:
        self.engine = _engine(make_url(usable_url(url)))
        self._setting = setting
        self._writing = threading.Lock()
        self._waited_in_vain_at = self._began_in_vain_at = -HELD_SECONDS
        if not self.is_sqlite:
            event.listen(self.engine, "begin", self._begin_postgresql)
        self.make_ids_with(secrets.token_bytes(32))
        self._flusher = Flusher(file_of(self.engine.url)) if durable and self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """Its name for people, without user and password."""
        return place(self.engine.url)

    def make_ids_with(self, key: bytes) -> None:
        """Let `since_backup.id_of` use this key; before, ids are the same in one process only."""
        self.engine.update_execution_options(**{ID_KEY: key})

    def is_new(self) -> bool:
        """Whether it has no tables yet; a file that does not exist is not created.

        Raises:
            DatabaseUnavailableError: it cannot be read.
        """
        if self.is_sqlite:
            file = file_of(self.engine.url)
            if file.parent.is_dir() and not file.exists():
                return True
        with self.reading() as tx:
            return not inspect(tx).get_table_names()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that commits when left normally and rolls back when left by an error.

        Raises:
            DatabaseUnavailableError: the database is unreachable or too busy.
        """
        with self._write_lock() as waiting, self._explained(), waiting.begin() as tx:
            if self.is_sqlite:
                self._waited_in_vain_at = -HELD_SECONDS
            yield tx
        if self._flusher is not None:
            try:
                self._flusher.flush()
            except OSError as error:
                raise DatabaseUnavailableError(full_or_broken(self.engine.url)) from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A read-only transaction: on SQLite it takes no write lock.

        Raises:
            DatabaseUnavailableError: the database is unreachable or too busy.
        """
        with (
            self._explained(),
            self.engine.connect().execution_options(allybot_reading=True) as tx,
            tx.begin(),
        ):
            yield tx

    @contextmanager
    def _write_lock(self) -> Iterator[Engine]:
        """Serialise this process's writers on SQLite, which allows one at a time.

        SQLite itself lets waiting writers poll, with pauses of up to 100 ms and no fairness: with ten threads
        in two processes this lock halved the longest wait.

        Yields:
            The engine, which waits for other processes as long as this has left over.
        """
        if not self.is_sqlite:
            yield self.engine
            return
        patience = self._patience() / 1000
        began = time.monotonic()
        if not self._writing.acquire(timeout=patience):
            self._note_wait_in_vain()
            raise DatabaseUnavailableError(busy(self.engine.url))
        try:
            left = max(0.0, patience - (time.monotonic() - began))
            yield self.engine.execution_options(allybot_wait=round(left * 1000))
        finally:
            self._writing.release()

    def _patience(self) -> int:
        """Milliseconds to wait for a lock now."""
        if time.monotonic() - self._waited_in_vain_at < HELD_SECONDS:
            return HELD_MILLISECONDS
        return BUSY_MILLISECONDS if self.is_sqlite else LOCK_MILLISECONDS

    def _note_wait_in_vain(self) -> None:
        if self.is_sqlite or self._patience() != HELD_MILLISECONDS:  # so that a long wait is tried again
            self._waited_in_vain_at = time.monotonic()

    def _begin_postgresql(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if driver.autocommit:  # VACUUM runs in no transaction
            return
        held = time.monotonic() - self._began_in_vain_at < HELD_SECONDS
        seconds = (BEGIN_MILLISECONDS / 2 if held else BEGIN_MILLISECONDS) / 1000
        try:
            begin(connection, self._patience(), seconds)
        except psycopg.Error as error:
            if isinstance(error, TookTooLongError) and not held:
                self._began_in_vain_at = time.monotonic()
            raise OperationalError("BEGIN", None, error) from error
        self._began_in_vain_at = -HELD_SECONDS

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the driver's errors about the database itself into one line each.

        Theirs may contain the URL's user; errors about one statement are passed on.
        """
        try:
            yield
        except (DatabaseError, InterfaceError) as error:
            if isinstance(error, DataError | IntegrityError):
                raise
            said = explain(error, self.engine.url, self._setting)
            if said is None:
                raise
            if said == busy(self.engine.url):
                self._note_wait_in_vain()
            raise DatabaseUnavailableError(said) from error
        except PoolTimeoutError as error:
            raise DatabaseUnavailableError(busy(self.engine.url)) from error

    def files_open_to_others(self) -> list[Path]:
        """Files of this database that other users of the host may read; none on PostgreSQL."""
        return open_to_others(file_of(self.engine.url)) if self.is_sqlite else []

    def room(self) -> Room | None:
        """The size of the file and what its disk has left; None on PostgreSQL or without a file."""
        file = file_of(self.engine.url)
        if not self.is_sqlite or not file.exists():
            return None
        return Room(file.stat().st_size, shutil.disk_usage(file.parent).free)

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        engine = create_engine(
            url,
            pool_size=10,
            max_overflow=20,
            hide_parameters=True,
            # Nothing that PgBouncer refuses, and no prepared statements: in its transaction mode the next
            # transaction may have another server connection, which does not know them.
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "client_encoding": "utf8",
                "prepare_threshold": None,
            },
        )
        event.listen(engine, "do_connect", connect)
        event.listen(engine, "handle_error", leave_a_standby)
    else:
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_size=10,
            max_overflow=20,
            connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False},
        )
        event.listen(engine, "do_connect", OwnerOnly(file_of(url)))
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


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
    options = connection.get_execution_options()
    if options.get("allybot_reading", False):
        connection.exec_driver_sql("BEGIN")
        return
    wait = int(options.get("allybot_wait", BUSY_MILLISECONDS))
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
