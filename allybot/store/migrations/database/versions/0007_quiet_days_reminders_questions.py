"""Quiet days and an hour of one's own, a reminder before a plan's moment, questions to a circle."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COLUMNS = {
    "trainee": (
        (
            "quiet_days",
            sa.String(length=40),
            "weekdays without anything unprompted, Monday is 0: 24; NULL for none",
        ),
        ("check_in_hour", sa.SmallInteger(), "his own local hour for check-ins, NULL for the usual one"),
        ("asked_circle_on", sa.Date(), "his day when he last asked his circle; a new day clears it"),
    ),
    "plan": (
        (
            "remind_at",
            sa.DateTime(timezone=True),
            "due: the reminder; long past: its day is to be found anew",
        ),
    ),
}
_COUNTS = (("remind", "1: remind him of its moment"), ("reminders_sent", "three at most"))


def upgrade() -> None:
    """Apply."""
    for table, columns in _COLUMNS.items():
        for name, kind, comment in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True, comment=comment))
    for name, comment in _COUNTS:
        op.add_column(
            "plan", sa.Column(name, sa.SmallInteger(), server_default="0", nullable=False, comment=comment)
        )
    op.create_index(op.f("ix_plan_remind_at"), "plan", ["remind_at"], unique=False)
    op.create_table(
        "circle_question",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle that is asked"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="whose; nobody is told"),
        sa.Column("text_locked", sa.LargeBinary(), nullable=False, comment="the words, under his own key"),
        sa.Column("named", sa.SmallInteger(), nullable=False, comment="1: he chose to put his name to it"),
        sa.Column(
            "delete_after",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: at the latest; as a rule once posted",
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_question_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_circle_question_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_question")),
    )
    op.create_index(op.f("ix_circle_question_trainee_id"), "circle_question", ["trainee_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("circle_question")
    op.drop_index(op.f("ix_plan_remind_at"), table_name="plan")
    for name, _ in _COUNTS:
        op.drop_column("plan", name)
    for table, columns in _COLUMNS.items():
        for name, _, _ in columns:
            op.drop_column(table, name)
