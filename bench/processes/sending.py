"""A worker's delivery, asked by lines. Arguments: database, vault, Slack's API; `--limits` keeps Slack's."""

import sys
import time
from functools import partial
from typing import Any

from sqlalchemy import delete, select, update

from allybot.services.check_ins import asking
from allybot.services.context import new_id
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.sender import Delivery
from allybot.services.programs import workspaces
from allybot.services.renderers import render
from allybot.slack.gateway import SlackGateway
from allybot.store import tables
from allybot.store.delivery.rate_limits import Budget
from bench.processes.asked import answer, opened
from bench.seeding import NEXT_STEP, NOW

_UNLIMITED = DeliveryRules(
    budget=Budget(per_minute=60_000, burst=50, seconds_between=0),
    look_ups=Budget(per_minute=60_000, burst=50),
)
_WAIT_SECONDS = 0.25
_POLL_SECONDS = 0.02
_AS_NEW: dict[str, Any] = {
    "state": "due",
    "attempts": 0,
    **dict.fromkeys(
        (
            "not_before", "lease_owner", "lease_until", "attempted_at", "look_up_from", "reason",
            "sent_channel", "sent_ts", "stale_at",
        )
    ),
}  # fmt: skip


class Sending:
    """Sends what is due as the worker's tick does, but goes on until nothing is left."""

    def __init__(self, database: str, vault: str, slack: str, *, limits: bool) -> None:
        self.context = opened(database, vault)
        self._rules = DeliveryRules() if limits else _UNLIMITED
        self._slack = SlackGateway(partial(workspaces.token_of, self.context), slack)
        self._delivery = self._new()

    def queue(self, many: int) -> int:
        """Queue the first check-ins; how many there are."""
        return asking.queue_due(self.context, NOW, many)

    def again(self) -> None:
        """Let every queued check-in be unsent."""
        asked = select(tables.check_in.c.id).where(tables.check_in.c.step == NEXT_STEP)
        with self.context.database.transaction() as tx:
            tx.execute(update(tables.outbox).values(_AS_NEW).where(tables.outbox.c.about_id.in_(asked)))
            tx.execute(delete(tables.channel_budget))
            tx.execute(update(tables.workspace).values(next_post_at=None))

    def forget(self) -> None:
        """Be a new worker, who has asked about nobody today."""
        self._delivery.close()
        self._delivery = self._new()

    def send(self, seconds: int) -> dict[str, float]:
        """Send until nothing is left, or so many seconds.

        Returns:
            Of the calls that claimed something: how many rows, and milliseconds that claiming one took.
        """
        until, claimed, spent = time.monotonic() + seconds, 0, 0.0
        while time.monotonic() < until:
            began = time.perf_counter()
            started = self._delivery.begin(NOW)
            if started:
                claimed += started
                spent += time.perf_counter() - began
            elif self._delivery.is_busy:
                self._delivery.wait(_WAIT_SECONDS)
            elif self._delivery.remaining(NOW) == 0:
                break
            else:
                time.sleep(_POLL_SECONDS)
        self._delivery.finish()
        return {"rows": claimed, "claim_ms": spent * 1000 / claimed if claimed else 0.0}

    def _new(self) -> Delivery:
        return Delivery(self.context, self._slack, render, new_id(), rules=self._rules)


if __name__ == "__main__":
    _database, _vault, _api, *_more = sys.argv[1:]
    answer(Sending(_database, _vault, _api, limits="--limits" in _more))
