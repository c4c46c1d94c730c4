"""The nightly look at each circle: its members as Slack has them, a thank-you that is due, and its size.

Slack may lose an event, or send it while no process listens. What differs is mended as the event would have
done it. The list is read before the rows are locked: whoever comes or goes in that second is put right a
night later.
"""

from datetime import datetime, timedelta

from allybot.domain.people import Actor
from allybot.domain.trainee import is_in_slack
from allybot.errors import SlackError, SlackRefusedError
from allybot.services.circles import endings, seats
from allybot.services.circles.nights import next_night
from allybot.services.context import Context
from allybot.services.isolation import A_MINUTE, ROWS_A_TICK, ScheduledJob
from allybot.slack.gateway import SlackGateway
from allybot.store import trainees
from allybot.store.circles import circles, life
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

NAME = "circle_nights"
_AGAIN = timedelta(hours=1)
"""After Slack could not be asked. Our own number."""


def nightly_look(slack: SlackGateway) -> ScheduledJob:
    """The job: one circle a run, so that a call that hangs delays little and a night's calls spread."""
    return ScheduledJob(
        NAME,
        RowKind.CIRCLE,
        lambda tx, now, limit: life.circles_for_the_night(tx, now, max(1, limit - ROWS_A_TICK + 1)),
        lambda context, circle_id, now: _look(context, slack, circle_id, now),
        every=A_MINUTE,
    )


def _look(context: Context, slack: SlackGateway, circle_id: str, now: datetime) -> int:
    """Look at one circle; 0 where Slack could not be asked, so that the job waits a minute."""
    with context.database.reading() as tx:
        due = life.is_due_for_the_night(tx, circle_id, now)
        circle = circles.circle_by_id(tx, circle_id)
        program = programs.program_by_id(tx, circle.program_id) if circle else None
    if circle is None or program is None or not due:
        return 0
    present, again_at = None, next_night(context, program, circle_id, now)
    try:
        present = frozenset(slack.members(circle.workspace_id, circle.channel))
    except SlackRefusedError:
        pass  # the next post meets the same refusal, closes the circle and tells its leads
    except SlackError:
        again_at = now + _AGAIN
    with context.database.transaction() as tx:
        if present is not None:
            _compare(context, tx, circle_id, present)
        circles.change_circle(tx, circle_id, nightly_at=again_at)
    endings.thank_if_over(context, circle_id, now)
    endings.propose_merge(context, circle_id, now)
    return int(present is not None)


def _compare(context: Context, tx: Transaction, circle_id: str, present: frozenset[str]) -> None:
    """Mend what differs. Who was on the list and never in the channel keeps their seat: they may yet come.

    Args:
        present: the Slack users of the channel.
    """
    circle = circles.take_circle(tx, circle_id, wait=True)
    if circle is None:
        return
    members, seen = circles.members(tx, circle_id), life.seen_in_channel(tx, circle_id)
    for member in members:
        gone = member.trainee_id in seen and member.slack_user not in present
        if gone and is_in_slack(
            member.state
        ):  # Slack takes whoever is deactivated off the list; they may return
            seats.give_up_seat(context, tx, circle_id, member.trainee_id)
    left = life.leavers(tx, circle_id)
    for user, trainee_id in left.items():
        if user not in present:
            life.forget_leaver(tx, circle_id, trainee_id)
    known = {member.slack_user for member in members if member.trainee_id in seen}
    for user in sorted(present - left.keys() - known):
        trainee = trainees.trainee_of(tx, Actor(circle.workspace_id, user))
        if trainee is not None:
            seats.seat_if_free(context, tx, circle, trainee)
