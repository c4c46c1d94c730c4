"""Dumps tables as lines of JSON, from one consistent snapshot, and loads them again.

The format is the same for SQLite and PostgreSQL, so a dump of one may be loaded into the other. It contains
no deleted pages as a copied file would. The first line names the schema, the last one the number of rows and
the SHA-256 of all lines before it without their ends, so that a dump that is not whole or was changed is
noticed.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from allybot.clock import aware
from allybot.errors import UserError
from allybot.store.engine.database import Database, Transaction
from allybot.store.engine.migrate import rebuild_empty, revisions

_BATCH_ROWS = 500
_DAMAGED = "This backup is damaged. Nothing was restored; take an earlier one."
_NOT_OURS = "This is no backup that `allybot backup` made."


@dataclass(frozen=True)
class Heading:
    """The first line of a dump: the schema's revision and when it was made, aware UTC in real time."""

    schema: str
    made_at: datetime


def dump(tx: Transaction, made_at: datetime, tables: Collection[str] | None = None) -> Iterator[str]:
    """Every row of a migrated database as lines of JSON, parents before children.

    Args:
        tx: a transaction after `repeatable_read`.
        made_at: the present, aware UTC.
        tables: only these; all by default.
    """
    rows, digest = 0, hashlib.sha256()
    for line in _dumped(tx, made_at, tables):
        rows += 1
        digest.update(line.encode())
        yield line
    yield json.dumps({"rows": rows - 1, "sha256": digest.hexdigest()})


def _dumped(tx: Transaction, made_at: datetime, tables: Collection[str] | None) -> Iterator[str]:
    """The heading and the rows."""
    version = MigrationContext.configure(tx).get_current_revision()
    yield json.dumps({"schema": version, "made_at": made_at.isoformat()})
    for table in _tables(tx):
        if tables is not None and table.name not in tables:
            continue
        for row in tx.execute(select(table)).mappings():
            plain = {str(name): json_value(value) for name, value in row.items()}
            yield json.dumps({"table": table.name, "row": plain}, ensure_ascii=False)


def repeatable_read(tx: Transaction) -> Transaction:
    """Let a read transaction see one snapshot until it ends; SQLite does so by itself."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    return tx


def load(
    database: Database,
    part: str,
    lines: Iterable[str],
    skip: Callable[[str, dict[str, Any]], bool],
    afterwards: Callable[[Transaction, Heading], None],
) -> int:
    """Load rows into an empty database, all or none; returns how many.

    Args:
        database: the empty database; it gets the schema of the dump, and loses the rows that do not count.
        part: `database` or `vault`.
        lines: as written by `dump`.
        skip: whether to leave a row out, by its table and columns.
        afterwards: called in the same transaction.

    Raises:
        UserError: this is not one of our dumps, it is incomplete, or from a newer version.
    """
    digest = hashlib.sha256()
    read = iter(lines)
    first = next(read, "")
    digest.update(first.rstrip("\n").encode())
    heading = _heading(first, part)
    rebuild_empty(database, part, heading.schema)
    try:
        return _load_rows(database, read, digest, heading, skip, afterwards)
    # A row that cannot be read, or that the tables do not take; the errors quote what it holds.
    except (ValueError, KeyError, TypeError, AttributeError, SQLAlchemyError):
        raise UserError(_DAMAGED) from None


def _load_rows(
    database: Database,
    read: Iterator[str],
    digest: "hashlib._Hash",
    heading: Heading,
    skip: Callable[[str, dict[str, Any]], bool],
    afterwards: Callable[[Transaction, Heading], None],
) -> int:
    kept, found, expected = 0, 0, -1
    with database.transaction() as tx:
        tables = {table.name: table for table in _tables(tx)}
        for table in reversed(tables.values()):
            if _count(tx, table):  # such as the sign of a worker, which is no trainee's
                tx.execute(delete(table))
        batch = _Batch(tx)
        for line in read:
            entry = _line(line)
            if "rows" in entry:
                expected = int(entry["rows"])
                if entry.get("sha256", digest.hexdigest()) != digest.hexdigest():
                    raise UserError(_DAMAGED)
                continue
            digest.update(line.rstrip("\n").encode())
            name, row = str(entry.get("table")), entry.get("row")
            if name not in tables or not isinstance(row, dict):
                raise UserError(_NOT_OURS)
            if not set(row) <= set(tables[name].c.keys()):
                raise UserError(_DAMAGED)
            found += 1
            values = {key: _value(each, tx.dialect.name) for key, each in row.items()}
            if not skip(name, values):
                batch.add(tables[name], values)
                kept += 1
        batch.write()
        if found != expected:
            raise UserError("This backup is not whole. Nothing was restored; take an earlier one.")
        afterwards(tx, heading)
    return kept


def is_empty(database: Database, besides: Collection[str] = ()) -> bool:
    """Whether a database holds no rows, or no tables yet; tables named in `besides` do not count."""
    with database.reading() as tx:
        tables = [table for table in _tables(tx) if table.name not in besides]
        return not any(tx.execute(select(table).limit(1)).first() for table in tables)


def _count(tx: Transaction, table: Table) -> int:
    return tx.execute(select(func.count()).select_from(table)).scalar_one()


class _Batch:
    """Inserts rows of one table in batches."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._table: Table | None = None
        self._rows: list[dict[str, Any]] = []

    def add(self, table: Table, row: dict[str, Any]) -> None:
        if table is not self._table or len(self._rows) >= _BATCH_ROWS:
            self.write()
        self._table = table
        self._rows.append(row)

    def write(self) -> None:
        if self._table is not None and self._rows:
            self._tx.execute(insert(self._table), self._rows)
        self._rows = []


def _tables(tx: Transaction) -> list[Table]:
    """The tables as they exist, parents first: a dump may have an older schema."""
    metadata = MetaData()
    metadata.reflect(bind=tx)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _heading(line: str, part: str) -> Heading:
    found = _line(line)
    try:
        heading = Heading(str(found["schema"]), aware(datetime.fromisoformat(found["made_at"])))
    except (KeyError, ValueError, TypeError) as error:
        raise UserError(_NOT_OURS) from error
    if heading.schema not in revisions(part):
        raise UserError("A newer allybot made this backup. Update allybot, then restore.")
    return heading


def _line(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UserError(_NOT_OURS)
    return found


def json_value(value: object) -> object:
    """A column's value as JSON takes it, the same on both databases."""
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return {"time": utc.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _value(value: object, dialect: str) -> object:
    if isinstance(value, list):  # PostgreSQL's driver would make an array of it, and that a text
        raise UserError(_DAMAGED)
    if not isinstance(value, dict):
        return value
    if "bytes" in value:
        return base64.b64decode(value["bytes"], validate=True)
    if "day" in value:
        return date.fromisoformat(value["day"])
    moment = datetime.fromisoformat(value["time"])
    return moment.replace(tzinfo=None) if dialect == "sqlite" else moment
