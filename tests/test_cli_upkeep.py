"""`allybot backup`, `restore`, `rotate-keys` and `person`, as an operator types them."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allybot.cli import app
from allybot.errors import AllybotError
from allybot.services import my_data
from allybot.services.house import House
from tests.conftest import SECRET
from tests.services.people_at_hand import AL, CUE, Al, full_life

Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def al(house: House, now: datetime) -> Al:
    return full_life(house, now)


@pytest.fixture
def typed(database_url: str, vault_url: str, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command; its exit code, and all it says."""

    def run(*words: str, **environment: str) -> tuple[int, str]:
        settings = {
            "DATABASE_URL": database_url,
            "ALLYBOT_VAULT_URL": vault_url,
            "ALLYBOT_SECRET_KEY": SECRET,
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
        } | environment
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(app, list(words))
        if isinstance(done.exception, AllybotError):  # `main` says it in one line
            return 1, str(done.exception)
        return done.exit_code, done.output

    return run


def test_a_backup_is_made_and_restored_into_an_empty_database(al: Al, typed: Typed, tmp_path: Path) -> None:
    code, said = typed("backup", str(tmp_path / "b"), "--keys", str(tmp_path / "keys.jsonl"))
    assert (code, (tmp_path / "keys.jsonl").exists()) == (0, True), said
    code, said = typed("restore", str(tmp_path / "b"))
    assert code == 1
    assert "empty database" in said
    code, said = typed(
        "restore", str(tmp_path / "b"), "--keys", str(tmp_path / "keys.jsonl"),
        DATABASE_URL=f"sqlite:///{tmp_path}/new.db", ALLYBOT_VAULT_URL=f"sqlite:///{tmp_path}/new-vault.db",
    )  # fmt: skip
    assert code == 0, said
    assert "rows are back" in said
    assert "Window 1-6 has no key in the vault" in said
    assert al.trainee.id in (tmp_path / "b" / "allybot-database.jsonl").read_text()


def test_keys_are_rotated_with_counts_and_a_missing_key_is_a_failure(al: Al, typed: Typed) -> None:
    code, said = typed("rotate-keys", ALLYBOT_SECRET_KEY=f"a new test secret of ours,{SECRET}")
    assert code == 0
    assert "personal keys: 2 wrapped anew, 0 were already." in said
    code, said = typed("rotate-keys")
    assert code == 1
    assert "can be opened by none of the keys" in said
    assert al.trainee.id not in said


def test_a_person_is_exported_as_json(al: Al, typed: Typed) -> None:
    code, said = typed("person", "export", AL.slack_user)
    assert code == 0
    assert json.loads(said)["trainee"]["plans"][0]["cue"] == CUE
    assert al.trainee.id in said


def test_a_person_is_erased_only_with_yes(al: Al, typed: Typed) -> None:
    code, said = typed("person", "erase", AL.slack_user)
    assert (code, "dry run" in said) == (0, True)
    assert not my_data.held(al.house, AL).is_nothing
    code, said = typed("person", "erase", AL.slack_user, "--yes")
    assert (code, "is erased" in said) == (0, True)
    assert my_data.held(al.house, AL).is_nothing
    code, said = typed("person", "erase", AL.slack_user, "--yes")
    assert (code, "nothing to erase" in said) == (0, True)
