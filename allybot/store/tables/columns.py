"""Naming of constraints and column types, shared by both databases."""

from typing import Any

from sqlalchemy import ForeignKey, MetaData, String, text

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
"""The tables of the database; the vault has its own."""
ID = String(64)
NAME = String(200)
WORD = String(40)


def cascading_fk(target: str) -> ForeignKey:
    """A foreign key with ON DELETE CASCADE."""
    return ForeignKey(target, ondelete="CASCADE")


def where(condition: str) -> dict[str, Any]:
    """Options of a partial index with this SQL condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
