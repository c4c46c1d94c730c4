"""Asks members to facilitate a circle's week, one after another, until somebody says yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot.domain.circle_weeks import answer_due, ask_due
from allybot.domain.circles import (
    Circle,
    CircleWeek,
    Member,
    WeekState,
    gone_by_then,
    next_facilitator,
    not_to_be_asked,
    silent_lately,
    turns_after,
)
from allybot.domain.people import Actor, Program
from allybot.errors import WrongStateError
from allybot.services.circles.facilitators import (
    able,
    holders,
    locked_open_week,
    moments_of,
    question_is_open,
    settle,
    update_messages,
)
from allybot.services.context import Context, put_to_trainee
from allybot.services.isolation import A_MINUTE, ScheduledJob
from allybot.services.working_hours import hours_of, working_hours
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

REMINDS = ":reminder"
"""Ends the key of the reminder of a question."""
_LOOK_AGAIN_AFTER = timedelta(hours=1)
"""Somebody may come back from leave, or be new no longer. Our own number."""


@dataclass(frozen=True)
class HandedOn:
    """What came of handing a week on.

    Attributes:
        begun: the scenario was posted already.
        somebody: somebody else has it or was asked.
    """

    begun: bool
    somebody: bool


def ask_next(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, now: datetime
) -> Member | None:
    """Ask the next in the rotation who was not asked for this week yet; None where nobody is left.

    Nobody is asked on the very day of the scenario, when a yes may come too late.
    """
    program, planned = programs.program_by_id(tx, circle.program_id), moments_of(context, tx, circle, week)
    members = circles.members(tx, circle.id)
    keys = {asked_key(week, member.trainee_id): member.trainee_id for member in members}
    passed = not_to_be_asked(members, now) | set(week.facilitators)
    passed |= silent_lately(members, week.monday) | gone_by_then(members, week.monday)
    passed |= {keys[key] for key in weeks.queued_states(tx, list(keys))}
    previous = weeks.previous_facilitators(tx, circle.id, week.monday)
    while program and planned and (chosen := next_facilitator(members, passed, previous)):
        passed.add(chosen.trainee_id)
        trainee = trainees.trainee_by_id(tx, chosen.trainee_id)
        if trainee is None:  # the foreign keys forbid it; this tells the type checker
            continue
        at = context.content.rules.circles.kit_time
        due_at = ask_due(now, planned, at, hours_of(context, program, trainee))
        if due_at.astimezone(program.zone).date() < planned.post_at.astimezone(program.zone).date():
            key = asked_key(week, trainee.id)
            put_to_trainee(tx, trainee, MessageKind.FACILITATOR_ASKED, week.id, key, due_at, planned.post_at)
            answer_by = _answer_by(context, program, due_at)
            weeks.change_week(tx, week.id, asked_id=trainee.id, ask_at=answer_by)
            return chosen
    weeks.change_week(tx, week.id, asked_id=None, ask_at=now + _LOOK_AGAIN_AFTER)
    return None


def hand_on(context: Context, actor: Actor, week_id: str, now: datetime, *, turn_used: bool) -> HandedOn:
    """Say no to a week, or give back one that they had said yes to; before the scenario the next is asked.

    Once it has begun nobody is asked: it runs by itself, or whoever likes takes it.

    Args:
        turn_used: before the scenario, True for a turn that is let go; False for a swap, which keeps the turn
            for the next week.

    Raises:
        WrongStateError: the actor was not asked for the week and does not facilitate it, or it is over.
    """
    with context.database.transaction() as tx:
        trainee, circle, week = locked_open_week(tx, actor, week_id)
        members = circles.members(tx, circle.id)
        holds, begun = trainee in week.facilitators, week.number <= circle.weeks_posted
        member = next((each for each in members if each.trainee_id == trainee), None)
        is_asked = not begun and member is not None and question_is_open(week, member)
        if member is None or now >= week.opens_at or not (holds or is_asked):
            raise WrongStateError
        others = tuple(each for each in holders(members, week) if each != trainee)
        is_next = week.asked_id == trainee
        if turn_used and not begun and (holds or (is_next and not others)):
            circles.set_turns(tx, circle.id, trainee, turns_after(members, trainee))
        circles.set_unanswered(tx, circle.id, trainee, None)
        if is_next:
            weeks.change_week(tx, week.id, asked_id=None)
        somebody = bool(others or (week.asked_id and not is_next))
        if holds and (begun or others):
            settle(context, tx, circle, week, others, now)
            return HandedOn(begun, somebody)
        if (holds or is_next) and not others:
            weeks.change_week(tx, week.id, facilitator_id=None, second_id=None)
            somebody = ask_next(context, tx, circle, week, now) is not None
        update_messages(tx, circle, week, now)
    return HandedOn(begun, somebody)


def _attend_to(context: Context, week_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        circle = circles.take_circle(tx, weeks.circle_of_week(tx, week_id) or "")
        week = weeks.week_by_id(tx, week_id, lock=True)
        if circle is None or week is None or week.state is not WeekState.OPEN or week.opens_at <= now:
            return False
        members = circles.members(tx, circle.id)
        held = holders(members, week)
        if held or week.number <= circle.weeks_posted:
            if held == week.facilitators and week.ask_at is None and week.asked_id is None:
                return False
            weeks.change_week(tx, week.id, asked_id=None)
            settle(context, tx, circle, week, held, now)
            return True
        if week.facilitators:
            weeks.change_week(tx, week.id, facilitator_id=None, second_id=None)
        return _go_on_asking(context, tx, circle, week, members, now)


def _go_on_asking(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, members: list[Member], now: datetime
) -> bool:
    """Remind whoever was asked, or ask the next; False when nothing is due or nobody is left."""
    asked = able(members, week.asked_id)
    if asked and week.ask_at and week.ask_at > now:
        return False
    if asked and _waits_to_be_sent(tx, asked_key(week, asked.trainee_id)):
        program = programs.program_by_id(tx, circle.program_id)
        if program:
            weeks.change_week(tx, week.id, ask_at=_answer_by(context, program, now))
            return True
    if asked and _remind(context, tx, circle, week, asked, now):
        return True
    if asked:
        circles.set_unanswered(tx, circle.id, asked.trainee_id, week.monday)
    return ask_next(context, tx, circle, week, now) is not None


attend_to_facilitators = ScheduledJob(
    "facilitators", RowKind.CIRCLE_WEEK, weeks.weeks_to_attend_to, _attend_to, every=A_MINUTE
)
"""Remind and ask members, and replace facilitators who left, paused or stopped; returns how many weeks."""


def asked_key(week: CircleWeek, trainee_id: str) -> str:
    """The outbox key of the question to a member; if it is queued, they were asked for this week."""
    return f"asked:{week.circle_id}:{week.monday.isoformat()}:{trainee_id}"


def _remind(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, asked: Member, now: datetime
) -> bool:
    """Remind them once; False when that was done."""
    trainee = trainees.trainee_by_id(tx, asked.trainee_id)
    program, planned = programs.program_by_id(tx, circle.program_id), moments_of(context, tx, circle, week)
    if trainee is None or program is None or planned is None:
        return False
    key = asked_key(week, trainee.id) + REMINDS
    if not put_to_trainee(tx, trainee, MessageKind.FACILITATOR_ASKED, week.id, key, now, planned.post_at):
        return False
    weeks.change_week(tx, week.id, ask_at=_answer_by(context, program, now))
    return True


def _waits_to_be_sent(tx: Transaction, key: str) -> bool:
    """Whether the question or its reminder does: for working hours, or a day without another message."""
    return MessageState.DUE in weeks.queued_states(tx, [key, key + REMINDS]).values()


def _answer_by(context: Context, program: Program, asked_at: datetime) -> datetime:
    working_days = context.content.rules.circles.answer_working_days
    return answer_due(asked_at, working_days, working_hours(context, program, program.zone))
