"""Backups hold no window key and personal keys apart; erased trainees are not restored."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from allybot.crypto import Keyring
from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import DecryptionError, UserError
from allybot.services.context import Context
from allybot.services.data import backups, erasure, forget_me, my_data
from allybot.services.data.backups import DATABASE_FILE, KEYS_FILE
from allybot.services.plans import plans
from allybot.services.programs import enrolment
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.enrolment_report import Report
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.engine import migrate
from allybot.store.engine.database import Database
from allybot.store.tables import metadata, outbox, restored
from allybot.store.vault.vault import person_key, window_key
from tests.conftest import SECRET
from tests.support.full_trainee import AL, BO, CUE, Al, full_trainee, traces_of

REAL = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
OpenHouse = Callable[..., Context]


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


@pytest.fixture
def new_house(al: Al, further_database: Callable[[str, str], str]) -> Iterator[OpenHouse]:
    """Makes houses with migrated, empty databases of the same kind; a vault may be brought along."""
    made: list[Database] = []

    def url(part: str) -> str:
        return further_database("sqlite" if al.context.database.is_sqlite else "postgresql", part)

    def make(vault: Database | None = None) -> Context:
        database = Database(url("database"))
        made.append(database)
        if vault is None:
            vault = Database(url("vault"))
            made.append(vault)
        return Context(database, vault, Keyring(SECRET), al.context.content)

    yield make
    for database in made:
        database.close()


def everything(context: Context) -> list[str]:
    """Every row but the one that says that it was restored."""
    with context.database.reading() as tx:
        return sorted(
            str((table.name, *row))
            for table in metadata.sorted_tables
            if table is not restored
            for row in tx.execute(select(table))
        )


def settle(al: Al) -> None:
    """Everything queued has been sent, so that a restore has nothing to doubt."""
    with al.context.database.transaction() as tx:
        tx.execute(update(outbox).values(state="sent", sent_channel="D1", sent_ts="1.0"))


def test_a_restored_house_is_the_same_house(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    settle(al)
    backups.backup(al.context, tmp_path / "b", None, REAL)
    again = new_house()
    done = backups.restore(again, tmp_path / "b", None, now)
    assert everything(again) == everything(al.context)
    assert done.without_key == 0
    assert done.doubtful == 0
    (plan,) = plans.book(again, AL).active
    assert plan.intention.cue == CUE


def test_no_window_key_and_no_plain_word_is_in_a_backup(al: Al, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    made = backups.backup(al.context, tmp_path / "b", tmp_path / "elsewhere" / "keys", REAL)
    written = made.database.read_text(), made.keys.read_text()
    assert list((tmp_path / "b").iterdir()) == [made.database]
    for text in written:
        assert CUE not in text
        assert "xoxb" not in text
        assert '"window_key"' not in text
    assert '"person_key"' not in written[0]
    assert {json.loads(line).get("table") for line in written[1].splitlines()} <= {
        None,
        "person_key",
        "erased",
        "suppressed",
        "suppression_key",
    }


def test_only_the_owner_may_read_the_files(al: Al, tmp_path: Path) -> None:
    made = backups.backup(al.context, tmp_path / "b", None, REAL)
    for path in (made.database, made.keys):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_earlier_backup_is_never_overwritten(al: Al, tmp_path: Path) -> None:
    backups.backup(al.context, tmp_path / "b", None, REAL)
    with pytest.raises(UserError, match="new directory"):
        backups.backup(al.context, tmp_path / "b", None, REAL)


def test_a_database_with_rows_is_refused(al: Al, tmp_path: Path, now: datetime) -> None:
    backups.backup(al.context, tmp_path / "b", None, REAL)
    before = everything(al.context)
    with pytest.raises(UserError, match="empty database"):
        backups.restore(al.context, tmp_path / "b", None, now)
    assert everything(al.context) == before


@pytest.mark.parametrize("harm", ["cut", "foreign", "newer", "missing"])
def test_a_bad_backup_leaves_nothing_behind(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime, harm: str
) -> None:
    made = backups.backup(al.context, tmp_path / "b", None, REAL)
    lines = made.database.read_text().splitlines(keepends=True)
    if harm == "missing":
        made.database.unlink()
    elif harm == "cut":
        made.database.write_text("".join(lines[:-1]))
    elif harm == "foreign":
        made.database.write_text("hello\n")
    else:
        made.database.write_text("".join([lines[0].replace('"schema": "', '"schema": "9'), *lines[1:]]))
    again = new_house()
    with pytest.raises(UserError):
        backups.restore(again, tmp_path / "b", None, now)
    good = tmp_path / "good"
    backups.backup(al.context, good, None, REAL)
    assert backups.restore(again, good, None, now).rows > 0


def test_whoever_was_forgotten_since_does_not_come_back_while_the_vault_lives(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    backups.backup(al.context, tmp_path / "b", None, REAL)
    forget_me.forget(al.context, AL)
    again = new_house(al.context.vault)
    done = backups.restore(again, tmp_path / "b", None, now)
    assert done.keys is None
    assert done.erased_again == 1
    assert traces_of(again, AL.slack_user, al.trainee.id, "DAL") == []
    assert not my_data.held(again, BO).is_nothing


def test_with_a_later_copy_of_the_keys_an_erased_trainee_is_not_restored(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    backups.backup(al.context, tmp_path / "old", None, REAL)
    forget_me.forget(al.context, AL)
    backups.backup(al.context, tmp_path / "new", None, REAL)
    again = new_house()
    done = backups.restore(again, tmp_path / "old", tmp_path / "new" / KEYS_FILE, now)
    assert done.erased_again == 1
    assert traces_of(again, AL.slack_user, al.trainee.id, "DAL") == []


def enrol_again(context: Context, al: Al, now: datetime) -> Report:
    return enrolment.enrol(context, al.program.id, [Enrolee("UAL", "Al", "UTC", "en-GB")], now)


def test_a_restored_backup_does_not_let_a_list_write_to_who_was_forgotten_since(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    backups.backup(al.context, tmp_path / "b", None, REAL)
    forget_me.forget(al.context, AL)
    again = new_house(al.context.vault)
    backups.restore(again, tmp_path / "b", None, now)
    report = enrol_again(again, al, now)
    assert [len(report.added), len(report.already)] == [0, 1]
    assert traces_of(again, AL.slack_user) == []


def test_the_suppression_list_comes_back_with_the_keys(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    forget_me.forget(al.context, AL)
    backups.backup(al.context, tmp_path / "b", None, REAL)
    again = new_house()
    backups.restore(again, tmp_path / "b", None, now)
    report = enrol_again(again, al, now)
    assert [len(report.added), len(report.already)] == [0, 1]
    assert traces_of(again, AL.slack_user) == []


def test_who_declined_since_the_backup_has_declined_after_the_restore(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    new = Actor("T1", "UNEW")
    enrolment.enrol(al.context, al.program.id, [Enrolee("UNEW", "New", "UTC", "en-GB")], now)
    backups.backup(al.context, tmp_path / "b", None, REAL)
    consent.decline(al.context, new, now)
    again = new_house(al.context.vault)
    backups.restore(again, tmp_path / "b", None, now)
    with again.database.reading() as tx:
        restored = trainees.trainee_of(tx, new)
    assert restored is not None
    assert restored.state is TraineeState.DECLINED


def test_an_erased_trainee_in_a_copied_database_file_is_dropped_at_the_next_start(
    al: Al, new_house: OpenHouse, tmp_path: Path
) -> None:
    """As a restore by other tools does it: the rows are back, the vault was never away."""
    settle(al)
    backups.backup(al.context, tmp_path / "b", None, REAL)
    again = new_house()
    backups.restore(again, tmp_path / "b", None, REAL)
    forget_me.forget(al.context, AL)
    restored = Context(again.database, al.context.vault, al.context.keyring, al.context.content)
    assert my_data.held(restored, AL).trainee is not None
    with pytest.raises(DecryptionError):
        restored.personal_key(al.trainee.id)
    assert erasure.drop_erased(restored) == 1
    assert traces_of(restored, AL.slack_user, al.trainee.id, "DAL") == []


def test_windows_whose_key_is_lost_are_named(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    backups.backup(al.context, tmp_path / "b", None, REAL)
    assert backups.restore(new_house(), tmp_path / "b", None, now).lost_windows == ("1-6", "7-13")
    assert backups.restore(new_house(al.context.vault), tmp_path / "b", None, now).lost_windows == ()


def test_without_keys_words_stay_unreadable_and_it_is_said(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    backups.backup(al.context, tmp_path / "b", None, REAL)
    lines = (tmp_path / "b" / KEYS_FILE).read_text().splitlines()
    (tmp_path / "none").write_text(f'{lines[0]}\n{{"rows": 0}}\n')
    again = new_house()
    assert backups.restore(again, tmp_path / "b", tmp_path / "none", now).without_key == 2
    with again.vault.reading() as vault_tx:
        assert not vault_tx.execute(select(person_key)).all()
        assert not vault_tx.execute(select(window_key)).all()


def test_what_was_due_is_looked_up_before_it_is_said_again(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    with al.context.database.transaction() as tx:
        tx.execute(update(outbox).values(state="due"))
        messages = len(tx.execute(select(outbox)).all())
    backups.backup(al.context, tmp_path / "b", None, REAL)
    again = new_house()
    assert backups.restore(again, tmp_path / "b", None, now.replace(year=2027)).doubtful == messages
    with again.database.reading() as tx:
        (states, tries) = zip(*tx.execute(select(outbox.c.state, outbox.c.attempted_at)).all(), strict=True)
    assert set(states) == {"uncertain"}
    assert set(tries) == {REAL}


def test_a_backup_goes_from_one_kind_of_database_into_the_other(
    al: Al, tmp_path: Path, now: datetime, request: pytest.FixtureRequest
) -> None:
    settle(al)
    backups.backup(al.context, tmp_path / "b", None, REAL)
    if al.context.database.is_sqlite:
        made = request.getfixturevalue("postgres_database")
        urls = [made("moved"), made("movedvault")]
    else:
        urls = [f"sqlite:///{tmp_path / 'moved.db'}", f"sqlite:///{tmp_path / 'moved-vault.db'}"]
    databases = [Database(url) for url in urls]
    moved = Context(*databases, Keyring(SECRET), al.context.content)
    backups.restore(moved, tmp_path / "b", None, now)
    assert everything(moved) == everything(al.context)
    with moved.database.reading() as tx:
        assert trainees.trainee_of(tx, AL) == al.trainee
    for database in databases:
        database.close()


_LATER = '''"""A schema of the future."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade() -> None:
    op.add_column("trainee", sa.Column("note", sa.String(40), nullable=True))
'''


def test_a_backup_of_an_earlier_schema_can_be_restored(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The migrations of a later allybot are ours and one more."""
    backups.backup(al.context, tmp_path / "b", None, REAL)
    again = new_house()
    later = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, later)
    (later / "database" / "versions" / "0002_later.py").write_text(_LATER, encoding="utf-8")
    monkeypatch.setattr(migrate, "MIGRATIONS", later)

    backups.restore(again, tmp_path / "b", None, now)
    backups.backup(again, tmp_path / "newest", None, REAL)

    first, newest = (
        json.loads((tmp_path / each / DATABASE_FILE).read_text().splitlines()[0]) for each in ("b", "newest")
    )
    assert (first["schema"], newest["schema"]) == ("0001", "0002")
