"""Who was erased, as random ids; what is done from time to time; keys that belong to nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "erased",
        sa.Column(
            "trainee_id",
            sa.String(length=64),
            nullable=False,
            comment="random id of somebody erased; restores drop his row",
        ),
        sa.PrimaryKeyConstraint("trainee_id", name=op.f("pk_erased")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False, comment="what is done from time to time"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False, comment="due: not before"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    for table, comment in (
        ("person_key", "due: first seen without a trainee's row"),
        ("window_key", "due: first seen without a window or circle week"),
    ):
        op.add_column(
            table, sa.Column("orphan_since", sa.DateTime(timezone=True), nullable=True, comment=comment)
        )


def downgrade() -> None:
    """Take back."""
    for table in ("window_key", "person_key"):
        op.drop_column(table, "orphan_since")
    op.drop_table("chore")
    op.drop_table("erased")
