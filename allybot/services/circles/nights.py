"""When a circle's nightly look is due: spread over a few hours in which few people work."""

from datetime import datetime, time, timedelta
from typing import Final

from allybot.domain.people import Program
from allybot.services.context import Context
from allybot.services.working_hours import working_hours

FROM_HOUR: Final = 1
MINUTES: Final = 240
"""From one to five at night in the program's zone. Our own choice: 10,000 circles are then 42 calls a minute;
Slack allows an app at least 100 of `conversations.members` a minute in a workspace (tier 4)."""


def next_night(context: Context, program: Program, circle_id: str, now: datetime) -> datetime:
    """A circle's moment of the coming night, never of the one that is running; aware UTC.

    Args:
        now: aware.
    """
    calendar = working_hours(context, program, program.zone)
    day = calendar.local_day(now) + timedelta(days=1)
    minute = context.rng("night", circle_id, day.isoformat()).randrange(MINUTES)
    return calendar.at(day, time(FROM_HOUR + minute // 60, minute % 60))
