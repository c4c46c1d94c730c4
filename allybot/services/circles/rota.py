"""Who facilitates a circle's next weeks, as planned now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from allybot.domain.circle_weeks import first_after
from allybot.domain.circles import Circle, CircleWeek, Member, rota
from allybot.domain.people import Actor
from allybot.errors import NotFoundError
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context
from allybot.services.working_hours import working_hours
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

WEEKS_AHEAD = 4
Planned = list[tuple[date, tuple[str, ...]]]
"""Mondays, each with trainee ids."""


@dataclass(frozen=True)
class WhoIsNext:
    """The next weeks of a circle: Mondays, each with Slack users, none where nobody is planned."""

    circle: str
    weeks: tuple[tuple[date, tuple[str, ...]], ...]


def who_is_next(context: Context, actor: Actor, week_id: str) -> WhoIsNext:
    """The weeks after this one, for a member of its circle.

    Raises:
        NotFoundError: there is no such week, or the actor is no member of its circle.
    """
    with context.database.reading() as tx:
        trainee, week = trainees.trainee_of(tx, actor), weeks.week_by_id(tx, week_id)
        circle = circles.circle_by_id(tx, week.circle_id) if week else None
        if not (trainee and week and circle and circles.is_member(tx, circle.id, trainee.id)):
            raise NotFoundError
        members = circles.members(tx, circle.id)
        planned = rota_after(context, tx, circle, week)
    return WhoIsNext(circle.name, tuple((monday, slack_users(members, who)) for monday, who in planned))


def rota_after(context: Context, tx: Transaction, circle: Circle, week: CircleWeek) -> Planned:
    """The next weeks of a circle that come after `week`, at most `WEEKS_AHEAD`."""
    coming = weeks.planned_week(tx, circle)
    mondays = _mondays(context, tx, circle)
    settled = {coming.monday: coming.facilitators or _asked(coming)} if coming else {}
    before = weeks.previous_facilitators(tx, circle.id, mondays[0]) if mondays else ()
    planned = rota(circles.members(tx, circle.id), mondays, settled, before)
    return [each for each in planned if each[0] > week.monday][:WEEKS_AHEAD]


def slack_users(members: Sequence[Member], trainee_ids: Collection[str]) -> tuple[str, ...]:
    """The Slack users of these members, in this order."""
    users = {member.trainee_id: member.slack_user for member in members}
    return tuple(users[each] for each in trainee_ids if each in users)


def _asked(week: CircleWeek) -> tuple[str, ...]:
    return (week.asked_id,) if week.asked_id else ()


def _mondays(context: Context, tx: Transaction, circle: Circle) -> list[date]:
    """The Mondays of the circle's next scenarios, one more than is shown: the first may be `week` itself."""
    program = programs.program_by_id(tx, circle.program_id)
    found: list[date] = []
    moment: datetime | None = circle.next_post_at
    if program is None or moment is None:
        return found
    rhythm, calendar = rhythm_of(context), working_hours(context, program, program.zone)
    day = calendar.local_day(moment)
    first = first_after(calendar.at(day, time()), rhythm, calendar)
    while len(found) < min(WEEKS_AHEAD + 1, circle.last_week - circle.weeks_posted):
        found.append(first.monday)
        first = first_after(first.post_at, rhythm, calendar)
    return found
