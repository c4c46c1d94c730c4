"""Ends a program early, or deletes it with everything in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allybot.domain.people import Actor, Program, same_name
from allybot.domain.program_changes import Refusal, What
from allybot.domain.trainee import may_still_consent
from allybot.domain.windows import Window, WindowState
from allybot.services.circles import endings
from allybot.services.context import Context
from allybot.services.data import erasure
from allybot.services.data.erasure import Leaving
from allybot.services.leads import led_program, note
from allybot.services.programs.dates import require_running
from allybot.services.programs.refusals import ChangeRefusedError, or_refuse
from allybot.services.programs.terms import kept_until
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from allybot.store.vault import pooled
from allybot.store.vault.vault import destroy_window_key

_BATCH = 100


@dataclass(frozen=True)
class AtTheEnd:
    """What an end would do, in the program's zone.

    Attributes:
        today: when check-ins and scenarios stop.
        open_windows: names of the windows that would be counted today, or deleted unopened.
        is_over: whether the program has ended by itself already.
        is_published: whether figures are out, which nobody can delete.
        deleted_on: when people's rows would be deleted after an end today.
    """

    program: Program
    today: date
    open_windows: tuple[str, ...]
    is_over: bool
    is_published: bool
    deleted_on: date


def look(context: Context, by: Actor | None, program_id: str, now: datetime) -> AtTheEnd:
    """What an end or a deletion at `now` (aware UTC) would do.

    Raises:
        NotALeadError: see `leads.led_program`.
    """
    with context.database.reading() as tx:
        return _look(context, tx, led_program(tx, by, program_id), now)


def check(
    context: Context, by: Actor | None, program_id: str, typed_name: str, now: datetime, *, deletes: bool
) -> None:
    """Refuse an end or a deletion that could not be done.

    Raises:
        NotALeadError, ChangeRefusedError: as `end` or `delete`.
    """
    with context.database.reading() as tx:
        program = _confirmed(tx, by, program_id, typed_name)
        if deletes:
            _require_unpublished(tx, program)
        else:
            _require_running(tx, program, now)


def end(context: Context, by: Actor | None, program_id: str, typed_name: str, now: datetime) -> Program:
    """End a program now: windows are counted or deleted unopened, people say goodbye, circles are thanked.

    Whoever has not said yes is taken off the list. Plans and places are deleted as after any end.

    Args:
        by: a lead; None for the operator.
        typed_name: its name, to confirm.

    Raises:
        NotALeadError: see `leads.led_program`.
        ChangeRefusedError: another name was typed, or it is over already.
    """
    with context.database.reading() as tx:
        program = _confirmed(tx, by, program_id, typed_name)
        _require_running(tx, program, now)
        going_on = [each.id for each in circles.circles_of_program(tx, program.id) if each.goes_on]
    for circle_id in going_on:  # each in a transaction of its own; an end that was cut off is repeated
        endings.end(context, None, circle_id, now)
    with context.database.transaction() as tx:
        program = led_program(tx, by, program_id, lock=True)
        _require_running(tx, program, now)
        before = kept_until(context, tx, program)
        for window in ballots.windows_of(tx, program.id):
            if window.state is WindowState.OPEN:
                ballots.set_window(tx, window.id, closes_at=now)
        after = min(before, kept_until(context, tx, program))
        for trainee in trainees.trainees_of_program(tx, program.id):
            stops: dict[str, object] = {"next_step": None, "next_check_in_at": None}
            if may_still_consent(trainee.state):
                stops["delete_after"] = now
            else:
                stops |= {"goodbye_at": now, "delete_after": min(trainee.delete_after or after, after)}
            trainees.change_trainee(tx, trainee.id, **stops)
        programs.change_program(tx, program.id, frozen_at=program.frozen_at or now)
        note(tx, program, by, What.ENDED, now)
    return program


def delete(context: Context, by: Actor | None, program_id: str, typed_name: str) -> Program:
    """Delete a program with its people, plans, circles and answers, now; answers are destroyed unopened.

    Keys go first, and with them whom a waiting window asked, so that after a crash nothing can be read; what
    was cut off is repeated with the same call.

    Args:
        by, typed_name: as for `end`.

    Raises:
        NotALeadError: see `leads.led_program`.
        ChangeRefusedError: another name was typed, or its figures are out, which are never deleted.
    """
    with context.database.reading() as tx:
        program = _confirmed(tx, by, program_id, typed_name)
        windows = _require_unpublished(tx, program)
        boxes = [*(each.id for each in windows), *weeks.weeks_of_program(tx, program.id)]
        people = trainees.trainees_of_program(tx, program.id)
    with context.vault.transaction() as vault_tx:
        for box in boxes:
            destroy_window_key(vault_tx, box)
            pooled.delete_window(vault_tx, box)
    leaving = [
        Leaving(each.id, Actor(each.workspace_id, each.slack_user), each.dm_channel) for each in people
    ]
    for start in range(0, len(leaving), _BATCH):
        erasure.erase(context, leaving[start : start + _BATCH])
    with context.database.transaction() as tx:
        programs.delete_program(tx, led_program(tx, by, program_id, lock=True).id)
    erasure.wipe(context)
    return program


def _look(context: Context, tx: Transaction, program: Program, now: datetime) -> AtTheEnd:
    windows = ballots.windows_of(tx, program.id)
    still = [each for each in windows if each.state is WindowState.OPEN]
    last = windows[-1].closes_at
    ends = min(now, last) if last else now
    days = context.content.rules.retention.trainee_rows_days + 1
    return AtTheEnd(
        program=program,
        today=now.astimezone(program.zone).date(),
        open_windows=tuple(each.name for each in still),
        is_over=last is not None and last <= now,
        is_published=any(each.state is WindowState.PUBLISHED for each in windows),
        deleted_on=ends.astimezone(program.zone).date() + timedelta(days=days),
    )


def _require_running(tx: Transaction, program: Program, now: datetime) -> None:
    or_refuse(lambda: require_running(tx, program, now), Refusal.OVER, program.name)


def _require_unpublished(tx: Transaction, program: Program) -> list[Window]:
    """The program's windows."""
    windows = ballots.windows_of(tx, program.id)
    if any(each.state is WindowState.PUBLISHED for each in windows):
        raise ChangeRefusedError(Refusal.PUBLISHED, program.name)
    return windows


def _confirmed(tx: Transaction, by: Actor | None, program_id: str, typed_name: str) -> Program:
    program = led_program(tx, by, program_id)
    if not same_name(program.name, typed_name):
        raise ChangeRefusedError(Refusal.OTHER_NAME, program.name)
    return program
