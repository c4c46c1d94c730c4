"""Rows that something due could not be done for."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "parked_row",
        sa.Column("story", sa.String(40), nullable=False, comment="what was due: check_ins, votes ..."),
        sa.Column("row_id", sa.String(64), nullable=False, comment="id of the row it was to be done for"),
        sa.Column(
            "kind",
            sa.String(40),
            nullable=False,
            comment="which table the row is in, see store.parked_rows.RowKind",
        ),
        sa.Column("trainee_id", sa.String(64), comment="gone with them; NULL for a circle and such"),
        sa.Column("reason", sa.String(40), nullable=False, comment="a code, never words of anybody"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="failures in a row"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, comment="due: the first of them"),
        sa.Column(
            "retry_at", sa.DateTime(timezone=True), nullable=False, comment="due: left alone until here"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"],
            ["trainee.id"],
            name=op.f("fk_parked_row_trainee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("story", "row_id", name=op.f("pk_parked_row")),
    )
    op.create_index(op.f("ix_parked_row_trainee_id"), "parked_row", ["trainee_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("parked_row")
