"""Whether a worker has anything to deliver: one statement that only reads, asked twice a second."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from allybot.store.delivery.claims import HAS_LAPSED, IS_TO_LOOK_UP
from allybot.store.delivery.rate_limits import IS_TO_SERVE, Budget, moments
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox, workspace

# Built once for speed, see `store/trainees.py`.
_WAITING = select(
    exists(select(outbox.c.id).where(HAS_LAPSED)).label("lapsed"),
    exists(select(outbox.c.id).where(IS_TO_LOOK_UP)).label("uncertain"),
    exists(select(workspace.c.id).where(IS_TO_SERVE)).label("due"),
)


@dataclass(frozen=True)
class Waiting:
    """Whether there are claims whose lease has expired, rows to look up, and messages to send."""

    lapsed: bool
    uncertain: bool
    due: bool


def what_waits(tx: Transaction, now: datetime, real: datetime, budget: Budget) -> Waiting:
    """What there is to do at `now` (the program's clock) and `real` (the clock the workers share), UTC."""
    row = tx.execute(_WAITING, moments(now, real, budget)).one()
    return Waiting(bool(row.lapsed), bool(row.uncertain), bool(row.due))
