"""Corrects a program's list: somebody in the wrong cohort, or on it by mistake.

Whatever a lead does with somebody, the answer is the same whether that person takes part, stopped, declined
or was forgotten. Nobody who said no is written to again, whatever is done to them here. Seats in circles
follow their channels in Slack and are not moved here: what became of a move would tell who takes part.
"""

from datetime import datetime

from allybot.domain.people import Actor, Cohort, Program
from allybot.domain.program_changes import What
from allybot.domain.trainee import Trainee, gets_check_ins, has_said_no
from allybot.errors import NotFoundError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.programs import corrections as prompts
from allybot.services.check_ins import asking
from allybot.services.context import Context, Rendering, new_id
from allybot.services.data import erasure, waiting_answers
from allybot.services.data.erasure import Leaving
from allybot.services.leads import led_program, note
from allybot.services.programs.dates import require_running
from allybot.services.programs.suppressed_people import remembered
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault.suppression import Place, forget_places, move_place


class NotOnTheListError(NotFoundError):
    """They are not on the program's list."""


def target_of(
    context: Context, actor: Actor | None, program_id: str, what: str, to: str
) -> tuple[Program, str]:
    """A program, and the name of its cohort of this id; empty where `what` is another kind.

    Args:
        what: as in `CorrectionValue`.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotFoundError: it has no such cohort.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, program_id)
        if what != prompts.COHORT:
            return program, ""
        names = {each.id: each.name for each in programs.cohorts(tx, program.id)}
    if to not in names:
        raise NotFoundError
    return program, names[to]


def require_on_list(context: Context, actor: Actor | None, program_id: str, user: str, now: datetime) -> None:
    """Refuse somebody who is not on a program's list.

    Args:
        actor: a lead; None for the operator.
        now: the program's time, aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotOnTheListError: they are not, or are in another program.
        WrongStateError: the program is over.
        UserError: the suppression list cannot be read.
    """
    with context.database.reading() as tx:
        _on_list(context, tx, led_program(tx, actor, program_id), user, now)


def move_to_cohort(
    context: Context, actor: Actor | None, program_id: str, user: str, cohort_id: str, now: datetime
) -> Cohort:
    """Put somebody into another cohort; check-ins still to come follow its dates. Idempotent.

    Args, and raises, as `require_on_list`.

    Raises:
        NotFoundError: the program has no such cohort.
    """
    with context.database.transaction() as tx:
        program = led_program(tx, actor, program_id, lock=True)
        trainee = _on_list(context, tx, program, user, now, lock=True)
        cohorts = {each.id: each for each in programs.cohorts(tx, program.id)}
        cohort = cohorts.get(cohort_id)
        if cohort is None:
            raise NotFoundError
        with context.vault.transaction() as vault_tx:
            who = Actor(program.workspace_id, user)
            move_place(vault_tx, context.keyring, who, cohorts, cohort.id)
        if trainee is not None and trainee.cohort_id != cohort.id:
            trainees.change_trainee(tx, trainee.id, cohort_id=cohort.id)
            there = trainees.trainee_by_id(tx, trainee.id)
            if there is not None and gets_check_ins(there.state) and there.next_step is not None:
                asking.schedule_first(context, tx, there, now)
        programs.note_listed(tx, {cohort.id})
        note(tx, program, actor, What.COHORT_MOVED, now, subject=cohort.name)
    return cohort


def take_off(context: Context, actor: Actor | None, program_id: str, user: str, now: datetime) -> None:
    """Take somebody off a program's list who is on it by mistake: everything of theirs is erased.

    They are not remembered as having refused, so that another list can enrol them; nobody writes to who did
    say no, or was forgotten. Whoever has heard from allybot is told. `erasure.wipe` should follow.

    Args, and raises, as `require_on_list`.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, program_id)
        trainee = _on_list(context, tx, program, user, now)
        cohorts = [each.id for each in programs.cohorts(tx, program.id)]
        tell = trainee is not None and not has_said_no(trainee.state) and _was_written_to(tx, trainee)
    if trainee is not None:
        place = Place(trainee.cohort_id) if has_said_no(trainee.state) else None
        leaving = Leaving(trainee.id, trainee.actor, trainee.dm_channel, place, keeps_stories=True)
        erasure.erase(context, [leaving])
        waiting_answers.forget_in(context, trainee.actor, program.id)
    with context.vault.transaction() as vault_tx:
        forget_places(vault_tx, context.keyring, Actor(program.workspace_id, user), cohorts)
    with context.database.transaction() as tx:
        note(tx, programs.take_program(tx, program.id) or program, actor, What.TAKEN_OFF, now)
        if tell:
            message = OutboxMessage(
                key=f"taken-off:{new_id()}",
                workspace_id=program.workspace_id,
                kind=MessageKind.TAKEN_OFF,
                about_id=program.id,
                due_at=now,
                to_user=user,
            )
            outbox.put(tx, new_id(), message)


def render_taken_off(rendering: Rendering) -> Message | None:
    """To somebody whom a lead took off the list. None when they are on one again, or the program is gone."""
    program = programs.program_by_id(rendering.tx, rendering.row.about_id)
    user = rendering.row.to_user
    if program is None or user is None:
        return None
    if trainees.trainee_of(rendering.tx, Actor(program.workspace_id, user)) is not None:
        return None
    return prompts.you_were_taken_off(Say(), program.name, program.support_contact)


def _on_list(
    context: Context, tx: Transaction, program: Program, user: str, now: datetime, *, lock: bool = False
) -> Trainee | None:
    """The row of somebody on the list; None where only their place is remembered.

    The suppression list is read for everybody, so that a key that cannot be read stops everybody alike. Once
    the program is over nobody is asked about: who is deleted when depends on what each of them chose.
    """
    require_running(tx, program, now)
    left = remembered(context, tx, program.workspace_id, [user], now, program.id)
    trainee = trainees.trainee_of(tx, Actor(program.workspace_id, user), lock=lock)
    if trainee is not None:
        if trainee.program_id != program.id:
            raise NotOnTheListError
        return trainee
    place = left.get(user)
    if place is None or place.program is None or place.program.id != program.id:
        raise NotOnTheListError
    return None


def _was_written_to(tx: Transaction, trainee: Trainee) -> bool:
    return outbox.sent_place(tx, f"welcome:{trainee.id}") is not None
