"""Who facilitates a circle's week: a yes makes somebody the facilitator, alone or together with another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from allybot.domain.circle_weeks import Moments, Rhythm, kit_due, moments
from allybot.domain.circles import Circle, CircleWeek, Member, WeekState, turns_after
from allybot.domain.people import Actor
from allybot.errors import WrongStateError
from allybot.services.context import Context, new_id, put_to_trainee
from allybot.services.working_hours import hours_of, working_hours
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

ANSWERS_A_PRESS = ":volunteer"
"""Ends the key of a kit that answers a press, so that it need not wait for working hours."""


class Seat(StrEnum):
    """What came of a yes: they facilitate alone, or with another; or others were faster."""

    FIRST = "first"
    SECOND = "second"
    TAKEN = "taken"


def rhythm_of(context: Context) -> Rhythm:
    """The week of every circle as the content configures it."""
    rules = context.content.rules.circles
    return Rhythm(
        post_weekday=rules.scenario_weekday.number,
        post_time=rules.scenario_time,
        open_weekday=rules.vote_opens_weekday.number,
        open_time=rules.vote_opens_time,
        kit_working_days_before=rules.kit_working_days_before,
        ask_working_days_before=rules.ask_working_days_before,
    )


def say_yes(context: Context, actor: Actor, week_id: str, now: datetime, *, unasked: bool = False) -> Seat:
    """Take a week: before its scenario who was asked, from then on whoever likes. Idempotent.

    A second yes counts where the facilitator would like that, or from who was asked and answers late.

    Args:
        unasked: by the button under the scenario.

    Raises:
        WrongStateError: it is not theirs to take now, or the actor is no member who can facilitate.
    """
    with context.database.transaction() as tx:
        trainee, circle, week = locked_open_week(tx, actor, week_id)
        members = circles.members(tx, circle.id)
        member = able(members, trainee)
        held = holders(members, week)
        begun = week.number <= circle.weeks_posted
        if member is None or now >= week.opens_at or (unasked and not begun):
            raise WrongStateError
        if trainee not in held:
            if not unasked and (begun or not question_is_open(week, member)):
                raise WrongStateError
            if len(held) > 1 or (held and unasked and not week.wants_second):
                return Seat.TAKEN
            if member.unanswered == week.monday:
                circles.set_unanswered(tx, circle.id, trainee, None)
            settle(context, tx, circle, week, (*held, trainee), now)
        return Seat.SECOND if held and held[0] != trainee else Seat.FIRST


def do_it_together(context: Context, actor: Actor, week_id: str, now: datetime) -> bool:
    """Let the channel's post invite one more to facilitate a week; False when two do already.

    Raises:
        WrongStateError: the actor does not facilitate it, or its votes were opened.
    """
    with context.database.transaction() as tx:
        trainee, circle, week = locked_open_week(tx, actor, week_id)
        if trainee not in week.facilitators or now >= week.opens_at:
            raise WrongStateError
        if len(week.facilitators) > 1:
            return False
        weeks.change_week(tx, week.id, wants_second=True)
        update_messages(tx, circle, week, now)
    return True


@dataclass(frozen=True)
class Coming:
    """The coming week of a circle for who is asked to facilitate it or, `is_theirs`, has said yes."""

    week: CircleWeek
    is_theirs: bool


def asked_for(context: Context, actor: Actor) -> Coming | None:
    """The coming week of the actor's circle, if they are asked to facilitate it or will; else None."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        own = circles.circles_of_trainee(tx, trainee.id) if trainee else []
        planned = [weeks.planned_week(tx, circle) for circle in own]
    for week in planned:
        if trainee and week and trainee.id in {*week.facilitators, week.asked_id}:
            return Coming(week, trainee.id in week.facilitators)
    return None


def settle(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, who: Sequence[str], now: datetime
) -> None:
    """Write down who facilitates a week, count or uncount their turns if it has begun, and tell them.

    Args:
        who: trainee ids of members, the first one first; at most two.
    """
    first, second = (*who, None, None)[:2]
    weeks.change_week(tx, week.id, facilitator_id=first, second_id=second, ask_at=None)
    begun = week.number <= circle.weeks_posted
    for gone in set(week.facilitators) - set(who):
        if begun:
            uncount_turn(tx, circle, gone)
    for new in (each for each in who if each not in week.facilitators):
        if begun:
            count_turn(tx, circle, new)
        _queue_kit(context, tx, circle, week, new, now)
    update_messages(tx, circle, week, now)


def update_messages(tx: Transaction, circle: Circle, week: CircleWeek, now: datetime) -> None:
    """Let everything that was sent about who facilitates a week say how things stand now."""
    sent = [*weeks.messages_about(tx, week.id)]
    post = outbox.sent_place(tx, scenario_key(week))
    for trainee_id, kind, place in [*sent, *([(None, MessageKind.SCENARIO, post)] if post else [])]:
        message = OutboxMessage(
            key=f"facilitators:{new_id()}",
            workspace_id=circle.workspace_id,
            kind=kind,
            about_id=week.id,
            due_at=now,
            trainee_id=trainee_id,
            stale_at=week.opens_at,
            replaces=place,
        )
        outbox.put(tx, new_id(), message)


def able(members: Sequence[Member], trainee_id: str | None) -> Member | None:
    """The member of this id, if there is one who can facilitate."""
    return next((each for each in members if each.trainee_id == trainee_id and each.can_facilitate), None)


def holders(members: Sequence[Member], week: CircleWeek) -> tuple[str, ...]:
    """Trainee ids of those who said yes to a week and can still facilitate it."""
    return tuple(each for each in week.facilitators if able(members, each))


def question_is_open(week: CircleWeek, member: Member) -> bool:
    """Whether they were asked to facilitate a week and have not answered, in time or later."""
    return week.asked_id == member.trainee_id or member.unanswered == week.monday


def count_turn(tx: Transaction, circle: Circle, trainee_id: str) -> None:
    """Count the week as a member's turn."""
    turns = turns_after(circles.members(tx, circle.id), trainee_id)
    circles.set_turns(tx, circle.id, trainee_id, turns)


def uncount_turn(tx: Transaction, circle: Circle, trainee_id: str) -> None:
    """Uncount a member's turn: the week did not happen, or they could not after all."""
    for member in circles.members(tx, circle.id):
        if member.trainee_id == trainee_id and member.turns:
            circles.set_turns(tx, circle.id, trainee_id, member.turns - 1)


def scenario_key(week: CircleWeek) -> str:
    """The outbox key of a week's scenario."""
    return f"scenario:{week.circle_id}:{week.monday.isoformat()}"


def locked_open_week(tx: Transaction, actor: Actor, week_id: str) -> tuple[str, Circle, CircleWeek]:
    """The actor's trainee id, and the circle and open week, locked.

    Raises:
        WrongStateError: there is no such open week, or the actor is no trainee.
    """
    trainee, week = trainees.trainee_of(tx, actor), weeks.week_by_id(tx, week_id)
    circle = circles.take_circle(tx, week.circle_id, wait=True) if week else None
    week = weeks.week_by_id(tx, week_id, lock=True)
    if trainee is None or circle is None or week is None or week.state is not WeekState.OPEN:
        raise WrongStateError
    return trainee.id, circle, week


def moments_of(context: Context, tx: Transaction, circle: Circle, week: CircleWeek) -> Moments | None:
    """The moments of a week by the program's calendar; None where it has no working day left."""
    program = programs.program_by_id(tx, circle.program_id)
    if program is None:  # the foreign keys forbid it; this tells the type checker
        return None
    return moments(week.monday, rhythm_of(context), working_hours(context, program, program.zone))


def _queue_kit(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, trainee_id: str, now: datetime
) -> None:
    trainee = trainees.trainee_by_id(tx, trainee_id)
    program = programs.program_by_id(tx, circle.program_id)
    planned = moments_of(context, tx, circle, week)
    if trainee is None or program is None or planned is None:
        return
    kit = MessageKind.FACILITATOR_KIT
    if any((to, kind) == (trainee_id, kit) for to, kind, _ in weeks.messages_about(tx, week.id)):
        return  # they had changed their mind: it is changed in place
    own_hours = hours_of(context, program, trainee)
    due_at = kit_due(now, planned, context.content.rules.circles.kit_time, own_hours)
    key = f"kit:{week.circle_id}:{week.monday.isoformat()}:{trainee_id}"
    if due_at <= now:
        key += f":{new_id()}{ANSWERS_A_PRESS}"
    put_to_trainee(tx, trainee, kit, week.id, key, due_at, week.opens_at)
