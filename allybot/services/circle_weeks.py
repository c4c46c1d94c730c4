"""A circle's week as time passes: somebody is asked to facilitate, then the scenario is posted."""

from datetime import datetime, timedelta

from allybot.domain.circle_weeks import Moments, first_after, moments, monday_of, running
from allybot.domain.circles import Circle, CircleWeek
from allybot.domain.people import Program
from allybot.domain.trainee import takes_part
from allybot.services.facilitators import able, appoint, choose, count_turn, rhythm_of, scenario_key
from allybot.services.house import House, new_id
from allybot.services.office_hours import office_hours
from allybot.store import circle_weeks as weeks
from allybot.store import circles, outbox, programs, vault
from allybot.store.database import Transaction
from allybot.store.outbox import Draft, Kind

_LOOK_AHEAD = timedelta(days=14)
"""Longer than any kit comes before its scenario."""
Box = tuple[str, bytes]
"""Id of a week to be and the public key its votes are sealed with."""


def post_due(house: House, now: datetime, limit: int) -> int:
    """Queue the scenarios that are due at `now` (aware UTC); how many messages were queued."""
    queued = 0
    for program, post_at in _appointments(house, now):
        with house.database.reading() as tx:
            waiting = circles.circles_to_post(tx, program.id, post_at, limit)
        queued += sum(_post(house, program, circle_id, post_at, now) for circle_id in waiting)
    return queued


def prepare_due(house: House, now: datetime, limit: int) -> int:
    """Ask facilitators whose kit is due at `now` (aware UTC); how many were asked.

    Reads every circle, since a kit's day depends on its program's calendar.
    """
    rhythm, queued = rhythm_of(house), 0
    for program, post_at in _appointments(house, now + _LOOK_AHEAD):
        calendar = office_hours(house, program, program.zone)
        week = moments(monday_of(post_at, calendar), rhythm, calendar)
        if post_at > now and week and calendar.local_day(now) >= week.kit_on:
            with house.database.reading() as tx:
                waiting = circles.circles_to_prepare(tx, program.id, post_at, week.monday, limit)
            queued += sum(_prepare(house, circle_id, post_at, week, now) for circle_id in waiting)
    return queued


def _appointments(house: House, until: datetime) -> list[tuple[Program, datetime]]:
    """Each program and time at which circles of it post, up to an aware UTC moment."""
    with house.database.reading() as tx:
        due = circles.appointments(tx, until)
        known = {program_id: programs.program_by_id(tx, program_id) for program_id, _ in due}
    return [(program, post_at) for program_id, post_at in due if (program := known[program_id])]


def _prepare(house: House, circle_id: str, post_at: datetime, week: Moments, now: datetime) -> int:
    """Ask somebody to facilitate; while nobody can, the circle is looked at again every minute."""
    box = _box_if_needed(house, circle_id)
    queued = 0
    with house.database.transaction() as tx:
        circle = circles.take_circle(tx, circle_id, post_at)
        planned = _week_at(house, tx, circle, box, week) if circle else None
        if circle and planned:
            keeps = able(circles.members(tx, circle_id), planned.facilitator_id)
            appoint(house, tx, circle, planned, keeps or choose(tx, circle, planned), now)
            queued = 1
    _drop_if_unused(house, box)
    return queued


def _post(house: House, program: Program, circle_id: str, post_at: datetime, now: datetime) -> int:
    """Queue the scenario of the week `now` lies in, or pass the week over; either way set the next one."""
    rhythm, calendar = rhythm_of(house), office_hours(house, program, program.zone)
    current, following = running(now, rhythm, calendar), first_after(now, rhythm, calendar).post_at
    box = _box_if_needed(house, circle_id) if current else None
    queued = 0
    with house.database.transaction() as tx:
        circle = circles.take_circle(tx, circle_id, post_at)
        with_us = any(takes_part(member.state) for member in circles.members(tx, circle_id))
        week = _week_at(house, tx, circle, box, current) if circle and current and with_us else None
        if circle and week:
            queued = _queue(house, tx, circle, week, following, now)
        elif circle:
            # An outage outlasted the week, or nobody said yes yet: neither a scenario nor a turn is lost.
            circles.change_circle(tx, circle_id, next_post_at=following)
    _drop_if_unused(house, box)
    return queued


def _queue(
    house: House, tx: Transaction, circle: Circle, week: CircleWeek, following: datetime, now: datetime
) -> int:
    facilitator = able(circles.members(tx, circle.id), week.facilitator_id)
    if facilitator is None:
        facilitator = choose(tx, circle, week)
        appoint(house, tx, circle, week, facilitator, now)
    if facilitator:
        count_turn(tx, circle, facilitator)
    posted = circle.weeks_posted + 1
    next_post_at = following if posted < circle.last_week else None
    circles.change_circle(tx, circle.id, weeks_posted=posted, next_post_at=next_post_at)
    draft = Draft(
        key=scenario_key(week),
        workspace_id=circle.workspace_id,
        kind=Kind.SCENARIO,
        subject=week.id,
        due_at=now,
        to_channel=circle.channel,
        stale_at=week.opens_at,
    )
    return int(outbox.put(tx, new_id(), draft))


def _week_at(
    house: House, tx: Transaction, circle: Circle, box: Box | None, week: Moments
) -> CircleWeek | None:
    """The circle's next week at these moments: new, or planned before and moved here; None without a key."""
    planned = weeks.planned_week(tx, circle)
    if planned:
        weeks.change_week(tx, planned.id, monday=week.monday, opens_at=week.opens_at)
        return weeks.week_by_id(tx, planned.id)
    if box is None:
        return None
    number = circle.weeks_posted + 1
    values = {
        "id": box[0],
        "circle_id": circle.id,
        "monday": week.monday,
        "number": number,
        "scenario_id": house.content.scenario_for_week(number).id,
        "public_key": box[1],
        "opens_at": week.opens_at,
    }
    weeks.add_week(tx, values)
    return weeks.week_by_id(tx, box[0])


def _box_if_needed(house: House, circle_id: str) -> Box | None:
    """A fresh key pair where the circle's next week has none yet; made before its transaction begins."""
    with house.database.reading() as tx:
        circle = circles.circle_by_id(tx, circle_id)
        if circle is None or weeks.planned_week(tx, circle):
            return None
    week_id = new_id()
    with house.vault.transaction() as vault_tx:
        return week_id, vault.add_window_key(vault_tx, house.keyring, week_id)


def _drop_if_unused(house: House, box: Box | None) -> None:
    """Destroy a key whose week did not come about; one left behind by a crash opens nothing."""
    if box is None:
        return
    with house.database.reading() as tx:
        used = weeks.week_by_id(tx, box[0])
    if used is None:
        with house.vault.transaction() as vault_tx:
            vault.destroy_window_key(vault_tx, box[0])
