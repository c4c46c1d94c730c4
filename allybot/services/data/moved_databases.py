"""Says of a database whether it was moved elsewhere; how it is moved stands in `database_move`."""

from allybot.errors import WrongStateError
from allybot.store.engine import moved
from allybot.store.engine.database import Database


def mark_of(source: Database) -> moved.Mark | None:
    """Where a database is being moved to, or was; None where it was not."""
    if source.is_new():
        return None
    with source.reading() as tx:
        return moved.mark_of(tx)


def require_not_moved(database: Database, vault: Database) -> None:
    """Check that database and vault are still in use.

    Raises:
        WrongStateError: one was moved elsewhere; says where to and what to do.
    """
    if said := what_was_moved(database, vault):
        raise WrongStateError(said)


def what_was_moved(database: Database, vault: Database) -> str:
    """What to do where the database or the vault was moved, or is being moved; empty where neither was."""
    marks = (mark_of(database), mark_of(vault))
    if marks[0] and marks[1] and marks[0].ended_at and not marks[1].ended_at:
        return (
            f"{database.place} was moved to the {marks[0].target}, but the old vault still holds its keys. "
            "Repeat `allybot database move`, which deletes them."
        )
    for source, setting, mark in zip(
        (database, vault), ("DATABASE_URL", "ALLYBOT_VAULT_URL"), marks, strict=True
    ):
        if mark:
            return _said(source, setting, mark)
    return ""


def _said(source: Database, setting: str, mark: moved.Mark) -> str:
    if mark.ended_at is None:
        return (
            f"{source.place} is being moved to the {mark.target}. If that was cut off, repeat `allybot "
            "database move`; `allybot database move --give-up` goes on here."
        )
    return (
        f"{source.place} was moved to the {mark.target} on {mark.ended_at:%Y-%m-%d}. Name that one in "
        f"{setting}, and delete the old one."
    )
