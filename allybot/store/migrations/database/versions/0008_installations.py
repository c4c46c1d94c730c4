"""Installations under way: a one-time word for each, of which only a digest is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "installation",
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="of the word Slack gives back; the word itself is not kept",
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="real: from here on it is worth nothing",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_installation")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("installation")
