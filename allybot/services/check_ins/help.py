"""A check-in as its own trainee sees it: with the plan it asked about and all that the help form shows."""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.check_ins import CheckIn, CheckInState
from allybot.domain.circles import CircleState
from allybot.domain.notes import Note
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Plan
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import Trainee, may_answer
from allybot.errors import NotFoundError, SupersededError, WrongStateError
from allybot.services.context import Context, program_of
from allybot.store.check_ins import check_ins
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.plans import private_records


@dataclass(frozen=True)
class HelpFacts:
    """The data of the help form after an answer.

    Attributes:
        counts: False when the window had closed; the help is shown all the same.
        why: the personal why, None when there is none.
        turn: the index of the barrier that the list begins with.
        has_circle: whether the trainee can share the plan with a circle.
        notes: the trainee's notes, oldest first.
    """

    trainee: Trainee
    program: Program
    check_in: CheckIn
    plan: Plan
    counts: bool
    why: str | None
    turn: int
    has_circle: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class OwnCheckIn:
    """The actor's check-in and the id of the window it counts in."""

    trainee: Trainee
    check_in: CheckIn
    window_id: str


def own_check_in(tx: Transaction, actor: Actor, check_in_id: str) -> OwnCheckIn:
    """The check-in, if it is the actor's and asked for an answer.

    Raises:
        NotFoundError: the check-in is not the actor's, or asked for no answer.
        WrongStateError: the trainee has left.
    """
    found = check_ins.own(tx, actor, check_in_id)
    if found is None:
        raise NotFoundError
    trainee, asked = found
    if asked.window_id is None:
        raise NotFoundError
    if not may_answer(trainee.state):
        raise WrongStateError
    return OwnCheckIn(trainee, asked, asked.window_id)


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


def plan_asked_about(record: PrivateRecord, check_in_id: str) -> Plan:
    """The plan a check-in asked about, in any state.

    Raises:
        NotFoundError: the check-in asked about none.
    """
    about = record.asked_about(check_in_id)
    if about is None:
        raise NotFoundError
    return about[0]


def read_facts(context: Context, actor: Actor, check_in_id: str) -> HelpFacts:
    """The data of the help form, read only.

    Raises:
        NotFoundError, WrongStateError: as in `own_check_in`.
        DecryptionError: the personal key was erased.
    """
    with context.database.reading() as tx:
        own = own_check_in(tx, actor, check_in_id)
        record = private_records.read(tx, context.personal_key(own.trainee.id), own.trainee.id)
        return help_facts(context, tx, own, record)


def help_facts(context: Context, tx: Transaction, own: OwnCheckIn, record: PrivateRecord) -> HelpFacts:
    """The same within a transaction that has read the check-in and the record already."""
    return HelpFacts(
        trainee=own.trainee,
        program=program_of(tx, own.trainee),
        check_in=own.check_in,
        plan=plan_asked_about(record, own.check_in.id),
        counts=ballots.open_key(tx, own.window_id) is not None,
        why=record.why,
        turn=context.rng(own.check_in.id).randrange(1000),
        has_circle=any(
            each.state is CircleState.ACTIVE for each in circles.circles_of_trainee(tx, own.trainee.id)
        ),
        notes=record.notes,
    )


def waiting(tx: Transaction, trainee: Trainee) -> str | None:
    """The id of the check-in that waits for its answer; None without one, and for the re-plan."""
    latest = check_ins.latest(tx, trainee.id)
    if latest is None or latest.state is not CheckInState.ASKED or latest.window_id is None:
        return None
    return latest.id


def changeable(tx: Transaction, trainee: Trainee, now: datetime) -> str | None:
    """The id of the latest check-in, if it was answered and its window is open at `now` (aware UTC)."""
    latest = check_ins.latest(tx, trainee.id)
    if latest is None or latest.state is not CheckInState.ANSWERED or latest.window_id is None:
        return None
    closing = {window.id: window.closes_at for window in ballots.windows_of(tx, trainee.program_id)}
    closes_at = closing.get(latest.window_id)
    return latest.id if closes_at and now < closes_at else None
