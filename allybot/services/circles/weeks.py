"""A circle's weeks: prepares them by asking for a facilitator, then posts the scenario."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from allybot.domain.circle_weeks import Moments, first_after, moments, monday_of, running
from allybot.domain.circles import Circle, CircleWeek
from allybot.domain.people import Program
from allybot.domain.trainee import takes_part
from allybot.services.circles.asking import ask_next
from allybot.services.circles.deed_rounds import queue_round
from allybot.services.circles.facilitators import (
    count_turn,
    holders,
    rhythm_of,
    scenario_key,
    update_messages,
)
from allybot.services.circles.role_story_posts import queue_story
from allybot.services.circles.scenarios import next_for
from allybot.services.context import Context, new_id
from allybot.services.isolation import A_MINUTE, ScheduledJob
from allybot.services.working_hours import working_hours
from allybot.store.circles import circles, weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault import vault

_LOOK_AHEAD = timedelta(days=28)
"""Longer than the time between the first question to a facilitator and the scenario."""
WeekKey = tuple[str, bytes]
"""The id of a new week and the public key that seals its votes."""


def _prepare_program(context: Context, program_id: str, now: datetime) -> int:
    """Prepare the next week of a program's circles where it is time to ask; returns how many."""
    with context.database.reading() as tx:
        program = programs.program_by_id(tx, program_id)
        ahead = circles.appointments(tx, program_id, now, now + _LOOK_AHEAD)
    queued = 0
    for post_at in ahead if program else ():
        week = _week_to_prepare(context, program, post_at, now) if program else None
        if week:
            due = partial(
                circles.circles_to_prepare, program_id=program_id, post_at=post_at, monday=week.monday
            )
            queued += replace(_KITS, due=due)(context, now)
    return queued


def _week_to_prepare(context: Context, program: Program, post_at: datetime, now: datetime) -> Moments | None:
    """The week whose scenario is due at `post_at`, if it is time at `now` to ask who facilitates."""
    calendar = working_hours(context, program, program.zone)
    week = moments(monday_of(post_at, calendar), rhythm_of(context), calendar)
    return week if week and calendar.local_day(now) >= week.ask_on else None


def _prepare(context: Context, circle_id: str, now: datetime) -> int:
    """Plan the circle's next week and ask the first member to facilitate it."""
    with context.database.reading() as tx:
        found = circles.circle_by_id(tx, circle_id)
        program = programs.program_by_id(tx, found.program_id) if found else None
    post_at = found.next_post_at if found else None
    if program is None or post_at is None or post_at <= now:
        return 0
    week = _week_to_prepare(context, program, post_at, now)
    if week is None:
        return 0
    with _new_key_if_needed(context, circle_id) as box, context.database.transaction() as tx:
        circle = circles.take_circle(tx, circle_id, post_at)
        before = weeks.planned_week(tx, circle) if circle else None
        if circle is None or (before and before.monday == week.monday):
            return 0  # another worker was faster
        planned = _week_at(context, tx, circle, box, week)
        if planned is None:
            return 0
        ask_next(context, tx, circle, planned, now)
        return 1


def _post(context: Context, circle_id: str, now: datetime) -> int:
    """Queue the scenario of the current week, or skip the week; either way schedule the next one."""
    with context.database.reading() as tx:
        found = circles.circle_by_id(tx, circle_id)
        program = programs.program_by_id(tx, found.program_id) if found else None
    post_at = found.next_post_at if found else None
    if program is None or post_at is None or post_at > now:
        return 0
    rhythm, calendar = rhythm_of(context), working_hours(context, program, program.zone)
    current, following = running(now, rhythm, calendar), first_after(now, rhythm, calendar).post_at
    needed = _new_key_if_needed(context, circle_id) if current else nullcontext()
    with needed as box, context.database.transaction() as tx:
        circle = circles.take_circle(tx, circle_id, post_at)
        any_active = any(takes_part(member.state) for member in circles.members(tx, circle_id))
        week = _week_at(context, tx, circle, box, current) if circle and current and any_active else None
        if circle and week:
            return _queue(context, tx, circle, week, following, now)
        if circle:
            # An outage outlasted the week, or nobody has consented yet: the scenario comes in a later week.
            circles.change_circle(tx, circle_id, next_post_at=following)
        return 0


def _queue(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, following: datetime, now: datetime
) -> int:
    held = holders(circles.members(tx, circle.id), week)
    first, second = (*held, None, None)[:2]
    weeks.change_week(tx, week.id, facilitator_id=first, second_id=second, asked_id=None, ask_at=None)
    for each in held:
        count_turn(tx, circle, each)
    update_messages(tx, circle, week, now)  # what they were sent says from now on that the week has begun
    posted = circle.weeks_posted + 1
    next_post_at = following if posted < circle.last_week else None
    circles.change_circle(tx, circle.id, weeks_posted=posted, next_post_at=next_post_at)
    queued = queue_round(context, tx, circle, week, now) + queue_story(context, tx, circle, now)
    message = OutboxMessage(
        key=scenario_key(week),
        workspace_id=circle.workspace_id,
        kind=MessageKind.SCENARIO,
        about_id=week.id,
        due_at=now,
        to_channel=circle.channel,
        stale_at=week.opens_at,
        planned_at=circle.next_post_at,
    )
    return queued + outbox.put(tx, new_id(), message)


def _week_at(
    context: Context, tx: Transaction, circle: Circle, box: WeekKey | None, week: Moments
) -> CircleWeek | None:
    """The circle's next week with these times: created, or planned before and updated; None without a key."""
    planned = weeks.planned_week(tx, circle)
    if planned:
        changed: dict[str, object] = {"monday": week.monday, "opens_at": week.opens_at}
        moved = planned.monday != week.monday
        if moved:
            changed |= dict.fromkeys(("facilitator_id", "second_id", "asked_id", "ask_at"))
        if moved or not planned.facilitators:  # nobody prepares it: what leads have chosen meanwhile counts
            changed["scenario_id"] = next_for(context, tx, circle)
        if changed.get("scenario_id", planned.scenario_id) != planned.scenario_id:
            changed["names"] = None
        weeks.change_week(tx, planned.id, **changed)
        return weeks.week_by_id(tx, planned.id)
    if box is None:
        return None
    number = circle.weeks_posted + 1
    values = {
        "id": box[0],
        "circle_id": circle.id,
        "monday": week.monday,
        "number": number,
        "scenario_id": next_for(context, tx, circle),
        "public_key": box[1],
        "opens_at": week.opens_at,
    }
    weeks.add_week(tx, values)
    return weeks.week_by_id(tx, box[0])


@contextmanager
def _new_key_if_needed(context: Context, circle_id: str) -> Iterator[WeekKey | None]:
    """A new key pair if the circle's next week has none yet, made before the week's transaction begins.

    It is destroyed if the week was not created.
    """
    with context.database.reading() as tx:
        circle = circles.circle_by_id(tx, circle_id)
        needed = circle is not None and weeks.planned_week(tx, circle) is None
    if not needed:
        yield None
        return
    week_id = new_id()
    with context.vault.transaction() as vault_tx:
        box = week_id, vault.add_window_key(vault_tx, context.keyring, week_id)
    try:
        yield box
    finally:
        _drop_if_unused(context, box)


def _drop_if_unused(context: Context, box: WeekKey) -> None:
    """Destroy a key whose week was not created; after a crash the key stays but opens nothing."""
    with context.database.reading() as tx:
        used = weeks.week_by_id(tx, box[0])
    if used is None:
        with context.vault.transaction() as vault_tx:
            vault.destroy_window_key(vault_tx, box[0])


_KITS = ScheduledJob("circle_kits", RowKind.CIRCLE, lambda _tx, _now, _limit: (), _prepare)
"""Finds no circles itself, see `_prepare_program`; as a job it retries parked circles."""

SCHEDULED_JOBS = (
    ScheduledJob("circle_posts", RowKind.CIRCLE, circles.circles_to_post, _post),
    ScheduledJob(
        "circle_programs",
        RowKind.PROGRAM,
        lambda tx, now, limit: circles.programs_to_prepare(tx, now, now + _LOOK_AHEAD, limit),
        _prepare_program,
        every=A_MINUTE,  # a kit's day depends on its program's calendar, so all circles are read
    ),
    _KITS,
)
"""Queue scenarios that are due, and prepare weeks; each returns how many."""
