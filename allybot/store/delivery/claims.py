"""Who is sending what: claims with a lease, attempts, and how they end.

Every change is a conditional UPDATE, so that of two workers only one gets a row and a worker that was away
for longer than its lease cannot undo what another did. `real` is the machine's clock, `now` the program's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update

from allybot.store.delivery.outbox import MessageKind, MessageState, OutboxRow, as_row
from allybot.store.engine.database import Transaction
from allybot.store.tables import channel_budget, outbox, workspace

ANSWERED = "answered"
"""What is left of what a typed message seemed to mean."""
_FREE = {"lease_owner": None, "lease_until": None}


def claim(
    tx: Transaction,
    workspace_id: str,
    worker: str,
    now: datetime,
    real: datetime,
    lease: timedelta,
    limit: int,
) -> list[OutboxRow]:
    """Take up to `limit` due rows of a workspace held by `hold_workspace`.

    At most one new message for each channel and one change for each message, so that none overtakes another.
    Updates come first: somebody has just pressed a button and is looking at the message.
    """
    query = (
        select(outbox)
        .where(
            outbox.c.workspace_id == workspace_id,
            outbox.c.state == MessageState.DUE,
            outbox.c.due_at <= now,
            or_(outbox.c.not_before.is_(None), outbox.c.not_before <= real),
            or_(
                and_(outbox.c.replaces_ts.is_(None), ~_is_rate_limited(real), ~_has_post_in_flight()),
                and_(outbox.c.replaces_ts.is_not(None), ~_has_update_in_flight()),
            ),
        )
        .order_by(outbox.c.replaces_ts.is_(None), outbox.c.due_at, outbox.c.id)
        .limit(limit * 4)  # some may be for the same channel
        .with_for_update(of=outbox, skip_locked=True)
    )
    taken: dict[str, OutboxRow] = {}
    for row in map(as_row, tx.execute(query)):
        place = row.replaces_ts or row.to_user or row.to_channel or row.id
        taken.setdefault(place, row)
    rows = list(taken.values())[:limit]
    if not rows:
        return []
    won = tx.execute(
        update(outbox)
        .where(outbox.c.id.in_([row.id for row in rows]), outbox.c.state == MessageState.DUE)
        .values(state=MessageState.CLAIMED, lease_owner=worker, lease_until=real + lease)
        .returning(outbox.c.id)
    )
    ids = {row.id for row in won}
    return [row for row in rows if row.id in ids]


def renew(tx: Transaction, row_ids: Iterable[str], worker: str, until: datetime) -> None:
    """Keep claims that are still being worked on until `until` (real)."""
    tx.execute(update(outbox).where(outbox.c.id.in_(list(row_ids)), _mine(worker)).values(lease_until=until))


def begin_attempt(
    tx: Transaction,
    row_id: str,
    worker: str,
    real: datetime,
    lease: timedelta,
    slack_time: datetime | None = None,
) -> bool:
    """Note, before anything is sent, that it may be; False when the claim is lost and nothing may be sent.

    Args:
        slack_time: what Slack's clock shows, or an earlier moment; None where that is not known. It stays
            with the row while an earlier attempt may still have got through.
    """
    first = outbox.c.attempted_at.is_(None)
    noted = tx.execute(
        update(outbox)
        .where(outbox.c.id == row_id, _mine(worker))
        .values(
            attempted_at=real,
            look_up_from=case((first, slack_time), else_=outbox.c.look_up_from),
            attempts=outbox.c.attempts + 1,
            lease_until=real + lease,
        )
    )
    return noted.rowcount == 1


def settle_sent(tx: Transaction, row_id: str, attempted_at: datetime, channel: str, ts: str) -> bool:
    """It stands in Slack: true of the attempt begun at `attempted_at`, whoever holds the claim by now.

    What a typed message seemed to mean is not needed any more, and is let go of.
    """
    standing = (MessageState.CLAIMED, MessageState.UNCERTAIN, MessageState.ASKED, MessageState.DUE)
    about_id = case((outbox.c.kind == MessageKind.TYPED_REPLY, ANSWERED), else_=outbox.c.about_id)
    settled = tx.execute(
        update(outbox)
        .where(outbox.c.id == row_id, outbox.c.attempted_at == attempted_at, outbox.c.state.in_(standing))
        .values(
            state=MessageState.SENT, sent_channel=channel, sent_ts=ts, reason=None, about_id=about_id, **_FREE
        )
    )
    return settled.rowcount == 1


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
    """End a claim in any other way; False when it was lost meanwhile and nothing was changed.

    Args:
        not_before: real; for DUE the end of the back-off, for UNCERTAIN when it can be looked up.
        due_at: the program's clock; for DUE a later moment than it was due at.
        attempts: attempts that count, where that differs from those begun.
        nothing_was_sent: forget the attempt's time, where a look-up would start.
    """
    values: dict[str, object] = {"state": state, "reason": reason, "not_before": not_before, **_FREE}
    if due_at is not None:
        values["due_at"] = due_at
    if attempts is not None:
        values["attempts"] = attempts
    if nothing_was_sent:
        values["attempted_at"] = None
    ended = tx.execute(update(outbox).where(outbox.c.id == row_id, _mine(worker)).values(**values))
    return ended.rowcount == 1


def end_lapsed_leases(tx: Transaction, real: datetime, max_attempts: int) -> int:
    """Take back what dead workers held; how many rows.

    Begun: nobody knows what Slack did, so it is uncertain. Not begun, or an update, which can be repeated:
    due again. A row that outlives `max_attempts` workers is parked: it may be what kills them. The look-up
    may follow at once, since a lease is longer than a late request takes to land.
    """
    lapsed = and_(outbox.c.state == MessageState.CLAIMED, outbox.c.lease_until <= real)
    begun = and_(outbox.c.attempted_at.is_not(None), outbox.c.replaces_ts.is_(None))
    ended = 0
    for condition, values in (
        (begun, {"state": MessageState.UNCERTAIN, "not_before": outbox.c.attempted_at}),
        (outbox.c.attempts >= max_attempts, {"state": MessageState.PARKED}),
        (~begun, {"state": MessageState.DUE, "attempts": outbox.c.attempts + 1}),
    ):
        change = update(outbox).where(lapsed, condition).values(reason="lease_ran_out", **values, **_FREE)
        ended += tx.execute(change).rowcount
    return ended


def take_uncertain(tx: Transaction, real: datetime, hold: timedelta, limit: int) -> list[OutboxRow]:
    """Uncertain rows whose time has come, kept from other workers for `hold`; silent workspaces are left."""
    live = select(workspace.c.id).where(
        workspace.c.state == "active",
        or_(workspace.c.silent_until.is_(None), workspace.c.silent_until <= real),
    )
    query = (
        select(outbox)
        .where(
            outbox.c.state == MessageState.UNCERTAIN,
            or_(outbox.c.not_before.is_(None), outbox.c.not_before <= real),
            outbox.c.workspace_id.in_(live),
        )
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(limit)
        .with_for_update(of=outbox, skip_locked=True)
    )
    rows = [as_row(row) for row in tx.execute(query)]
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
    """Move an uncertain row on, unless it was moved meanwhile; the attempt's time stays."""
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
    """What a person said of a row, once: from `before` to `after`; DUE again starts from nothing."""
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


def _is_rate_limited(real: datetime) -> ColumnElement[bool]:
    return exists().where(
        channel_budget.c.workspace_id == outbox.c.workspace_id,
        channel_budget.c.channel == func.coalesce(outbox.c.to_user, outbox.c.to_channel),
        channel_budget.c.next_post_at > real,
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
    # Two changes of one message must not overtake each other: the older words would stay.
    other = outbox.alias("other")
    return exists().where(
        other.c.workspace_id == outbox.c.workspace_id,
        other.c.state == MessageState.CLAIMED,
        other.c.to_channel == outbox.c.to_channel,
        other.c.replaces_ts == outbox.c.replaces_ts,
    )
