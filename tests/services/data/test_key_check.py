"""What `allybot doctor` says about keys and the vault, on SQLite and PostgreSQL."""

import dataclasses
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from allybot.content import default_directory
from allybot.crypto import Keyring
from allybot.doctor import examine
from allybot.services.context import Context
from allybot.services.data import key_check
from allybot.services.outcomes import summaries, windows
from allybot.services.programs import programs
from allybot.settings import Settings
from allybot.store.engine.database import Database
from allybot.store.outcomes import ballots
from allybot.store.programs.workspaces import save_workspace
from allybot.store.vault import vault
from tests.conftest import SECRET
from tests.support import builders

CLOSED = timedelta(days=60)


@pytest.fixture
def workspace(context: Context) -> Context:
    with context.database.transaction() as tx:
        builders.workspace(tx)
    return context


def create(context: Context, now: datetime, holder: str) -> str:
    return programs.create(
        context, "T1", "Allies", "Kim", [("a", date(2026, 1, 2))], key_holder=holder, now=now
    ).id


def test_nothing_is_said_while_all_is_well(workspace: Context, now: datetime) -> None:
    create(workspace, now, "vault")
    assert key_check.unready_windows(workspace) == []


def test_a_custodians_window_without_its_key_is_named_until_it_is_handed_in(
    workspace: Context, now: datetime
) -> None:
    create(workspace, now, "custodian")
    assert [(each.window, each.waits) for each in key_check.unready_windows(workspace)] == [
        ("1-6", False),
        ("7-13", False),
    ]
    _, public = windows.keygen()
    windows.hand_in_public_key(workspace, "Allies", "1-6", public, None)
    assert [each.window for each in key_check.unready_windows(workspace)] == ["7-13"]


def test_a_closed_window_whose_key_cannot_be_read_is_named(workspace: Context, now: datetime) -> None:
    program_id = create(workspace, now, "vault")
    with workspace.database.transaction() as tx:
        first = ballots.windows_of(tx, program_id)[0]
        ballots.set_window(tx, first.id, state="closed")
    assert key_check.unready_windows(workspace) == []
    elsewhere = dataclasses.replace(workspace, keyring=Keyring("another secret of the house"))
    assert [each.waits for each in key_check.unready_windows(elsewhere)] == [True]
    with workspace.vault.transaction() as vault_tx:
        vault.destroy_window_key(vault_tx, first.id)
    assert [each.window for each in key_check.unready_windows(workspace)] == ["1-6"]


def test_a_published_or_void_window_is_no_trouble(workspace: Context, now: datetime) -> None:
    create(workspace, now, "vault")
    assert summaries.close_due(workspace, now + CLOSED) == 1
    assert key_check.unready_windows(workspace) == []


def test_two_databases_of_one_cluster_are_not_apart(context: Context) -> None:
    assert key_check.vault_is_apart(context) is context.database.is_sqlite


def test_one_file_is_not_apart_whatever_it_is_called(tmp_path: Path, context: Context) -> None:
    (tmp_path / "x").mkdir()
    one, same = Database(f"sqlite:///{tmp_path}/a.db"), Database(f"sqlite:///{tmp_path}/x/../a.db")
    assert not key_check.vault_is_apart(dataclasses.replace(context, database=one, vault=same))
    for database in (one, same):
        database.close()


def test_the_doctor_says_all_of_it_in_words(
    workspace: Context, database_url: str, vault_url: str, now: datetime
) -> None:
    create(workspace, now, "custodian")
    workspace_key = workspace.keyring.wrap(b"token")
    with workspace.database.transaction() as tx:
        save_workspace(tx, "T1", token_wrapped=workspace_key)
    settings = Settings(
        SLACK_SIGNING_SECRET=SecretStr("x" * 20),
        SLACK_API_URL="http://127.0.0.1:9/api/",
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(f"a new test secret of ours,{SECRET}"),
    )
    found = {finding.what: finding for finding in examine(settings)}
    assert not found["window 1-6 of Allies"].good
    assert "window keygen" in found["window 1-6 of Allies"].say
    assert not found["secret key"].good
    assert "rotate-keys" in found["secret key"].say
    assert found["vault"].good is workspace.database.is_sqlite


def test_a_program_library_for_a_program_that_does_not_exist_is_named(
    workspace: Context, database_url: str, vault_url: str, tmp_path: Path, now: datetime
) -> None:
    create(workspace, now, "vault")
    for file in default_directory().glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "programs").mkdir()
    for name in ("Allies", "Alies"):
        text = f'program = "{name}"\nkinds_off = ["practice"]\n'
        (tmp_path / "programs" / f"{name}.toml").write_text(text, encoding="utf-8")
    settings = Settings(
        SLACK_SIGNING_SECRET=SecretStr("x" * 20),
        SLACK_API_URL="http://127.0.0.1:9/api/",
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(SECRET),
        ALLYBOT_CONFIG=tmp_path,
    )
    (finding,) = [each for each in examine(settings) if each.what == "plan library"]
    assert not finding.good
    assert "“Alies”" in finding.say
