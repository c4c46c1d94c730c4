"""Circles: joining, leaving and closing, and everything that is due in them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from allybot.domain.circle_weeks import first_after, first_after_training, monday_of, weeks_until
from allybot.domain.circles import Circle, CircleState
from allybot.domain.people import Actor, Program
from allybot.errors import NotFoundError, UserError
from allybot.services.circles import asking, votes, weeks
from allybot.services.circles.asking import hand_on
from allybot.services.circles.closing import close_circle
from allybot.services.circles.facilitators import asked_for, do_it_together, rhythm_of, say_yes
from allybot.services.circles.messages import render_scenario, render_vote_result
from allybot.services.circles.nights import next_night
from allybot.services.circles.seats import give_up_seat, has_room, take_seat
from allybot.services.circles.votes import vote
from allybot.services.context import Context, new_id
from allybot.services.working_hours import working_hours
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

__all__ = [
    "SCHEDULED_JOBS",
    "asked_for",
    "close_circle",
    "do_it_together",
    "hand_on",
    "join",
    "leave_circle",
    "open_circle",
    "queue_due",
    "render_scenario",
    "render_vote_result",
    "say_yes",
    "vote",
]

SCHEDULED_JOBS = (*votes.SCHEDULED_JOBS, *weeks.SCHEDULED_JOBS, asking.attend_to_facilitators)
"""Everything that is due in circles.

Votes come first, so that a scenario that was not posted is put back before the next one is chosen.
"""


def queue_due(context: Context, now: datetime) -> int:
    """Handle everything due in circles at `now` (aware UTC); returns how many weeks and messages."""
    return sum(job(context, now) for job in SCHEDULED_JOBS)


def join(
    context: Context,
    tx: Transaction,
    program: Program,
    channel: str,
    name: str,
    trainee_id: str,
    now: datetime,
    shared_with: Collection[str] | None = None,
) -> None:
    """Add a trainee to the circle of `channel`, which is created if it is new. Idempotent.

    A new circle's first scenario is posted on the first Monday after the training of the trainee's cohort and
    after `now` (aware UTC); it gets one scenario per week of the program, more when a later cohort joins.
    Joining another circle of the program is a move. Where no seat is free nothing else happens, and nobody is
    told: it would tell who of a list is there.

    Args:
        shared_with: ids of the organisations its channel is shared with; None leaves what was known.

    Raises:
        NotFoundError: there is no such trainee.
        UserError: its channel belongs to another program's circle.
    """
    trainee = trainees.trainee_by_id(tx, trainee_id)
    cohort = programs.cohort_by_id(tx, trainee.cohort_id) if trainee else None
    if cohort is None:
        raise NotFoundError("There is no such trainee.")
    circle = open_circle(context, tx, program, channel, name, cohort.training_ended_on, now, shared_with)
    members = circles.members(tx, circle.id)
    if not any(member.trainee_id == trainee_id for member in members) and has_room(context, members):
        take_seat(context, tx, circle.id, members, trainee_id)


def open_circle(
    context: Context,
    tx: Transaction,
    program: Program,
    channel: str,
    name: str,
    training_ended_on: date,
    now: datetime,
    shared_with: Collection[str] | None = None,
) -> Circle:
    """The circle of `channel`, created or reopened and with its next post planned, as `join` needs it.

    Args:
        shared_with: as for `join`.

    Raises:
        UserError: its channel belongs to another program's circle.
    """
    circle = circles.circle_of_channel(tx, program.workspace_id, channel)
    if circle is None:
        circle = _new_circle(context, program, channel, name)
        nightly_at = next_night(context, program, circle.id, now)
        circles.add_circle(tx, vars(circle) | {"shared_with": None, "nightly_at": nightly_at})
    if circle.program_id != program.id:
        raise UserError(f"The channel of circle {name} is already used by a circle of another program.")
    _schedule(context, tx, program, circle, training_ended_on, now)
    if shared_with is not None:
        circles.change_circle(tx, circle.id, shared_with=" ".join(sorted(shared_with)))
    return circle


def leave_circle(context: Context, actor: Actor, channel: str) -> bool:
    """Remove whoever left a circle's channel from the circle; False when they were no member.

    If they were to facilitate, the next `queue_due` asks somebody else.
    """
    with context.database.transaction() as tx:
        circle = circles.circle_of_channel(tx, actor.workspace_id, channel)
        trainee = trainees.trainee_of(tx, actor)
        if circle is None or trainee is None or not circles.is_member(tx, circle.id, trainee.id):
            return False
        give_up_seat(context, tx, circle.id, trainee.id)
    return True


def _new_circle(context: Context, program: Program, channel: str, name: str) -> Circle:
    return Circle(
        id=new_id(),
        program_id=program.id,
        workspace_id=program.workspace_id,
        name=name,
        channel=channel,
        state=CircleState.ACTIVE,
        next_post_at=None,
        weeks_posted=0,
        last_week=_weeks(context),
    )


def _schedule(
    context: Context,
    tx: Transaction,
    program: Program,
    circle: Circle,
    training_ended_on: date,
    now: datetime,
) -> None:
    """Set a circle's next post where it has none, and its last week where a later cohort joins."""
    rhythm, calendar = rhythm_of(context), working_hours(context, program, program.zone)
    following = circle.next_post_at if circle.state is CircleState.ACTIVE else None
    if circle.weeks_posted == 0 and following is None:
        following = first_after_training(training_ended_on, now, rhythm, calendar).post_at
    elif following is None:
        following = first_after(now, rhythm, calendar).post_at
    ends_on = training_ended_on + timedelta(weeks=_weeks(context))
    left = weeks_until(ends_on, monday_of(following, calendar))
    last_week = max(circle.last_week, circle.weeks_posted + left)
    circles.change_circle(
        tx,
        circle.id,
        state=CircleState.ACTIVE,
        rests_because=None,
        last_week=last_week,
        next_post_at=following if circle.weeks_posted < last_week else None,
    )


def _weeks(context: Context) -> int:
    """Scenarios of a program: one a week until its last window ends; 13 with the shipped content."""
    return context.content.rules.windows.parts[-1].ends_on_day // 7
