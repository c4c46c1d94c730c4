"""Fixtures: databases, a context and a clock."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from allybot.content import Content, load_content
from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.store.engine import migrate
from allybot.store.engine.database import Database
from slack_emulator import Emulator
from tests.shell import office
from tests.support import postgres
from tests.support.statement_cache import share_compiled_statements

SECRET = "a test secret that is long enough"
_numbers = itertools.count(1)
settings.register_profile("allybot", deadline=None)  # no test measures seconds: machines are busy
settings.load_profile("allybot")
share_compiled_statements()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests in one process, so that they do not compete for two cores."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's environment from tests."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "ALLYBOT_")) and not name.startswith("ALLYBOT_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server."""
    with postgres.server_url(postgres.NOT_DURABLE) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Migrated files of a database and a vault, to be copied."""
    folder = tmp_path_factory.mktemp("templates")
    files = {part: folder / f"{part}.db" for part in ("database", "vault")}
    for part, file in files.items():
        database = Database(f"sqlite:///{file}")
        migrate.migrate_part(database, part)
        database.close()
    return files


class _DatabasePool:
    """Migrated, empty databases on the PostgreSQL server; used ones are emptied and reused."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: dict[str, list[str]] = {"database": [], "vault": []}
        self._templates: dict[str, str] = {}
        self._newest = {part: migrate.newest(part) for part in self._free}  # a test may name later ones
        self.made: list[str] = []

    def acquire(self, part: str) -> str:
        """The URL of one: part `database` or `vault`."""
        if self._free[part]:
            return self._free[part].pop()
        if part not in self._templates:
            self._templates[part], url = self._create(part)
            database = Database(url)
            migrate.migrate_part(database, part)
            database.close()
        return self._create(part, self._templates[part])[1]

    def _create(self, part: str, template: str = "") -> tuple[str, str]:
        name = f"allybot_{part}_{os.getpid()}_{next(_numbers)}"
        self.made.append(name)
        return name, postgres.create_database(self._server, name, template)

    def release(self, part: str, url: str) -> None:
        """Empty it, after ending its connections."""
        with postgres.admin_connection(url) as run:
            run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            run(_EMPTY)
            revision = run("SELECT version_num FROM alembic_version").fetchone()
        if revision == (self._newest[part],):  # a test may have played a later schema
            self._free[part].append(url)


_EMPTY = """
DO $$
DECLARE
  filled text[] := '{}';
  one text;
  found boolean;
BEGIN
  FOR one IN
    SELECT format('%I', tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || one || ')' INTO found;
    IF found THEN filled := filled || one; END IF;
  END LOOP;
  IF filled = '{}' THEN RETURN; END IF;
  -- Triggers keep releases from changing.
  IF 'release' = ANY (filled) THEN ALTER TABLE release DISABLE TRIGGER USER; END IF;
  -- TRUNCATE makes new files for every table and index, and takes twenty times as long for these few rows.
  -- One statement, so that foreign keys are checked once all rows are gone.
  EXECUTE 'WITH ' || (
    SELECT string_agg(format('_%s AS (DELETE FROM %s)', place, name), ', ')
    FROM unnest(filled) WITH ORDINALITY AS each (name, place)
  ) || ' SELECT';
  IF 'release' = ANY (filled) THEN ALTER TABLE release ENABLE TRIGGER USER; END IF;
END $$
"""


@pytest.fixture(scope="session")
def postgres_pool(postgres_url: str) -> Iterator[_DatabasePool]:
    """Databases for this run; they are dropped at its end."""
    pool = _DatabasePool(postgres_url)
    yield pool
    _drop(postgres_url, pool.made)


def _drop(server: str, names: list[str]) -> None:
    with postgres.admin_connection(server) as run:
        for name in names:
            run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Callable[[str], str]]:
    """Makes empty databases on the PostgreSQL server; they are dropped afterwards."""
    made: list[str] = []

    def make(purpose: str) -> str:
        made.append(f"allybot_{purpose}_{os.getpid()}_{next(_numbers)}")
        return postgres.create_database(postgres_url, made[-1])

    yield make
    _drop(postgres_url, made)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without rows, once on SQLite and once on PostgreSQL."""
    yield from _fresh(request, tmp_path, str(request.param), "database")


@pytest.fixture
def vault_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty vault, of the same kind as the database."""
    yield from _fresh(request, tmp_path, database_url.partition(":")[0], "vault")


@pytest.fixture
def further_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str, str], str]]:
    """Makes further migrated databases without rows: `sqlite` or `postgresql`, and `database` or `vault`."""
    with ExitStack() as made:

        def make(backend: str, part: str) -> str:
            folder = tmp_path / f"further-{next(_numbers)}"
            folder.mkdir()
            return made.enter_context(contextmanager(_fresh)(request, folder, backend, part))

        yield make


def _fresh(request: pytest.FixtureRequest, folder: Path, backend: str, part: str) -> Iterator[str]:
    if backend == "sqlite":
        file = folder / {"database": "allybot.db", "vault": "vault.db"}[part]
        shutil.copyfile(request.getfixturevalue("sqlite_templates")[part], file)
        yield f"sqlite:///{file}"
        return
    pool: _DatabasePool = request.getfixturevalue("postgres_pool")
    url = pool.acquire(part)
    yield url
    pool.release(part, url)


@pytest.fixture(scope="session")
def content() -> Content:
    """The shipped content; it is frozen, so one copy serves every test."""
    return load_content(None)


@pytest.fixture
def context(database_url: str, vault_url: str, content: Content) -> Iterator[Context]:
    """A context on empty, migrated databases with the shipped content."""
    database, vault = (Database(url, durable=False) for url in (database_url, vault_url))
    yield Context(database, vault, Keyring(SECRET), content, seed="tests")
    database.close()
    vault.close()


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in winter, UTC."""
    return datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def slack() -> Iterator[Emulator]:
    """The emulator with the workspace of `tests.shell`, for an operator at the command line."""
    emulator = office()
    emulator.start()
    yield emulator
    emulator.stop()
