"""A circle rests when its channel is opened to people whom its members did not expect there.

Slack tells an app that a channel was shared (`channel_shared`). That it was made public Slack tells only apps
that read channels, so each channel is looked at before something is posted in it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from allybot.clock import Clock
from allybot.domain.circles import CircleState
from allybot.domain.people import Actor
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
from allybot.store.delivery.outbox import MessageKind, OutboxMessage, OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.programs.programs import leads
from allybot.store.trainees import trainee_of

METHOD = "conversations.info"
LOOKED_AT_FOR = timedelta(hours=1)
"""How long one look is good for; a circle gets a few posts a week. Our own number."""
_PUBLIC_SCOPE = "channels:read"


class Opened(StrEnum):
    """How a circle's channel was opened; the values are codes of the outbox, too."""

    PUBLIC = "channel_made_public"
    SHARED = "channel_shared"


def rest(tx: Transaction, circle_id: str, why: Opened, now: datetime) -> bool:
    """Close a circle, and queue word of it to its members and to its program's leads; False if it is closed.

    Who does not take part is told nothing, and who leads the program is told as a lead.

    Args:
        now: the program's clock, aware UTC.
    """
    circle = circle_by_id(tx, circle_id)
    if circle is None or not close_circle(tx, circle_id, why):
        return False
    told = dict.fromkeys(leads(tx, circle.program_id), MessageKind.CIRCLE_TROUBLE)
    for member in members(tx, circle_id):
        if takes_part(member.state):
            told.setdefault(member.slack_user, MessageKind.CIRCLE_RESTS)
    once = new_id()
    for user, kind in told.items():
        trainee = trainee_of(tx, Actor(circle.workspace_id, user))
        message = OutboxMessage(
            key=f"circle-rests:{once}:{user}",
            workspace_id=circle.workspace_id,
            kind=kind,
            about_id=circle_id,
            due_at=now,
            to_user=user,
            trainee_id=trainee.id if trainee and kind is MessageKind.CIRCLE_RESTS else None,
        )
        outbox.put(tx, new_id(), message)
    return True


def shared(
    context: Context, slack: SlackGateway, workspace_id: str, channel: str, with_whom: str, now: datetime
) -> bool:
    """Slack said that a channel was shared: its circle rests if it has one; whether it does.

    Not where the circle was enrolled with them in its channel, nor for another workspace of the same
    organisation, which Slack does not list among the others. Where Slack does not list them, its word counts.
    """
    with context.database.reading() as tx:
        circle = circle_in_channel(tx, workspace_id, channel)
    if circle is None or circle.state is CircleState.CLOSED:
        return False
    try:
        others = slack.channel(workspace_id, channel).shared_with
    except SlackError:
        others = frozenset({with_whom})
    if not others - circle.shared_with:
        return False
    with context.database.transaction() as tx:
        return rest(tx, circle.id, Opened.SHARED, now)


class CircleChannels:
    """Looks at circles' channels before posts. Shared by the threads of one worker."""

    def __init__(self, context: Context, slack: SlackGateway, real: Clock) -> None:
        self._context = context
        self._slack = slack
        self._real = real
        self._good_until: dict[tuple[str, str], datetime] = {}

    def require_closed(self, row: OutboxRow) -> None:
        """Refuse a new post to a circle whose channel is public, or shared with others than when it began.

        Where Slack does not say, the post itself decides.

        Raises:
            SlackRefusedError: with one of `Opened`.
        """
        place, real = (row.workspace_id, row.to_channel or ""), self._real()
        if self._good_until.get(place, real) > real:
            return
        with self._context.database.reading() as tx:
            circle = circle_in_channel(tx, *place)
        if circle is None:
            return
        if circle.state is CircleState.CLOSED:
            if circle.rests_because is not None:
                raise SlackRefusedError(METHOD, circle.rests_because)
            return
        try:
            found = self._slack.channel(*place)
        except SlackError as problem:
            if _PUBLIC_SCOPE in (problem.needed if isinstance(problem, SlackRefusedError) else ""):
                raise SlackRefusedError(METHOD, Opened.PUBLIC) from None
            return
        if not found.is_private:
            raise SlackRefusedError(METHOD, Opened.PUBLIC)
        if found.shared_with - circle.shared_with:
            raise SlackRefusedError(METHOD, Opened.SHARED)
        self._good_until[place] = real + LOOKED_AT_FOR


def render_circle_rests(rendering: Rendering) -> Message | None:
    """To a member: their circle rests, and why. None when it is gone or goes on again."""
    circle = circle_by_id(rendering.tx, rendering.row.about_id)
    if circle is None or circle.state is not CircleState.CLOSED:
        return None
    say = say_to(rendering.tx, rendering.row)
    return prompts.circle_rests(say, circle.name, public=circle.rests_because == Opened.PUBLIC)


def render_circle_trouble(rendering: Rendering) -> Message | None:
    """To a lead: a circle has stopped, and why. None when it is gone."""
    circle = circle_by_id(rendering.tx, rendering.row.about_id)
    if circle is None:
        return None
    say = say_to(rendering.tx, rendering.row)
    if circle.rests_because is None:
        return prompts.circle_trouble(say, circle.name)
    return prompts.circle_rests_for_lead(say, circle.name, public=circle.rests_because == Opened.PUBLIC)
