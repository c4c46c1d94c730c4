"""Facilitators of a circle's weeks: the next in the rotation, handing a week on, and volunteers."""

from datetime import datetime

from allybot.domain.circle_weeks import Moments, Rhythm, kit_due, moments
from allybot.domain.circles import (
    FIRST_WEEKS,
    Circle,
    CircleWeek,
    Member,
    WeekState,
    next_facilitator,
    not_to_be_asked,
    turns_after,
)
from allybot.domain.people import Actor
from allybot.errors import WrongStateError
from allybot.services.context import Context, new_id, put_to_trainee
from allybot.services.isolation import A_MINUTE, ScheduledJob
from allybot.services.working_hours import hours_of, working_hours
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def rhythm_of(context: Context) -> Rhythm:
    """The week of every circle as the content configures it."""
    rules = context.content.rules.circles
    return Rhythm(
        post_weekday=rules.scenario_weekday.number,
        post_time=rules.scenario_time,
        open_weekday=rules.vote_opens_weekday.number,
        open_time=rules.vote_opens_time,
        kit_working_days_before=rules.kit_working_days_before,
    )


def pass_on(context: Context, actor: Actor, week_id: str, now: datetime, *, turn_used: bool) -> bool:
    """Hand a week that has not begun to the next in the rotation, who gets the kit; False if nobody is left.

    Args:
        turn_used: True to skip this turn; False to swap, which keeps the turn for the next week.

    Raises:
        WrongStateError: the actor does not facilitate the week, or it has begun.
    """
    with context.database.transaction() as tx:
        trainee, circle, week = _locked_open_week(tx, actor, week_id)
        if week.facilitator_id != trainee or week.number <= circle.weeks_posted:
            raise WrongStateError
        if turn_used:
            members = circles.members(tx, circle.id)
            circles.set_turns(tx, circle.id, trainee, turns_after(members, trainee))
        chosen = hand_over(context, tx, circle, week, now)
        place = outbox.sent_place(tx, kit_key(week, trainee))
        if place:
            message = OutboxMessage(
                key=f"{kit_key(week, trainee)}:passed",
                workspace_id=circle.workspace_id,
                kind=MessageKind.FACILITATOR_KIT,
                about_id=week.id,
                due_at=now,
                trainee_id=trainee,
                replaces=place,
            )
            outbox.put(tx, new_id(), message)
    return chosen is not None


def asked_for(context: Context, actor: Actor, week_id: str) -> CircleWeek | None:
    """The coming week of the same circle, if the actor is asked to facilitate it; else None."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        circle = circles.circle_by_id(tx, weeks.circle_of_week(tx, week_id) or "")
        coming = weeks.planned_week(tx, circle) if circle else None
    return coming if coming and trainee and coming.facilitator_id == trainee.id else None


def volunteer(context: Context, actor: Actor, week_id: str, now: datetime) -> None:
    """Take a week that has no facilitator.

    Raises:
        WrongStateError: it has one, its votes were opened, or the actor is no member who can facilitate.
    """
    with context.database.transaction() as tx:
        trainee, circle, week = _locked_open_week(tx, actor, week_id)
        member = able(circles.members(tx, circle.id), trainee)
        if member is None or week.facilitator_id is not None or now >= week.opens_at:
            raise WrongStateError
        appoint(context, tx, circle, week, member, now, f"{kit_key(week, trainee)}:volunteer")


def _hand_over_if_needed(context: Context, week_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        circle = circles.take_circle(tx, weeks.circle_of_week(tx, week_id) or "")
        week = weeks.week_by_id(tx, week_id, lock=True)
        if circle is None or week is None or week.state is not WeekState.OPEN or week.opens_at <= now:
            return False
        if able(circles.members(tx, circle.id), week.facilitator_id):
            return False
        return hand_over(context, tx, circle, week, now) is not None


hand_over_due = ScheduledJob(
    "facilitators",
    RowKind.CIRCLE_WEEK,
    lambda tx, now, limit: [week_id for _, week_id in weeks.weeks_without_facilitator(tx, now, limit)],
    _hand_over_if_needed,
    every=A_MINUTE,
)
"""Replace facilitators who left, paused or stopped; returns how many were found."""


def hand_over(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, now: datetime
) -> Member | None:
    """Give a week to the next in the rotation who was not asked for it yet; None when nobody is left.

    In a week that has begun the previous facilitator's turn is uncounted.
    """
    chosen = choose(context, tx, circle, week, now)
    if chosen or week.facilitator_id:
        if week.number <= circle.weeks_posted:
            uncount_turn(tx, circle, week)
        appoint(context, tx, circle, week, chosen, now)
    return chosen


def choose(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, now: datetime
) -> Member | None:
    """The next in the rotation who was not asked for this week yet and may be, see `not_to_be_asked`."""
    members = circles.members(tx, circle.id)
    began = _moments(context, tx, circle, week) if week.number <= circle.weeks_posted else None
    spared = not_to_be_asked(
        members,
        now,
        circle_is_new=week.number <= FIRST_WEEKS,
        began_at=began.post_at if began else None,
    )
    keys = {kit_key(week, member.trainee_id): member.trainee_id for member in members}
    asked = {keys[key] for key in weeks.queued_states(tx, list(keys))} | {week.facilitator_id or ""}
    return next_facilitator(members, asked | spared, weeks.previous_facilitator(tx, circle.id, week.monday))


def appoint(
    context: Context,
    tx: Transaction,
    circle: Circle,
    week: CircleWeek,
    chosen: Member | None,
    now: datetime,
    key: str | None = None,
) -> None:
    """Set a week's facilitator, queue the kit, and update the scenario where it is posted already.

    Args:
        key: of the kit's message, where the usual key may be in use already.
    """
    weeks.change_week(tx, week.id, facilitator_id=chosen.trainee_id if chosen else None)
    if chosen:
        if week.number <= circle.weeks_posted:
            count_turn(tx, circle, chosen)
        _queue_kit(context, tx, circle, week, chosen, now, key or kit_key(week, chosen.trainee_id))
    place = outbox.sent_place(tx, scenario_key(week))
    if place:
        message = OutboxMessage(
            key=f"{scenario_key(week)}:{new_id()}",
            workspace_id=circle.workspace_id,
            kind=MessageKind.SCENARIO,
            about_id=week.id,
            due_at=now,
            stale_at=week.opens_at,
            replaces=place,
        )
        outbox.put(tx, new_id(), message)


def able(members: list[Member], trainee_id: str | None) -> Member | None:
    """The member of this id, if there is one who can facilitate."""
    return next((each for each in members if each.trainee_id == trainee_id and each.can_facilitate), None)


def count_turn(tx: Transaction, circle: Circle, facilitator: Member) -> None:
    """Count the week as the facilitator's turn."""
    turns = turns_after(circles.members(tx, circle.id), facilitator.trainee_id)
    circles.set_turns(tx, circle.id, facilitator.trainee_id, turns)


def uncount_turn(tx: Transaction, circle: Circle, week: CircleWeek) -> None:
    """Uncount the facilitator's turn: the week did not happen, or somebody else took it."""
    for member in circles.members(tx, circle.id):
        if member.trainee_id == week.facilitator_id and member.turns:
            circles.set_turns(tx, circle.id, member.trainee_id, member.turns - 1)


def scenario_key(week: CircleWeek) -> str:
    """The outbox key of a week's scenario."""
    return f"scenario:{week.circle_id}:{week.monday.isoformat()}"


def kit_key(week: CircleWeek, trainee_id: str) -> str:
    """The outbox key of one facilitator's kit; if it is queued, they were asked."""
    return f"kit:{week.circle_id}:{week.monday.isoformat()}:{trainee_id}"


def _locked_open_week(tx: Transaction, actor: Actor, week_id: str) -> tuple[str, Circle, CircleWeek]:
    """The actor's trainee id, and the circle and open week, locked."""
    trainee, week = trainees.trainee_of(tx, actor), weeks.week_by_id(tx, week_id)
    circle = circles.take_circle(tx, week.circle_id, wait=True) if week else None
    week = weeks.week_by_id(tx, week_id, lock=True)
    if trainee is None or circle is None or week is None or week.state is not WeekState.OPEN:
        raise WrongStateError
    return trainee.id, circle, week


def _queue_kit(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, to: Member, now: datetime, key: str
) -> None:
    trainee = trainees.trainee_by_id(tx, to.trainee_id)
    program = programs.program_by_id(tx, circle.program_id)
    if trainee is None or program is None:  # the foreign keys forbid it; this tells the type checker
        return
    planned = _moments(context, tx, circle, week)
    own_hours = hours_of(context, program, trainee)
    due_at = kit_due(now, planned, context.content.rules.circles.kit_time, own_hours) if planned else now
    put_to_trainee(tx, trainee, MessageKind.FACILITATOR_KIT, week.id, key, due_at, week.opens_at)


def _moments(context: Context, tx: Transaction, circle: Circle, week: CircleWeek) -> Moments | None:
    """The moments of a week by the program's calendar; None where it has no working day left."""
    program = programs.program_by_id(tx, circle.program_id)
    if program is None:  # the foreign keys forbid it; this tells the type checker
        return None
    return moments(week.monday, rhythm_of(context), working_hours(context, program, program.zone))
