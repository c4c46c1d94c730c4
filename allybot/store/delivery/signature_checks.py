"""How many requests had a wrong signature since the latest right one; days only, of all people together."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import signature_check


@dataclass(frozen=True)
class SignatureChecks:
    """Requests that came in by HTTP, of every web process.

    Attributes:
        refused: with a wrong signature, since the latest right one.
        refused_on, accepted_on: UTC days of the latest; None while there was none.
    """

    refused: int = 0
    refused_on: date | None = None
    accepted_on: date | None = None


def add_refused(tx: Transaction, number: int, today: date) -> None:
    """Count requests whose signature was wrong."""
    statement = insert_for(tx, signature_check).values(id=1, refused=number, refused_on=today)
    changed = {"refused": signature_check.c.refused + number, "refused_on": today}
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


def set_accepted(tx: Transaction, today: date) -> None:
    """Note a right signature, and begin to count the wrong ones anew."""
    values = {"refused": 0, "accepted_on": today}
    statement = insert_for(tx, signature_check).values(id=1, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def signature_checks(tx: Transaction) -> SignatureChecks:
    """What was counted; nothing before the first request."""
    row = tx.execute(select(signature_check)).one_or_none()
    return SignatureChecks(row.refused, row.refused_on, row.accepted_on) if row else SignatureChecks()
