"""Where a look-up begins, by Slack's clock instead of a host's, and a sign of life of every worker."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = "real: begin of the latest attempt, where a look-up starts"
_AFTER = "real: begin of the latest attempt that may have got through"


def upgrade() -> None:
    """Apply."""
    _say_of_attempted_at(_AFTER)
    op.add_column(
        "outbox",
        sa.Column(
            "look_up_from",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Slack's time: before its first attempt; NULL: not known",
        ),
    )
    op.create_table(
        "worker_sign",
        sa.Column("worker", sa.String(length=64), nullable=False, comment="as in outbox.lease_owner"),
        sa.Column(
            "began_at", sa.DateTime(timezone=True), nullable=False, comment="real: its first sign of life"
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="real: its latest sign of life"
        ),
        sa.Column(
            "host_ahead_s",
            sa.BigInteger(),
            nullable=False,
            comment="seconds its host's clock is ahead of the database's",
        ),
        sa.Column(
            "offset_s",
            sa.BigInteger(),
            nullable=False,
            comment="seconds its program's clock is ahead of its host's",
        ),
        sa.Column(
            "refuses",
            sa.String(length=40),
            nullable=True,
            comment="why it does nothing: see services.clock_agreement; NULL while it acts",
        ),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_sign")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("worker_sign")
    op.drop_column("outbox", "look_up_from")
    _say_of_attempted_at(_BEFORE)


def _say_of_attempted_at(comment: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("outbox", "attempted_at", comment=comment)
