"""Writers wait for each other, with a time-out."""

import threading
import time

import pytest
from sqlalchemy import text

from allybot.errors import DatabaseUnavailableError
from allybot.store.engine.database import Database


def test_threads_that_write_wait_for_each_other(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as tx:
        tx.execute(text("CREATE TABLE counted (number INTEGER)"))
        tx.execute(text("INSERT INTO counted VALUES (0)"))

    def count() -> None:
        for _ in range(10):
            with database.transaction() as tx:
                tx.execute(text("UPDATE counted SET number = number + 1"))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.transaction() as tx:
        assert tx.execute(text("SELECT number FROM counted")).scalar_one() == 80
        tx.execute(text("DROP TABLE counted"))
    database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_gives_up_before_slack_does_and_the_next_one_gets_in(database_url: str) -> None:
    database, held, leave = Database(database_url), threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction():
            held.set()
            leave.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailableError), database.transaction():
        pass
    assert time.monotonic() - began < 3
    leave.set()
    holder.join(10)
    with database.transaction() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_locked_row_is_said_to_be_busy_and_makes_no_other_row_wait(database_url: str) -> None:
    database, other = Database(database_url), Database(database_url)
    with database.transaction() as tx:
        tx.execute(text("CREATE TABLE counted (name TEXT PRIMARY KEY, number INTEGER)"))
        tx.execute(text("INSERT INTO counted VALUES ('locked', 0), ('free', 0)"))
    add = text("UPDATE counted SET number = number + 1 WHERE name = :name")
    with other.transaction() as held:
        held.execute(add, {"name": "locked"})
        for _ in range(3):
            with (
                pytest.raises(DatabaseUnavailableError, match="Somebody else is writing"),
                database.transaction() as tx,
            ):
                tx.execute(add, {"name": "locked"})
            with database.transaction() as tx:
                tx.execute(add, {"name": "free"})
    with database.transaction() as tx:
        found = tx.execute(text("SELECT number FROM counted ORDER BY name")).scalars().all()
        assert found == [3, 1], "free, locked"
        tx.execute(text("DROP TABLE counted"))
    database.close()
    other.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_that_died_while_they_rested_are_replaced_before_anybody_uses_them(
    database_url: str,
) -> None:
    database, other = Database(database_url), Database(database_url)
    with database.reading() as one, database.reading() as two:  # two connections rest in the pool
        assert one.execute(text("SELECT 1")).scalar_one() == two.execute(text("SELECT 1")).scalar_one()
    with other.transaction() as tx:
        killed = tx.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    assert killed >= 2
    with database.transaction() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1
    database.close()
    other.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_user_without_rights_is_told_so(database_url: str) -> None:
    database = Database(database_url)
    with (
        pytest.raises(DatabaseUnavailableError, match="may not create or use its tables"),
        database.transaction() as tx,
    ):
        tx.execute(text("SET LOCAL ROLE pg_monitor; CREATE TABLE forbidden (number INTEGER)"))
    database.close()
