"""What only workers need; apart from the other tables for their length only."""

from sqlalchemy import BigInteger, Column, Table

from allybot.store.columns import ID, WORD, metadata
from allybot.store.database import UtcDateTime

worker_sign = Table(
    "worker_sign",
    metadata,
    Column("worker", ID, primary_key=True, comment="as in outbox.lease_owner"),
    Column("began_at", UtcDateTime, nullable=False, comment="real: its first sign of life"),
    Column("seen_at", UtcDateTime, nullable=False, comment="real: its latest sign of life"),
    Column(
        "host_ahead_s",
        BigInteger,
        nullable=False,
        comment="seconds its host's clock is ahead of the database's",
    ),
    Column(
        "offset_s", BigInteger, nullable=False, comment="seconds its program's clock is ahead of its host's"
    ),
    Column("refuses", WORD, comment="why it does nothing: see services.clock_agreement; NULL while it acts"),
)
