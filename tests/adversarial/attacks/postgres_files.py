"""PostgreSQL's own files after somebody asked to be forgotten: tables, indexes and the log, byte by byte.

A deleted row stays in its page until PostgreSQL reuses the place; the log keeps what was written until its
segments are reused. So it counts what is readable there: words, the personal key, ids.
"""

from pathlib import Path

import psycopg
from sqlalchemy import Engine, select

from allybot.services.data import erasure, forget_me
from allybot.store.vault.vault import person_key
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.forgetting import answered
from tests.adversarial.attacks.programs import CUE, RESPONSE


def attack(databases: DatabaseFactory, _effort: Effort) -> list[Finding]:
    """What the files hold after a forget-me and the steps that docs/privacy.md names; nothing on SQLite."""
    if databases.backend != "postgresql":
        return []
    with databases.context() as context:
        leaver = answered(context).people[0]
        names = [leaver.id.encode(), leaver.actor.slack_user.encode()]
        with context.vault.reading() as vault_tx:
            query = select(person_key.c.key_wrapped).where(person_key.c.trainee_id == leaver.id)
            key = bytes(vault_tx.execute(query).scalar_one())
        before = _count(_tables(context.vault.engine), [key]) + _count(
            _tables(context.database.engine), names
        )
        forget_me.forget(context, leaver.actor)
        erasure.wipe(context)
        key_left = _count(_tables(context.vault.engine), [key])
        at_once = _count(_tables(context.database.engine), names)
        _run(context.database.engine, "VACUUM")
        vacuumed = _count(_tables(context.database.engine), names)
        _run(context.database.engine, "VACUUM FULL")
        rewritten = _count(_tables(context.database.engine), names)
        log = _log(context.vault.engine)
        everything = log + _tables(context.database.engine) + _tables(context.vault.engine)
        words = _count(everything, [CUE.encode(), RESPONSE.encode()])
    return [
        Finding(
            "forget-me, PostgreSQL's files and its log: the plan's words",
            databases.backend,
            words,
            0,
            "=",
            "they are never written but encrypted",
        ),
        Finding(
            "forget-me, PostgreSQL's files: copies of their wrapped key in the vault's tables",
            databases.backend,
            key_left,
            0,
            "=",
            "as forget-me leaves them",
        ),
        Finding(
            "forget-me, PostgreSQL's files: their ids in the tables after VACUUM FULL",
            databases.backend,
            rewritten,
            0,
            "=",
            f"{at_once} right after forget-me, {vacuumed} after VACUUM",
        ),
        Finding(
            "control: the same before forget-me",
            databases.backend,
            before,
            2,
            ">=",
            "so the reading itself works",
        ),
        Finding(
            "control: the person's wrapped key in a log of the vault's cluster that is kept whole",
            databases.backend,
            _count(log, [key]),
            1,
            ">=",
            "why the vault's cluster must have no archive and no replica",
        ),
    ]


def _tables(engine: Engine) -> bytes:
    """Every file of one database: tables, indexes, free space maps, the catalogue."""
    with _connect(engine) as connection:
        connection.execute("CHECKPOINT")
        folder = _one(connection, "SHOW data_directory")
        number = _one(connection, "SELECT oid::text FROM pg_database WHERE datname = current_database()")
    return _bytes(Path(folder) / "base" / number)


def _log(engine: Engine) -> bytes:
    with _connect(engine) as connection:
        return _bytes(Path(_one(connection, "SHOW data_directory")) / "pg_wal")


def _bytes(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(folder.iterdir()) if each.is_file())


def _count(written: bytes, pieces: list[bytes]) -> int:
    return sum(written.count(piece) for piece in pieces)


def _run(engine: Engine, statement: str) -> None:
    with _connect(engine) as connection:
        connection.execute(statement)


def _connect(engine: Engine) -> psycopg.Connection:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True)


def _one(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query).fetchone()
    if row is None:
        raise AssertionError(query)
    return str(row[0])
