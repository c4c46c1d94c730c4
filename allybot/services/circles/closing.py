"""A circle closes because its channel is gone for allybot; its program's leads are told so, once."""

from datetime import datetime

from allybot.domain.circles import Circle, CircleState
from allybot.services import leads
from allybot.services.circles import votes
from allybot.services.context import Context, new_id
from allybot.store.circles import circles, posts
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction


def close_circle(context: Context, workspace_id: str, channel: str, now: datetime) -> bool:
    """Close the circle of a channel that was archived or that the bot was removed from; False without one.

    Nothing more is posted, and sealed votes are deleted unopened. Enrolling a trainee into the channel again
    reopens the circle where it stopped. Leads are told where scenarios were still to come.

    Args:
        now: the program's clock, aware UTC.
    """
    with context.database.transaction() as tx:
        circle = circles.circle_of_channel(tx, workspace_id, channel)
        if circle is None:
            return False
        if posts.close_circle(tx, circle.id) and circle.goes_on:
            tell_leads(tx, circle, now)
        circles.change_circle(tx, circle.id, state=CircleState.CLOSED, rests_because=None, next_post_at=None)
    votes.discard_closed(context)
    return True


def tell_leads(tx: Transaction, circle: Circle, now: datetime) -> None:
    """Queue the word that a circle has stopped; for whoever has just closed it."""
    message = OutboxMessage(
        key=f"circle-trouble:{new_id()}",
        workspace_id=circle.workspace_id,
        kind=MessageKind.CIRCLE_TROUBLE,
        about_id=circle.id,
        due_at=now,
    )
    leads.tell_leads(tx, circle.program_id, message)
