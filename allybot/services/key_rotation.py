"""Changing ALLYBOT_SECRET_KEY without a pause: everything wrapped is wrapped anew with the first of its keys.

Any process that knows both keys may go on working meanwhile, whichever of them comes first in its list.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allybot.crypto import Keyring
from allybot.errors import Undecipherable
from allybot.services.house import House
from allybot.store import people, vault_upkeep
from allybot.store.database import Transaction
from allybot.store.erasing import rewrite, truncate_log
from allybot.store.vault import person_key, window_key
from allybot.store.vault_upkeep import Rewrapped

_AT_ONCE = 200
"""Keys in one transaction: short enough that nobody waits on SQLite."""


@dataclass(frozen=True)
class Rotated:
    """Of one kind of secrets: how many were wrapped anew, were already, could be opened by no key."""

    what: str
    anew: int
    already: int
    unreadable: int


def rotate(house: House) -> tuple[Rotated, ...]:
    """Wrap tokens, personal keys and window keys with the first key; doing it again changes nothing.

    Nobody is kept waiting, and a key that is erased meanwhile stays erased.
    """
    found = (
        _tokens(house),
        _keys(house, "personal keys", vault_upkeep.rewrap_people),
        _keys(house, "window keys", vault_upkeep.rewrap_boxes),
    )
    if any(each.anew for each in found):
        for table in (person_key, window_key):
            rewrite(house.vault, table.name)
        for database in (house.vault, house.database):
            truncate_log(database)
    return found


def wrapped_otherwise(house: House) -> int:
    """How many secrets are not wrapped with the first key, unreadable ones included."""
    with house.vault.reading() as vault_tx:
        keys = vault_upkeep.wrapped_otherwise(vault_tx, house.keyring.is_newest)
    with house.database.reading() as tx:
        tokens = [row.token_wrapped for row in people.workspaces(tx) if row.token_wrapped is not None]
    return keys + sum(not house.keyring.is_newest(token) for token in tokens)


def _tokens(house: House) -> Rotated:
    anew = already = unreadable = 0
    with house.database.transaction() as tx:
        for row in people.workspaces(tx):
            if row.token_wrapped is None:
                continue
            try:
                fresh = house.keyring.rewrap(row.token_wrapped)
            except Undecipherable:
                unreadable += 1
                continue
            if fresh is None:
                already += 1
            else:
                anew += people.replace_token(tx, row.id, row.token_wrapped, fresh)
    return Rotated("tokens", anew, already, unreadable)


def _keys(house: House, what: str, rewrap: Callable[[Transaction, Keyring, str, int], Rewrapped]) -> Rotated:
    anew = already = unreadable = 0
    last = ""
    while True:
        with house.vault.transaction() as vault_tx:
            some = rewrap(vault_tx, house.keyring, last, _AT_ONCE)
        anew += some.anew
        already += some.already
        unreadable += some.unreadable
        last = some.last
        if not last:
            return Rotated(what, anew, already, unreadable)
