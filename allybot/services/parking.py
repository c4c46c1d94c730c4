"""Messages put aside for the operator, and how they are sent on their way again."""

from dataclasses import dataclass
from datetime import datetime

from allybot.errors import NotFound, WrongState
from allybot.i18n import Say
from allybot.prompts.delivery import why_parked
from allybot.services.house import House
from allybot.store.outbox import Kind, State, counts, row_by_id, rows_in
from allybot.store.outbox_claims import settle_by_hand


@dataclass(frozen=True)
class ParkedMessage:
    """One message that needs the operator.

    Attributes:
        due_at: aware UTC, the program's clock.
        reason: Slack's code or ours.
        meaning: the reason in a sentence.
        remedy: what to do, in a sentence.
    """

    id: str
    workspace_id: str
    kind: Kind
    due_at: datetime
    attempts: int
    reason: str
    meaning: str
    remedy: str


def parked(house: House) -> list[ParkedMessage]:
    """Every parked message, earliest due first, at most 1000."""
    with house.database.reading() as tx:
        rows = rows_in(tx, State.PARKED)
    return [
        ParkedMessage(
            row.id,
            row.workspace_id,
            row.kind,
            row.due_at,
            row.attempts,
            row.reason or "unknown",
            *why_parked(Say(), row.reason or "unknown"),
        )
        for row in rows
    ]


def retry(house: House, message_id: str, now: datetime) -> None:
    """Make a parked message due again, as if it had never been tried.

    Args:
        now: the program's clock, UTC.

    Raises:
        NotFound: there is no such message.
        WrongState: it is not parked, or it is too late for it.
    """
    with house.database.transaction() as tx:
        row = row_by_id(tx, message_id)
        if row is None:
            raise NotFound(f"There is no message {message_id}. `allybot outbox list` shows those put aside.")
        if row.stale_at is not None and row.stale_at <= now:
            raise WrongState("It is too late for this message: sent now, it would ask about the wrong time.")
        if not settle_by_hand(tx, message_id, State.PARKED, State.DUE):
            raise WrongState(f"This message is not parked: it is {row.state.value}.")


def figures(house: House) -> dict[str, int]:
    """How many messages stand in each state, every state named: for metrics and `allybot doctor`."""
    with house.database.reading() as tx:
        standing = counts(tx)
    return {state.value: standing.get(state, 0) for state in State}
