"""A move copies and compares every row, closes the old place, and can be repeated after being cut off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError

from allybot.errors import DatabaseUnavailableError, DecryptionError, UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.data import database_move
from allybot.services.data.known_databases import require_known_databases
from allybot.services.plans import plans
from allybot.store.data import copying, jsonl
from allybot.store.engine import moved
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate_part
from allybot.store.tables import metadata, outbox, worker_sign
from allybot.store.vault.suppression import Place, suppress
from allybot.store.vault.vault import (
    add_person_key,
    has_window_key,
    person_key,
    suppression_key,
    vault_metadata,
    window_key,
)
from tests.support.full_trainee import AL, BO, CUE, Al, full_trainee, on_disk

REAL = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)


@pytest.fixture
def al(context: Context, now: datetime) -> Iterator[Al]:
    yield full_trainee(context, now)
    opened_again(context.database, context.vault)


def opened_again(*databases: Database) -> None:
    """The fixtures empty databases of PostgreSQL and use them again."""
    for database in databases:
        with database.transaction() as tx:
            if moved.mark_of(tx) is not None:
                moved.reopen(tx)


@pytest.fixture
def there(al: Al, further_database: Callable[[str, str], str]) -> Iterator[Context]:
    """The new place, of the other kind."""
    kind = "postgresql" if al.context.database.is_sqlite else "sqlite"
    database, vault = (Database(further_database(kind, part)) for part in ("database", "vault"))
    yield replace(al.context, database=database, vault=vault)
    database.close()
    vault.close()


def nobody() -> int:
    return 0


def moved_to(al: Al, there: Context) -> database_move.Moved:
    return database_move.move(al.context, there.database, there.vault, REAL, nobody)


def everything(context: Context) -> list[str]:
    found = []
    for database, tables in ((context.database, metadata), (context.vault, vault_metadata)):
        with database.reading() as tx:
            for table in tables.sorted_tables:
                found += [str((table.name, *row)) for row in tx.execute(select(table))]
    return sorted(found)


def write_into(context: Context) -> None:
    with context.database.transaction() as tx:
        tx.execute(update(outbox).values(attempts=outbox.c.attempts + 1))


def wrapped_keys(context: Context) -> set[bytes]:
    """The keys of people, of windows and of the suppression list, as the vault holds them."""
    columns = (person_key.c.key_wrapped, window_key.c.private_wrapped, suppression_key.c.key_wrapped)
    with context.vault.reading() as tx:
        return {key for column in columns for key in tx.execute(select(column)).scalars()}


def test_every_row_of_both_is_there_with_window_keys_and_words(al: Al, there: Context) -> None:
    before = everything(al.context)
    done = moved_to(al, there)
    assert everything(there) == before
    assert done.database_rows + done.vault_rows == len(before)
    assert plans.book(there, AL).active[0].intention.cue == CUE
    write_into(there)


def test_the_old_database_and_vault_and_the_secret_key_open_nothing(al: Al, there: Context) -> None:
    with al.context.vault.transaction() as tx:
        suppress(tx, al.context.keyring, BO, Place("cohort"))
    before = wrapped_keys(al.context)
    assert len(before) > 4
    if al.context.vault.is_sqlite:
        assert any(key in on_disk(al.context) for key in before)
    assert moved_to(al, there).keys_wiped
    assert wrapped_keys(there) == before
    assert wrapped_keys(al.context) == set()
    with pytest.raises(DecryptionError):
        al.context.personal_key(al.trainee.id)
    with al.context.vault.reading() as tx:
        assert not has_window_key(tx, al.window_id)
    if al.context.vault.is_sqlite:
        assert not any(key in on_disk(al.context) for key in before)
    with pytest.raises(DBAPIError, match="moved elsewhere"), al.context.vault.transaction() as tx:
        add_person_key(tx, al.context.keyring, "another")


def test_nobody_writes_into_the_old_place_or_starts_on_it(al: Al, there: Context) -> None:
    moved_to(al, there)
    with pytest.raises(DBAPIError, match="moved elsewhere"):
        write_into(al.context)
    with pytest.raises(DBAPIError, match="moved elsewhere"), al.context.database.transaction() as tx:
        tx.execute(
            insert(worker_sign).values(worker="w", began_at=REAL, seen_at=REAL, host_ahead_s=0, offset_s=0)
        )
    with pytest.raises(WrongStateError, match=f"was moved to the {there.database.place} on 2026-01-06"):
        require_known_databases(al.context, create=False)
    with pytest.raises(WrongStateError, match="already"):
        moved_to(al, there)
    with pytest.raises(WrongStateError, match="may have been used since"):
        database_move.give_up(al.context)


def test_a_live_worker_keeps_everything_as_it_is(al: Al, there: Context) -> None:
    with pytest.raises(WrongStateError, match="2 workers are alive"):
        database_move.move(al.context, there.database, there.vault, REAL, lambda: 2)
    write_into(al.context)
    assert jsonl.is_empty(there.vault)


def cut_off(al: Al, there: Context) -> list[str]:
    """A move that ended after the vault was copied; what was to be moved."""
    before = everything(al.context)
    for source, target in ((al.context.vault, there.vault), (al.context.database, there.database)):
        with source.transaction() as tx:
            moved.close(tx, target.place, REAL)
    migrate_part(there.vault, "vault")
    copying.copy(al.context.vault, there.vault, "vault")
    return before


def test_a_move_that_was_cut_off_is_repeated(al: Al, there: Context) -> None:
    before = cut_off(al, there)
    with pytest.raises(WrongStateError, match="repeat `allybot database move`"):
        require_known_databases(al.context, create=False)
    moved_to(al, there)
    assert everything(there) == before


def test_a_move_that_was_cut_off_is_given_up(al: Al, there: Context) -> None:
    before = cut_off(al, there)
    assert database_move.give_up(al.context)
    assert everything(al.context) == before
    write_into(al.context)
    require_known_databases(al.context, create=False)
    assert not database_move.give_up(al.context)


def test_a_move_that_was_cut_off_between_its_two_ends_is_ended_by_repeating_it(
    al: Al, there: Context
) -> None:
    cut_off(al, there)
    copying.copy(al.context.database, there.database, "database")
    with al.context.database.transaction() as tx:
        moved.note_end(tx, REAL)
    write_into(there)
    with pytest.raises(WrongStateError, match="old vault still holds its keys"):
        require_known_databases(al.context, create=False)
    with pytest.raises(WrongStateError, match="may have been used since"):
        database_move.give_up(al.context)
    with pytest.raises(WrongStateError, match="Name that one again"):
        database_move.move(al.context, there.vault, there.database, REAL, nobody)
    assert wrapped_keys(al.context)
    assert moved_to(al, there).vault_rows > 0
    assert not wrapped_keys(al.context)
    with pytest.raises(WrongStateError, match="was moved to the"):
        require_known_databases(al.context, create=False)


def test_another_copy_is_found_out_and_the_tables_that_differ_are_named(al: Al, there: Context) -> None:
    cut_off(al, there)
    copying.copy(al.context.database, there.database, "database")
    with there.database.transaction() as tx:
        (first, *_rest) = tx.execute(select(outbox.c.id).order_by(outbox.c.id)).scalars()
        tx.execute(update(outbox).where(outbox.c.id == first).values(to_channel="C0OTHER"))
    with pytest.raises(UserError, match="other rows than the source in: outbox"):
        moved_to(al, there)
    with there.database.transaction() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(delete(table))
    assert moved_to(al, there).database_rows > 0


def test_a_new_place_that_is_not_empty_or_not_there_changes_nothing(
    al: Al, there: Context, tmp_path: Path
) -> None:
    of_somebody_else = Database(f"sqlite:///{tmp_path}/other.db")
    with of_somebody_else.transaction() as tx:
        tx.exec_driver_sql("CREATE TABLE invoice (id INTEGER PRIMARY KEY)")
        tx.exec_driver_sql("INSERT INTO invoice VALUES (1)")
    with pytest.raises(UserError, match=r"other\.db is not empty; name a new database\. Nothing was changed"):
        database_move.move(al.context, of_somebody_else, there.vault, REAL, nobody)
    with of_somebody_else.reading() as tx:
        assert inspect(tx).get_table_names() == ["invoice"]
    of_somebody_else.close()
    nowhere = Database("postgresql://127.0.0.1:1/allybot")
    with pytest.raises(DatabaseUnavailableError):
        database_move.move(al.context, there.database, nowhere, REAL, nobody)
    write_into(al.context)
    require_known_databases(al.context, create=False)


def test_the_new_place_is_another_one(al: Al, there: Context) -> None:
    with pytest.raises(UserError, match="where allybot is now"):
        database_move.move(al.context, al.context.database, there.vault, REAL, nobody)
    with pytest.raises(UserError, match="the vault needs one of its own"):
        database_move.move(al.context, there.database, there.database, REAL, nobody)
    write_into(al.context)
