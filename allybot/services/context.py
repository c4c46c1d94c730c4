"""What use cases work with."""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime

from allybot.content import Content
from allybot.crypto import Keyring
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import Predicate, Trainee
from allybot.errors import NotFoundError, WrongStateError
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage, OutboxRow
from allybot.store.engine.database import Database, Transaction
from allybot.store.programs import programs
from allybot.store.vault.vault import key_of_person


@dataclass(frozen=True)
class Context:
    """The databases, keys and content a use case may reach.

    Attributes:
        seed: drives jitter only, so that a demo can be repeated; never ids, keys or noise.
    """

    database: Database
    vault: Database
    keyring: Keyring
    content: Content
    seed: str = ""

    def personal_key(self, trainee_id: str) -> bytes:
        """A trainee's personal key, which opens his plans.

        Raises:
            DecryptionError: it was erased, or wrapped with a key that is no longer at hand.
        """
        with self.vault.reading() as vault_tx:
            return key_of_person(vault_tx, self.keyring, trainee_id)

    def chance(self, *about: object) -> random.Random:
        """Repeatable chance for jitter about something, such as a person and a step."""
        return random.Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - jitter, not a secret


@dataclass(frozen=True)
class Rendering:
    """What the words of a queued message are made of, at the moment it is sent.

    Attributes:
        now: the program's time, aware UTC.
    """

    context: Context
    tx: Transaction
    row: OutboxRow
    now: datetime


def new_id() -> str:
    """A random id: 32 hexadecimal digits, no order, no meaning."""
    return secrets.token_hex(16)


def acting(tx: Transaction, actor: Actor, may: Predicate | None = None, *, lock: bool = False) -> Trainee:
    """The trainee behind whoever acts, if their state permits it.

    Args:
        may: what they want to do, a predicate of `domain.trainee`; None for anything.
        lock: nobody else changes the trainee until the transaction ends, so that two submits come in turn.

    Raises:
        NotFoundError: they are in no program.
        WrongStateError: their state does not permit it.
    """
    trainee = trainees.trainee_of(tx, actor, lock=lock)
    if trainee is None:
        raise NotFoundError
    if may is not None and not may(trainee.state):
        raise WrongStateError
    return trainee


def program_of(tx: Transaction, trainee: Trainee) -> Program:
    """The program a trainee takes part in."""
    program = programs.program_by_id(tx, trainee.program_id)
    if program is None:  # the foreign key forbids it; this tells the type checker
        raise NotFoundError
    return program


def put_to_trainee(
    tx: Transaction,
    trainee: Trainee,
    kind: MessageKind,
    about_id: str,
    key: str,
    due_at: datetime,
    stale_at: datetime | None = None,
) -> bool:
    """Queue a direct message to a trainee, see `OutboxMessage`; False when `key` is already queued."""
    message = OutboxMessage(
        key=key,
        workspace_id=trainee.workspace_id,
        kind=kind,
        about_id=about_id,
        due_at=due_at,
        to_user=trainee.slack_user,
        trainee_id=trainee.id,
        stale_at=stale_at,
    )
    return outbox.put(tx, new_id(), message)
