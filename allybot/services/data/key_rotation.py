"""Rotates ALLYBOT_SECRET_KEY without downtime: every secret is rewrapped with the first key of its list.

Processes that know both keys may keep running meanwhile, whichever comes first in their list.
"""

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass

from allybot.crypto import Fit, Keyring
from allybot.errors import DecryptionError, SettingsError
from allybot.services.context import Context
from allybot.store.circles import deeds, own_scenarios, role_stories, texts
from allybot.store.data.secure_delete import rewrite, truncate_log
from allybot.store.engine.database import Transaction
from allybot.store.programs import suggestions
from allybot.store.programs.workspaces import all_workspaces, replace_token
from allybot.store.vault import upkeep
from allybot.store.vault.upkeep import Rewrapped
from allybot.store.vault.vault import person_key, suppression_key, window_key

_BATCH = 200
"""Keys per transaction: short enough to block nobody on SQLite."""


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
        _tokens(context),
        _texts(context),
        _deeds(context),
        _suggestions(context),
        _own_scenarios(context),
        _role_stories(context),
        _keys(context, "personal keys", upkeep.rewrap_people),
        _keys(context, "window keys", upkeep.rewrap_boxes),
        _keys(context, "suppression key", upkeep.rewrap_suppression),
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
    counted = Counter(context.keyring.fit(wrapped) for wrapped in stored)
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
            fits = (context.keyring.fit(wrapped) is not Fit.NONE for wrapped in stored)
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
        yield from [row.token_wrapped for row in all_workspaces(tx) if row.token_wrapped is not None]


def _words(context: Context) -> list[bytes]:
    with context.database.reading() as tx:
        sealed = texts.all_sealed(tx) + deeds.all_sealed(tx) + suggestions.all_sealed(tx)
        return sealed + own_scenarios.all_sealed(tx) + role_stories.all_sealed(tx)


def _texts(context: Context) -> Rotated:
    with context.database.transaction() as tx:
        return Rotated("texts for circles", *texts.rewrap(tx, context.keyring))


def _deeds(context: Context) -> Rotated:
    with context.database.transaction() as tx:
        return Rotated("deeds", *deeds.rewrap(tx, context.keyring))


def _suggestions(context: Context) -> Rotated:
    with context.database.transaction() as tx:
        return Rotated("suggestions", *suggestions.rewrap(tx, context.keyring))


def _own_scenarios(context: Context) -> Rotated:
    with context.database.transaction() as tx:
        return Rotated("own scenarios", *own_scenarios.rewrap(tx, context.keyring))


def _role_stories(context: Context) -> Rotated:
    with context.database.transaction() as tx:
        return Rotated("role models' stories", *role_stories.rewrap(tx, context.keyring))


def _tokens(context: Context) -> Rotated:
    anew = already = unreadable = 0
    with context.database.transaction() as tx:
        for row in all_workspaces(tx):
            if row.token_wrapped is None:
                continue
            try:
                fresh = context.keyring.rewrap(row.token_wrapped)
            except DecryptionError:
                unreadable += 1
                continue
            if fresh is None:
                already += 1
            else:
                anew += replace_token(tx, row.id, row.token_wrapped, fresh)
    return Rotated("tokens", anew, already, unreadable)


def _keys(
    context: Context, what: str, rewrap: Callable[[Transaction, Keyring, str, int], Rewrapped]
) -> Rotated:
    anew = already = unreadable = 0
    last = ""
    while True:
        with context.vault.transaction() as vault_tx:
            some = rewrap(vault_tx, context.keyring, last, _BATCH)
        anew += some.anew
        already += some.already
        unreadable += some.unreadable
        last = some.last
        if not last:
            return Rotated(what, anew, already, unreadable)
