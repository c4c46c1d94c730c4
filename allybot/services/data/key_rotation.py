"""Rotates ALLYBOT_SECRET_KEY without downtime: every secret is rewrapped with the first key of its list.

Processes that know both keys may keep running meanwhile, whichever comes first in their list.
"""

from collections import Counter
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from allybot.crypto import Fit, Keyring
from allybot.errors import SettingsError
from allybot.services.context import Context
from allybot.store.data.secure_delete import rewrite, truncate_log
from allybot.store.data.wrapped_columns import TOKENS, WORDS
from allybot.store.engine import wrapped
from allybot.store.engine.database import Database
from allybot.store.engine.wrapped import WrappedColumn
from allybot.store.vault import upkeep
from allybot.store.vault.upkeep import WRAPPED_KEYS
from allybot.store.vault.vault import person_key, suppression_key, window_key

_BATCH = 200
"""Values per transaction: short enough to block nobody on SQLite."""


@dataclass(frozen=True)
class Rotated:
    """Per kind of secret: how many were rewrapped, were current already, could be opened by no key."""

    what: str
    anew: int
    already: int
    unreadable: int


def rotate(context: Context) -> tuple[Rotated, ...]:
    """Rewrap tokens, words for circles and leads, and the vault's keys with the first key. Idempotent.

    Blocks nobody; a key that is erased meanwhile stays erased.
    """
    found = (
        _rotated(context.database, context.keyring, "tokens", TOKENS),
        *(_rotated(context.database, context.keyring, what, *columns) for what, columns in WORDS.items()),
        *(_rotated(context.vault, context.keyring, what, keys) for what, keys in WRAPPED_KEYS.items()),
    )
    if any(each.anew for each in found):
        for table in (person_key, window_key, suppression_key):
            rewrite(context.vault, table.name)
        for database in (context.vault, context.database):
            truncate_log(database)
    return found


@dataclass(frozen=True)
class Wraps:
    """How many stored secrets are wrapped with the first key, a later one, and an unknown one."""

    newest: int
    older: int
    unreadable: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.newest + self.older + self.unreadable


def wraps(context: Context) -> Wraps:
    """Which keys the stored secrets are wrapped with; reads all of them."""
    stored = (*_tokens_of(context), *_words(context), *_keys_of(context))
    counted = Counter(context.keyring.fit(each) for each in stored)
    return Wraps(counted[Fit.NEWEST], counted[Fit.OLDER], counted[Fit.NONE])


def check_key(context: Context) -> None:
    """Reject a secret key that opens no stored secret; any key is accepted while nothing is stored.

    The keys in the vault are checked. Tokens are checked only if there are none of these, because the one
    of SLACK_BOT_TOKEN is rewrapped at each start with the current key.

    Raises:
        SettingsError: none of them can be opened.
    """
    for stored in (_keys_of(context), _tokens_of(context)):
        with closing(stored):
            fits = (context.keyring.fit(each) is not Fit.NONE for each in stored)
            first = next(fits, None)
            if first or any(fits):
                return
        if first is not None:
            raise SettingsError(
                "ALLYBOT_SECRET_KEY is not the key the stored keys and tokens were wrapped with: "
                "they can be opened by none of the keys in it. Set the one they were wrapped with."
            )


def _keys_of(context: Context) -> Generator[bytes]:
    with context.vault.reading() as vault_tx:
        yield from upkeep.all_wraps(vault_tx)


def _tokens_of(context: Context) -> Generator[bytes]:
    with context.database.reading() as tx:
        yield from wrapped.values(tx, TOKENS, _BATCH)


def _words(context: Context) -> Generator[bytes]:
    with context.database.reading() as tx:
        for columns in WORDS.values():
            for column in columns:
                yield from wrapped.values(tx, column, _BATCH)


def _rotated(database: Database, keyring: Keyring, what: str, *columns: WrappedColumn) -> Rotated:
    anew = already = unreadable = 0
    for column in columns:
        last = ""
        while True:
            with database.transaction() as tx:
                some = wrapped.rewrap(tx, keyring, column, last, _BATCH)
            anew += some.anew
            already += some.already
            unreadable += some.unreadable
            last = some.last
            if not last:
                break
    return Rotated(what, anew, already, unreadable)
