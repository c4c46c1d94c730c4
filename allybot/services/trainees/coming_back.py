"""Invites somebody again who was forgotten or declined, at their own request."""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor
from allybot.errors import WrongStateError
from allybot.services.context import Context
from allybot.services.data import suppression
from allybot.services.programs import enrolment
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.suppressed_people import remembered


@dataclass(frozen=True)
class CameBack:
    """Somebody was taken off the suppression list; `program` is the one they are invited to, if any."""

    program: str | None


def come_back(context: Context, actor: Actor, zone: str, locale: str, now: datetime) -> CameBack | None:
    """Take a person off the suppression list and invite them where they would still be.

    Args:
        zone: their IANA zone; when empty or unknown, the program's is taken.
        locale: their Slack locale.
        now: the program's time, aware UTC.

    Returns:
        None when they were not on the list, or are a trainee.

    Raises:
        UserError: the suppression list cannot be read.
    """
    with context.database.reading() as tx:
        left = remembered(context, tx, actor.workspace_id, [actor.slack_user], now)
    place = left.get(actor.slack_user)
    if place is None:
        return None
    with context.database.transaction() as tx:
        suppression.lift(context, tx, actor)
    if place.program is None or place.cohort is None:
        return CameBack(None)
    again = Enrolee(actor.slack_user, "", zone, locale, cohort=place.cohort.name)
    try:
        enrolment.enrol(context, place.program.id, [again], now, dates_confirmed=True)
    except WrongStateError:  # its last window is closed: nobody is taken any more
        return CameBack(None)
    return CameBack(place.program.name)
