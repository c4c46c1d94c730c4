"""A release is published once: the database itself refuses a change, a deletion and a second one."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQLITE = (
    (
        "CREATE TRIGGER release_no_update BEFORE UPDATE ON release "
        "BEGIN SELECT RAISE(ABORT, 'a release never changes'); END"
    ),
    (
        "CREATE TRIGGER release_no_delete BEFORE DELETE ON release "
        "BEGIN SELECT RAISE(ABORT, 'a release never changes'); END"
    ),
    # INSERT OR REPLACE deletes without asking the trigger above.
    (
        "CREATE TRIGGER release_no_replace BEFORE INSERT ON release "
        "WHEN EXISTS (SELECT 1 FROM release WHERE window_id = NEW.window_id AND cell = NEW.cell) "
        "BEGIN SELECT RAISE(ABORT, 'a release is drawn once'); END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE FUNCTION release_never_changes() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a release never changes'; END $$"
    ),
    (
        "CREATE TRIGGER release_no_change BEFORE UPDATE OR DELETE ON release "
        "FOR EACH ROW EXECUTE FUNCTION release_never_changes()"
    ),
    (
        "CREATE TRIGGER release_no_truncate BEFORE TRUNCATE ON release "
        "FOR EACH STATEMENT EXECUTE FUNCTION release_never_changes()"
    ),
)


def upgrade() -> None:
    """Apply."""
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("release_no_update", "release_no_delete", "release_no_replace"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER release_no_change ON release")
        op.execute("DROP TRIGGER release_no_truncate ON release")
        op.execute("DROP FUNCTION release_never_changes()")
