"""Names a pool for a program that has people already, and asks them anew: nobody's answers wait unasked."""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import Refusal, What
from allybot.domain.trainee import Trainee, takes_part
from allybot.domain.windows import WindowState
from allybot.errors import NotFoundError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.trainees import pool_consent as prompts
from allybot.services.context import Context, Rendering, acting, new_id, program_of
from allybot.services.leads import led_program, note
from allybot.services.outcomes import pooling
from allybot.services.outcomes.windows import CUSTODIAN
from allybot.services.programs.programs import shared_pool
from allybot.services.programs.refusals import ChangeRefusedError
from allybot.services.programs.terms import terms
from allybot.services.working_hours import next_working_time
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from allybot.store.programs.workspaces import hold_workspace


@dataclass(frozen=True)
class Shared:
    """A program that shares a pool, or would.

    Attributes:
        pool: its name as it was first given.
        least: the fewest people with whom it is counted.
        months: how long answers wait.
    """

    program: Program
    pool: str
    least: int
    months: int


def name_pool(
    context: Context, by: Actor | None, program_id: str, pool: str, now: datetime, *, confirmed: bool
) -> Shared:
    """Name the pool of a program that has none, and ask everybody who takes part.

    Whoever has not decided yet is asked once they say yes.

    Args:
        by: a lead; None for the operator.
        pool: ignoring case, as in `programs.create`.
        now: the program's time, aware UTC.
        confirmed: False only looks at what would come of it.

    Raises:
        NotALeadError: see `leads.led_program`.
        ChangeRefusedError: it has a pool, a custodian holds its keys, no window is open any more, the name is
            no name, or the pool is other leads' or counts otherwise.
    """
    with context.database.transaction() as tx:
        program = led_program(tx, by, program_id, lock=True)
        if program.pool is not None:
            raise ChangeRefusedError(Refusal.POOL_NAMED, program.name)
        if program.key_holder == CUSTODIAN:
            raise ChangeRefusedError(Refusal.POOL_CUSTODIAN)
        if not any(each.state is WindowState.OPEN for each in ballots.windows_of(tx, program.id)):
            raise ChangeRefusedError(Refusal.POOL_LATE, program.name)
        hold_workspace(tx, program.workspace_id)
        known = shared_pool(tx, by, program.workspace_id, pool, counts_moments=program.counts_moments)
        least = pooling.least_of(context, tx, program.workspace_id, known, program.minimum_respondents)
        if confirmed:
            programs.change_program(tx, program.id, pool=known)
            note(tx, program, by, What.POOL, now, new=known)
            for trainee in trainees.trainees_of_program(tx, program.id):
                if takes_part(trainee.state):
                    ask(context, tx, program, trainee, now)
        return Shared(program, known, least, context.content.rules.publishing.pool_waits_months)


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
