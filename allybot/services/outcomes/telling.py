"""Tells everybody in a program that a window was published, is void or waits: its people, then its circles.

Who is told, and when, depends on nothing that anybody answered, nor on whether they did.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from allybot.domain.calendar import Calendar
from allybot.domain.people import Program
from allybot.domain.trainee import Trainee
from allybot.domain.windows import Telling, Window, WindowState
from allybot.services.context import Context, new_id
from allybot.services.isolation import ROWS_A_TICK
from allybot.services.outcomes.ending import suffix
from allybot.services.working_hours import check_in_hour, hours_of
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.programs import programs, suggestions

_STAYS_NEWS = timedelta(days=28)
"""How long a result waits for the end of a pause, or for a circle's free day. Our own number: shorter than
the time until people are deleted after the last window. *What leads see* shows the figures all the time."""


def tell(context: Context, window_id: str, now: datetime) -> bool:
    """Queue one page of messages; False when everybody was told. Idempotent, also for concurrent workers.

    One transaction queues a page and notes how far it went, so a killed worker loses and repeats nothing.
    """
    with context.database.transaction() as tx:
        window = ballots.window_by_id(tx, window_id)
        program = programs.program_by_id(tx, window.program_id) if window else None
        if window is None or program is None or window.telling is None:
            return False
        telling, after = window.telling, window.told_up_to
        page: list[str] = []
        if telling is Telling.PEOPLE:
            page = _people(context, tx, program, window, now)
            if len(page) < ROWS_A_TICK:
                telling, after = Telling.CIRCLES, ""
        if telling is Telling.CIRCLES and window.state is WindowState.PUBLISHED:
            page = _circles(tx, program, window, after, now)
        full = len(page) == ROWS_A_TICK
        ballots.note_told(tx, window, telling if full else None, page[-1] if full else "")
    return True


def told_on(tx: Transaction, program_id: str, calendar: Calendar) -> Collection[date]:
    """The days on which somebody with this calendar will be told of open windows, or of leads' answers."""
    closing = [
        window.closes_at
        for window in ballots.windows_of(tx, program_id)
        if window.state is WindowState.OPEN and window.closes_at is not None
    ]
    told = [*closing, *suggestions.days_of_telling(tx, program_id)]
    return {calendar.local_day(calendar.open_from(moment, time())) for moment in told}


def _people(context: Context, tx: Transaction, program: Program, window: Window, now: datetime) -> list[str]:
    """Queue the result to a page of those who take part; leads are told as leads. Returns the page's ids."""
    leads = programs.leads(tx, program.id)
    page = trainees.page_who_take_part(tx, program.id, window.told_up_to, ROWS_A_TICK)
    for trainee_id, slack_user, trainee in page:
        if slack_user in leads:
            continue
        message = OutboxMessage(
            key=f"result:{window.id}:{trainee_id}{suffix(window)}",
            workspace_id=program.workspace_id,
            kind=MessageKind.RESULT,
            about_id=window.id,
            # Whose row cannot be read is parked by delivery, which reads it again.
            due_at=_due_at(context, program, trainee, window, now) if trainee else now,
            to_user=slack_user,
            trainee_id=trainee_id,
            stale_at=now + _STAYS_NEWS,
        )
        outbox.put(tx, id_of(tx, message.key), message)
    return [trainee_id for trainee_id, *_ in page]


def _circles(tx: Transaction, program: Program, window: Window, after: str, now: datetime) -> list[str]:
    """Queue the figure to a page of active circles, whose free day delivery waits for; the page's ids.

    A window that is void or waits is no news for a circle: it would only show that some in it were silent.
    """
    page, published = circles.page_of_program(tx, program.id, after, ROWS_A_TICK), window.published_on
    for circle in page:
        message = OutboxMessage(
            key=f"result:{window.id}:{circle.id}",
            workspace_id=circle.workspace_id,
            kind=MessageKind.CIRCLE_RESULT,
            about_id=window.id,
            due_at=now,
            to_channel=circle.channel,
            stale_at=now + _STAYS_NEWS,
            planned_at=datetime.combine(published, time(), program.zone) if published else None,
        )
        outbox.put(tx, new_id(), message)
    return [circle.id for circle in page]


def _due_at(context: Context, program: Program, trainee: Trainee, window: Window, now: datetime) -> datetime:
    """Their next working hour, aware UTC; a day later where a reminder could have come this morning.

    A window's end is known to reminders beforehand (`told_on`), so they leave that day free. Only a window
    that a custodian opens on another day could come on the day of a reminder.
    """
    calendar, hour = hours_of(context, program, trainee), check_in_hour(context, trainee)
    opens = calendar.open_from(now, hour)
    day = calendar.local_day(opens)
    planned = window.closes_at and calendar.local_day(calendar.open_from(window.closes_at, hour))
    if opens > now or day == planned:
        return opens
    return calendar.at(calendar.plus_working_days(day, 1), hour)
