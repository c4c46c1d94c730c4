"""What somebody learns who copies the database several times a day: which rows of whom changed, and how.

The tables are read from the database itself, with every column and where each row stands in the file; nothing
here knows allybot's tables. Only that a row names a person, by Slack id or by the id of another row that
names them, is used to tell whose it is.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, MetaData, Table

from allybot.services.context import Context

HEX = re.compile(r"[0-9a-f]{32}")
Row = dict[str, Any]
Key = tuple[str, tuple[Any, ...]]
"""A table and a row's primary key."""


@dataclass(frozen=True)
class Change:
    """One row of a person that differs from the copy before.

    Attributes:
        copy: number of the copy in which it was first seen.
        before, after: None where the row did not exist. `#place` says where it stands in the file, and on
            PostgreSQL `#transaction` which transaction wrote it.
    """

    copy: int
    table: str
    before: Row | None
    after: Row | None


@dataclass
class Copies:
    """Copies of one database, kept as differences.

    Attributes:
        changes: by person, in the order of copies; of rows that name nobody under an empty name.
        taken: number of copies so far.
    """

    context: Context
    people: Iterable[str]
    changes: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    taken: int = 0
    _rows: dict[str, dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _owned: dict[str, dict[Key, Row]] = field(default_factory=lambda: defaultdict(dict))
    _owners: dict[str, tuple[int, str]] = field(default_factory=dict)
    _tables: list[Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read which tables there are."""
        metadata = MetaData()
        metadata.reflect(self.context.database.engine)
        self._tables = metadata.sorted_tables
        self._owners = {each: (0, each) for each in self.people}
        self.take()

    def take(self) -> int:
        """Copy everything; the number of this copy."""
        with self.context.database.engine.connect() as connection, connection.begin():
            for table in self._tables:
                self._compare(table, self._read(connection, table))
        self.taken += 1
        return self.taken - 1

    def rows_of(self, person: str) -> list[tuple[str, Row]]:
        """Every row of theirs in the newest copy, with its table."""
        return [(table, row) for (table, _), row in self._owned[person].items()]

    def _read(self, connection: Connection, table: Table) -> list[tuple[Any, ...]]:
        """Every row as the driver gives it: millions of them are read in all."""
        driver: Any = connection.connection.driver_connection
        statement = f'SELECT *, {self._place(table)} FROM "{table.name}"'  # noqa: S608 - names of ours
        return list(driver.execute(statement))

    def _compare(self, table: Table, rows: list[tuple[Any, ...]]) -> None:
        names = [column.name for column in table.columns]
        keys = [names.index(column.name) for column in table.primary_key.columns]
        key_of: Callable[[tuple[Any, ...]], tuple[Any, ...]] = (
            (lambda values: tuple(values[each] for each in keys)) if keys else (lambda values: values)
        )
        before = self._rows[table.name]
        for values in rows:
            key = key_of(values)
            known = before.get(key)
            if known is not None and known[1] == values:
                continue
            owner = known[0] if known is not None else self._owner(values, keys)
            before[key] = (owner, values)
            after = dict(zip((*names, "#place", "#transaction"), values, strict=True))
            self._note(owner, (table.name, key), after)
        if len(before) > len(rows):
            there = {key_of(values) for values in rows}
            for key in [each for each in before if each not in there]:
                self._note(before.pop(key)[0], (table.name, key), None)

    def _note(self, owner: str, key: Key, after: Row | None) -> None:
        owned = self._owned[owner]
        self.changes[owner].append(Change(self.taken, key[0], owned.pop(key, None), after))
        if after is not None:
            owned[key] = after

    def _place(self, table: Table) -> str:
        if not self.context.database.is_sqlite:
            return (
                "(ctid::text::point)[0]::bigint * 1000 + (ctid::text::point)[1]::bigint, xmin::text::bigint"
            )
        without_rowid = table.dialect_options["sqlite"].get("with_rowid") is False
        return "NULL, NULL" if without_rowid else "rowid, NULL"

    def _owner(self, values: tuple[Any, ...], keys: list[int]) -> str:
        """Whose row it is, by the name in it that leads to a person in the fewest steps; else empty."""
        named = [
            self._owners[name]
            for value in values
            if isinstance(value, str)
            for name in (value, *HEX.findall(value))
            if name in self._owners
        ]
        if not named:
            return ""
        steps, owner = min(named)
        if len(keys) == 1 and isinstance(values[keys[0]], str):
            self._owners.setdefault(values[keys[0]], (steps + 1, owner))
        return owner
