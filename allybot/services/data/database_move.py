"""Moves the database and the vault elsewhere, such as from SQLite to PostgreSQL, while allybot stands still.

First both sources are marked, so that nothing writes into them any more; then the vault is copied, and the
database after it, each in one transaction; then every table is compared. At the end the keys in the old vault
are deleted: what is destroyed in the new place must not be left in the old one. Cut off at any moment, the
same move can be repeated, and what is there already is compared instead of copied again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allybot.errors import UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.data.moved_databases import mark_of
from allybot.store.data import copying, jsonl
from allybot.store.data.same_server import same_place
from allybot.store.data.secure_delete import truncate_log
from allybot.store.engine import moved
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import has_newest, migrate_part
from allybot.store.vault import vault as keys

_KEYS = (keys.window_key.name, keys.person_key.name, keys.suppression_key.name)
"""What must not outlive a move in the old vault; its other tables name nobody without them."""


@dataclass(frozen=True)
class Moved:
    """Result of a move.

    Attributes:
        database_rows, vault_rows: rows that were compared in the new database and the new vault.
        keys_wiped: whether the old vault's keys are gone from its disk, too; False where a process that reads
            it keeps them in SQLite's log until it ends.
    """

    database_rows: int
    vault_rows: int
    keys_wiped: bool


def move(
    context: Context, database: Database, vault: Database, real: datetime, live_workers: Callable[[], int]
) -> Moved:
    """Copy database and vault into two empty databases; leave what was there marked, and without keys.

    Args:
        database, vault: the new places; their tables are made.
        real: real time, aware UTC.
        live_workers: how many have been heard of a moment ago.

    Raises:
        UserError: a new place is not empty, or is no new place.
        DatabaseUnavailableError: a new place cannot be reached.
        WrongStateError: a worker is alive, the source's schema is old, or it was moved before.
    """
    pairs = {"vault": (context.vault, vault), "database": (context.database, database)}
    if _only_keys_are_left(pairs):
        rows = {part: _rows(source, part) for part, (source, _target) in pairs.items()}
    else:
        _check(context, pairs)
        _require_silence(live_workers())
        if any(mark_of(source) is None for source, _target in pairs.values()):
            _require_empty(database, vault)  # before anything is closed; nothing is copied until all are
        for source, target in pairs.values():
            with source.transaction() as tx:
                if moved.mark_of(tx) is None:
                    moved.close(tx, target.place, real)
        rows = {part: _copied(part, source, target) for part, (source, target) in pairs.items()}
        with context.database.transaction() as tx:
            moved.note_end(tx, real)
    with context.vault.transaction() as tx:
        moved.empty(tx, _KEYS)
        moved.note_end(tx, real)
    return Moved(rows["database"], rows["vault"], truncate_log(context.vault))


def _only_keys_are_left(pairs: dict[str, tuple[Database, Database]]) -> bool:
    """Whether this move was cut off between its two ends: everything is there, the old vault has its keys."""
    ended = {}
    for part, (source, target) in pairs.items():
        mark = mark_of(source)
        if mark is None or mark.target != target.place:
            return False
        ended[part] = mark.ended_at is not None
    return ended["database"] and not ended["vault"]


def _rows(source: Database, part: str) -> int:
    return sum(each.rows for each in copying.sums(source, part).values())


def give_up(context: Context) -> bool:
    """Take the marks of an unfinished move away, to go on in the old place; False where there were none.

    Raises:
        WrongStateError: the move was finished, so that the new place may have gone on.
    """
    for source in (context.database, context.vault):
        mark = mark_of(source)
        if mark is not None and mark.ended_at is not None:
            raise WrongStateError(
                f"{source.place} was moved to the {mark.target}, and that may have been used since. To go "
                "back, move it from there into new and empty databases with the same command."
            )
    found = False
    for source in (context.database, context.vault):
        with source.transaction() as tx:
            if moved.mark_of(tx) is not None:
                moved.reopen(tx)
                found = True
    return found


def _check(context: Context, pairs: dict[str, tuple[Database, Database]]) -> None:
    for part, (source, target) in pairs.items():
        # A newer schema that serves this version, too, has columns that would be lost.
        if source.is_new() or not has_newest(source, part):
            raise WrongStateError(
                f"{source.place} has another schema than this version. Run `allybot migrate`, or move it "
                "with the newer allybot."
            )
        for other in (context.database, context.vault):
            if _is_same(other, target):
                raise UserError(f"{target.place} is where allybot is now; name a new and empty database.")
        mark = mark_of(source)
        if mark is not None and mark.ended_at is not None:
            raise WrongStateError(f"{source.place} was moved to the {mark.target} already.")
        if mark is not None and mark.target != target.place:
            raise WrongStateError(
                f"{source.place} is half-way to the {mark.target}. Name that one again, or give that move up "
                "with `allybot database move --give-up`."
            )
    targets = [target for _source, target in pairs.values()]
    if _is_same(*targets):
        raise UserError("--to and --vault-to name the same database; the vault needs one of its own.")


def _require_silence(alive: int) -> None:
    if alive:
        raise WrongStateError(
            f"{alive} worker{'s are' if alive > 1 else ' is'} alive, or was a moment ago. Stop every process "
            "of allybot. One that was killed counts as alive for a minute and a half; if you are sure, add "
            "--stopped."
        )


def _require_empty(*targets: Database) -> None:
    for target in targets:
        if not target.is_new() and not jsonl.is_empty(target, besides=copying.NOT_COPIED):
            raise UserError(f"{target.place} is not empty; name a new database. Nothing was changed.")


def _is_same(one: Database, other: Database) -> bool:
    return one.place == other.place and same_place(one, other)


def _copied(part: str, source: Database, target: Database) -> int:
    """Copy one part unless it is there already, and compare; returns its number of rows."""
    migrate_part(target, part)
    expected = copying.sums(source, part)
    if jsonl.is_empty(target, besides=copying.NOT_COPIED):
        copying.copy(source, target, part)
    found = copying.sums(target, part)
    wrong = sorted(name for name, each in expected.items() if found[name] != each)
    if wrong:
        raise UserError(
            f"{target.place} holds other rows than the source in: {', '.join(wrong)}. Empty it and repeat, "
            "or name a new one. The old place is unchanged, and stays closed until then; --give-up opens it."
        )
    return sum(each.rows for each in expected.values())
