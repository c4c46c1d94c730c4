"""Which database a command speaks of, and that none is made where one was expected."""

import json
from pathlib import Path

import pytest

from slack_emulator import Emulator
from tests.shell import Operator

RELATIVE = {"DATABASE_URL": "sqlite:///allybot.db", "ALLYBOT_VAULT_URL": "sqlite:///vault.db"}
NEED_DATA = (
    "allybot backup copies",
    "allybot program list",
    'allybot program create "Spring" --support-contact "Noor, HR" --cohort A=today',
    'allybot program show "Spring"',
    "allybot outbox list",
    "allybot transfers",
    "allybot person export U0P00",
    "allybot person erase U0P00",
    "allybot rotate-keys",
    "allybot worker",
)
CREATE = 'allybot program create "Spring" --support-contact "Noor, HR" --cohort "A=today"'


@pytest.fixture
def operator(
    slack: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    """In an empty folder, with SQLite files that are named without one."""
    # Nobody makes tables beside them: they need not be waited for as long as by a process of a Procfile.
    monkeypatch.setattr("allybot.cli.session._TABLES_WAIT_S", 0.3)
    return Operator(tmp_path, monkeypatch, capsys).at(slack, **RELATIVE)


@pytest.mark.parametrize("line", NEED_DATA)
def test_a_command_that_needs_data_makes_no_database_in_another_folder(
    operator: Operator, tmp_path: Path, line: str
) -> None:
    done = operator.types(line)
    assert done.code == 1
    said = done.err.splitlines()[-1]
    assert said.startswith(f"allybot: SQLite file {tmp_path / 'allybot.db'} is new and empty.")
    assert "DATABASE_URL" in said
    assert "allybot migrate" in said
    assert list(tmp_path.glob("*.db")) == []


def test_doctor_says_so_and_makes_none(operator: Operator, tmp_path: Path) -> None:
    done = operator.types("allybot doctor --json")
    found = {each["what"]: each for each in json.loads(done.out)["findings"]}
    assert done.code == 1
    assert not found["database"]["good"]
    assert found["database"]["say"].startswith(f"SQLite file {tmp_path / 'allybot.db'} is new and empty.")
    assert list(tmp_path.glob("*.db")) == []


def test_migrate_makes_them_and_says_where_and_whether_they_are_new(
    operator: Operator, tmp_path: Path
) -> None:
    done = operator.types("allybot migrate")
    assert done.code == 0
    for file in ("allybot.db", "vault.db"):
        assert f"SQLite file {tmp_path / file}: made anew." in done.out
    again = operator.types("allybot migrate")
    assert f"SQLite file {tmp_path / 'vault.db'}: was there already." in again.out


def test_each_command_names_the_databases_it_works_with(operator: Operator, tmp_path: Path) -> None:
    operator.types("allybot migrate")
    done = operator.types(CREATE)
    assert done.code == 0
    for line in ("allybot program list", "allybot outbox list", "allybot backup copies"):
        done = operator.types(line)
        assert done.code == 0, done.err
        assert f"On the SQLite file {tmp_path / 'allybot.db'}; vault: SQLite file " in done.err
    wrong = operator.types('allybot program show "Autumn"')
    assert wrong.code == 1
    assert wrong.err.endswith(f"(On the SQLite file {tmp_path / 'allybot.db'}.)\n"), wrong.err
    assert wrong.err.count("\n") == 1


def test_a_backup_of_a_database_without_a_program_is_refused(operator: Operator, tmp_path: Path) -> None:
    operator.types("allybot migrate")
    done = operator.types("allybot backup copies")
    assert done.code == 1
    assert f"SQLite file {tmp_path / 'allybot.db'} holds no program" in done.err
    assert not (tmp_path / "copies").exists()


@pytest.mark.parametrize(
    ("missing", "setting"), [("vault.db", "ALLYBOT_VAULT_URL"), ("allybot.db", "DATABASE_URL")]
)
def test_one_that_is_new_beside_one_that_is_not_is_refused_by_name(
    operator: Operator, tmp_path: Path, missing: str, setting: str
) -> None:
    operator.types("allybot migrate")
    operator.types(CREATE)
    for file in tmp_path.glob(f"{missing}*"):
        file.unlink()
    for line in ("allybot program list", "allybot run"):
        done = operator.types(line)
        assert done.code == 1
        assert f"SQLite file {tmp_path / missing}" in done.err
        assert setting in done.err
        assert not (tmp_path / missing).exists()
    assert "only one of the two is new" in operator.types("allybot migrate").err


def test_a_first_run_makes_them(operator: Operator, slack: Emulator, tmp_path: Path) -> None:
    running = operator.begin("allybot run")
    try:
        running.until(lambda: slack.slack.delivery.sockets.count == 2)
        running.until(lambda: "uses these databases" in running.log)
    finally:
        running.kill()
    assert (tmp_path / "allybot.db").exists()
    assert str(tmp_path / "allybot.db") in running.log
