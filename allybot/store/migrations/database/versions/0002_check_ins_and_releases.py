"""What people are asked, the sealed answers, what is published, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "window",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="the unit that is published"),
        sa.Column("name", sa.String(length=40), nullable=False, comment="1-6 | 7-13, weeks"),
        sa.Column(
            "closes_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: 14 days after its end for the last cohort",
        ),
        sa.Column(
            "public_key",
            sa.LargeBinary(),
            nullable=True,
            comment="seals its ballots; NULL until a custodian hands one in",
        ),
        sa.Column("state", sa.String(length=40), nullable=False, comment="open | closed | published | void"),
        sa.Column("invited", sa.Integer(), nullable=True, comment="trainees asked, fixed when it closes"),
        sa.Column(
            "published_on", sa.Date(), nullable=True, comment="when the figures, or the word void, came out"
        ),
        sa.Column("key_destroyed_on", sa.Date(), nullable=True, comment="when the private key was destroyed"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_window_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window")),
        sa.UniqueConstraint("program_id", "name", name=op.f("uq_window_program_id_name")),
    )

    op.create_table(
        "release",
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="published once"),
        sa.Column("cell", sa.String(length=40), nullable=False, comment="outcome code, or `acted`"),
        sa.Column(
            "noisy", sa.Integer(), nullable=False, comment="count after noise, clamped to 0..respondents"
        ),
        sa.Column("scale_milli", sa.Integer(), nullable=False, comment="scale of the noise, thousandths"),
        sa.Column("tier", sa.String(length=40), nullable=False, comment="S | M"),
        sa.Column("respondents", sa.Integer(), nullable=False, comment="distinct trainees who answered"),
        sa.Column("invited", sa.Integer(), nullable=False, comment="trainees asked"),
        sa.Column("published_on", sa.Date(), nullable=False, comment="program's zone"),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_release_window_id")),
        sa.PrimaryKeyConstraint("window_id", "cell", name=op.f("pk_release")),
    )

    op.create_table(
        "ballot",
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="its window"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="whose envelope"),
        sa.Column(
            "slot",
            sa.SmallInteger(),
            nullable=False,
            comment="step of the ladder; answering again overwrites",
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="80 bytes only the window's key opens"),
        sa.CheckConstraint("length(sealed) = 80", name=op.f("ck_ballot_sealed_length")),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_ballot_trainee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_ballot_window_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("window_id", "trainee_id", "slot", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "check_in",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="who is asked"),
        sa.Column("step", sa.SmallInteger(), nullable=False, comment="day of the ladder: 3 ... 90"),
        sa.Column("plan_id", sa.String(length=64), nullable=True, comment="the focus plan asked about"),
        sa.Column(
            "window_id",
            sa.String(length=64),
            nullable=True,
            comment="where the answer counts, NULL for day 90",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, comment="due: when it is asked"),
        sa.Column(
            "since", sa.Date(), nullable=False, comment="first day of the period it asks about, in his zone"
        ),
        sa.Column(
            "state", sa.String(length=40), nullable=False, comment="asked | answered | silent | cancelled"
        ),
        sa.Column(
            "follow_up_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: the one follow-up, NULL once queued or not wanted",
        ),
        sa.Column("times_put_off", sa.SmallInteger(), nullable=False, comment="how often he said not today"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_check_in_plan_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_check_in_trainee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_check_in_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("trainee_id", "step", name=op.f("uq_check_in_trainee_id_step")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_follow_up_at"), ["follow_up_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column(
            "id", sa.String(length=64), nullable=False, comment="random; goes into the message's metadata"
        ),
        sa.Column(
            "key", sa.String(length=200), nullable=False, comment="what makes twice once: check-in:..."
        ),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="whose token and budget"),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="which words: welcome, check_in, scenario ...",
        ),
        sa.Column(
            "subject",
            sa.String(length=64),
            nullable=False,
            comment="id of what it is about, meaning given by kind",
        ),
        sa.Column(
            "to_user", sa.String(length=64), nullable=True, comment="Slack user for a DM; else to_channel"
        ),
        sa.Column(
            "to_channel", sa.String(length=64), nullable=True, comment="Slack channel of a circle or a DM"
        ),
        sa.Column(
            "replaces_ts",
            sa.String(length=40),
            nullable=True,
            comment="ts of the message it updates, NULL for a new post",
        ),
        sa.Column(
            "trainee_id",
            sa.String(length=64),
            nullable=True,
            comment="gone with him; NULL for circles and leads",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, comment="due: not before"),
        sa.Column(
            "stale_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: expires instead of being sent from here on",
        ),
        sa.Column("state", sa.String(length=40), nullable=False, comment="see store.outbox.State"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, comment="sends tried"),
        sa.Column(
            "not_before", sa.DateTime(timezone=True), nullable=True, comment="real: back-off or look-up time"
        ),
        sa.Column("lease_owner", sa.String(length=64), nullable=True, comment="worker that claimed it"),
        sa.Column(
            "lease_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: from here on the claim is uncertain",
        ),
        sa.Column(
            "attempted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: begin of the latest attempt, where a look-up starts",
        ),
        sa.Column(
            "reason",
            sa.String(length=40),
            nullable=True,
            comment="Slack's code or ours for the latest failure; never words of a message",
        ),
        sa.Column("sent_channel", sa.String(length=64), nullable=True, comment="where it stands"),
        sa.Column("sent_ts", sa.String(length=40), nullable=True, comment="Slack's ts of it"),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_outbox_trainee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_outbox_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_state_outbox_due_at"), ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_trainee_id"), ["trainee_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_trainee_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_state_outbox_due_at"))
    op.drop_table("outbox")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_follow_up_at"))
    op.drop_table("check_in")
    op.drop_table("ballot")
    op.drop_table("release")
    op.drop_table("window")
