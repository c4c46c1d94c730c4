"""`allybot backup`, `restore`, `rotate-keys` and `person`, as an operator types them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from allybot.cli import app
from allybot.domain.my_data import Held
from allybot.errors import AllybotError
from allybot.services.context import Context
from allybot.services.data import my_data
from allybot.services.programs import creators, workspaces
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.programs import programs
from allybot.store.tables import trainee
from allybot.store.vault.vault import person_key, suppression_key
from tests.conftest import SECRET
from tests.support.full_trainee import AL, CUE, LEAD, Al, full_trainee

Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


@pytest.fixture
def typed(database_url: str, vault_url: str, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command; its exit code, and all it says but which databases it works with."""

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
        lines = done.output.splitlines(keepends=True)
        return done.exit_code, "".join(line for line in lines if not line.startswith(_DATABASES))

    return run


_DATABASES = ("On the ", "Into the ")
"""How the lines begin that say which databases a command works with."""


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


def test_what_a_lead_did_is_exported_and_said_to_stay(al: Al, typed: Typed) -> None:
    creators.allow(al.context, LEAD)
    _, said = typed("person", "export", LEAD.slack_user)
    held = json.loads(said)
    assert held["may_create"]
    assert held["in_programs"] == [{"program": "Allies", "changes": 1, "suggestions": 0}]
    _, said = typed("person", "erase", LEAD.slack_user, "--yes")
    assert "`allybot program allow ULEAD --remove` ends that" in said
    assert "What they changed in programs stays noted" in said


def test_a_person_is_erased_only_with_yes(al: Al, typed: Typed) -> None:
    code, said = typed("person", "erase", AL.slack_user)
    assert (code, "dry run" in said) == (0, True)
    assert not my_data.held(al.context, AL).is_nothing
    code, said = typed("person", "erase", AL.slack_user, "--yes")
    assert (code, "is erased" in said) == (0, True)
    assert "No list brings them a message again" in said
    held = my_data.held(al.context, AL)
    assert held == Held("T1", "UAL", leads=(), trainee=None, messages=(), suppressed=True)
    code, said = typed("person", "erase", AL.slack_user, "--yes")
    assert (code, "nothing to erase" in said) == (0, True)


WRONG = {"ALLYBOT_SECRET_KEY": "another secret than the one it was"}
TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-test",
    "SLACK_APP_TOKEN": "xapp-test",
    "SLACK_SIGNING_SECRET": "the signing secret",
}


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_a_wrong_secret_key_stops_the_start_with_one_line_and_wraps_nothing(
    al: Al, typed: Typed, command: str
) -> None:
    code, said = typed(command, **WRONG, **TOKENS)
    assert code == 1
    assert "ALLYBOT_SECRET_KEY is not the key" in said
    assert len(said.splitlines()) == 1
    assert workspaces.token_of(al.context, "T1") == "xoxb-1", "its wrap is as it was"


def test_somebody_is_erased_although_the_secret_key_is_lost(al: Al, typed: Typed) -> None:
    code, said = typed("person", "erase", AL.slack_user, "--yes", **WRONG)
    assert (code, "is erased" in said) == (0, True), said
    assert "Keep them off later lists yourself" in said
    assert my_data.held(al.context, AL).is_nothing
    with al.context.vault.reading() as vault_tx:
        assert vault_tx.execute(select(suppression_key)).first() is None, "none that only a wrong key opens"


def test_the_doctor_says_what_to_do_about_a_wrong_key_and_a_missing_one(al: Al, typed: Typed) -> None:
    code, said = typed("doctor", **WRONG)
    assert code == 1
    assert "8 of 8 stored keys and tokens can be opened by none" in said
    assert "It is the wrong key" in said
    assert "rotate-keys" not in said
    with al.context.vault.transaction() as vault_tx:
        mine = person_key.c.trainee_id == al.trainee.id
        vault_tx.execute(update(person_key).where(mine).values(key_wrapped=b""))
    code, said = typed("doctor")
    assert "1 of 8 stored keys and tokens can be opened by none" in said
    assert "Add the key they were wrapped with" in said


def test_a_restore_warns_of_a_key_that_does_not_open_what_is_back(
    al: Al, typed: Typed, tmp_path: Path
) -> None:
    assert al.trainee.id
    assert typed("backup", str(tmp_path / "b"))[0] == 0
    new = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/new.db",
        "ALLYBOT_VAULT_URL": f"sqlite:///{tmp_path}/new-vault.db",
    }
    code, said = typed("restore", str(tmp_path / "b"), **WRONG, **new)
    assert code == 0
    assert "Warning: 5 of 5 keys and tokens cannot be opened with ALLYBOT_SECRET_KEY" in said


def test_what_is_put_aside_is_listed_with_what_to_do_and_tried_again(
    al: Al, typed: Typed, now: datetime
) -> None:
    with al.context.database.transaction() as tx:
        tx.execute(update(trainee).where(trainee.c.id == al.trainee.id).values(zone="Mars/Olympus"))
        trainees.change_trainee(tx, al.trainee.id, goodbye_at=now)
    assert consent.queue_goodbyes(al.context, now) == 0
    code, said = typed("doctor")
    assert code == 1
    assert "goodbyes: Parked, and tried again every hour: 1." in said
    assert "time zone that this computer does not know" in said
    code, said = typed("outbox", "list", COLUMNS="250")
    assert (code, f"goodbyes:{al.trainee.id}" in said, "tzdata" in said) == (0, True, True), said
    with al.context.database.transaction() as tx:
        trainees.change_trainee(tx, al.trainee.id, zone="Europe/Berlin")
    assert typed("outbox", "retry", f"goodbyes:{al.trainee.id}") == (0, "It is due again.\n")
    assert consent.queue_goodbyes(al.context, datetime.now(UTC)) == 1
    code, said = typed("outbox", "retry", f"goodbyes:{al.trainee.id}")
    assert (code, "outbox list" in said) == (1, True)
    assert typed("outbox", "retry", "--all") == (0, "Due again: 0.\n")
    assert typed("outbox", "list") == (0, "Nothing is parked.\n")


def test_the_doctor_goes_on_looking_where_a_program_cannot_be_read(al: Al, typed: Typed) -> None:
    with al.context.database.transaction() as tx:
        programs.change_program(tx, al.program.id, zone="Mars/Olympus")
    code, said = typed("doctor")
    assert code == 1
    assert "windows: A row names a time zone that this host does not know." in said
    assert "secret key: everything is wrapped" in said


@pytest.mark.usefixtures("al")
def test_a_backup_that_cannot_be_written_says_where(typed: Typed, tmp_path: Path) -> None:
    code, said = typed("backup", str(tmp_path / "b"), "--keys", "/proc/nowhere/keys")
    assert (code, said) == (1, "/proc/nowhere cannot be written: No such file or directory.")
