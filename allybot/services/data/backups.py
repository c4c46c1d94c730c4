"""Backups: the database in one file, personal keys and the suppression list in another; no window keys.

The first file without the second reveals no plan; both together reveal no answer.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from allybot.errors import UserError
from allybot.services.context import Context
from allybot.services.data import erasure, suppression
from allybot.services.data.key_rotation import Wraps, wraps
from allybot.services.data.moved_databases import require_not_moved
from allybot.store.data import jsonl, restoring
from allybot.store.data.jsonl import Heading
from allybot.store.engine.database import Database, Transaction
from allybot.store.engine.migrate import migrate
from allybot.store.tables import signature_check, worker_sign
from allybot.store.vault import upkeep
from allybot.store.vault.vault import (
    chore,
    erased,
    erased_ids,
    person_key,
    suppressed,
    suppression_key,
)

DATABASE_FILE = "allybot-database.jsonl"
KEYS_FILE = "allybot-person-keys.jsonl"
_VAULT_TABLES = frozenset(table.name for table in (person_key, erased, suppressed, suppression_key))


@dataclass(frozen=True)
class BackedUp:
    """The files of a backup and their numbers of lines."""

    database: Path
    keys: Path
    database_lines: int
    keys_lines: int


@dataclass(frozen=True)
class Restored:
    """Result of a restore.

    Attributes:
        rows: restored into the database.
        keys: restored into the vault; None when the vault had keys and was left unchanged.
        erased_again: trainees who had been erased since the backup.
        without_key: trainees whose text cannot be read, because their personal key is missing.
        lost_windows: names of windows whose key is lost; they become void.
        doubtful: messages that are looked up before they are sent.
        wraps: which of the operator's keys the stored secrets are wrapped with.
    """

    rows: int
    keys: int | None
    erased_again: int
    without_key: int
    lost_windows: tuple[str, ...]
    doubtful: int
    wraps: Wraps


def backup(context: Context, folder: Path, keys_file: Path | None, real: datetime) -> BackedUp:
    """Write a backup; allybot may be running.

    The keys are copied after the database, so that the key of somebody erased in between is not copied.

    Args:
        folder: created if missing.
        keys_file: where the personal keys go, its directory is created if missing; in `folder` by default,
            though a separate place is better.
        real: real time, aware UTC.

    Raises:
        UserError: a file of that name exists already, or cannot be written.
    """
    database, keys = folder / DATABASE_FILE, keys_file or folder / KEYS_FILE
    try:
        for place in (folder, keys.parent):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (database, keys):
            if path.exists():
                raise UserError(f"{path} is there already. Name a new directory for each backup.")
        written = _write(context.database, database, real, None)
        return BackedUp(database, keys, written, _write(context.vault, keys, real, _VAULT_TABLES))
    except OSError as error:
        raise UserError(f"{error.filename or folder} cannot be written: {error.strerror}.") from error


def restore(context: Context, folder: Path, keys_file: Path | None, now: datetime) -> Restored:
    """Restore a backup into an empty database.

    A vault that has keys is left unchanged, since it knows who was erased since the backup; an empty one gets
    the backup's keys. Trainees known to have been erased are not restored, and those who have declined since
    have declined.

    Args:
        folder: as written by `backup`.
        keys_file: where the personal keys are, if not in `folder`.
        now: the program's clock, aware UTC.

    Raises:
        UserError: the database is not empty, or the files are missing, invalid or incomplete.
        WrongStateError: database or vault was moved elsewhere.
    """
    require_not_moved(context.database, context.vault)
    if not jsonl.is_empty(context.database, besides={worker_sign.name, signature_check.name}):
        raise UserError("DATABASE_URL holds rows already. A backup is restored into an empty database only.")
    vault_is_new = jsonl.is_empty(context.vault, besides={chore.name})
    keys = _restore_keys(context, keys_file or folder / KEYS_FILE) if vault_is_new else None
    doubtful = 0

    def mark_uncertain(tx: Transaction, heading: Heading) -> None:
        nonlocal doubtful
        doubtful = restoring.mark_uncertain(tx, heading.made_at, now)

    rows = jsonl.load(
        context.database,
        "database",
        _read(folder / DATABASE_FILE),
        lambda table, _row: table == worker_sign.name,  # of processes that worked on what is lost
        mark_uncertain,
    )
    migrate(context.database, context.vault)
    erased_again = erasure.drop_erased(context)
    suppression.decline_again(context, now)
    with context.vault.reading() as vault_tx:
        owners = upkeep.people_with_keys(vault_tx)
        boxes = upkeep.boxes_with_keys(vault_tx)
    with context.database.reading() as tx:
        return Restored(
            rows=rows,
            keys=keys,
            erased_again=erased_again,
            without_key=len(restoring.trainee_ids(tx) - owners),
            lost_windows=tuple(restoring.windows_without(tx, boxes)),
            doubtful=doubtful,
            wraps=wraps(context),
        )


def _restore_keys(context: Context, path: Path) -> int:
    def drop_erased_keys(tx: Transaction, _heading: Heading) -> None:
        for trainee_id in erased_ids(tx):
            tx.execute(person_key.delete().where(person_key.c.trainee_id == trainee_id))

    def is_other_table(table: str, _row: dict[str, Any]) -> bool:
        return table not in _VAULT_TABLES

    return jsonl.load(context.vault, "vault", _read(path), is_other_table, drop_erased_keys)


def _write(database: Database, path: Path, real: datetime, tables: frozenset[str] | None) -> int:
    part = path.with_name(f"{path.name}.part")
    lines = 0
    with database.reading() as tx, _private(part) as file:
        for line in jsonl.dump(jsonl.repeatable_read(tx), real, tables):
            file.write(f"{line}\n")
            lines += 1
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    return lines


def _private(path: Path) -> Any:
    """A new file with mode 0600."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")


def _read(path: Path) -> Iterable[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except FileNotFoundError as error:
        hint = " Name the file of people's keys with --keys." if path.name == KEYS_FILE else ""
        raise UserError(f"{path} is not there.{hint}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as a backup.") from error
