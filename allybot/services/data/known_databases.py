"""Refuses a database that is new where data is expected, mostly one made by a path relative to a folder."""

import time

from allybot import telemetry
from allybot.errors import UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.data.moved_databases import require_not_moved
from allybot.store.programs import programs

log = telemetry.logger()


def require_known_databases(context: Context, *, create: bool, wait_s: float = 0.0) -> None:
    """Check that the database and the vault hold tables, or that both are new.

    Args:
        create: whether both may be new.
        wait_s: seconds in which another process may still make the tables.

    Raises:
        WrongStateError: a new one would be used, or one that was moved elsewhere.
        DatabaseUnavailableError: one cannot be read.
    """
    require_not_moved(context.database, context.vault)
    ends_at, told = time.monotonic() + wait_s, False
    while True:
        try:
            return _require_known(context, create=create)
        except WrongStateError:
            if time.monotonic() >= ends_at:
                raise
        if not told:
            log.info("waits for the tables that another process may be making", seconds=wait_s)
            told = True
        time.sleep(0.25)


def _require_known(context: Context, *, create: bool) -> None:
    new, vault_new = context.database.is_new(), context.vault.is_new()
    if new and vault_new and not create:
        raise WrongStateError(
            f"{context.database.place} is new and empty. Name the right one in DATABASE_URL (a relative path "
            "begins in the folder where the command is typed), or make a new one with `allybot migrate`."
        )
    if new and not vault_new:
        raise WrongStateError(
            f"{context.database.place} is new and empty, but the vault is not. Name the database that "
            "belongs to it in DATABASE_URL; to begin anew, `allybot migrate` makes an empty one."
        )
    if vault_new and not new:
        raise WrongStateError(
            f"The vault, {context.vault.place}, is new and empty, but the database is not. Name the vault "
            "that belongs to it in ALLYBOT_VAULT_URL; if it is lost, `allybot migrate` makes an empty one."
        )


def require_programs(context: Context) -> None:
    """Check that the database holds a program, for what makes no sense without one.

    Raises:
        UserError: there is none; names the database.
    """
    with context.database.reading() as tx:
        if not programs.programs(tx):
            raise UserError(
                f"{context.database.place} holds no program, so nothing to copy. Is DATABASE_URL right?"
            )
