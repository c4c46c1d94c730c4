"""Moves the closing of a program's windows and the deletion of its people, and tells whose day moves.

A program keeps everybody until the same day. Whoever it kept for less would be missing from its lists before
the others, and a lead could tell from that who said yes, stopped or asked to be forgotten.
"""

from datetime import datetime

from allybot.domain.people import Program
from allybot.domain.trainee import Trainee, TraineeState, hears_of_deletion
from allybot.services.context import Context, new_id
from allybot.services.outcomes import windows
from allybot.services.programs.terms import kept_until
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction


def move_end(
    context: Context, tx: Transaction, program: Program, now: datetime, before: Program | None = None
) -> None:
    """Let the closing of the windows, and deletion, follow the last cohort's training.

    Everybody whose day of deletion moves is told, also before the yes and after a stop: they were promised
    another one. Whoever declined or keeps going has a date of their own, which stays.

    Args:
        now: the program's time, aware UTC.
        before: the program as it was, where its time zone changes.
    """
    was = before or program
    old = kept_until(context, tx, was)
    windows.set_closing(context, tx, program.id)
    new = kept_until(context, tx, program)
    moves = old.astimezone(was.zone).date() != new.astimezone(program.zone).date()
    for trainee in trainees.trainees_of_program(tx, program.id):
        stays = trainee.state is TraineeState.DECLINED and new > old
        if trainee.delete_after != old or stays:
            continue
        trainees.change_trainee(tx, trainee.id, delete_after=new)
        if moves and hears_of_deletion(trainee.state):
            tell_dates_moved(tx, trainee, now)


def tell_dates_moved(tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Queue the program's dates, as they are when it is sent: once for each change, in place of what waits.

    Args:
        now: the program's time, aware UTC.
    """
    message = OutboxMessage(
        key=f"dates-moved:{trainee.id}:{now.isoformat()}",
        workspace_id=trainee.workspace_id,
        kind=MessageKind.DATES_MOVED,
        about_id=trainee.id,
        due_at=now,
        to_user=trainee.slack_user,
        trainee_id=trainee.id,
    )
    outbox.put_newest(tx, new_id(), message)
