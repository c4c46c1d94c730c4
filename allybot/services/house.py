"""What use cases work with."""

import random
import secrets
from dataclasses import dataclass

from allybot.content import Content
from allybot.crypto import Keyring
from allybot.store.database import Database
from allybot.store.vault import key_of_person


@dataclass(frozen=True)
class House:
    """The databases, keys and content a use case may reach.

    Attributes:
        seed: drives jitter only, so that a demo can be repeated; never ids, keys or noise.
    """

    database: Database
    vault: Database
    keyring: Keyring
    content: Content
    seed: str = ""

    def words_key(self, trainee_id: str) -> bytes:
        """A trainee's personal key, which opens his plans.

        Raises:
            Undecipherable: it was erased, or wrapped with a key that is no longer at hand.
        """
        with self.vault.reading() as vault_tx:
            return key_of_person(vault_tx, self.keyring, trainee_id)

    def chance(self, *about: object) -> random.Random:
        """Repeatable chance for jitter about something, such as a person and a step."""
        return random.Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - jitter, not a secret


def new_id() -> str:
    """A random id: 32 hexadecimal digits, no order, no meaning."""
    return secrets.token_hex(16)
