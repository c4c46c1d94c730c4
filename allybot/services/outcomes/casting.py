"""Casts a sealed ballot."""

from allybot.crypto import seal
from allybot.domain.anonymity import encode_answer
from allybot.domain.plans import Outcome, PlanKind
from allybot.services.context import Context
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots


def cast(
    _context: Context,
    tx: Transaction,
    window_id: str | None,
    trainee_id: str,
    slot: int,
    outcome: Outcome,
    kind: PlanKind,
) -> bool:
    """Seal an answer for its window; answering the same step again overwrites it.

    Whether it counts, and what is written, depends on the window alone, never on the outcome.

    Args:
        tx: the caller's transaction on the database.
        window_id: where the step counts; None for the re-plan.
        trainee_id: whose ballot.
        slot: the step of the ladder.
        outcome: the answer.
        kind: of the plan asked about.

    Returns:
        True when it counts; False when the window is closed, absent or still without a key.
    """
    key = ballots.open_key(tx, window_id) if window_id else None
    if window_id is None or key is None:
        return False
    sealed = seal(key, encode_answer(window_id, kind, outcome))
    ballots.put_ballot(tx, window_id, trainee_id, slot, sealed)
    return True
