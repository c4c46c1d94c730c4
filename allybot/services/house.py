"""What use cases work with."""

import random
import secrets
from dataclasses import dataclass

from allybot.content import Content
from allybot.crypto import Keyring
from allybot.store.database import Database


@dataclass(frozen=True)
class House:
    """The databases, keys and content a use case may reach.

    Attributes:
        seed: drives jitter only, so that a rehearsal can be repeated; never ids, keys or noise.
    """

    database: Database
    vault: Database
    keyring: Keyring
    content: Content
    seed: str = ""

    def chance(self, *about: object) -> random.Random:
        """Repeatable chance for jitter about something, such as a person and a step."""
        return random.Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - jitter, not a secret


def new_id() -> str:
    """A random id: 32 hexadecimal digits, no order, no meaning."""
    return secrets.token_hex(16)
