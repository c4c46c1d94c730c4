"""Ally circles, their weeks and sealed votes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "circle",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="its program"),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="its workspace"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="as its members know it"),
        sa.Column("channel", sa.String(length=64), nullable=False, comment="private Slack channel"),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="active | closed (archived, or the bot was removed)",
        ),
        sa.Column(
            "next_post_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: next Monday's scenario; this row is the schedule",
        ),
        sa.Column(
            "weeks_posted", sa.Integer(), nullable=False, comment="scenarios so far; picks the next one"
        ),
        sa.Column("last_week", sa.Integer(), nullable=False, comment="how many scenarios it gets in all"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_circle_program_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_circle_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle")),
        sa.UniqueConstraint("workspace_id", "channel", name=op.f("uq_circle_workspace_id_channel")),
    )

    op.create_table(
        "circle_member",
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="the member"),
        sa.Column("place", sa.Integer(), nullable=False, comment="order in the rotation"),
        sa.Column("turns", sa.Integer(), nullable=False, comment="weeks facilitated; fewest goes next"),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_member_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_circle_member_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "trainee_id", name=op.f("pk_circle_member")),
    )

    op.create_table(
        "circle_week",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle"),
        sa.Column("monday", sa.Date(), nullable=False, comment="its week, in the program's zone"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first scenario"),
        sa.Column("scenario_id", sa.String(length=200), nullable=False, comment="id in the content"),
        sa.Column("facilitator_id", sa.String(length=64), nullable=True, comment="whose turn it is"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="seals this week's votes"),
        sa.Column(
            "opens_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: Thursday, when votes are opened",
        ),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="open | opened | few (below the minimum, unread)",
        ),
        sa.Column(
            "counts",
            sa.String(length=100),
            nullable=True,
            comment="votes per option, once opened, as JSON list",
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_week_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["trainee.id"],
            name=op.f("fk_circle_week_facilitator_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_week")),
        sa.UniqueConstraint("circle_id", "monday", name=op.f("uq_circle_week_circle_id_monday")),
    )

    op.create_table(
        "vote",
        sa.Column("circle_week_id", sa.String(length=64), nullable=False, comment="its week"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="whose envelope"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="80 bytes only the week's key opens"),
        sa.CheckConstraint("length(sealed) = 80", name=op.f("ck_vote_sealed_length")),
        sa.ForeignKeyConstraint(
            ["circle_week_id"], ["circle_week.id"], name=op.f("fk_vote_circle_week_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_vote_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_week_id", "trainee_id", name=op.f("pk_vote")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("vote")
    op.drop_table("circle_week")
    op.drop_table("circle_member")
    op.drop_table("circle")
