"""What every end of a window shares: opening envelopes, the budget, what leads are told."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from allybot.crypto import unseal
from allybot.domain.anonymity import decode_answer, epsilon_of
from allybot.domain.noise import Rng
from allybot.domain.people import Program
from allybot.domain.plans import Outcome
from allybot.domain.windows import Telling, Window, WindowState
from allybot.errors import DecryptionError
from allybot.services import leads
from allybot.services.context import Context
from allybot.services.working_hours import working_hours
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots

NOISE: Rng = secrets.SystemRandom()
"""Never seeded, not even in a demo."""

UNTOLD = {"telling": Telling.PEOPLE, "told_up_to": ""}
"""What a window is set to with its end, so that everybody is told."""


def opened(private: bytes, envelopes: Iterable[tuple[str, bytes]]) -> list[Outcome]:
    """The valid answers among one person's envelopes (window and bytes); others are dropped."""
    return [outcome for window_id, sealed in envelopes if (outcome := _read(window_id, private, sealed))]


def _read(window_id: str, private: bytes, sealed: bytes) -> Outcome | None:
    try:
        return decode_answer(window_id, unseal(private, sealed))
    except DecryptionError:
        return None


def spent(tx: Transaction, program: Program) -> Fraction:
    """The part of the privacy budget the program's releases have spent so far."""
    releases = [ballots.release_of(tx, window) for window in ballots.windows_of(tx, program.id)]
    return sum((epsilon_of(made.tier, made.scale_milli) for made in releases if made), Fraction(0))


def void(
    context: Context, tx: Transaction, program: Program, window: Window, before: WindowState, now: datetime
) -> bool:
    """Move a window from `before` to void and delete its ballots unopened; False when it is elsewhere."""
    today = local_day(program, now)
    if not ballots.move_window(tx, window.id, before, WindowState.VOID, published_on=today, **UNTOLD):
        return False
    ballots.delete_ballots(tx, window.id)
    tell_leads(context, tx, program, window.id, now)
    return True


def suffix(window: Window) -> str:
    """A part of the keys of messages about a window: what comes of a wait is news of its own."""
    return ":waited" if window.waits_until and window.state is not WindowState.WAITING else ""


def tell_leads(context: Context, tx: Transaction, program: Program, window_id: str, now: datetime) -> None:
    """Queue the notice of what a window became to all leads, for their program's next working hour."""
    window = ballots.window_by_id(tx, window_id)
    if window is None:
        return
    opens = context.content.rules.check_ins.working_hours_start
    due_at = working_hours(context, program, program.zone).open_from(now, opens)
    message = outbox.OutboxMessage(
        key=f"release:{window.id}{suffix(window)}",
        workspace_id=program.workspace_id,
        kind=MessageKind.RELEASE_NOTICE,
        about_id=window.id,
        due_at=due_at,
    )
    leads.tell_leads(tx, program.id, message)


def local_day(program: Program, now: datetime) -> date:
    """Today in the program's zone."""
    return now.astimezone(program.zone).date()
