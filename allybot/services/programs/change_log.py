"""The log of a program's changes, and who may make them."""

from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import ProgramChange, What
from allybot.errors import NotALeadError
from allybot.services.context import Context
from allybot.store.engine.database import Transaction
from allybot.store.programs import changes, programs

SHOWN = 50
"""The newest changes, which one page holds."""


def changeable(tx: Transaction, by: Actor | None, program_id: str, *, lock: bool = True) -> Program:
    """A program that is about to be changed.

    Args:
        by: a lead; None for the operator.
        lock: hold its row until the transaction ends.

    Raises:
        NotALeadError: there is no such program, or `by` does not lead it: the same either way.
    """
    program = (programs.take_program if lock else programs.program_by_id)(tx, program_id)
    if program is None:
        raise NotALeadError
    if by is not None and (
        by.workspace_id != program.workspace_id or by.slack_user not in programs.leads(tx, program.id)
    ):
        raise NotALeadError
    return program


def note(
    tx: Transaction,
    program: Program,
    by: Actor | None,
    what: What,
    now: datetime,
    *,
    subject: str = "",
    old: str = "",
    new: str = "",
) -> None:
    """Write down what somebody has changed; None is the operator. `now` is aware UTC."""
    on = now.astimezone(program.zone).date()
    made = ProgramChange(on, by.slack_user if by else None, what, subject, old, new)
    changes.add_change(tx, program.id, made)


def changes_of(
    context: Context, by: Actor | None, program_id: str
) -> tuple[Program, tuple[ProgramChange, ...]]:
    """A program and its newest changes, newest first.

    Raises:
        NotALeadError: as in `changeable`.
    """
    with context.database.reading() as tx:
        program = changeable(tx, by, program_id, lock=False)
        return program, tuple(changes.changes_of(tx, program.id, SHOWN))
