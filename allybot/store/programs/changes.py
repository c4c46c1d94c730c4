"""The log of a program's changes, and who may create programs."""

from sqlalchemy import ColumnElement, delete, func, insert, select

from allybot.domain.people import Actor
from allybot.domain.program_changes import ProgramChange, What
from allybot.store.engine.database import Transaction
from allybot.store.tables import program_change, program_creator


def add_change(tx: Transaction, program_id: str, made: ProgramChange) -> None:
    """Write a change down; whoever changes the program holds its row, so that two do not get one number."""
    of = program_change.c.program_id == program_id
    number = tx.execute(select(func.coalesce(func.max(program_change.c.number), 0)).where(of)).scalar_one()
    tx.execute(insert(program_change).values(program_id=program_id, number=number + 1, **vars(made)))


def changes_of(tx: Transaction, program_id: str, limit: int) -> list[ProgramChange]:
    """The newest changes of a program, newest first."""
    query = select(program_change).where(program_change.c.program_id == program_id)
    rows = tx.execute(query.order_by(program_change.c.number.desc()).limit(limit))
    return [
        ProgramChange(row.changed_on, row.changed_by, What(row.what), row.subject, row.old, row.new)
        for row in rows
    ]


def allow(tx: Transaction, actor: Actor) -> None:
    """Let somebody create programs. Idempotent."""
    if not may_create(tx, actor):
        tx.execute(insert(program_creator).values(**vars(actor)))


def disallow(tx: Transaction, actor: Actor) -> bool:
    """Take that back; whether they were allowed to."""
    return tx.execute(delete(program_creator).where(*_is(actor))).rowcount == 1


def may_create(tx: Transaction, actor: Actor) -> bool:
    """Whether somebody was allowed to create programs."""
    return tx.execute(select(program_creator.c.slack_user).where(*_is(actor))).first() is not None


def creators(tx: Transaction, workspace_id: str) -> list[str]:
    """The Slack users who were allowed to, sorted."""
    rows = tx.execute(select(program_creator).where(program_creator.c.workspace_id == workspace_id))
    return sorted(row.slack_user for row in rows)


def _is(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    table = program_creator.c
    return table.workspace_id == actor.workspace_id, table.slack_user == actor.slack_user
