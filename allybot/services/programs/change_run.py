"""Runs a change of a program, or only looks at what it would do.

Each change runs in one transaction, which is taken back unless it is confirmed: what is said beforehand is
what the change itself has done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor, Cohort, Program
from allybot.domain.program_dates import ProgramCalendar
from allybot.errors import AllybotError
from allybot.services.context import Context
from allybot.services.leads import led_program
from allybot.services.programs.dates import dates_of
from allybot.services.programs.program_calendar import calendar_of
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs as rows


@dataclass(frozen=True)
class Effects:
    """What a change does, or would do, to the program's dates.

    Attributes:
        program: as it is then.
        is_doubtful: whether dates that the change sets are hardly meant.
    """

    program: Program
    before: ProgramCalendar
    after: ProgramCalendar
    is_doubtful: bool = False


Work = Callable[[Transaction, Program], Cohort | None]
"""Makes a change; returns the cohort whose dates it set, if any."""


class _OnlyLookingError(AllybotError):
    """The change was not confirmed, so its transaction is taken back."""

    def __init__(self, effects: Effects) -> None:
        super().__init__()
        self.effects = effects


def changed(
    context: Context,
    by: Actor | None,
    program_id: str,
    now: datetime,
    confirmed: bool,  # noqa: FBT001 - every caller passes it on by its name
    work: Work,
) -> Effects:
    """What a change did, or would do where it is not confirmed.

    Raises:
        NotALeadError: see `leads.led_program`.
    """
    try:
        with context.database.transaction() as tx:
            program = led_program(tx, by, program_id, lock=True)
            before = calendar_of(context, tx, program, now)
            dated = work(tx, program)
            program = again(tx, program)
            doubtful = dated is not None and dates_of(context, tx, program, dated, now).doubtful
            effects = Effects(program, before, calendar_of(context, tx, program, now), doubtful)
            _take_back_unless(confirmed, effects)
    except _OnlyLookingError as looked:
        return looked.effects
    return effects


def _take_back_unless(confirmed: bool, effects: Effects) -> None:  # noqa: FBT001 - reads as a sentence
    if not confirmed:
        raise _OnlyLookingError(effects)


def again(tx: Transaction, program: Program) -> Program:
    """The program as the transaction has left it."""
    return rows.program_by_id(tx, program.id) or program
