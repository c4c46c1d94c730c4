"""`allybot database move`, `daily-backup` and `restore-drill` at the shell."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from allybot.store.delivery import heartbeats
from allybot.store.delivery.heartbeats import Heartbeat
from allybot.store.engine.database import Database
from allybot.store.engine.shared_clock import database_time
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


def a_worker_was_here_a_moment_ago(url: str) -> None:
    """One that was killed leaves its heartbeat behind."""
    database = Database(url)
    with database.transaction() as tx:
        now = database_time(tx)
        heartbeats.save(tx, Heartbeat("killed", now, now, timedelta(), timedelta(), None))
    database.close()


def test_from_sqlite_to_postgresql(
    operator: Operator, postgres_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, new_vault = postgres_database("moved"), postgres_database("movedvault")
    move = f"allybot database move --to '{new}' --vault-to '{new_vault}'"
    a_worker_was_here_a_moment_ago(operator.env["DATABASE_URL"])
    refused = operator.types(move)
    assert refused.code == 1
    assert "1 worker is alive" in refused.err
    assert "Spring" in operator.types("allybot program list").out

    done = operator.types(f"{move} --stopped")
    assert done.code == 0, done.err
    assert "every table was compared" in done.out
    assert "delete the old databases, within 7 days" in done.out

    late = operator.types("allybot worker")
    assert late.code == 1
    assert "was moved to the PostgreSQL database" in late.err
    assert "DATABASE_URL" in late.err
    monkeypatch.setenv("DATABASE_URL", new)
    monkeypatch.setenv("ALLYBOT_VAULT_URL", new_vault)
    assert "Spring" in operator.types("allybot program list").out
    assert "everything is wrapped with the first key" in operator.types("allybot doctor").out
    monkeypatch.setenv("DATABASE_URL", operator.env["DATABASE_URL"])
    assert "was moved to" in operator.types("allybot doctor").out


def test_what_is_missing_is_said_in_one_line(operator: Operator) -> None:
    assert "Name both" in operator.types("allybot database move --to sqlite:///new.db").err
    assert "No move had begun" in operator.types("allybot database move --give-up").out
    assert "must begin with sqlite" in operator.types("allybot database move --to mysql://x --vault-to y").err


def test_a_backup_a_day_and_its_drill(operator: Operator, tmp_path: Path) -> None:
    made = operator.types("allybot daily-backup backups --keys elsewhere")
    assert made.code == 0, made.err
    assert "Deleted as too old: 0 backups and 0 files of keys." in made.out
    tried = operator.types("allybot restore-drill backups --keys elsewhere")
    assert tried.code == 0, tried.err
    assert "This backup can be relied on" in tried.out
    (file,) = (tmp_path / "backups").rglob("*.jsonl")
    file.write_text(file.read_text().replace("Spring", "Autumn"))
    broken = operator.types("allybot restore-drill backups --keys elsewhere")
    assert broken.code == 1
    assert "This backup is damaged" in broken.err
    assert "at most 30" in operator.types("allybot daily-backup --help").out
