"""A circle's end with a thank-you, and the merge of two that have become small.

A circle that ends stays where it is, with its channel, its members and `/allybot ask`; only scenarios no
longer come.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from allybot.domain.circles import Circle
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import is_in_slack, takes_part
from allybot.errors import UserError, WrongStateError
from allybot.services.circles.going_on import SAID_FOR, say_in, taken
from allybot.services.context import Context, new_id
from allybot.services.leads import tell_leads
from allybot.services.working_hours import next_working_time, working_hours
from allybot.store.circles import circles, life, weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

_AFTER_THE_RESULT = timedelta(minutes=5)
"""An early end opens the votes at once; their result is read first."""
_MONDAY = 0
_WEEKS_WITHOUT_A_VOTE = 3
"""Scenarios in a row before a merge is proposed. Our own number."""


def end(context: Context, actor: Actor | None, circle_id: str, now: datetime) -> Circle:
    """End a circle early: no more scenarios, votes that are open are opened now, and thanks are posted.

    Args:
        actor: a lead; None for the operator.

    Raises:
        WrongStateError: the actor is no lead, or the circle has ended.
    """
    with context.database.transaction() as tx:
        circle, program = taken(tx, circle_id)
        if actor is not None and not programs.is_lead(tx, circle.program_id, actor):
            raise WrongStateError
        _stop(tx, circle, now)
        _thank(context, tx, circle, program, now)
    return circle


def thank_if_over(context: Context, circle_id: str, now: datetime) -> bool:
    """Queue the thank-you of a circle that has had its last scenario and result; whether it was queued."""
    with context.database.transaction() as tx:
        circle = circles.take_circle(tx, circle_id)
        program = programs.program_by_id(tx, circle.program_id) if circle else None
        if circle is None or program is None or not circle.is_over or life.open_week(tx, circle):
            return False
        last = weeks.newest_week(tx, circle)
        # Not its Thursday: where everybody had voted, its result came earlier, which a backup may not know.
        began = datetime.combine(last.monday, time(), program.zone) if last else None
        return _thank(context, tx, circle, program, now, planned_at=began)


@dataclass(frozen=True)
class Merged:
    """Two circles that merge, and whom to invite into the channel of the one that goes on."""

    into: Circle
    ending: Circle
    moving: tuple[Actor, ...]


def merge(context: Context, actor: Actor | None, into_id: str, from_id: str, now: datetime) -> Merged:
    """End one circle and let its members join another of the program, which goes on as it is.

    Their seats move when they are in the other channel, where turns begin with the fewest there.

    Args:
        actor: a lead; None for the operator.

    Raises:
        WrongStateError: the actor is no lead, or either circle does not go on, or both are one.
        UserError: together they are too many.
    """
    with context.database.transaction() as tx:
        first, second = sorted((into_id, from_id))  # in one order, so that two merges do not wait in a circle
        found = {each: taken(tx, each) for each in (first, second)}
        (into, program), (ending, _) = found[into_id], found[from_id]
        if into_id == from_id or into.program_id != ending.program_id:
            raise WrongStateError
        if actor is not None and not programs.is_lead(tx, into.program_id, actor):
            raise WrongStateError
        staying = [each for each in circles.members(tx, into.id) if is_in_slack(each.state)]
        moving = [each for each in circles.members(tx, ending.id) if is_in_slack(each.state)]
        most = context.content.rules.circles.max_members
        if len(staying) + len(moving) > most:
            raise UserError(
                f"{into.name} and {ending.name} have too many members together; {most} is the most, so that "
                "everybody can speak."
            )
        _stop(tx, ending, now)
        _thank(context, tx, ending, program, now, into)
        if moving:
            say_in(tx, into, MessageKind.CIRCLE_GROWS, f"{ending.id}:{now.isoformat()}", now, about=ending)
        users = tuple(Actor(ending.workspace_id, each.slack_user) for each in moving)
        return Merged(into, ending, users)


def propose_merge(context: Context, circle_id: str, now: datetime) -> bool:
    """Tell the leads, on a Monday, that a circle and another of its program could merge; once for both.

    Both have too few members for a vote, and none of their latest votes was opened, as leads can see anyway.
    So whoever left last is weeks away by then, and no day and no week says that somebody did.
    """
    with context.database.transaction() as tx:
        circle = circles.take_circle(tx, circle_id)
        program = programs.program_by_id(tx, circle.program_id) if circle else None
        if circle is None or program is None or not circle.goes_on or circle.weeks_posted == 0:
            return False
        if working_hours(context, program, program.zone).local_day(now).weekday() != _MONDAY:
            return False
        least = context.content.min_votes_of(program.name)
        if (
            not life.had_few_votes(tx, circle.id, _WEEKS_WITHOUT_A_VOTE)
            or sum(takes_part(each.state) for each in circles.members(tx, circle.id)) >= least
        ):
            return False
        other = _partner(tx, circle, least)
        if other is None or circle.merge_proposed == other.id or other.merge_proposed == circle.id:
            return False
        circles.change_circle(tx, circle.id, merge_proposed=other.id)
        message = OutboxMessage(
            key=f"merge:{circle.id}:{other.id}",
            workspace_id=circle.workspace_id,
            kind=MessageKind.MERGE_PROPOSED,
            about_id=circle.id,
            due_at=next_working_time(context, program, program.zone, now),
        )
        return tell_leads(tx, program.id, message)


def partner_of(context: Context, tx: Transaction, circle: Circle) -> Circle | None:
    """Another circle of the program with which a small one could merge; None when there is none."""
    program = programs.program_by_id(tx, circle.program_id)
    return _partner(tx, circle, context.content.min_votes_of(program.name)) if program else None


def _partner(tx: Transaction, circle: Circle, least: int) -> Circle | None:
    """The smallest other circle with fewer members than `least` who take part, and without a vote lately."""
    small = life.sizes(tx, circle.program_id, below=least)
    others = [
        (size, each.id, each)
        for each, size in small
        if each.id != circle.id and life.had_few_votes(tx, each.id, _WEEKS_WITHOUT_A_VOTE)
    ]
    return min(others)[2] if others else None


def _stop(tx: Transaction, circle: Circle, now: datetime) -> None:
    """No more scenarios; votes that are sealed are opened at once, by the usual rule."""
    planned, running = weeks.planned_week(tx, circle), life.open_week(tx, circle)
    if planned:
        weeks.drop_week(tx, planned.id)
    if running:
        weeks.change_week(tx, running.id, opens_at=min(now, running.opens_at))
    circles.change_circle(tx, circle.id, next_post_at=None, last_week=circle.weeks_posted, paused_until=None)


def _thank(
    context: Context,
    tx: Transaction,
    circle: Circle,
    program: Program,
    now: datetime,
    into: Circle | None = None,
    planned_at: datetime | None = None,
) -> bool:
    """Queue the thank-you, once for so many scenarios: a circle may go on with a later cohort.

    Args:
        into: the circle its members are to join, where it merges.
        planned_at: the earliest its schedule had it, aware; None where a person ends it.
    """
    if circle.thanked_scenarios == circle.weeks_posted:
        return False
    circles.change_circle(tx, circle.id, thanked_scenarios=circle.weeks_posted)
    message = OutboxMessage(
        key=f"circle-thanks:{circle.id}:{circle.weeks_posted}",
        workspace_id=circle.workspace_id,
        kind=MessageKind.CIRCLE_MERGES if into else MessageKind.CIRCLE_THANKS,
        about_id=(into or circle).id,
        due_at=next_working_time(context, program, program.zone, now + _AFTER_THE_RESULT),
        to_channel=circle.channel,
        stale_at=now + 2 * SAID_FOR,
        planned_at=planned_at,
    )
    return outbox.put(tx, new_id(), message)
