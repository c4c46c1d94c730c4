"""Sending the leads a suggestion without a name.

One row is written and nothing else, neither in the sender's private record nor in the outbox, so that nothing
that is stored tells who sent it; see `store/programs/waiting_suggestions.py`.
"""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.domain.suggestions import Refusal, next_round, suggestion_text
from allybot.domain.trainee import Trainee, may_suggest
from allybot.errors import WrongStateError
from allybot.services.context import Context, acting, program_of
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.programs import waiting_suggestions as stored
from allybot.store.programs.waiting_suggestions import WaitingRow


class CannotSuggestError(WrongStateError):
    """The trainee cannot send a suggestion now; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(frozen=True)
class Suggesting:
    """The data of the modal.

    Attributes:
        goes_at: the Monday's noon on which it could go, aware UTC.
        own: the text of theirs that waits already, which another one replaces; None when none does.
    """

    trainee: Trainee
    program: Program
    goes_at: datetime
    own: str | None


def read(context: Context, actor: Actor, now: datetime) -> Suggesting:
    """Whether the actor may send a suggestion, and what waits of theirs.

    Raises:
        DecryptionError: the personal key was erased.
        NotFoundError: the actor is in no program.
        CannotSuggestError: no consent, or nobody leads their program.
    """
    with context.database.reading() as tx:
        return _suggesting(context, tx, actor, now)[0]


def send(context: Context, actor: Actor, text: str | None, now: datetime) -> Suggesting:
    """Let a suggestion wait for Monday; one that waits already is replaced, also by a second submit.

    Args:
        now: aware UTC.

    Raises:
        FieldError: field `suggestion`, reason `empty` or `too_long`.
        DecryptionError, NotFoundError, CannotSuggestError: as in `read`.
    """
    words = suggestion_text(text)
    with context.database.transaction() as tx:
        trainee = acting(tx, actor)
        stored.take_program(tx, trainee.program_id)
        suggesting, own = _suggesting(context, tx, actor, now)
        key, goes_at = context.personal_key(trainee.id), suggesting.goes_at
        first_on = own.first_on if own else goes_at.astimezone(suggesting.program.zone).date()
        new_id = stored.waiting_id(key, trainee.program_id, first_on)
        others = [row for row in stored.waiting(tx, trainee.program_id) if row.id != new_id]
        new = WaitingRow(new_id, first_on, goes_at, stored.locked(key, words))
        stored.set_waiting(tx, trainee.program_id, [*others, new])
        return suggesting


def _suggesting(
    context: Context, tx: Transaction, actor: Actor, now: datetime
) -> tuple[Suggesting, WaitingRow | None]:
    trainee = acting(tx, actor)
    program = program_of(tx, trainee)
    if not may_suggest(trainee.state):
        raise CannotSuggestError(Refusal.NOT_STARTED)
    if not programs.leads(tx, program.id):
        raise CannotSuggestError(Refusal.NO_LEADS)
    key = context.personal_key(trainee.id)
    own = stored.waiting_of(tx, key, program.id)
    text = stored.unlocked(key, own) if own else None
    return Suggesting(trainee, program, next_round(now, program.zone), text), own
