"""A circle rests when its channel is opened to people whom its members did not expect there.

Slack tells an app that a channel was shared (`channel_shared`). That it was made public Slack tells only apps
that read channels, so each channel is looked at before something is posted in it.
"""

from datetime import datetime

from allybot.domain.circles import ChannelOpening, Circle, CircleState
from allybot.domain.trainee import takes_part
from allybot.errors import SlackError, SlackRefusedError
from allybot.message import Message
from allybot.prompts.delivery import messages as prompts
from allybot.services.context import Context, Rendering, new_id
from allybot.services.delivery.recipients import say_to
from allybot.slack.gateway import SlackGateway
from allybot.store.circles.circles import circle_by_id, circle_in_channel, members
from allybot.store.circles.posts import close_circle
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage, OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.programs.programs import leads

_CHECK = "channel check"
"""Stands where a method of Slack's does in an error, because it is our own finding."""
_PUBLIC_SCOPE, _PRIVATE_SCOPE = "channels:read", "groups:read"


def rest(tx: Transaction, circle_id: str, why: ChannelOpening, now: datetime) -> bool:
    """Close a circle, and queue word of it to its members and to its program's leads; False if it is closed.

    Who does not take part is told nothing, and who leads the program is told as a lead.

    Args:
        now: the program's clock, aware UTC.
    """
    circle = circle_by_id(tx, circle_id)
    if circle is None or not close_circle(tx, circle_id, why):
        return False
    tell(tx, circle, now, MessageKind.CIRCLE_RESTS, MessageKind.CIRCLE_TROUBLE)
    return True


def tell(
    tx: Transaction, circle: Circle, now: datetime, to_members: MessageKind, to_leads: MessageKind
) -> None:
    """Queue word of a circle to its members who take part and to its program's leads; once to each person."""
    told = dict.fromkeys(leads(tx, circle.program_id), to_leads)
    ids = {each.slack_user: each.trainee_id for each in members(tx, circle.id) if takes_part(each.state)}
    as_leads = set(told)
    for user in ids:
        told.setdefault(user, to_members)
    once = new_id()
    for user, kind in told.items():
        message = OutboxMessage(
            key=f"circle:{once}:{user}",
            workspace_id=circle.workspace_id,
            kind=kind,
            about_id=circle.id,
            due_at=now,
            to_user=user,
            trainee_id=None if user in as_leads else ids[user],
        )
        outbox.put(tx, new_id(), message)


def shared(
    context: Context,
    slack: SlackGateway,
    workspace_id: str,
    channel: str,
    with_whom: str | None,
    now: datetime,
) -> bool:
    """A channel was or may have been shared: its circle rests if it has one; whether it does.

    Not where the circle was enrolled with them in its channel, nor for another workspace of the same
    organisation, which Slack does not list among the others. Where Slack does not list them, its word counts.

    Args:
        with_whom: whom Slack has named, None for nobody.
    """
    with context.database.reading() as tx:
        circle = circle_in_channel(tx, workspace_id, channel)
    if circle is None or circle.state is CircleState.CLOSED:
        return False
    try:
        others = slack.channel(workspace_id, channel).shared_with
    except SlackError:
        others = frozenset({with_whom} if with_whom else ())
    if not others - circle.shared_with:
        return False
    with context.database.transaction() as tx:
        return rest(tx, circle.id, ChannelOpening.SHARED, now)


def require_private(context: Context, slack: SlackGateway, row: OutboxRow) -> None:
    """Refuse a new post to a circle whose channel is public, or shared with others than when it began.

    Slack is asked before every post: a circle gets a few a week. Where it does not say, the post itself
    decides.

    Raises:
        SlackRefusedError: with one of `ChannelOpening`.
    """
    place = (row.workspace_id, row.to_channel or "")
    with context.database.reading() as tx:
        circle = circle_in_channel(tx, *place)
    if circle is None:
        return
    if circle.state is CircleState.CLOSED:
        if circle.rests_because is not None:
            raise SlackRefusedError(_CHECK, circle.rests_because)
        return
    try:
        found = slack.channel(*place)
    except SlackError as problem:
        if isinstance(problem, SlackRefusedError) and _is_public(problem):
            raise SlackRefusedError(_CHECK, ChannelOpening.PUBLIC) from None
        return
    if not found.is_private:
        raise SlackRefusedError(_CHECK, ChannelOpening.PUBLIC)
    if found.shared_with - circle.shared_with:
        raise SlackRefusedError(_CHECK, ChannelOpening.SHARED)


def _is_public(refused: SlackRefusedError) -> bool:
    """Whether Slack asks for the scope of public channels, and for that of private ones not."""
    needed = refused.needed.split(",")
    return _PUBLIC_SCOPE in needed and _PRIVATE_SCOPE not in needed


def render_circle_rests(rendering: Rendering) -> Message | None:
    """To a member: their circle rests, and why. None when it is gone or goes on again."""
    circle = circle_by_id(rendering.tx, rendering.row.about_id)
    if circle is None or circle.state is not CircleState.CLOSED:
        return None
    say = say_to(rendering.tx, rendering.row)
    return prompts.circle_rests(say, circle.name, public=circle.rests_because is ChannelOpening.PUBLIC)


def render_circle_goes_on(rendering: Rendering) -> Message | None:
    """To members and leads: a circle goes on. None when it is gone or has stopped again."""
    circle = circle_by_id(rendering.tx, rendering.row.about_id)
    if circle is None or circle.state is CircleState.CLOSED:
        return None
    return prompts.circle_goes_on(say_to(rendering.tx, rendering.row), circle.name)


def render_circle_trouble(rendering: Rendering) -> Message | None:
    """To a lead: a circle has stopped, and why. None when it is gone or goes on again."""
    circle = circle_by_id(rendering.tx, rendering.row.about_id)
    if circle is None or circle.state is not CircleState.CLOSED:
        return None
    say = say_to(rendering.tx, rendering.row)
    if circle.rests_because is None:
        return prompts.circle_trouble(say, circle.name)
    return prompts.circle_rests_for_lead(
        say, circle.name, public=circle.rests_because is ChannelOpening.PUBLIC
    )
