"""Empty, migrated databases for the attacks, on SQLite or one PostgreSQL server."""

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from allybot.content import load_content
from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate_part
from tests.support import postgres

BACKENDS = ("sqlite", "postgresql")
SECRET = "the operator's secret key, which the attacker may have"
PARTS = ("database", "vault")
_ROOM = 4 << 30
_SETTINGS = {
    "fsync": "off",
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
        self.folder = Path(tempfile.mkdtemp(prefix="allybot-attacks-", dir=_in_memory()))
        self._numbers = itertools.count(1)
        self._stack = ExitStack()
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.server = ""
        if backend == "postgresql":
            self.server = self._stack.enter_context(postgres.server_url(_SETTINGS))
        self._templates = {part: self._migrated(part) for part in PARTS}

    def urls(self) -> tuple[str, str]:
        """The URLs of an empty database and an empty vault, migrated."""
        number = next(self._numbers)
        made = []
        for part in PARTS:
            name = f"attacked_{part}_{os.getpid()}_{number}"
            if self.server:
                made.append(postgres.create_database(self.server, name, self._templates[part]))
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
        self._stack.close()

    def _migrated(self, part: str) -> str:
        name = f"attacks_template_{part}_{os.getpid()}"
        if self.server:
            url = postgres.create_database(self.server, name)
        else:
            name = str(self.folder / f"{name}.db")
            url = f"sqlite:///{name}"
        database = Database(url)
        migrate_part(database, part)
        database.close()
        return name


def _in_memory() -> str | None:
    """A folder in memory where there is room, since SQLite waits for the disk at every commit; else None."""
    shared = "/dev/shm"  # noqa: S108 - the folder below it is made by mkdtemp
    return shared if Path(shared).is_dir() and shutil.disk_usage(shared).free > _ROOM else None


def progress(backend: str, words: str) -> None:
    """Write a line of progress to stderr."""
    sys.stderr.write(f"{backend:10}  {words}\n")
    sys.stderr.flush()
