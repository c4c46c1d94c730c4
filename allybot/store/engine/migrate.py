"""Runs the migrations that ship in the package."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

from allybot.errors import WrongStateError
from allybot.store.engine.database import Database

_LOCK = 0x616C6C79
"""The number of PostgreSQL's advisory lock for migrations: "ally". Any number nobody else uses does."""
MIGRATIONS = Path(__file__).parent.parent / "migrations"


def _config(part: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS / part))
    config.set_main_option("path_separator", "os")
    return config


def migrate_part(database: Database, part: str) -> None:
    """Migrate `database` or `vault` (`part`) to the newest schema; takes no write lock if it is current."""
    if is_current(database, part):
        return
    config = _config(part)
    with database.transaction() as tx:
        if not database.is_sqlite:  # SQLite has one writer; processes that start together take turns
            tx.execute(text("SET LOCAL lock_timeout = 0"))  # however long the first of them takes
            tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = tx
        command.upgrade(config, "head")


def migrate(database: Database, vault: Database) -> None:
    """Migrate the database and the vault to the newest schema. Idempotent."""
    migrate_part(database, "database")
    migrate_part(vault, "vault")


def rebuild_empty(database: Database, part: str, revision: str) -> None:
    """Recreate an empty database's schema at a revision, unless it has that one already."""
    with database.reading() as tx:
        if MigrationContext.configure(tx).get_current_revision() == revision:
            return
    config = _config(part)
    with database.transaction() as tx:
        config.attributes["connection"] = tx
        command.downgrade(config, "base")
        command.upgrade(config, revision)


def is_current(database: Database, part: str) -> bool:
    """Whether a database (part `database` or `vault`) has every migration.

    Raises:
        WrongStateError: it has a revision this version does not know.
    """
    with database.reading() as tx:
        version = MigrationContext.configure(tx).get_current_revision()
    if version is not None and version not in revisions(part):
        raise WrongStateError(f"The {part} has the schema of a newer allybot. Install that one again.")
    return version == newest(part)


def revisions(part: str) -> frozenset[str]:
    """Every revision of a part (`database` or `vault`) that this version knows."""
    return _scripts(MIGRATIONS / part)[1]


def newest(part: str) -> str | None:
    """The newest revision of a part that this version knows."""
    return _scripts(MIGRATIONS / part)[0]


@cache
def _scripts(folder: Path) -> tuple[str | None, frozenset[str]]:
    """The newest revision of a folder, and all; cached, because Alembic executes every script to say so."""
    scripts = ScriptDirectory(str(folder))
    return scripts.get_current_head(), frozenset(script.revision for script in scripts.walk_revisions())
