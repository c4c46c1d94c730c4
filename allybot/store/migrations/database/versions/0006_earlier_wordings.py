"""How a plan read before, for its owner alone, and what he does if it goes badly."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "plan",
        sa.Column(
            "coping_locked",
            sa.LargeBinary(),
            nullable=True,
            comment="what he does if it goes badly, under his own key",
        ),
    )
    op.create_table(
        "plan_wording",
        sa.Column("plan_id", sa.String(length=64), nullable=False, comment="how this plan read before"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first wording"),
        sa.Column("cue_locked", sa.LargeBinary(), nullable=False, comment="the if, under its owner's key"),
        sa.Column(
            "response_locked", sa.LargeBinary(), nullable=False, comment="the then, under its owner's key"
        ),
        sa.Column(
            "replaced_on_locked", sa.LargeBinary(), nullable=False, comment="the day he changed it, likewise"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_wording_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_plan_wording")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("plan_wording")
    op.drop_column("plan", "coping_locked")
