"""The data of the help form after an answer, only for the check-in's own trainee."""

from dataclasses import dataclass

from allybot.crypto import unlock_text
from allybot.domain.check_ins import CheckIn, CheckInState
from allybot.domain.circles import CircleState
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Plan, PlanKind
from allybot.domain.trainee import Trainee, may_answer
from allybot.errors import NotFoundError, SupersededError, WrongStateError
from allybot.services.context import Context, acting, program_of
from allybot.store.check_ins import check_ins
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.plans import plans


@dataclass(frozen=True)
class HelpFacts:
    """The data of the help form after an answer.

    Attributes:
        counts: False when the window had closed; the help is shown all the same.
        why: the personal why, None when there is none.
        turn: the index of the barrier that the list begins with.
        has_circle: whether the trainee can share the plan with a circle.
    """

    trainee: Trainee
    program: Program
    check_in: CheckIn
    plan: Plan
    counts: bool
    why: str | None
    turn: int
    has_circle: bool


def key_of(context: Context, actor: Actor) -> bytes:
    """The actor's personal key.

    Raises:
        NotFoundError: the trainee is in no program.
        DecryptionError: the personal key was erased.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor)
    return context.personal_key(trainee.id)


@dataclass(frozen=True)
class OwnCheckIn:
    """The actor's check-in with the plan it asked about and the window it counts in (ids)."""

    trainee: Trainee
    check_in: CheckIn
    plan_id: str
    window_id: str
    kind: PlanKind


def own_check_in(tx: Transaction, actor: Actor, check_in_id: str) -> OwnCheckIn:
    """The check-in, if it is the actor's and asked for an answer.

    Raises:
        NotFoundError: the check-in is not the actor's, or asked for no answer.
        WrongStateError: the trainee has left.
    """
    found = check_ins.own(tx, actor, check_in_id)
    if found is None:
        raise NotFoundError
    trainee, asked, kind = found
    if asked.plan_id is None or asked.window_id is None:
        raise NotFoundError
    if not may_answer(trainee.state):
        raise WrongStateError
    return OwnCheckIn(trainee, asked, asked.plan_id, asked.window_id, kind)


def check_is_newest(tx: Transaction, asked: CheckIn) -> None:
    """Refuse a check-in that was closed without an answer while a newer one waits for its own.

    Raises:
        SupersededError: with the newer one's id.
    """
    if asked.state is not CheckInState.SILENT:
        return
    newest = check_ins.latest(tx, asked.trainee_id)
    if newest and newest.step > asked.step and newest.state is CheckInState.ASKED:
        raise SupersededError(newest.id)


def help_facts(context: Context, tx: Transaction, actor: Actor, check_in_id: str, key: bytes) -> HelpFacts:
    """The actor's check-in with its plan.

    Raises:
        NotFoundError: the check-in is not the actor's, or asked for no answer.
        WrongStateError: the trainee has left.
    """
    own = own_check_in(tx, actor, check_in_id)
    trainee = own.trainee
    plan = plans.plan_by_id(tx, key, trainee.id, own.plan_id)
    if plan is None:
        raise NotFoundError
    locked = check_ins.locked_why(tx, trainee.id)
    return HelpFacts(
        trainee=trainee,
        program=program_of(tx, trainee),
        check_in=own.check_in,
        plan=plan,
        counts=ballots.open_key(tx, own.window_id) is not None,
        why=unlock_text(key, locked) if locked else None,
        turn=context.rng(check_in_id).randrange(1000),
        has_circle=any(
            each.state is CircleState.ACTIVE for each in circles.circles_of_trainee(tx, trainee.id)
        ),
    )
