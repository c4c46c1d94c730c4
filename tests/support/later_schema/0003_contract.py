"""What the release after that might take away, once no process needs it. Kept for a test."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002_serves_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Contract: a column that only the oldest version reads is gone."""
    op.drop_column("trainee", "nickname")


def downgrade() -> None:
    """Bring it back, empty."""
    op.add_column("trainee", sa.Column("nickname", sa.String(64), nullable=True))
