"""What delivery needs about circles: whom to ask about a post, and closing a circle."""

from sqlalchemy import select, update

from allybot.domain.circles import ChannelOpening
from allybot.domain.trainee import Trainee
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle, circle_week
from allybot.store.trainees import trainee_by_id


def facilitator_of_post(tx: Transaction, circle_id: str, week_id: str) -> Trainee | None:
    """The facilitator of the week a post is about; None where that week runs by itself.

    For a post about no week, the facilitator of the circle's latest week that has one.
    """
    facilitator = circle_week.c.facilitator_id
    own = tx.execute(select(facilitator).where(circle_week.c.id == week_id)).first()
    found = (
        own
        or tx.execute(
            select(facilitator)
            .where(circle_week.c.circle_id == circle_id, facilitator.is_not(None))
            .order_by(circle_week.c.monday.desc())
        ).first()
    )
    return trainee_by_id(tx, found.facilitator_id) if found and found.facilitator_id else None


def close_circle(tx: Transaction, circle_id: str, because: ChannelOpening | None = None) -> bool:
    """Close a circle; False when it was closed already.

    Args:
        because: how its channel was opened; None where the channel is gone.
    """
    active = update(circle).where(circle.c.id == circle_id, circle.c.state == "active")
    closed = tx.execute(active.values(state="closed", rests_because=because))
    return closed.rowcount == 1
