"""Copies every row of one database into another, of the same kind or not, and compares both."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData, Table, delete, insert, select

from allybot.store.data.jsonl import json_value, repeatable_read
from allybot.store.engine.database import Database, Transaction
from allybot.store.tables import metadata, worker_sign
from allybot.store.vault.vault import vault_metadata

PAGE_ROWS = 500
"""Rows read and written at a time: some hundred kilobytes. Our own choice."""
PARTS: dict[str, MetaData] = {"database": metadata, "vault": vault_metadata}
NOT_COPIED = frozenset({worker_sign.name})
"""Heartbeats belong to the processes that work on the source."""


@dataclass(frozen=True)
class TableSum:
    """What two copies of a table have in common.

    Attributes:
        rows: how many.
        checksum: the SHA-256 digests of all rows, added up modulo 2^256, so that their order does not count:
            the two databases sort texts differently.
    """

    rows: int
    checksum: int


def sums(database: Database, part: str) -> dict[str, TableSum]:
    """The sum of each table of a migrated database (part `database` or `vault`), from one snapshot."""
    with database.reading() as tx:
        repeatable_read(tx)
        return {table.name: _sum(tx, table) for table in _tables(part)}


def copy(source: Database, target: Database, part: str) -> None:
    """Copy all rows in one transaction of the target, which must hold none.

    Heartbeats are left out. Cut off, nothing of it is left in the target.
    """
    with source.reading() as tx, target.transaction() as into:
        repeatable_read(tx)
        if part == "database":
            into.execute(delete(worker_sign))
        for table in _tables(part):
            for page in _pages(tx, table):
                into.execute(insert(table), page)


def _tables(part: str) -> list[Table]:
    return [table for table in PARTS[part].sorted_tables if table.name not in NOT_COPIED]


def _pages(tx: Transaction, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows in the order of their random ids, so that the copy's order tells nothing either."""
    query = select(table).order_by(*table.primary_key.columns)
    with tx.execution_options(stream_results=True, yield_per=PAGE_ROWS).execute(query) as found:
        for page in found.mappings().partitions():
            yield [dict(row) for row in page]


def _sum(tx: Transaction, table: Table) -> TableSum:
    rows, total = 0, 0
    for page in _pages(tx, table):
        for row in page:
            text = json.dumps({name: json_value(value) for name, value in row.items()}, sort_keys=True)
            total += int.from_bytes(hashlib.sha256(text.encode()).digest())
            rows += 1
    return TableSum(rows, total % 2**256)
