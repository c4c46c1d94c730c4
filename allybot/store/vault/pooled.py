"""Whose ballots wait in a pool: random ids by a keyed digest of a person, without a name.

Everybody a waiting window asked has a row, so that the rows do not show who answered. A row is needed to
delete somebody's ballots once their own row is gone, and to count a person once who was in two groups. It is
in no backup: without the windows' keys, which are in none either, it leads to nothing.
"""

import secrets
from collections.abc import Collection

from sqlalchemy import delete, func, select, update

from allybot.crypto import Keyring, keyed_digest
from allybot.domain.people import Actor
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.vault.suppression import digest_key, digest_key_or_new
from allybot.store.vault.vault import erased, pooled_person


def owners(
    vault_tx: Transaction,
    keyring: Keyring,
    window_id: str,
    together: Collection[str],
    actors: Collection[Actor],
) -> dict[Actor, str]:
    """The random id of each of these people for a window that begins to wait. Idempotent.

    Somebody who is known from a window that waits in the same pool gets the same id, so that they count once.

    Args:
        together: ids of the windows that wait with this one.

    Raises:
        DecryptionError: the key of the digests cannot be unwrapped.
    """
    key = digest_key_or_new(vault_tx, keyring)
    by_digest = {_of_person(key, actor): actor for actor in actors}
    there = pooled_person.c.window_id.in_(sorted({*together, window_id}))
    rows = vault_tx.execute(select(pooled_person.c.digest, pooled_person.c.owner_id).where(there))
    known = {row.digest: row.owner_id for row in rows}
    found = {digest: known.get(digest) or secrets.token_hex(16) for digest in by_digest}
    new = [
        {"digest": digest, "window_id": window_id, "owner_id": owner_id}
        for digest, owner_id in sorted(found.items())
    ]
    if new:
        vault_tx.execute(insert_for(vault_tx, pooled_person).on_conflict_do_nothing(), new)
    return {actor: found[digest] for digest, actor in by_digest.items()}


def owner_ids_of(vault_tx: Transaction, keyring: Keyring, actor: Actor) -> set[str]:
    """The random ids under which ballots of this person may wait.

    Raises:
        DecryptionError: as `owners`.
    """
    key = digest_key(vault_tx, keyring)
    if key is None:
        return set()
    same = pooled_person.c.digest == _of_person(key, actor)
    return set(vault_tx.execute(select(pooled_person.c.owner_id).where(same)).scalars())


def forget(vault_tx: Transaction, keyring: Keyring, actor: Actor) -> set[str]:
    """Cut the way from a person to their random ids, which are returned and remembered as erased.

    The rows stay, under a digest of nobody, so that how many were asked does not tell that somebody left.

    Raises:
        DecryptionError: as `owners`.
    """
    key = digest_key(vault_tx, keyring)
    if key is None:
        return set()
    theirs, found = pooled_person.c.digest == _of_person(key, actor), owner_ids_of(vault_tx, keyring, actor)
    for owner_id in sorted(found):
        vault_tx.execute(insert_for(vault_tx, erased).values(trainee_id=owner_id).on_conflict_do_nothing())
        nobody = update(pooled_person).where(theirs, pooled_person.c.owner_id == owner_id)
        vault_tx.execute(nobody.values(digest=secrets.token_hex(32)))
    return found


def count_asked(vault_tx: Transaction, window_ids: Collection[str]) -> int:
    """How many people these windows asked, each counted once."""
    people = func.count(pooled_person.c.owner_id.distinct())
    return vault_tx.execute(
        select(people).where(pooled_person.c.window_id.in_(sorted(window_ids)))
    ).scalar_one()


def windows(vault_tx: Transaction) -> set[str]:
    """Ids of all windows of which it is known whom they asked."""
    return set(vault_tx.execute(select(pooled_person.c.window_id).distinct()).scalars())


def delete_window(vault_tx: Transaction, window_id: str) -> int:
    """Delete what is known of whom a window asked; returns how many people. Idempotent."""
    return vault_tx.execute(delete(pooled_person).where(pooled_person.c.window_id == window_id)).rowcount


def _of_person(key: bytes, actor: Actor) -> str:
    return keyed_digest(key, "pool", actor.workspace_id, actor.slack_user)
