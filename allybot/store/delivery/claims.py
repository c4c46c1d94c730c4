"""Claims on outbox rows: leases, attempts and outcomes.

Every change is a conditional UPDATE: only one of two workers gets a row, and a worker whose lease expired
cannot overwrite another's result. `real` is the clock the workers share, `now` the program's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, delete, select, update

from allybot.store.delivery.claimable import CLAIMABLE, HAS_LAPSED, IS_TO_LOOK_UP, IS_UPDATE
from allybot.store.delivery.message_kinds import NAMES_NOBODY, MessageKind
from allybot.store.delivery.outbox import NEVER_SENT, PENDING, MessageState, OutboxRow, as_row
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox

SETTLED = "settled"
"""Replaces an encrypted `about_id` once the message is settled."""
_FREE = {"lease_owner": None, "lease_until": None}
_WITHOUT_SECRET = case(
    (outbox.c.kind.in_({MessageKind.STORY_DECLINED, MessageKind.TYPED_REPLY, *NAMES_NOBODY}), SETTLED),
    else_=outbox.c.about_id,
)
_DELETED_ONCE_SETTLED = frozenset({MessageKind.CHECK_IN_ANSWERED})
"""Their rows would hold when somebody answered. Nothing refers to them; another tap queues another."""


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
    for row in map(as_row, tx.execute(CLAIMABLE, moments)):
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
    values = {"wanted": row_id, "mine": worker, "real": real, "until": real + lease, "slack_time": slack_time}
    noted = tx.execute(_BEGIN_ATTEMPT, values)
    return noted.rowcount == 1


def settle_sent(tx: Transaction, row_id: str, attempted_at: datetime, channel: str, ts: str | None) -> bool:
    """Mark a row as sent by the attempt begun at `attempted_at`, whoever holds the claim by now.

    Deletes what the row held encrypted, and the whole row of a confirmed answer. A row of
    `NAMES_NOBODY` does not keep where it was sent.
    """
    values = {"wanted": row_id, "begun": attempted_at, "channel": channel, "ts": ts}
    settled = tx.execute(_SETTLE_SENT, values).scalar()
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
        None if nothing_was_sent else case((IS_UPDATE, None), else_=outbox.c.attempted_at)
    )
    if state in NEVER_SENT:
        values["about_id"] = _WITHOUT_SECRET
    change = update(outbox).where(outbox.c.id == row_id, _mine(worker)).values(**values)
    kind = tx.execute(change.returning(outbox.c.kind)).scalar()
    if state in NEVER_SENT and kind in _DELETED_ONCE_SETTLED:
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


def _mine(worker: str | BindParameter[str]) -> ColumnElement[bool]:
    return and_(outbox.c.state == MessageState.CLAIMED, outbox.c.lease_owner == worker)


# Built once for speed, see `store/trainees.py`.
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.state == MessageState.DUE)
    .values(state=MessageState.CLAIMED, lease_owner=bindparam("worker"), lease_until=bindparam("until"))
    .returning(outbox.c.id)
)
_BEGIN_ATTEMPT = (
    update(outbox)
    .where(outbox.c.id == bindparam("wanted"), _mine(bindparam("mine")))
    .values(
        attempted_at=bindparam("real"),
        look_up_from=case(
            (IS_UPDATE, None),
            (outbox.c.attempted_at.is_(None), bindparam("slack_time", type_=outbox.c.look_up_from.type)),
            else_=outbox.c.look_up_from,
        ),
        attempts=outbox.c.attempts + 1,
        lease_until=bindparam("until"),
    )
)
_NAMES_NOBODY = outbox.c.kind.in_(NAMES_NOBODY)
_SETTLE_SENT = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("wanted"),
        outbox.c.attempted_at == bindparam("begun"),
        outbox.c.state.in_((*PENDING, MessageState.ASKED)),
    )
    .values(
        state=MessageState.SENT,
        sent_channel=case(
            (_NAMES_NOBODY, None), else_=bindparam("channel", type_=outbox.c.sent_channel.type)
        ),
        sent_ts=case((_NAMES_NOBODY, None), else_=bindparam("ts", type_=outbox.c.sent_ts.type)),
        reason=None,
        about_id=_WITHOUT_SECRET,
        **_FREE,
    )
    .returning(outbox.c.kind)
)
