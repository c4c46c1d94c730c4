"""What was put aside for the operator, messages and rows, and how both are sent on their way again."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from allybot.errors import NotFound, WrongState
from allybot.i18n import Say
from allybot.prompts.delivery.messages import why_parked
from allybot.services.context import House
from allybot.store.delivery.claims import settle_by_hand
from allybot.store.delivery.outbox import Kind, State, count_in, counts, row_by_id, rows_in
from allybot.store.delivery.parked_rows import ParkedRow, all_parked, how_many, retry_now


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


@dataclass(frozen=True)
class PutAside:
    """A row that something due could not be done for; `id` is what `retry` takes.

    Attributes:
        meaning: the reason in a sentence.
        remedy: what to do, in a sentence.
    """

    id: str
    row: ParkedRow
    meaning: str
    remedy: str


def put_aside(house: House) -> list[PutAside]:
    """Every row put aside, longest first, at most 1000."""
    with house.database.reading() as tx:
        rows = all_parked(tx)
    return [PutAside(f"{row.story}:{row.row_id}", row, *why_parked(Say(), row.reason)) for row in rows]


def retry(house: House, parked_id: str, now: datetime) -> None:
    """Make a parked message due again, as if it had never been tried, or try a row again at the next tick.

    Args:
        parked_id: of a message, or as in `PutAside`.
        now: the program's clock, UTC.

    Raises:
        NotFound: there is no such message or row.
        WrongState: it is not parked, or it is too late for it.
    """
    story, colon, row_id = parked_id.partition(":")
    if colon:
        with house.database.transaction() as tx:
            if not retry_now(tx, story, row_id, now):
                raise NotFound(f"There is no {parked_id}. `allybot outbox list` shows what was put aside.")
        return
    _retry_message(house, parked_id, now)


def retry_all(house: House, now: datetime) -> int:
    """The same for everything that is put aside and not too late; how much it was."""
    done = 0
    for each in (*(message.id for message in parked(house)), *(row.id for row in put_aside(house))):
        with suppress(NotFound, WrongState):  # too late, or gone meanwhile
            retry(house, each, now)
            done += 1
    return done


def _retry_message(house: House, message_id: str, now: datetime) -> None:
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


def waiting(house: House) -> dict[str, int]:
    """How many messages and how many rows are put aside, for /metrics.

    Raises:
        DatabaseUnavailable: as always.
    """
    with house.database.reading() as tx:
        return {"messages": count_in(tx, State.PARKED), "rows": how_many(tx)}
