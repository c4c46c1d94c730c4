"""Who is in a circle's channel and who left the circle, its nightly look, and circles that are small."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, delete, func, select, update

from allybot.domain.circles import Circle, CircleState, CircleWeek, WeekState
from allybot.domain.trainee import states_where, takes_part
from allybot.store.circles.circles import as_circle
from allybot.store.circles.weeks import week_by_id
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import circle, circle_leaver, circle_member, circle_week, trainee


def circles_for_the_night(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of active circles whose nightly look is due at `now` (UTC), earliest first."""
    due = (circle.c.state == CircleState.ACTIVE, circle.c.nightly_at <= now)
    query = select(circle.c.id).where(*due).order_by(circle.c.nightly_at, circle.c.id)
    return list(tx.execute(query.limit(limit)).scalars())


def is_due_for_the_night(tx: Transaction, circle_id: str, now: datetime) -> bool:
    """The same for one circle."""
    due = (circle.c.id == circle_id, circle.c.state == CircleState.ACTIVE, circle.c.nightly_at <= now)
    return tx.execute(select(circle.c.id).where(*due)).first() is not None


def seen_in_channel(tx: Transaction, circle_id: str) -> set[str]:
    """Trainee ids of the members whom Slack has named among those of the channel."""
    here = (circle_member.c.circle_id == circle_id, circle_member.c.in_channel.is_(True))
    return set(tx.execute(select(circle_member.c.trainee_id).where(*here)).scalars())


def note_in_channel(tx: Transaction, circle_id: str, trainee_ids: Collection[str]) -> None:
    """Note that Slack has named these members among those of the channel."""
    here = (circle_member.c.circle_id == circle_id, circle_member.c.trainee_id.in_(sorted(trainee_ids)))
    tx.execute(update(circle_member).where(*here).values(in_channel=True))


def leavers(tx: Transaction, circle_id: str) -> dict[str, str]:
    """Who left a circle by the button and may still be in its channel: Slack users to trainee ids."""
    query = select(trainee.c.slack_user, trainee.c.id).join(
        circle_leaver, circle_leaver.c.trainee_id == trainee.c.id
    )
    rows = tx.execute(query.where(circle_leaver.c.circle_id == circle_id))
    return {row.slack_user: row.id for row in rows}


def circles_left_by(tx: Transaction, trainee_id: str) -> list[str]:
    """Names of the circles that somebody left by the button and in whose channel they may still be."""
    query = select(circle.c.name).join(circle_leaver, circle_leaver.c.circle_id == circle.c.id)
    return list(
        tx.execute(query.where(circle_leaver.c.trainee_id == trainee_id).order_by(circle.c.name)).scalars()
    )


def add_leaver(tx: Transaction, circle_id: str, trainee_id: str) -> None:
    """Note that a trainee left a circle by the button. Idempotent."""
    left = insert_for(tx, circle_leaver).values(circle_id=circle_id, trainee_id=trainee_id)
    tx.execute(left.on_conflict_do_nothing())


def forget_leaver(tx: Transaction, circle_id: str, trainee_id: str) -> None:
    """They are out of the channel, or have joined again."""
    here = (circle_leaver.c.circle_id == circle_id, circle_leaver.c.trainee_id == trainee_id)
    tx.execute(delete(circle_leaver).where(*here))


def open_week(tx: Transaction, of: Circle) -> CircleWeek | None:
    """The circle's posted week whose votes are still sealed; None between opening and the next post."""
    found = tx.execute(
        select(circle_week.c.id)
        .where(
            circle_week.c.circle_id == of.id,
            circle_week.c.state == WeekState.OPEN,
            circle_week.c.number <= of.weeks_posted,
        )
        .order_by(circle_week.c.monday.desc())
    ).scalar()
    return week_by_id(tx, found) if found else None


def had_few_votes(tx: Transaction, circle_id: str, number: int) -> bool:
    """Whether the latest weeks of a circle whose votes are settled, so many, had too few; False for fewer."""
    query = (
        select(circle_week.c.state)
        .where(circle_week.c.circle_id == circle_id, circle_week.c.state != WeekState.OPEN)
        .order_by(circle_week.c.monday.desc())
        .limit(number)
    )
    return list(tx.execute(query).scalars()) == number * [WeekState.FEW]


def sizes(
    tx: Transaction, program_id: str, below: int | None = None, limit: int | None = None
) -> list[tuple[Circle, int]]:
    """The circles of a program with scenarios to come, and how many of each take part; by name.

    Args:
        below: only those with fewer.
    """
    size = func.count(trainee.c.id)
    taking_part = and_(
        trainee.c.id == circle_member.c.trainee_id, trainee.c.state.in_(states_where(takes_part))
    )
    query = (
        select(circle, size.label("size"))
        .outerjoin(circle_member, circle_member.c.circle_id == circle.c.id)
        .outerjoin(trainee, taking_part)
        .where(
            circle.c.program_id == program_id,
            circle.c.state == CircleState.ACTIVE,
            circle.c.next_post_at.is_not(None),
        )
        .group_by(circle.c.id)
        .order_by(circle.c.name, circle.c.id)
        .limit(limit)
    )
    rows = tx.execute(query if below is None else query.having(size < below))
    return [(as_circle(row), int(row.size)) for row in rows]
