"""Backups: the database in one file, people's keys in another, window keys in none.

Whoever has the first file without the second reads no plan; whoever has both reads no answer.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from allybot.errors import UserError
from allybot.services.context import Context
from allybot.services.data import erasure
from allybot.services.data.key_rotation import Wraps, wraps
from allybot.store.data import jsonl, restoring
from allybot.store.data.jsonl import Heading
from allybot.store.engine.database import Database, Transaction
from allybot.store.engine.migrate import migrate
from allybot.store.tables import worker_sign
from allybot.store.vault import upkeep
from allybot.store.vault.vault import chore, erased, erased_ids, person_key

DATABASE_FILE = "allybot-database.jsonl"
KEYS_FILE = "allybot-person-keys.jsonl"
_KEPT_OF_THE_VAULT = frozenset({person_key.name, erased.name})


@dataclass(frozen=True)
class BackedUp:
    """What was written where, in lines."""

    database: Path
    keys: Path
    database_lines: int
    keys_lines: int


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    Attributes:
        rows: put back into the database.
        keys: put back into the vault; None when the vault had keys and was left as it was.
        erased_again: people who had been erased since the backup.
        without_key: people whose words cannot be read, because no key of theirs is in the vault.
        lost_windows: names of windows that can no longer be opened; they become void.
        doubtful: messages that are looked up before they are sent.
        wraps: which of the operator's keys opens what is stored now.
    """

    rows: int
    keys: int | None
    erased_again: int
    without_key: int
    lost_windows: tuple[str, ...]
    doubtful: int
    wraps: Wraps


def backup(context: Context, folder: Path, keys_file: Path | None, real: datetime) -> BackedUp:
    """Write a backup while allybot runs.

    The keys are copied after the database: somebody erased in between is missing in the keys, which counts.

    Args:
        folder: made when it is missing.
        keys_file: where people's keys go, in a directory that is made when it is missing; into `folder` by
            default, though apart is better.
        real: the machine's clock, aware UTC.

    Raises:
        UserError: a file of that name is there already, or it cannot be written.
    """
    database, keys = folder / DATABASE_FILE, keys_file or folder / KEYS_FILE
    try:
        for place in (folder, keys.parent):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (database, keys):
            if path.exists():
                raise UserError(f"{path} is there already. Name a new directory for each backup.")
        written = _write(context.database, database, real, None)
        return BackedUp(database, keys, written, _write(context.vault, keys, real, _KEPT_OF_THE_VAULT))
    except OSError as error:
        raise UserError(f"{error.filename or folder} cannot be written: {error.strerror}.") from error


def restore(context: Context, folder: Path, keys_file: Path | None, now: datetime) -> Restored:
    """Put a backup back into an empty database.

    A vault that has keys is left as it is, since it knows who was erased since; an empty one gets the keys of
    the backup. Whoever is known to have been erased does not come back.

    Args:
        folder: as `backup` wrote it.
        keys_file: where people's keys are, if not in `folder`.
        now: the program's clock, aware UTC.

    Raises:
        UserError: the database is not empty, or the files are missing, not ours or not whole.
    """
    if not jsonl.is_empty(context.database, besides={worker_sign.name}):
        raise UserError("DATABASE_URL holds rows already. A backup is restored into an empty database only.")
    vault_is_new = jsonl.is_empty(context.vault, besides={chore.name})
    keys = _put_keys_back(context, keys_file or folder / KEYS_FILE) if vault_is_new else None
    doubtful = 0

    def doubt(tx: Transaction, heading: Heading) -> None:
        nonlocal doubtful
        doubtful = restoring.doubt_messages(tx, heading.made_at, now)

    rows = jsonl.put_back(
        context.database, "database", _read(folder / DATABASE_FILE), lambda _table, _row: False, doubt
    )
    migrate(context.database, context.vault)
    erased_again = erasure.drop_erased(context)
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


def _put_keys_back(context: Context, path: Path) -> int:
    """A vault that is not empty afterwards makes a second try leave it as it is, which is as well."""

    def refuse_erased(tx: Transaction, _heading: Heading) -> None:
        for trainee_id in erased_ids(tx):
            tx.execute(person_key.delete().where(person_key.c.trainee_id == trainee_id))

    def is_foreign(table: str, _row: dict[str, Any]) -> bool:
        return table not in _KEPT_OF_THE_VAULT

    return jsonl.put_back(context.vault, "vault", _read(path), is_foreign, refuse_erased)


def _write(database: Database, path: Path, real: datetime, tables: frozenset[str] | None) -> int:
    part = path.with_name(f"{path.name}.part")
    lines = 0
    with database.reading() as tx, _private(part) as file:
        for line in jsonl.lines_of(jsonl.frozen(tx), real, tables):
            file.write(f"{line}\n")
            lines += 1
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    return lines


def _private(path: Path) -> Any:
    """A new file only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")


def _read(path: Path) -> Iterable[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as a backup.") from error
