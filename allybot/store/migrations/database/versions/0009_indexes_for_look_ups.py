"""Indexes for what a tick, a press and the erasing of a person look up, so that none reads whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_REPLACED = "ix_trainee_next_check_in_at"
_INDEXES: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("trainee", ("state", "next_check_in_at"), None),
    ("trainee", ("state", "paused_until"), "paused_until IS NOT NULL"),
    ("trainee", ("goodbye_at",), "goodbye_at IS NOT NULL"),
    ("trainee", ("delete_after",), "delete_after IS NOT NULL"),
    ("check_in", ("plan_id",), None),
    ("outbox", ("subject",), None),
    ("outbox", ("to_user",), "trainee_id IS NULL"),
    ("outbox", ("to_channel",), "trainee_id IS NULL"),
    ("window", ("state", "key_destroyed_on", "closes_at"), None),
    ("ballot", ("trainee_id",), None),
    ("vote", ("trainee_id",), None),
    ("circle", ("state", "next_post_at", "program_id"), None),
    ("circle_member", ("trainee_id",), None),
    ("circle_question", ("delete_after",), None),
    ("circle_week", ("state", "opens_at"), None),
    ("circle_week", ("facilitator_id",), None),
)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{'_'.join(f'{table}_{column}' for column in columns)}"


def upgrade() -> None:
    """Apply."""
    for table, columns, condition in _INDEXES:
        only = sa.text(condition) if condition else None
        op.create_index(
            op.f(_name(table, columns)), table, list(columns), sqlite_where=only, postgresql_where=only
        )
    op.drop_index(op.f(_REPLACED), table_name="trainee")


def downgrade() -> None:
    """Take back."""
    op.create_index(op.f(_REPLACED), "trainee", ["next_check_in_at"])
    for table, columns, _condition in reversed(_INDEXES):
        op.drop_index(op.f(_name(table, columns)), table_name=table)
