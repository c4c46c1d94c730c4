"""Says of a database whether it was moved elsewhere; how it is moved stands in `database_move`."""

from allybot.errors import WrongStateError
from allybot.services.context import Context
from allybot.store.engine import moved
from allybot.store.engine.database import Database


def mark_of(source: Database) -> moved.Mark | None:
    """Where a database is being moved to, or was; None where it was not."""
    if source.is_new():
        return None
    with source.reading() as tx:
        return moved.mark_of(tx)


def require_not_moved(context: Context) -> None:
    """Check that database and vault are still in use.

    Raises:
        WrongStateError: one was moved elsewhere; names the place.
    """
    database, vault = mark_of(context.database), mark_of(context.vault)
    if database is not None and vault is not None and database.ended_at and not vault.ended_at:
        raise WrongStateError(
            f"{context.database.place} was moved to the {database.target}, but the old vault still holds its "
            "keys. Repeat `allybot database move`, which deletes them."
        )
    for source, setting in ((context.database, "DATABASE_URL"), (context.vault, "ALLYBOT_VAULT_URL")):
        said = moved_to(source, setting)
        if said:
            raise WrongStateError(said)


def moved_to(source: Database, setting: str) -> str:
    """What to do about a database that was moved, or is being moved; empty where it was not."""
    mark = mark_of(source)
    if mark is None:
        return ""
    if mark.ended_at is None:
        return (
            f"{source.place} is being moved to the {mark.target}. If that was cut off, repeat `allybot "
            "database move`; `allybot database move --give-up` goes on here."
        )
    return (
        f"{source.place} was moved to the {mark.target} on {mark.ended_at:%Y-%m-%d}. Name that one in "
        f"{setting}, and delete the old one."
    )
