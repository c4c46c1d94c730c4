"""Names a pool for a program that has people already, and asks them anew: nobody's answers wait unasked."""

from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.domain.trainee import Trainee, takes_part
from allybot.domain.windows import WindowState
from allybot.errors import NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.trainees import pool_consent as prompts
from allybot.services.context import Context, Rendering, acting, new_id, program_of
from allybot.services.outcomes import pooling
from allybot.services.programs.programs import fewest_respondents, find_in, pool_name
from allybot.services.programs.terms import terms
from allybot.services.working_hours import next_working_time
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.programs import programs


def name_pool(context: Context, name: str, workspace_id: str | None, pool: str, now: datetime) -> Program:
    """Name the pool of a program that has none, and ask everybody who takes part.

    Whoever has not decided yet is asked once they say yes.

    Args:
        name: of the program.
        pool: ignoring case, as in `programs.create`.
        now: the program's time, aware UTC.

    Raises:
        NotFoundError: there is no such program.
        UserError: a custodian holds its keys, or the name is no name.
        WrongStateError: it has a pool, or no window is open any more.
    """
    with context.database.transaction() as tx:
        program = find_in(tx, name, workspace_id)
        if program.pool is not None:
            raise WrongStateError(f"{program.name} has a pool, {program.pool}; people said yes to that one.")
        fewest_respondents(context, program.minimum_respondents, key_holder=program.key_holder, pool=pool)
        if not any(each.state is WindowState.OPEN for each in ballots.windows_of(tx, program.id)):
            raise WrongStateError(f"All windows of {program.name} have closed; nothing of it could wait.")
        known = pooling.known_as(tx, program.workspace_id, pool_name(pool))
        programs.change_program(tx, program.id, pool=known)
        for trainee in trainees.trainees_of_program(tx, program.id):
            if takes_part(trainee.state):
                ask(context, tx, program, trainee, now)
        return find_in(tx, name, workspace_id)


def ask(context: Context, tx: Transaction, program: Program, trainee: Trainee, now: datetime) -> None:
    """Queue the question for their next working hour, once."""
    message = outbox.OutboxMessage(
        key=f"pool-question:{trainee.id}",
        workspace_id=trainee.workspace_id,
        kind=MessageKind.POOL_QUESTION,
        about_id=trainee.id,
        due_at=next_working_time(context, program, trainee.zone, now),
        to_user=trainee.slack_user,
        trainee_id=trainee.id,
    )
    outbox.put(tx, new_id(), message)


def agree(context: Context, actor: Actor) -> None:
    """The trainee agrees that their answers wait where too few answered. Idempotent.

    Raises:
        NotFoundError: the actor is in no program, or it has no pool.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, lock=True)
        if program_of(tx, trainee).pool is None:
            raise NotFoundError
        trainees.change_trainee(tx, trainee.id, may_wait=True)


def render_pool_question(rendering: Rendering) -> Message | None:
    """The question; None when they have left, stopped or agreed meanwhile."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or trainee.may_wait or not takes_part(trainee.state):
        return None
    program = program_of(rendering.tx, trainee)
    if program.pool is None:
        return None
    of_program = terms(rendering.context, rendering.tx, program, trainee.delete_after)
    return prompts.question(Say(trainee.locale), of_program)
