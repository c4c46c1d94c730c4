"""Workers claim one workspace at a time: an index that finds its due rows without reading the others'."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NAME = "ix_outbox_workspace_id_outbox_state_outbox_due_at"


def upgrade() -> None:
    """Apply."""
    op.create_index(op.f(_NAME), "outbox", ["workspace_id", "state", "due_at"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f(_NAME), table_name="outbox")
