"""A circle's pause: it moves the coming scenarios, so that no week is lost."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from allybot.domain.circle_weeks import first_after, first_planned_after, monday_of
from allybot.domain.circles import PAUSE_WEEKS, Circle
from allybot.domain.people import Actor, Program
from allybot.errors import WrongStateError
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.circles.going_on import say_in, taken
from allybot.services.circles.requests import is_in
from allybot.services.context import Context, new_id
from allybot.services.working_hours import working_hours
from allybot.store import trainees
from allybot.store.circles import circles, life, weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage, OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


@dataclass(frozen=True)
class Proposal:
    """A pause that a member proposes, and what it was proposed at: a button of another week does nothing.

    Attributes:
        post_on: local day of the circle's next scenario then.
    """

    circle_id: str
    weeks: int
    by: str
    post_on: date

    @property
    def key(self) -> str:
        """Of its message, from which `of_message` reads it."""
        return f"circle-pause:{self.circle_id}:{self.post_on}:{self.weeks}"

    @classmethod
    def of_message(cls, row: OutboxRow) -> Self:
        """What a posted proposal proposes."""
        _, circle_id, day, number = row.key.split(":")
        return cls(circle_id, int(number), row.trainee_id or "", date.fromisoformat(day))


def pause(
    context: Context, actor: Actor | None, circle_id: str, number: int, now: datetime
) -> Circle | Proposal:
    """Pause a circle for so many weeks: at once for a lead or the facilitator, else the proposal of a member.

    A proposal is posted to the circle, where another member's tap makes it so (`agree`).

    Args:
        actor: None for the operator, who acts as a lead.
        number: one of `PAUSE_WEEKS`.
        now: the program's time, aware UTC.

    Returns:
        The circle as it is paused, or what was proposed.

    Raises:
        WrongStateError: the actor is neither lead nor member, or the circle is paused or over.
    """
    with context.database.transaction() as tx:
        circle, program = taken(tx, circle_id)
        if actor is not None and not programs.is_lead(tx, circle.program_id, actor):
            trainee = trainees.trainee_of(tx, actor)
            if trainee is None or not circles.is_member(tx, circle.id, trainee.id):
                raise WrongStateError
            if trainee.id not in _facilitators(tx, circle):
                return _propose(tx, circle, program, number, trainee.id, now)
        _pause(context, tx, circle, program, number, now)
        return circles.circle_by_id(tx, circle.id) or circle


def agree(context: Context, actor: Actor, proposal: Proposal, now: datetime) -> Circle:
    """Another member agrees to a proposed pause, which begins. Returns the circle as it is paused.

    Raises:
        WrongStateError: the actor proposed it or is no member, or the circle has gone on or is paused.
    """
    with context.database.transaction() as tx:
        circle, program = taken(tx, proposal.circle_id)
        trainee = trainees.trainee_of(tx, actor)
        at = circle.next_post_at
        gone_on = at is None or at.astimezone(program.zone).date() != proposal.post_on
        if trainee is None or trainee.id == proposal.by or gone_on or not is_in(tx, circle, actor):
            raise WrongStateError
        _pause(context, tx, circle, program, proposal.weeks, now)
        return circles.circle_by_id(tx, circle.id) or circle


def resume(context: Context, actor: Actor | None, circle_id: str, now: datetime) -> Circle:
    """End a pause early, by a member or a lead. Returns the circle.

    The next scenario comes on the first Monday whose facilitator can still get the kit in time.

    Args:
        actor: None for the operator.

    Raises:
        WrongStateError: the actor is neither, or the circle is not paused.
    """
    with context.database.transaction() as tx:
        circle, program = taken(tx, circle_id)
        allowed = actor is None or programs.is_lead(tx, circle.program_id, actor) or is_in(tx, circle, actor)
        if not allowed or not circle.is_paused(now):
            raise WrongStateError
        calendar = working_hours(context, program, program.zone)
        week = first_planned_after(now, rhythm_of(context), calendar)
        post_at = min(week.post_at, circle.next_post_at or week.post_at)
        circles.change_circle(tx, circle.id, next_post_at=post_at, paused_until=None)
        say_in(tx, circle, MessageKind.CIRCLE_RESUMES, now.isoformat(), now)
        return circles.circle_by_id(tx, circle.id) or circle


def after_pause(context: Context, circle: Circle, program: Program, number: int) -> datetime:
    """When the next scenario would come after a pause of so many weeks, aware UTC.

    Raises:
        WrongStateError: none is to come.
    """
    if circle.next_post_at is None:
        raise WrongStateError
    calendar = working_hours(context, program, program.zone)
    monday = monday_of(circle.next_post_at, calendar) + timedelta(weeks=number)
    return first_after(calendar.at(monday, time()), rhythm_of(context), calendar).post_at


def _facilitators(tx: Transaction, circle: Circle) -> set[str]:
    """Trainee ids of whoever facilitates this week or the coming one."""
    found = (life.open_week(tx, circle), weeks.planned_week(tx, circle))
    return {each.facilitator_id for each in found if each and each.facilitator_id}


def _propose(
    tx: Transaction, circle: Circle, program: Program, number: int, by: str, now: datetime
) -> Proposal:
    at = circle.next_post_at
    if circle.is_paused(now) or at is None or number not in PAUSE_WEEKS:
        raise WrongStateError
    proposal = Proposal(circle.id, number, by, at.astimezone(program.zone).date())
    message = OutboxMessage(
        key=proposal.key,
        workspace_id=circle.workspace_id,
        kind=MessageKind.PAUSE_PROPOSED,
        about_id=circle.id,
        due_at=now,
        to_channel=circle.channel,
        trainee_id=by,
        stale_at=at,
    )
    outbox.put(tx, new_id(), message)
    return proposal


def _pause(
    context: Context, tx: Transaction, circle: Circle, program: Program, number: int, now: datetime
) -> None:
    """Move the coming scenario by so many weeks; a week that was only prepared is prepared again then."""
    at = circle.next_post_at
    if circle.is_paused(now) or at is None or number not in PAUSE_WEEKS:
        raise WrongStateError
    until = after_pause(context, circle, program, number)
    planned = weeks.planned_week(tx, circle)
    if planned:
        weeks.drop_week(tx, planned.id)
    circles.change_circle(tx, circle.id, next_post_at=until, paused_until=until)
    say_in(tx, circle, MessageKind.CIRCLE_PAUSES, now.isoformat(), now)
