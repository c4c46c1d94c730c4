"""Counts each program's people once a week, whoever looks and when.

Whoever asked to be forgotten is counted as before, so that no figure tells that they left. After an outage
over Monday midnight the count is made when the worker is back; it never depends on a reader.
"""

from datetime import datetime, timedelta

from allybot.domain.trainee import takes_part
from allybot.domain.weekly_counts import monday_of, start_of_week, weekly_count
from allybot.services.context import Context
from allybot.services.isolation import ScheduledJob
from allybot.services.programs.suppressed_people import counted
from allybot.store import trainees
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.programs import people_counts, programs


def _count(context: Context, program_id: str, now: datetime) -> int:
    """Count one program's people at `now` (aware UTC), but not in the week in which it was set up."""
    with context.database.transaction() as tx:
        program = programs.program_by_id(tx, program_id)
        if program is None:
            return 0
        monday, zone = monday_of(now, program.zone), program.zone
        count = None
        if program.created_at < start_of_week(monday, zone):
            people = trainees.count_by_state(tx, program_id)
            left, took_part = counted(context, tx, program, now)
            taking_part = sum(number for state, number in people.items() if takes_part(state))
            before = people_counts.latest(tx, program_id)
            count = weekly_count(sum(people.values()) + left, taking_part + took_part, before, now, zone)
        next_at = start_of_week(monday + timedelta(days=7), zone)
        return int(people_counts.save(tx, program_id, now, count, next_at))


count_people = ScheduledJob("people_counts", RowKind.PROGRAM, people_counts.due, _count)
"""Note how many people are on the list and take part, on Mondays at 00:00 in each program's zone."""
