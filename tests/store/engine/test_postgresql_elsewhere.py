"""PostgreSQL as operators have it: behind a pooler, with another encoding, not reachable."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from allybot.content import Content
from allybot.crypto import Keyring
from allybot.errors import DatabaseUnavailableError
from allybot.services.context import Context
from allybot.services.data import backups
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate
from allybot.store.engine.shared_clock import database_time
from tests.conftest import SECRET
from tests.support import pgbouncer, postgres
from tests.support.ports import free_port

NewDatabase = Callable[[str], str]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that a pooler's own user may enter; pytest's is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="allybot-pooler-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def pooled(postgres_database: NewDatabase, open_folder: Path) -> Iterator[Context]:
    """A context whose database and vault are behind PgBouncer in transaction mode."""
    if pgbouncer.PROGRAM is None:
        pytest.skip("PgBouncer is not installed")
    places = [open_folder / part for part in ("database", "vault")]
    for place in places:
        place.mkdir()
    with (
        pgbouncer.transaction_pooler(postgres_database("pooled"), places[0]) as url,
        pgbouncer.transaction_pooler(postgres_database("pooled_vault"), places[1]) as vault_url,
    ):
        database, vault = Database(url), Database(vault_url, setting="ALLYBOT_VAULT_URL")
        yield Context(database, vault, Keyring(SECRET), Content.model_construct())
        database.close()
        vault.close()


def test_allybot_works_behind_a_pooler_in_transaction_mode(pooled: Context, tmp_path: Path) -> None:
    migrate(pooled.database, pooled.vault)
    assert not pooled.database.is_new()
    wrong: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(20):  # enough for psycopg to prepare a statement, were it allowed to
                with pooled.database.transaction() as tx:
                    assert tx.execute(text("SHOW timezone")).scalar_one() == "UTC"
                    assert abs(database_time(tx) - datetime.now(UTC)).total_seconds() < 5
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not wrong
    backup = backups.backup(pooled, tmp_path / "backup", None, datetime.now(UTC))
    assert backup.database_lines == 2


def test_whoever_waits_in_vain_for_a_pooler_gives_up_before_slack_does(pooled: Context) -> None:
    database = pooled.database

    def waits_in_vain() -> float:
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailableError, match="nothing was changed"), database.transaction():
            pass
        return time.monotonic() - began

    with database.transaction(), database.reading():  # the pooler has two connections
        assert waits_in_vain() < 3
        assert waits_in_vain() < 1, "presses do not queue for it"
    with database.transaction() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1


def test_nothing_is_asked_of_the_server_that_a_pooler_would_forget(postgres_database: NewDatabase) -> None:
    database = Database(postgres_database("direct"))
    for _ in range(10):
        with database.reading() as tx:
            tx.execute(text("SELECT :number"), {"number": 1})
            prepared = tx.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()
            assert prepared == 0
            assert tx.execute(text("SHOW timezone")).scalar_one() == "UTC"
    database.close()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_an_encoding_that_cannot_hold_every_name_is_refused_in_one_line(
    postgres_url: str, encoding: str
) -> None:
    name = f"allybot_{encoding.lower()}_{os.getpid()}"
    with postgres.admin_connection(postgres_url) as run:
        run(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    database = Database(postgres.database_url(postgres_url, name))
    try:
        with pytest.raises(DatabaseUnavailableError) as refused, database.reading():
            pass
        said = str(refused.value)
        assert f"PostgreSQL database {name}: It has the encoding {encoding}" in said
        assert "--encoding=UTF8" in said
        assert "\n" not in said
    finally:
        database.close()
        with postgres.admin_connection(postgres_url) as run:
            run(f"DROP DATABASE {name}")


def test_a_date_style_of_the_server_does_not_change_what_is_read(postgres_database: NewDatabase) -> None:
    url = postgres_database("german")
    with postgres.admin_connection(url) as run:
        run(f"ALTER DATABASE \"{make_url(url).database}\" SET DateStyle TO 'German'")
        run(f"ALTER DATABASE \"{make_url(url).database}\" SET TimeZone TO 'America/New_York'")
    database = Database(url)
    with database.reading() as tx:
        assert abs(database_time(tx) - datetime.now(UTC)).total_seconds() < 5
    database.close()


def set_for(url: str, name: str, value: str) -> None:
    """Set a default of this database, as an administrator may."""
    with postgres.admin_connection(url) as run:
        run(f'ALTER DATABASE "{make_url(url).database}" SET {name} TO {value}')


def test_transactions_do_not_follow_the_servers_defaults(postgres_database: NewDatabase) -> None:
    url = postgres_database("strict")
    set_for(url, "default_transaction_isolation", "'serializable'")
    set_for(url, "default_transaction_read_only", "on")
    database = Database(url)
    for _ in range(2):
        with database.transaction() as tx:
            assert tx.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
            tx.execute(text("CREATE TABLE IF NOT EXISTS one (number INTEGER)"))
    database.close()


def test_a_server_that_takes_no_writing_is_named_and_its_connections_are_not_kept(
    postgres_database: NewDatabase,
) -> None:
    database = Database(postgres_database("standby"))
    with database.transaction() as tx:
        before = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()

    def write() -> None:
        with database.transaction() as tx:
            tx.execute(text("SET TRANSACTION READ ONLY"))  # as a server that has become a standby answers
            tx.execute(text("CREATE TABLE one (number INTEGER)"))

    with pytest.raises(DatabaseUnavailableError, match="The server takes no writing: it is a standby"):
        write()
    with database.transaction() as tx:
        assert tx.execute(text("SELECT pg_backend_pid()")).scalar_one() != before
    database.close()


def test_a_search_path_that_leads_nowhere_is_said(postgres_database: NewDatabase) -> None:
    url = postgres_database("lost")
    set_for(url, "search_path", "nowhere")
    database = Database(url)
    with pytest.raises(DatabaseUnavailableError, match="names no schema that exists"):
        migrate(database, database)
    database.close()


def test_of_several_hosts_the_one_that_answers_is_used(postgres_database: NewDatabase) -> None:
    url = make_url(postgres_database("cluster"))
    there = url.host or str(url.query["host"])
    hosts = f"127.0.0.1:{free_port()},{there.replace('/', '%2F')}:{url.port or 5432}"
    listed = f"postgresql://{url.username}:{url.password or 'x'}@{hosts}/{url.database}"
    database = Database(f"{listed}?target_session_attrs=read-write")
    with database.transaction() as tx:
        assert tx.execute(text("SELECT current_database()")).scalar_one() == url.database
    assert database.place.startswith(f"PostgreSQL database {url.database} on 127.0.0.1,")
    database.close()


def refused(url: str, setting: str = "DATABASE_URL") -> str:
    """What is said of a database that cannot be opened: one line without user and password."""
    database = Database(url, setting=setting)
    with pytest.raises(DatabaseUnavailableError) as problem, database.reading():
        pass
    database.close()
    said = str(problem.value)
    assert "\n" not in said
    assert "pw-secret" not in said
    assert "ally-user" not in said
    return said


def test_a_wrong_host_and_a_wrong_port_are_told_apart() -> None:
    said = refused("postgresql://ally-user:pw-secret@no-such-host.invalid/allybot", "ALLYBOT_VAULT_URL")
    assert said.startswith("PostgreSQL database allybot on no-such-host.invalid:5432: ")
    assert "There is no host of that name. Correct the host in ALLYBOT_VAULT_URL." in said
    port = free_port()
    said = refused(f"postgresql://ally-user:pw-secret@127.0.0.1:{port}/allybot")
    assert said.startswith(f"PostgreSQL database allybot on 127.0.0.1:{port}: Nothing listens there.")


def test_a_missing_database_and_a_wrong_user_are_told_apart(postgres_url: str) -> None:
    said = refused(postgres.database_url(postgres_url, "no_such_database"))
    assert "PostgreSQL database no_such_database on " in said
    assert "There is no database of that name. Make it with `createdb`" in said
    url = make_url(postgres_url).set(username="ally-user", password="pw-secret")
    said = refused(url.render_as_string(hide_password=False))
    assert "Its user or password is wrong. Correct them in DATABASE_URL." in said


def test_an_option_that_is_not_one_is_named_as_such(postgres_url: str) -> None:
    url = make_url(postgres_url).update_query_string("pw-secret=1", append=True)
    said = refused(url.render_as_string(hide_password=False))
    assert "has an option that PostgreSQL's library does not know" in said


def test_the_option_that_some_providers_add_for_poolers_is_left_out(postgres_url: str) -> None:
    url = make_url(postgres_url).update_query_string("pgbouncer=true", append=True)
    database = Database(url.render_as_string(hide_password=False))
    with database.reading() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


FILES = {
    "no folder": ("{}/none/allybot.db", "There is no folder {}/none. Make it, or correct DATABASE_URL."),
    "a folder": ("{}", "That is a folder. Name a file in DATABASE_URL."),
    "no rights": ("/proc/allybot.db", "This user may not open or create it."),
}


@pytest.mark.parametrize("what", FILES)
def test_what_is_wrong_with_a_file_is_said(what: str, tmp_path: Path) -> None:
    file, remedy = (each.format(tmp_path) for each in FILES[what])
    said = refused(f"sqlite:///{file}")
    assert said.startswith(f"SQLite file {file}: {remedy}")


def test_a_file_that_may_only_be_read_is_told_from_one_that_is_locked(tmp_path: Path) -> None:
    file = tmp_path / "allybot.db"
    database = Database(f"sqlite:///{file}")
    with database.transaction() as tx:
        tx.execute(text("CREATE TABLE one (number INTEGER)"))
    database.close()
    read_only = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(DatabaseUnavailableError, match="may only read it"), read_only.transaction() as tx:
        tx.execute(text("INSERT INTO one VALUES (1)"))
    read_only.close()


def test_a_disk_that_is_full_is_said_to_be(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'allybot.db'}")
    with database.transaction() as tx:
        tx.execute(text("CREATE TABLE one (words TEXT)"))
        tx.execute(text("PRAGMA max_page_count = 4"))  # SQLite then says what it says of a full disk
        with pytest.raises(DatabaseUnavailableError, match="The disk is full"), database._explained():
            tx.execute(text("INSERT INTO one VALUES (:words)"), {"words": "x" * 100_000})
    database.close()
