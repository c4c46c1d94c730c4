"""Workspaces, programs, the people in them and their plans."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(length=64), nullable=False, comment="Slack's team id"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="as Slack shows it"),
        sa.Column("bot_user", sa.String(length=64), nullable=False, comment="the bot's Slack user id"),
        sa.Column(
            "token_wrapped",
            sa.LargeBinary(),
            nullable=True,
            comment="bot token, wrapped with the operator's key",
        ),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="active | stopped (token revoked or uninstalled)",
        ),
        sa.Column(
            "stopped_reason",
            sa.String(length=40),
            nullable=True,
            comment="Slack's error code that stopped it",
        ),
        sa.Column(
            "next_post_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: the shared budget allows the next call from here on",
        ),
        sa.Column(
            "silent_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: Slack said 429 and to wait until here",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )

    op.create_table(
        "channel_budget",
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="its workspace"),
        sa.Column(
            "channel", sa.String(length=64), nullable=False, comment="Slack channel or user written to"
        ),
        sa.Column(
            "next_post_at", sa.DateTime(timezone=True), nullable=False, comment="real: one message a second"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_channel_budget_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel", name=op.f("pk_channel_budget")),
    )

    op.create_table(
        "program",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="where it runs"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="as leads and trainees know it"),
        sa.Column(
            "support_contact",
            sa.String(length=200),
            nullable=False,
            comment="a human to turn to, named in every help text",
        ),
        sa.Column(
            "zone", sa.String(length=40), nullable=False, comment="IANA zone of circle posts and window ends"
        ),
        sa.Column(
            "country", sa.String(length=40), nullable=False, comment="ISO code for public holidays, or empty"
        ),
        sa.Column(
            "minimum_respondents", sa.Integer(), nullable=False, comment="k: fixed at creation, 5 to 50"
        ),
        sa.Column(
            "epsilon_milli",
            sa.Integer(),
            nullable=False,
            comment="privacy budget of one release, thousandths",
        ),
        sa.Column(
            "key_holder",
            sa.String(length=40),
            nullable=False,
            comment="vault | custodian: who holds the window keys",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="when it was set up"),
        sa.Column(
            "frozen_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="first check-in sent: no more cohorts from here on",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_program_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_program_workspace_id_name")),
    )

    op.create_table(
        "cohort",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="its program"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="such as spring 2026"),
        sa.Column("training_ended_on", sa.Date(), nullable=False, comment="day 0 of the ladder"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_cohort_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("program_id", "name", name=op.f("uq_cohort_program_id_name")),
    )

    op.create_table(
        "lead",
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="the program"),
        sa.Column("slack_user", sa.String(length=64), nullable=False, comment="who may pull its releases"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_lead_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("program_id", "slack_user", name=op.f("pk_lead")),
    )

    op.create_table(
        "trainee",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random; nothing of Slack's id in it"),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="his workspace"),
        sa.Column("slack_user", sa.String(length=64), nullable=False, comment="his Slack user id"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="his program"),
        sa.Column("cohort_id", sa.String(length=64), nullable=False, comment="sets his dates only"),
        sa.Column("state", sa.String(length=40), nullable=False, comment="see domain.trainee.TraineeState"),
        sa.Column(
            "zone", sa.String(length=40), nullable=False, comment="his IANA zone, refreshed from Slack"
        ),
        sa.Column("locale", sa.String(length=40), nullable=False, comment="his Slack locale"),
        sa.Column(
            "dm_channel", sa.String(length=64), nullable=True, comment="his DM with the bot, once opened"
        ),
        sa.Column(
            "consented_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when he said yes; nothing is sent before but the welcome",
        ),
        sa.Column(
            "next_step",
            sa.Integer(),
            nullable=True,
            comment="day of the ladder that comes next, NULL after the last",
        ),
        sa.Column(
            "next_check_in_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: this row is the schedule",
        ),
        sa.Column(
            "moved_days",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="days pauses moved his ladder",
        ),
        sa.Column(
            "paused_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: back from a pause, NULL for an open one",
        ),
        sa.Column("silent_steps", sa.Integer(), nullable=False, comment="steps in a row without a tap"),
        sa.Column("pace", sa.String(length=40), nullable=False, comment="normal | slower (every other step)"),
        sa.Column(
            "focus_plan_id",
            sa.String(length=64),
            nullable=True,
            comment="his choice of focus, NULL lets the ladder choose",
        ),
        sa.Column(
            "why_locked", sa.LargeBinary(), nullable=True, comment="his personal why, under his own key"
        ),
        sa.Column(
            "goodbye_at", sa.DateTime(timezone=True), nullable=True, comment="due: when the goodbye goes out"
        ),
        sa.Column(
            "delete_after",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: from here on the row may be deleted",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_trainee_cohort_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_trainee_program_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_trainee_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainee")),
        sa.UniqueConstraint("workspace_id", "slack_user", name=op.f("uq_trainee_workspace_id_slack_user")),
    )
    with op.batch_alter_table("trainee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainee_next_check_in_at"), ["next_check_in_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainee_program_id"), ["program_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="whose"),
        sa.Column(
            "kind", sa.String(length=40), nullable=False, comment="fear | bystander | listening | practice"
        ),
        sa.Column("cue_locked", sa.LargeBinary(), nullable=False, comment="the if, under his own key"),
        sa.Column("response_locked", sa.LargeBinary(), nullable=False, comment="the then, under his own key"),
        sa.Column("state", sa.String(length=40), nullable=False, comment="active | finished | retired"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="when he wrote it"),
        sa.Column("times_asked", sa.Integer(), nullable=False, comment="check-ins that asked about it"),
        sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=True, comment="latest of them"),
        sa.Column(
            "next_moment_on", sa.Date(), nullable=True, comment="the day he expects the moment, in his zone"
        ),
        sa.Column(
            "form_id",
            sa.String(length=64),
            nullable=True,
            comment="the modal that wrote it: a double submit is one plan",
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_plan_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("trainee_id", "form_id", name=op.f("uq_plan_trainee_id_form_id")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("plan")
    with op.batch_alter_table("trainee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trainee_program_id"))
        batch_op.drop_index(batch_op.f("ix_trainee_next_check_in_at"))
    op.drop_table("trainee")
    op.drop_table("lead")
    op.drop_table("cohort")
    op.drop_table("program")
    op.drop_table("channel_budget")
    op.drop_table("workspace")
