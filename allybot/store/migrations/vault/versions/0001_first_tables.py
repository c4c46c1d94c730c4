"""The tables of the vault."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False, comment="name of the periodic task"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False, comment="due: not before"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.create_table(
        "erased",
        sa.Column(
            "trainee_id",
            sa.String(length=64),
            nullable=False,
            comment="random id of an erased trainee; restores drop their row",
        ),
        sa.PrimaryKeyConstraint("trainee_id", name=op.f("pk_erased")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_key",
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="whose text it decrypts"),
        sa.Column(
            "key_wrapped",
            sa.LargeBinary(),
            nullable=False,
            comment="wrapped; erasing it makes the text unreadable",
        ),
        sa.Column(
            "orphan_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: first seen without a trainee's row",
        ),
        sa.PrimaryKeyConstraint("trainee_id", name=op.f("pk_person_key")),
    )
    op.create_table(
        "pooled_person",
        sa.Column("digest", sa.String(length=64), nullable=False, comment="keyed digest of a person"),
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="a waiting window that asked"),
        sa.Column(
            "owner_id",
            sa.String(length=64),
            nullable=False,
            comment="random: their id in this pool, whether they answered or not",
        ),
        sa.PrimaryKeyConstraint("digest", "window_id", name=op.f("pk_pooled_person")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pooled_person_window_id"), "pooled_person", ["window_id"], unique=False)
    op.create_table(
        "suppressed",
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="keyed digest of a person, or of a person and a cohort",
        ),
        sa.Column(
            "program_id",
            sa.String(length=64),
            nullable=True,
            comment="the cohort's program if it has to count them; NULL: a row does",
        ),
        sa.Column(
            "took_part",
            sa.Boolean(),
            nullable=False,
            comment="whether they are counted as taking part, too",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_suppressed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suppression_key",
        sa.Column("name", sa.String(length=40), nullable=False, comment="always the same: there is one key"),
        sa.Column(
            "key_wrapped",
            sa.LargeBinary(),
            nullable=False,
            comment="wrapped; without it a digest names nobody",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_suppression_key")),
    )
    op.create_table(
        "window_key",
        sa.Column(
            "box_id",
            sa.String(length=64),
            nullable=False,
            comment="id of the window or circle week it belongs to",
        ),
        sa.Column(
            "private_wrapped",
            sa.LargeBinary(),
            nullable=False,
            comment="wrapped; destroyed when opened or void",
        ),
        sa.Column(
            "orphan_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: first seen without a window or circle week",
        ),
        sa.PrimaryKeyConstraint("box_id", name=op.f("pk_window_key")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("window_key")
    op.drop_table("suppression_key")
    op.drop_table("suppressed")
    op.drop_table("pooled_person")
    op.drop_table("person_key")
    op.drop_table("erased")
    op.drop_table("chore")
