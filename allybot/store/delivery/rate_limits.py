"""Slack's rate limits on posting, kept in the database so that all workers on all hosts share them.

One message per second per channel. Per workspace "several hundred messages per minute" (rate-limit page)
without an exact number, so the 300 are our choice. The workspace's budget is a generic cell rate algorithm
(GCRA): one timestamp, `next_post_at`, runs ahead of real time by what has been spent.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select, update

from allybot.store.delivery.claimable import IS_ACTIVE, IS_DUE, IS_SERVED
from allybot.store.delivery.message_kinds import NAMES_NOBODY
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import channel_budget, outbox, workspace

_SECONDS_A_MINUTE = 60.0
KEPT = timedelta(minutes=1)
# Built once for speed, see `store/trainees.py`; they run for each message, or every half second.
IS_TO_SERVE: ColumnElement[bool] = and_(
    IS_SERVED,
    exists().where(outbox.c.workspace_id == workspace.c.id, IS_DUE),
    or_(workspace.c.next_post_at.is_(None), workspace.c.next_post_at <= bindparam("affordable")),
)
"""SQL condition: a workspace has due messages and budget left. The values are those of `moments`."""
_TO_SERVE = (
    select(workspace.c.id)
    .where(IS_TO_SERVE)
    .order_by(workspace.c.next_post_at.nulls_first(), workspace.c.id)
    .limit(bindparam("most"))
)
_HOLD = (
    select(workspace.c.next_post_at)
    .where(workspace.c.id == bindparam("wanted"), IS_SERVED)
    # FOR NO KEY UPDATE: rows that refer to the workspace can be inserted meanwhile.
    .with_for_update(skip_locked=True, key_share=True)
)
_NEXT_POST_AT = select(workspace.c.next_post_at).where(workspace.c.id == bindparam("wanted"))
_SPEND = update(workspace).where(workspace.c.id == bindparam("wanted")).values(next_post_at=bindparam("at"))


@dataclass(frozen=True)
class Budget:
    """Rate limits of one workspace.

    Attributes:
        per_minute: calls in any minute, bursts included; more than `burst`.
        burst: calls that may go out at once after a pause.
        seconds_between: pause between two new messages in one channel.
    """

    per_minute: int = 300
    burst: int = 5
    seconds_between: float = 1.0

    @property
    def interval(self) -> timedelta:
        """Time one call costs; a burst at the start of a minute is already accounted for."""
        return timedelta(seconds=_SECONDS_A_MINUTE / (self.per_minute - self.burst))

    @property
    def tolerance(self) -> timedelta:
        """How far the budget's timestamp may run ahead of real time and still allow one call."""
        return self.interval * (self.burst - 1)

    def affordable(self, next_post_at: datetime | None, real: datetime) -> int:
        """How many calls may go out at `real` (UTC)."""
        ahead = max(next_post_at, real) - real if next_post_at else timedelta()
        return max(0, math.floor((self.tolerance - ahead) / self.interval) + 1)

    def after(self, next_post_at: datetime | None, real: datetime, calls: int) -> datetime:
        """The timestamp once `calls` have been spent."""
        return (max(next_post_at, real) if next_post_at else real) + self.interval * calls


def workspaces_to_serve(
    tx: Transaction, now: datetime, real: datetime, budget: Budget, limit: int
) -> list[str]:
    """Workspaces with due messages and budget left, the one served longest ago first, which is fair.

    Args:
        now: the program's clock, UTC.
        real: the clock the workers share, UTC.
    """
    return [row.id for row in tx.execute(_TO_SERVE, {**moments(now, real, budget), "most": limit})]


def moments(now: datetime, real: datetime, budget: Budget) -> dict[str, object]:
    """The values of `IS_TO_SERVE` at `now` (the program's clock) and `real` (the workers'), UTC."""
    return {"now": now, "real": real, "affordable": real + budget.tolerance}


def hold_workspace(tx: Transaction, workspace_id: str, real: datetime, budget: Budget) -> int:
    """Lock the workspace's budget for this transaction; returns the calls left, 0 when another holds it."""
    row = tx.execute(_HOLD, {"wanted": workspace_id, "real": real}).first()
    return budget.affordable(row.next_post_at, real) if row else 0


def spend(tx: Transaction, workspace_id: str, calls: int, real: datetime, budget: Budget) -> None:
    """Take `calls` off the budget of a workspace locked by `hold_workspace`."""
    before = tx.execute(_NEXT_POST_AT, {"wanted": workspace_id}).scalar()
    tx.execute(_SPEND, {"wanted": workspace_id, "at": budget.after(before, real, calls)})


def rest_channel(tx: Transaction, row: OutboxRow, real: datetime, budget: Budget) -> None:
    """Block new messages to this recipient for a second, after an attempt; updates are not limited.

    Not after one of `NAMES_NOBODY`, which must leave no row that names the trainee.
    """
    is_limited = row.replaces_ts is None and row.kind not in NAMES_NOBODY
    if not is_limited or not budget.seconds_between:
        return
    next_post_at = real + timedelta(seconds=budget.seconds_between)
    statement = insert_for(tx, channel_budget).values(
        workspace_id=row.workspace_id, channel=row.to_user or row.to_channel, next_post_at=next_post_at
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "channel"], set_={"next_post_at": next_post_at}
        )
    )


def pause_workspace(tx: Transaction, workspace_id: str, until: datetime) -> None:
    """After a 429: no call for this workspace before `until` (real), or an already later end."""
    tx.execute(
        update(workspace)
        .where(
            workspace.c.id == workspace_id,
            or_(workspace.c.silent_until.is_(None), workspace.c.silent_until < until),
        )
        .values(silent_until=until)
    )


def stop_workspace(tx: Transaction, workspace_id: str, reason: str) -> bool:
    """Stop sending to a workspace whose token no longer works; False when it was stopped already."""
    stopped = tx.execute(
        update(workspace)
        .where(workspace.c.id == workspace_id, IS_ACTIVE)
        .values(state="stopped", stopped_reason=reason)
    )
    return stopped.rowcount == 1


def forget_channels(tx: Transaction, real: datetime) -> None:
    """Delete expired per-channel limits: the table must not become a record of who got messages."""
    tx.execute(delete(channel_budget).where(channel_budget.c.next_post_at < real - KEPT))
