"""Which rows of the outbox a worker may claim or look up, and which claims have lapsed.

Built once for speed, see `store/trainees.py`. The values are `real`, the clock the workers share, and `now`,
the program's.
"""

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from allybot.store.delivery.outbox import MessageState
from allybot.store.tables import channel_budget, outbox, workspace

IS_UPDATE = outbox.c.replaces_ts.is_not(None)
IS_ACTIVE: ColumnElement[bool] = workspace.c.state == "active"
"""SQL condition: the token of a workspace works."""
IS_SERVED: ColumnElement[bool] = and_(
    IS_ACTIVE, or_(workspace.c.silent_until.is_(None), workspace.c.silent_until <= bindparam("real"))
)
"""SQL condition: an active workspace in which Slack allows calls at `real`."""
_IS_NOT_PUT_OFF = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("real"))
IS_DUE: ColumnElement[bool] = and_(
    outbox.c.state == MessageState.DUE, outbox.c.due_at <= bindparam("now"), _IS_NOT_PUT_OFF
)
"""SQL condition: a row is due at `now`, and no back-off keeps it at `real`."""
HAS_LAPSED: ColumnElement[bool] = and_(
    outbox.c.state == MessageState.CLAIMED, outbox.c.lease_until <= bindparam("real")
)
"""SQL condition: the lease of a claim has expired at `real`."""
IS_TO_LOOK_UP: ColumnElement[bool] = and_(
    outbox.c.state == MessageState.UNCERTAIN,
    _IS_NOT_PUT_OFF,
    outbox.c.workspace_id.in_(select(workspace.c.id).where(IS_SERVED)),
)
"""SQL condition: an uncertain row is due for a look-up at `real`."""


def _is_rate_limited() -> ColumnElement[bool]:
    return exists().where(
        channel_budget.c.workspace_id == outbox.c.workspace_id,
        channel_budget.c.channel == func.coalesce(outbox.c.to_user, outbox.c.to_channel),
        channel_budget.c.next_post_at > bindparam("real"),
    )


def _has_post_in_flight() -> ColumnElement[bool]:
    other = outbox.alias("other")
    return exists().where(
        other.c.workspace_id == outbox.c.workspace_id,
        other.c.state == MessageState.CLAIMED,
        other.c.replaces_ts.is_(None),
        func.coalesce(other.c.to_user, other.c.to_channel)
        == func.coalesce(outbox.c.to_user, outbox.c.to_channel),
    )


def _has_update_in_flight() -> ColumnElement[bool]:
    # Two updates of one message must keep their order, or the older text would stay.
    other = outbox.alias("other")
    return exists().where(
        other.c.workspace_id == outbox.c.workspace_id,
        other.c.state == MessageState.CLAIMED,
        other.c.to_channel == outbox.c.to_channel,
        other.c.replaces_ts == outbox.c.replaces_ts,
    )


CLAIMABLE = (
    select(outbox)
    .where(
        outbox.c.workspace_id == bindparam("workspace"),
        IS_DUE,
        or_(
            and_(outbox.c.replaces_ts.is_(None), ~_is_rate_limited(), ~_has_post_in_flight()),
            and_(IS_UPDATE, ~_has_update_in_flight()),
        ),
    )
    .order_by(outbox.c.replaces_ts.is_(None), outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=outbox, skip_locked=True)
)
"""Due rows of `workspace`, at most `most`."""
