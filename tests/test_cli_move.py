"""`allybot database move` at the shell: from SQLite to PostgreSQL and on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from slack_emulator import Emulator
from tests.shell import Operator

CREATE = 'allybot program create "Spring" --support-contact "Noor, HR" --cohort "A=today"'


@pytest.fixture
def operator(
    slack: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    made = Operator(tmp_path, monkeypatch, capsys).installed_at(slack)
    assert made.types(CREATE).code == 0
    return made


def test_from_sqlite_to_postgresql(
    operator: Operator, postgres_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, new_vault = postgres_database("moved"), postgres_database("movedvault")
    move = f"allybot database move --to '{new}' --vault-to '{new_vault}'"
    worker = operator.begin("allybot worker")
    worker.until(lambda: "connected to Office" in worker.log)
    worker.until(lambda: "acts" in operator.types("allybot doctor").out)
    refused = operator.types(move)
    assert refused.code == 1
    assert "1 worker is alive" in refused.err
    assert "Spring" in operator.types("allybot program list").out
    assert worker.terminate() == 0

    done = operator.types(move)
    assert done.code == 0, done.err
    assert "every table was compared" in done.out
    assert "delete the old databases, within 7 days" in done.out

    late = operator.types("allybot worker")
    assert late.code == 1
    assert "was moved to the PostgreSQL database" in late.err
    assert "DATABASE_URL" in late.err
    assert "was moved to" in operator.types("allybot doctor").out
    monkeypatch.setenv("DATABASE_URL", new)
    monkeypatch.setenv("ALLYBOT_VAULT_URL", new_vault)
    assert "Spring" in operator.types("allybot program list").out
    assert "everything is wrapped with the first key" in operator.types("allybot doctor").out


def test_what_is_missing_is_said_in_one_line(operator: Operator) -> None:
    assert "Name both" in operator.types("allybot database move --to sqlite:///new.db").err
    assert "No move had begun" in operator.types("allybot database move --give-up").out
    assert "must begin with sqlite" in operator.types("allybot database move --to mysql://x --vault-to y").err
