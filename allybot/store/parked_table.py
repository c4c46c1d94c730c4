"""Rows that something due could not be done for, apart from messages, which are parked in the outbox."""

from sqlalchemy import Column, Index, Integer, Table

from allybot.store.columns import ID, WORD, gone_with, metadata
from allybot.store.database import UtcDateTime

parked_row = Table(
    "parked_row",
    metadata,
    Column("story", WORD, primary_key=True, comment="what was due: check_ins, votes ..."),
    Column("row_id", ID, primary_key=True, comment="id of the row it was to be done for"),
    Column("kind", WORD, nullable=False, comment="which table the row is in, see store.parked_rows.RowKind"),
    Column("trainee_id", ID, gone_with("trainee.id"), comment="gone with them; NULL for a circle and such"),
    Column("reason", WORD, nullable=False, comment="a code, never words of anybody"),
    Column("attempts", Integer, nullable=False, comment="failures in a row"),
    Column("since", UtcDateTime, nullable=False, comment="due: the first of them"),
    Column("retry_at", UtcDateTime, nullable=False, comment="due: left alone until here"),
    Index(None, "trainee_id"),
)
