"""Seats in circles follow who is in the channel: by Slack's events, the button and the nightly look."""

from collections.abc import Sequence

from allybot.domain.circles import Circle, CircleState, Member, turns_of_a_newcomer
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, is_in_slack, may_join_circle
from allybot.errors import WrongStateError
from allybot.services.circles import requests
from allybot.services.context import Context, acting
from allybot.store import trainees
from allybot.store.circles import circles, deeds, life
from allybot.store.engine.database import Transaction


def give_up_seat(context: Context, tx: Transaction, circle_id: str, trainee_id: str) -> None:
    """Remove a trainee from a circle, with a sealed vote there and deeds that are not posted yet."""
    told = deeds.of_tellers(tx, context.keyring, [trainee_id])
    circles.remove_member(tx, circle_id, trainee_id)
    deeds.forget(tx, [each.id for each in told if each.circle_id == circle_id])


def take_seat(
    context: Context,
    tx: Transaction,
    circle_id: str,
    members: Sequence[Member],
    trainee_id: str,
    *,
    in_channel: bool = False,
) -> None:
    """Move a trainee into a circle, from any other.

    Args:
        members: the circle's own.
        in_channel: whether Slack has said that they are in its channel.
    """
    for other in circles.circles_of_trainee(tx, trainee_id):
        give_up_seat(context, tx, other.id, trainee_id)
    life.forget_leaver(tx, circle_id, trainee_id)
    circles.add_member(tx, circle_id, trainee_id, turns_of_a_newcomer(members), in_channel=in_channel)


def joined_channel(context: Context, actor: Actor, channel: str) -> bool:
    """Somebody joined what may be a circle's channel; whether they have a new seat."""
    with context.database.transaction() as tx:
        circle = circles.circle_of_channel(tx, actor.workspace_id, channel)
        trainee = trainees.trainee_of(tx, actor)
        return circle is not None and trainee is not None and seat_if_free(context, tx, circle, trainee)


def seat_if_free(context: Context, tx: Transaction, circle: Circle, trainee: Trainee) -> bool:
    """Seat somebody who is in the circle's channel; whether they have a new seat.

    Only somebody of the same program whose state permits it, who has no seat in another circle that goes on,
    and where there is room: a list or a lead decides about everybody else.
    """
    if circles.is_member(tx, circle.id, trainee.id):
        life.note_in_channel(tx, circle.id, [trainee.id])
        return False
    members = circles.members(tx, circle.id)
    if (
        circle.state is CircleState.CLOSED
        or trainee.program_id != circle.program_id
        or not may_join_circle(trainee.state)
        or has_circle(tx, trainee.id)
        or not has_room(context, members)
    ):
        return False
    take_seat(context, tx, circle.id, members, trainee.id, in_channel=True)
    requests.answer_all(tx, circle, trainee.id)
    return True


def has_circle(tx: Transaction, trainee_id: str) -> bool:
    """Whether somebody has a seat in a circle with scenarios to come."""
    return any(each.goes_on for each in circles.circles_of_trainee(tx, trainee_id))


def has_room(context: Context, members: Sequence[Member]) -> bool:
    """Whether one more can join a circle of these members."""
    here = sum(is_in_slack(member.state) for member in members)
    return here < context.content.rules.circles.max_members


def leave(context: Context, actor: Actor, circle_id: str) -> Circle:
    """Give one's seat up by the button; allybot removes nobody from a channel. Returns the circle.

    Raises:
        NotFoundError: the actor is in no program.
        WrongStateError: they have no seat in this circle.
    """
    with context.database.transaction() as tx:
        trainee, circle = acting(tx, actor), circles.circle_by_id(tx, circle_id)
        if circle is None or not circles.is_member(tx, circle.id, trainee.id):
            raise WrongStateError
        give_up_seat(context, tx, circle.id, trainee.id)
        life.add_leaver(tx, circle.id, trainee.id)
    return circle
