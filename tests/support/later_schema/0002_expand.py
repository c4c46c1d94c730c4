"""What a next release might add. Kept for tests/inbound/test_upgrading.py; it ships with nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0002_serves_0001"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: what is there stays, and what is new may be missing."""
    op.add_column("trainee", sa.Column("nickname", sa.String(64), nullable=True))
    op.add_column("check_in", sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"))
    op.create_table(
        "reading",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("trainee_id", sa.String(64), sa.ForeignKey("trainee.id", ondelete="CASCADE")),
    )
    op.create_index("ix_reading_trainee_id", "reading", ["trainee_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("reading")
    op.drop_column("check_in", "tries")
    op.drop_column("trainee", "nickname")
