"""Invites somebody again who was forgotten or declined, at their own request."""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.errors import WrongStateError
from allybot.services.context import Context
from allybot.services.data import suppression
from allybot.services.programs import enrolment_rows
from allybot.services.programs.dates import require_running
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.eligibility import EnrolmentPlan
from allybot.services.programs.suppressed_people import Remembered, remembered
from allybot.store import trainees


@dataclass(frozen=True)
class CameBack:
    """Somebody was taken off the suppression list; `program` is the one they are invited to, if any."""

    program: str | None


def come_back(context: Context, actor: Actor, zone: str, locale: str, now: datetime) -> CameBack | None:
    """Invite a person where they would still be, and take them off the suppression list.

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
    program = _enrol(context, actor, place, zone, locale, now)
    # Last: it deletes what remembers their place. Killed before it, they have a row whose buttons of consent
    # take them off the list, also after `suppression.decline_again` has declined for them.
    with context.database.transaction() as tx:
        suppression.lift(context, tx, actor)
    return CameBack(program.name if program else None)


def _enrol(
    context: Context, actor: Actor, place: Remembered, zone: str, locale: str, now: datetime
) -> Program | None:
    """Enrol them where they would still be; None where that is over, or there is no such place."""
    if place.program is None or place.cohort is None:
        return None
    again = Enrolee(actor.slack_user, "", zone, locale, cohort=place.cohort.name)
    with context.database.transaction() as tx:
        try:
            require_running(tx, place.program, now)
        except WrongStateError:  # its last window is closed: nobody is taken any more
            return None
        if trainees.trainee_of(tx, actor) is None:  # else by a second press of the button
            added = EnrolmentPlan(added=[(again, place.cohort)])
            enrolment_rows.add(context, tx, place.program, added, now)
    return place.program
