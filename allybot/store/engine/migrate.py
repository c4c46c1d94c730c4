"""Runs the migrations that ship in the package, while processes of the version before go on.

A migration first expands (new tables, columns that may be empty or have a default), and contracts a release
later. One that only expands says so in its revision: `0002_serves_0001` may be used by a version that knows
no more than `0001`, so that it may be restarted meanwhile, and gone back to.
"""

import time
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

from allybot.errors import DatabaseUnavailableError, WrongStateError
from allybot.store.engine.database import Database

_LOCK = 0x616C6C79
"""The number of PostgreSQL's advisory lock for migrations: "ally". Any number nobody else uses does."""
MIGRATIONS = Path(__file__).parent.parent / "migrations"
SERVES = "_serves_"
"""Between a revision that only expands and the oldest one whose versions may use it."""
_PATIENCE = 20
"""How often a migration is tried while others hold locks; our own choice. Between two tries they get them."""
_PAUSE_S = 0.5


def _config(part: str, scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts / part))
    config.set_main_option("path_separator", "os")
    return config


def migrate_part(database: Database, part: str, scripts: Path | None = None) -> None:
    """Migrate `database` or `vault` (`part`) to the newest schema; takes no write lock if it is current.

    Args:
        scripts: the folder of the migrations; ours when None.

    Raises:
        DatabaseUnavailableError: others held a lock for too long; nothing was changed.
        WrongStateError: it has a revision this version does not know.
    """
    for left in reversed(range(_PATIENCE)):
        if is_current(database, part, scripts):
            return
        try:
            _upgrade(database, part, scripts or MIGRATIONS)
        except DatabaseUnavailableError:
            if not left:
                raise
            time.sleep(_PAUSE_S)


def _upgrade(database: Database, part: str, scripts: Path) -> None:
    config = _config(part, scripts)
    with database.transaction() as tx:
        if not database.is_sqlite:  # SQLite has one writer; processes that start together take turns
            tx.execute(text("SET LOCAL lock_timeout = 0"))  # however long the first of them takes
            tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            # A table's lock is waited for shortly: whoever comes after waits behind it, presses too.
            tx.execute(text("SET LOCAL lock_timeout = '1s'"))
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
    config = _config(part, MIGRATIONS)
    with database.transaction() as tx:
        config.attributes["connection"] = tx
        command.downgrade(config, "base")
        command.upgrade(config, revision)


def is_current(database: Database, part: str, scripts: Path | None = None) -> bool:
    """Whether a database (part `database` or `vault`) has every migration, or a newer one that serves too.

    Raises:
        WrongStateError: it has a revision that this version neither knows nor can use.
    """
    with database.reading() as tx:
        version = MigrationContext.configure(tx).get_current_revision()
    newest_known, known = _scripts((scripts or MIGRATIONS) / part)
    if version is None or version in known:
        return version == newest_known
    if version.partition(SERVES)[2] not in known:
        raise WrongStateError(f"The {part} has the schema of a newer allybot. Install that one again.")
    return True


def has_newest(database: Database, part: str) -> bool:
    """Whether a database (part `database` or `vault`) has just the tables of this version."""
    with database.reading() as tx:
        return MigrationContext.configure(tx).get_current_revision() == newest(part)


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
