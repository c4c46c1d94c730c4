"""Backups named by their date, the deletion of old ones, and the drill that shows one can be restored.

How long they are kept is part of what people are promised: the words of whoever asks to be forgotten are
unreadable in every backup once the last keys' file from before is gone, and their Slack id is gone with the
last database file. So the limits can be made stricter and not looser.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from allybot.errors import AllybotError, DecryptionError, UserError
from allybot.services.context import Context
from allybot.services.data import backups, drill_folders
from allybot.services.data.backups import DATABASE_FILE, BackedUp, Restored
from allybot.store.data import restoring
from allybot.store.engine.database import Database
from allybot.store.plans import private_records

MAX_DAYS, MAX_KEYS_DAYS = 30, 7
"""How long a database's file and a keys' file may be kept, see docs/privacy.md."""
STALE_AFTER = timedelta(days=2)
"""A newest backup older than this is a missed one: they are made every day. Our own choice."""
_NAME = "%Y-%m-%dT%H%M%SZ"
_NAMED = re.compile(r"(\d{4}-\d\d-\d\dT\d{6}Z)(\.jsonl(?:\.part)?)?")


@dataclass(frozen=True)
class Daily:
    """What was written, and how many old backups and keys' files were deleted."""

    made: BackedUp
    old_backups: int
    old_keys: int


@dataclass(frozen=True)
class Drill:
    """Result of a restore into a temporary place.

    Attributes:
        backup, keys: the newest ones, which were tried.
        made_at: when the backup was made, aware UTC.
        restored: what came back.
        words_read: people whose plans and notes could be opened.
        words_lost: people whose key is there and whose words could not be opened.
        problems: what is wrong with it, a sentence each; empty if it can be relied on.
    """

    backup: Path
    keys: Path
    made_at: datetime
    restored: Restored
    words_read: int
    words_lost: int
    problems: tuple[str, ...]


def make(
    context: Context, folder: Path, keys_folder: Path, real: datetime, *, days: int, keys_days: int
) -> Daily:
    """Write a backup named by `real`, and delete those that are too old, also if writing fails.

    Args:
        folder, keys_folder: created if missing; neither may be in the other.
        real: real time, aware UTC.
        days, keys_days: how long a backup and a keys' file are kept at most, if this runs every day; no more
            than 30 and 7.

    Raises:
        UserError: the folders are not apart, a limit is too high, or something cannot be written or deleted.
        DatabaseUnavailableError: it cannot be read. What was deleted all the same is a note to either.
    """
    if days > MAX_DAYS or keys_days > MAX_KEYS_DAYS or min(days, keys_days) < 1:
        raise UserError(
            f"Backups may be kept for 1 to {MAX_DAYS} days and keys for 1 to {MAX_KEYS_DAYS}: people are "
            "promised so."
        )
    _require_apart(folder, keys_folder)
    name = real.astimezone(UTC).strftime(_NAME)
    try:
        made = backups.backup(context, folder / name, keys_folder / f"{name}.jsonl", real)
    except AllybotError as error:  # people are promised the deletion, whatever becomes of the new backup
        error.add_note(_deleted_all_the_same(folder, keys_folder, real, days, keys_days))
        raise
    try:
        return Daily(made, *_delete_old(folder, keys_folder, real, days, keys_days))
    except OSError as error:
        raise UserError(f"The backup was made, but {error.filename} cannot be deleted.") from error


def _delete_old(
    folder: Path, keys_folder: Path, real: datetime, days: int, keys_days: int
) -> tuple[int, int]:
    """Delete what would be too old before the next run, a day from now; how many backups and keys' files."""
    now = real.replace(microsecond=0)  # as names have it, so that what was just made is never too old
    return (
        sum(_delete_backup(each) for each in _older(folder, now - timedelta(days=days - 1))),
        sum(_delete(each) for each in _older(keys_folder, now - timedelta(days=keys_days - 1))),
    )


def _deleted_all_the_same(folder: Path, keys_folder: Path, real: datetime, days: int, keys_days: int) -> str:
    try:
        old, old_keys = _delete_old(folder, keys_folder, real, days, keys_days)
    except OSError as error:
        return f"What is too old cannot be deleted either: {error.filename}."
    return f"Deleted as too old all the same: {old} backups and {old_keys} files of keys."


def drill(context: Context, folder: Path, keys_folder: Path, real: datetime, now: datetime) -> Drill:
    """Restore the newest backup with the newest keys into a temporary place, and read everybody's words.

    Neither the database nor the vault is touched; the temporary place is deleted at the end, and at the
    beginning those of earlier drills that were killed.

    Args:
        context: for the secret key; its databases are not opened.
        real: real time, aware UTC.
        now: the program's clock, aware UTC.

    Raises:
        UserError: there is no backup, or it cannot be restored; says which one. Or what a killed drill left
            cannot be deleted.
    """
    drill_folders.delete_left_over(real)
    (made_at, backup), (_, keys) = _newest(folder), _newest(keys_folder)
    with drill_folders.new() as place:
        database, vault = (
            Database(f"sqlite:///{place}/{name}.db", durable=False) for name in ("database", "vault")
        )
        try:
            temporary = replace(context, database=database, vault=vault)
            restored = backups.restore(temporary, backup, keys, now)
            read, lost = _words(temporary)
        except UserError as error:
            raise UserError(f"{backup}: {error}") from error
        finally:
            database.close()
            vault.close()
    problems = _problems(restored, lost, real - made_at)
    return Drill(backup, keys, made_at, restored, read, lost, problems)


def _problems(restored: Restored, lost: int, age: timedelta) -> tuple[str, ...]:
    found = []
    if age > STALE_AFTER:
        found.append(f"The newest backup is {age.days} days old: is none made any more?")
    if restored.wraps.unreadable:
        found.append(
            f"{restored.wraps.unreadable} of {restored.wraps.total} keys and tokens cannot be opened with "
            "ALLYBOT_SECRET_KEY. Find the key they were wrapped with."
        )
    if restored.without_key:
        found.append(f"The file of keys has none for {restored.without_key} of the people.")
    if lost:
        found.append(f"The words of {lost} {'person' if lost == 1 else 'people'} cannot be opened.")
    return tuple(found)


def _words(temporary: Context) -> tuple[int, int]:
    """How many people's words can be opened, and how many cannot although their key is there."""
    read = lost = 0
    with temporary.database.reading() as tx:
        for trainee_id in sorted(restoring.trainee_ids(tx)):
            try:
                key = temporary.personal_key(trainee_id)
            except DecryptionError:
                continue
            try:
                private_records.read(tx, key, trainee_id)
                read += 1
            except DecryptionError:
                lost += 1
    return read, lost


def _require_apart(folder: Path, keys_folder: Path) -> None:
    one, other = folder.resolve(), keys_folder.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise UserError("Name two folders that lie apart, best on two disks: together both can be read.")


def _named(path: Path) -> datetime | None:
    """When a backup or a keys' file was made, by its name; None if it is something else."""
    found = _NAMED.fullmatch(path.name)
    return datetime.strptime(found[1], _NAME).replace(tzinfo=UTC) if found else None


def _made_in(folder: Path) -> list[tuple[datetime, Path]]:
    """What is named by its date, the oldest first."""
    return sorted((made_at, path) for path in folder.iterdir() if (made_at := _named(path)))


def _older(folder: Path, than: datetime) -> list[Path]:
    return [path for made_at, path in _made_in(folder) if made_at < than] if folder.is_dir() else []


def _newest(folder: Path) -> tuple[datetime, Path]:
    try:
        found = [each for each in _made_in(folder) if each[1].suffix != ".part"]
    except OSError as error:
        raise UserError(f"{folder} cannot be read: {error.strerror}.") from error
    if not found:
        raise UserError(f"{folder} holds nothing that `allybot daily-backup` has made.")
    return found[-1]


def _delete_backup(folder: Path) -> int:
    for name in (DATABASE_FILE, f"{DATABASE_FILE}.part"):
        (folder / name).unlink(missing_ok=True)
    if not any(folder.iterdir()):  # whatever else somebody put there is theirs
        folder.rmdir()
    return 1


def _delete(path: Path) -> int:
    path.unlink()
    return 1
