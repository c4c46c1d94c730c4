"""Claims on outbox rows: leases, attempts and outcomes.

Every change is a conditional UPDATE: only one of two workers gets a row, and a worker whose lease expired
cannot overwrite another's result. `real` is the clock the workers share, `now` the program's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, exists, func, or_, select, update

from allybot.store.delivery.message_kinds import NAMES_NOBODY, MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow, as_row
from allybot.store.engine.database import Transaction
from allybot.store.tables import channel_budget, outbox, workspace

SETTLED = "settled"
"""Replaces an encrypted `about_id` once the message is settled."""
_FREE = {"lease_owner": None, "lease_until": None}
_WITHOUT_SECRET = case(
    (outbox.c.kind.in_({MessageKind.STORY_DECLINED, MessageKind.TYPED_REPLY, *NAMES_NOBODY}), SETTLED),
    else_=outbox.c.about_id,
)
_FINAL = frozenset({MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED})
_DELETED_ONCE_SETTLED = frozenset({MessageKind.CHECK_IN_ANSWERED})
"""Their rows would hold when somebody answered. Nothing refers to them; another tap queues another."""
_IS_UPDATE = outbox.c.replaces_ts.is_not(None)
_IS_NOT_PUT_OFF = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("real"))
HAS_LAPSED: ColumnElement[bool] = and_(
    outbox.c.state == MessageState.CLAIMED, outbox.c.lease_until <= bindparam("real")
)
"""SQL condition: the lease of a claim has expired at `real`."""
IS_TO_LOOK_UP: ColumnElement[bool] = and_(
    outbox.c.state == MessageState.UNCERTAIN,
    _IS_NOT_PUT_OFF,
    outbox.c.workspace_id.in_(
        select(workspace.c.id).where(
            workspace.c.state == "active",
            or_(workspace.c.silent_until.is_(None), workspace.c.silent_until <= bindparam("real")),
        )
    ),
)
"""SQL condition: an uncertain row is due for a look-up at `real`."""


def claim(
    tx: Transaction,
    workspace_id: str,
    worker: str,
    now: datetime,
    real: datetime,
    lease: timedelta,
    limit: int,
) -> list[OutboxRow]:
    """Claim up to `limit` due rows of a workspace locked by `hold_workspace`.

    At most one new message per channel and one update per message, so that their order is kept. Updates come
    first: somebody has just pressed a button and is looking at the message.
    """
    # More than `limit`, since some may be for the same channel.
    moments = {"workspace": workspace_id, "now": now, "real": real, "most": limit * 4}
    by_target: dict[str, OutboxRow] = {}
    for row in map(as_row, tx.execute(_CLAIMABLE, moments)):
        by_target.setdefault(row.replaces_ts or row.to_user or row.to_channel or row.id, row)
    rows = list(by_target.values())[:limit]
    if not rows:
        return []
    won = {"ids": [row.id for row in rows], "worker": worker, "until": real + lease}
    ids = {row.id for row in tx.execute(_CLAIM, won)}
    return [row for row in rows if row.id in ids]


def renew(tx: Transaction, row_ids: Iterable[str], worker: str, until: datetime) -> None:
    """Extend this worker's claims until `until` (real)."""
    tx.execute(update(outbox).where(outbox.c.id.in_(list(row_ids)), _mine(worker)).values(lease_until=until))


def begin_attempt(
    tx: Transaction,
    row_id: str,
    worker: str,
    real: datetime,
    lease: timedelta,
    slack_time: datetime | None = None,
) -> bool:
    """Record an attempt before the call to Slack; False when the claim is lost and nothing may be sent.

    Args:
        slack_time: Slack's time, or an earlier moment; None if unknown. An earlier attempt that may have
            succeeded keeps its own.
    """
    first = outbox.c.attempted_at.is_(None)
    noted = tx.execute(
        update(outbox)
        .where(outbox.c.id == row_id, _mine(worker))
        .values(
            attempted_at=real,
            look_up_from=case((_IS_UPDATE, None), (first, slack_time), else_=outbox.c.look_up_from),
            attempts=outbox.c.attempts + 1,
            lease_until=real + lease,
        )
    )
    return noted.rowcount == 1


def settle_sent(tx: Transaction, row_id: str, attempted_at: datetime, channel: str, ts: str | None) -> bool:
    """Mark a row as sent by the attempt begun at `attempted_at`, whoever holds the claim by now.

    Deletes what the row held encrypted, and the whole row of a confirmed answer. A row of
    `NAMES_NOBODY` does not keep where it was sent.
    """
    unsettled = (MessageState.CLAIMED, MessageState.UNCERTAIN, MessageState.ASKED, MessageState.DUE)
    names_nobody = outbox.c.kind.in_(NAMES_NOBODY)
    settled = tx.execute(
        update(outbox)
        .where(outbox.c.id == row_id, outbox.c.attempted_at == attempted_at, outbox.c.state.in_(unsettled))
        .values(
            state=MessageState.SENT,
            sent_channel=case((names_nobody, None), else_=channel),
            sent_ts=case((names_nobody, None), else_=ts),
            reason=None,
            about_id=_WITHOUT_SECRET,
            **_FREE,
        )
        .returning(outbox.c.kind)
    ).scalar()
    if settled in _DELETED_ONCE_SETTLED:
        tx.execute(delete(outbox).where(outbox.c.id == row_id))
    return settled is not None


def settle_claim(
    tx: Transaction,
    row_id: str,
    worker: str,
    state: MessageState,
    *,
    reason: str | None = None,
    not_before: datetime | None = None,
    due_at: datetime | None = None,
    attempts: int | None = None,
    nothing_was_sent: bool = False,
) -> bool:
    """End a claim with any other state; False when it was lost meanwhile, and nothing was changed.

    The row of a confirmed answer is deleted where no attempt will follow. An update, which is never looked
    up, does not keep the time of the attempt.

    Args:
        not_before: real; for DUE the end of the back-off, for UNCERTAIN when it may be looked up.
        due_at: the program's clock; the new due time of a postponed message.
        attempts: attempts that count, where that differs from those begun.
        nothing_was_sent: clear the attempt's time, so that it is not looked up.
    """
    values: dict[str, object] = {"state": state, "reason": reason, "not_before": not_before, **_FREE}
    if due_at is not None:
        values["due_at"] = due_at
    if attempts is not None:
        values["attempts"] = attempts
    values["attempted_at"] = (
        None if nothing_was_sent else case((_IS_UPDATE, None), else_=outbox.c.attempted_at)
    )
    if state in _FINAL:
        values["about_id"] = _WITHOUT_SECRET
    change = update(outbox).where(outbox.c.id == row_id, _mine(worker)).values(**values)
    kind = tx.execute(change.returning(outbox.c.kind)).scalar()
    if state in _FINAL and kind in _DELETED_ONCE_SETTLED:
        tx.execute(delete(outbox).where(outbox.c.id == row_id))
    return kind is not None


def end_lapsed_leases(tx: Transaction, real: datetime, max_attempts: int) -> int:
    """Release claims whose lease has expired; returns how many.

    A post that was begun becomes UNCERTAIN; one not begun, or an update, which is idempotent, becomes DUE. A
    row that outlives `max_attempts` workers is PARKED: it may be what crashes them. An uncertain post may be
    looked up at once, since a lease is longer than a late request takes. An update does not keep the time of
    its attempt.
    """
    begun = and_(outbox.c.attempted_at.is_not(None), outbox.c.replaces_ts.is_(None))
    ended = 0
    for condition, values in (
        (begun, {"state": MessageState.UNCERTAIN, "not_before": outbox.c.attempted_at}),
        (outbox.c.attempts >= max_attempts, {"state": MessageState.PARKED, "attempted_at": None}),
        (~begun, {"state": MessageState.DUE, "attempts": outbox.c.attempts + 1, "attempted_at": None}),
    ):
        change = update(outbox).where(HAS_LAPSED, condition).values(reason="lease_ran_out", **values, **_FREE)
        ended += tx.execute(change, {"real": real}).rowcount
    return ended


def take_uncertain(tx: Transaction, real: datetime, hold: timedelta, limit: int) -> list[OutboxRow]:
    """Uncertain rows due for a look-up, reserved from other workers for `hold`; not of paused workspaces."""
    query = (
        select(outbox)
        .where(IS_TO_LOOK_UP)
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(limit)
        .with_for_update(of=outbox, skip_locked=True)
    )
    rows = [as_row(row) for row in tx.execute(query, {"real": real})]
    if rows:
        ids = [row.id for row in rows]
        tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(not_before=real + hold))
    return rows


def settle_uncertain(
    tx: Transaction,
    row: OutboxRow,
    state: MessageState,
    *,
    reason: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Settle an uncertain row, unless it has changed meanwhile; the attempt's time is kept."""
    changed = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == row.id,
            outbox.c.state == MessageState.UNCERTAIN,
            outbox.c.attempted_at == row.attempted_at,
        )
        .values(state=state, reason=reason, not_before=not_before)
    )
    return changed.rowcount == 1


def settle_by_hand(
    tx: Transaction, row_id: str, before: MessageState, after: MessageState, *, reason: str | None = None
) -> bool:
    """Apply a person's decision once: from state `before` to `after`; DUE resets the attempts."""
    values: dict[str, object] = {"state": after, "reason": reason, "not_before": None}
    if after == MessageState.DUE:
        values |= {"attempts": 0}
        if before == MessageState.ASKED:
            values |= {"attempted_at": None}
    changed = tx.execute(
        update(outbox).where(outbox.c.id == row_id, outbox.c.state == before).values(**values)
    )
    return changed.rowcount == 1


def _mine(worker: str) -> ColumnElement[bool]:
    return and_(outbox.c.state == MessageState.CLAIMED, outbox.c.lease_owner == worker)


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


# Built once for speed, see `store/trainees.py`.
_CLAIMABLE = (
    select(outbox)
    .where(
        outbox.c.workspace_id == bindparam("workspace"),
        outbox.c.state == MessageState.DUE,
        outbox.c.due_at <= bindparam("now"),
        _IS_NOT_PUT_OFF,
        or_(
            and_(outbox.c.replaces_ts.is_(None), ~_is_rate_limited(), ~_has_post_in_flight()),
            and_(_IS_UPDATE, ~_has_update_in_flight()),
        ),
    )
    .order_by(outbox.c.replaces_ts.is_(None), outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=outbox, skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.state == MessageState.DUE)
    .values(state=MessageState.CLAIMED, lease_owner=bindparam("worker"), lease_until=bindparam("until"))
    .returning(outbox.c.id)
)
