"""Other users of the host cannot read SQLite's files."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from allybot.errors import DatabaseUnavailableError
from allybot.services.context import Context
from allybot.services.data import key_check
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A shell whose files everybody may read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


ONLY_THE_OWNER = {name: 0o600 for base in ("a.db", "v.db") for name in (base, f"{base}-wal", f"{base}-shm")}


@pytest.mark.usefixtures("open_umask")
def test_database_and_vault_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    database, vault = Database(f"sqlite:///{tmp_path}/a.db"), Database(f"sqlite:///{tmp_path}/v.db")
    migrate(database, vault)
    assert rights(tmp_path) == ONLY_THE_OWNER
    for each in (database, vault):
        each.close()


@pytest.mark.usefixtures("open_umask")
def test_files_of_an_earlier_version_are_closed_to_others_when_they_are_opened(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    first = Database(f"sqlite:///{tmp_path}/a.db"), Database(f"sqlite:///{tmp_path}/v.db")
    migrate(*first)
    for path in tmp_path.iterdir():
        path.chmod(0o644)
    second = Database(f"sqlite:///{tmp_path}/a.db"), Database(f"sqlite:///{tmp_path}/v.db")
    for each in second:
        with each.reading() as tx:
            tx.execute(text("SELECT 1"))
    assert rights(tmp_path) == ONLY_THE_OWNER
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755, "the directory is the operator's"
    for each in (*first, *second):
        each.close()


def test_a_database_that_is_never_used_leaves_no_file(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/a.db").close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_said_as_before(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/a.db")
    with pytest.raises(DatabaseUnavailableError), database.reading():
        pass


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_files_that_stay_open_to_others_are_named(context: Context) -> None:
    with context.database.reading() as tx, context.vault.reading() as vault_tx:
        tx.execute(text("SELECT 1"))
        vault_tx.execute(text("SELECT 1"))
    assert key_check.files_open_to_others(context) == []
    file = Path(str(context.vault.engine.url.database))
    file.chmod(0o640)
    assert key_check.files_open_to_others(context) == [str(file)]


def test_a_server_has_no_files_to_look_at(context: Context) -> None:
    if not context.database.is_sqlite:
        assert key_check.files_open_to_others(context) == []
