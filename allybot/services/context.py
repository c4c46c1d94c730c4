"""Dependencies and helpers that the use cases share."""

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
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage, OutboxRow
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Database, Transaction
from allybot.store.programs import programs
from allybot.store.vault.vault import key_of_person


@dataclass(frozen=True)
class Context:
    """Dependencies of the use cases: databases, keys and content.

    Attributes:
        seed: seeds jitter only, so that a demo is repeatable; never ids, keys or noise. Empty in production.
    """

    database: Database
    vault: Database
    keyring: Keyring
    content: Content
    seed: str = ""

    def __post_init__(self) -> None:
        """Let the database make ids with the operator's key."""
        self.database.make_ids_with(self.keyring.id_key)

    def personal_key(self, trainee_id: str) -> bytes:
        """The personal key that decrypts a trainee's plans and why.

        Raises:
            DecryptionError: it was erased, or wrapped with a key that is not configured.
        """
        with self.vault.reading() as vault_tx:
            return key_of_person(vault_tx, self.keyring, trainee_id)

    def rng(self, *key: object) -> random.Random:
        """A random generator for jitter, seeded by `seed` and a key such as a person and a step."""
        return random.Random("/".join(map(str, (self.seed, *key))))  # noqa: S311 - jitter, not a secret

    def secret_rng(self, *key: object) -> random.Random:
        """A generator that nobody can repeat; where `seed` is set, as in a demo, the same as `rng`."""
        return self.rng(*key) if self.seed else secrets.SystemRandom()


@dataclass(frozen=True)
class Rendering:
    """The arguments of a renderer: an outbox row and what its message is made from.

    Attributes:
        now: the program's time, aware UTC.
    """

    context: Context
    tx: Transaction
    row: OutboxRow
    now: datetime


def new_id() -> str:
    """A random id of 32 hexadecimal digits."""
    return secrets.token_hex(16)


def acting(tx: Transaction, actor: Actor, may: Predicate | None = None, *, lock: bool = False) -> Trainee:
    """The trainee who acts, if their state permits it.

    Args:
        may: a predicate of `domain.trainee`; None permits every state.
        lock: lock the row until the transaction ends, which serialises two submits.

    Raises:
        NotFoundError: the actor is in no program.
        WrongStateError: the trainee's state does not permit it.
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
    return outbox.put(tx, id_of(tx, key), message)
