"""The suppression list: who asked to be forgotten or declined, as keyed digests without a name.

Needed so that the same people can be put on a list again without a message to those who wanted none. A
digest can be computed from a Slack id only with the key, which is wrapped like every other key here; whoever
has it can test whether a given person is on the list.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import delete, func, select

from allybot.crypto import Fit, Keyring, keyed_digest, new_digest_key
from allybot.domain.people import Actor
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.vault.upkeep import all_wraps
from allybot.store.vault.vault import suppressed, suppression_key

_NAME = "suppression"
_CHUNK = 500
"""Digests per query."""
_SOME = 20
"""Keys that tell whether a secret key is the right one; more would be read for nothing."""


@dataclass(frozen=True)
class Place:
    """Where somebody is remembered to have been.

    Attributes:
        cohort_id: the cohort they were or would be in.
        program_id: its program if that has to count them from now on; None while a trainee's row does.
        took_part: whether they said yes and had not stopped.
    """

    cohort_id: str
    program_id: str | None = None
    took_part: bool = False


def suppress(vault_tx: Transaction, keyring: Keyring, actor: Actor, place: Place) -> None:
    """Put a person on the suppression list, as somebody who was in this place. Idempotent.

    Raises:
        DecryptionError: the list's key cannot be unwrapped, or `keyring` is not that of the vault.
    """
    key = digest_key_or_new(vault_tx, keyring)
    person = insert_for(vault_tx, suppressed).values(digest=_of_person(key, actor), took_part=False)
    vault_tx.execute(person.on_conflict_do_nothing())
    counted = {"program_id": place.program_id, "took_part": place.took_part}
    there = insert_for(vault_tx, suppressed).values(digest=_of_place(key, actor, place.cohort_id), **counted)
    if place.program_id is None:
        vault_tx.execute(there.on_conflict_do_nothing())
    else:
        vault_tx.execute(there.on_conflict_do_update(index_elements=["digest"], set_=counted))


def unsuppress(vault_tx: Transaction, keyring: Keyring, actor: Actor, cohort_ids: Iterable[str]) -> bool:
    """Take a person off the list, with their places among these cohorts; False when they were not on it.

    Raises:
        DecryptionError: as `suppress`.
    """
    key = digest_key(vault_tx, keyring)
    if key is None:
        return False
    forget_places(vault_tx, keyring, actor, cohort_ids)
    person = delete(suppressed).where(suppressed.c.digest == _of_person(key, actor))
    return vault_tx.execute(person).rowcount == 1


def suppressed_among(vault_tx: Transaction, keyring: Keyring, actors: Collection[Actor]) -> set[Actor]:
    """Those of these people who are on the list.

    Raises:
        DecryptionError: as `suppress`.
    """
    key = digest_key(vault_tx, keyring)
    if key is None:
        return set()
    by_digest = {_of_person(key, actor): actor for actor in actors}
    return {by_digest[digest] for digest in _among(vault_tx, list(by_digest))}


def places_among(
    vault_tx: Transaction, keyring: Keyring, actor: Actor, cohort_ids: Iterable[str]
) -> set[str]:
    """Those of these cohorts in which a person on the list is remembered to have been.

    Raises:
        DecryptionError: as `suppress`.
    """
    key = digest_key(vault_tx, keyring)
    if key is None:
        return set()
    by_digest = {_of_place(key, actor, cohort_id): cohort_id for cohort_id in cohort_ids}
    return {by_digest[digest] for digest in _among(vault_tx, list(by_digest))}


def move_place(
    vault_tx: Transaction, keyring: Keyring, actor: Actor, cohort_ids: Iterable[str], to: str
) -> None:
    """Remember a person in the cohort `to` where they are remembered in one of these; nothing for others.

    Raises:
        DecryptionError: as `suppress`.
    """
    key = digest_key(vault_tx, keyring)
    if key is None:
        return
    before = suppressed.c.digest.in_([_of_place(key, actor, each) for each in cohort_ids if each != to])
    rows = vault_tx.execute(select(suppressed.c.program_id, suppressed.c.took_part).where(before)).all()
    if not rows:
        return
    row = max(rows, key=lambda each: each.program_id is not None)
    counted = {"program_id": row.program_id, "took_part": row.took_part}
    vault_tx.execute(delete(suppressed).where(before))
    there = insert_for(vault_tx, suppressed).values(digest=_of_place(key, actor, to), **counted)
    vault_tx.execute(there.on_conflict_do_update(index_elements=["digest"], set_=counted))


def forget_places(vault_tx: Transaction, keyring: Keyring, actor: Actor, cohort_ids: Iterable[str]) -> None:
    """Remember a person in none of these cohorts; that they are on the list stays.

    Raises:
        DecryptionError: as `suppress`.
    """
    key = digest_key(vault_tx, keyring)
    if key is not None:
        places = [_of_place(key, actor, cohort_id) for cohort_id in cohort_ids]
        vault_tx.execute(delete(suppressed).where(suppressed.c.digest.in_(places)))


def has_entries(vault_tx: Transaction) -> bool:
    """Whether anybody is on the list."""
    return vault_tx.execute(select(suppressed.c.digest).limit(1)).first() is not None


def counted_in(vault_tx: Transaction, program_id: str) -> tuple[int, int]:
    """How many people without a row a program still counts: (on its list, taking part)."""
    rows = vault_tx.execute(
        select(suppressed.c.took_part, func.count().label("people"))
        .where(suppressed.c.program_id == program_id)
        .group_by(suppressed.c.took_part)
    )
    people = {bool(row.took_part): int(row.people) for row in rows}
    return sum(people.values()), people.get(True, 0)


def digest_key(vault_tx: Transaction, keyring: Keyring) -> bytes | None:
    """The one key of all digests of people; None before the first.

    Raises:
        DecryptionError: it cannot be unwrapped.
    """
    row = vault_tx.execute(select(suppression_key.c.key_wrapped)).first()
    return keyring.unwrap(row.key_wrapped) if row else None


def digest_key_or_new(vault_tx: Transaction, keyring: Keyring) -> bytes:
    """The same key, made if there is none.

    Raises:
        DecryptionError: it cannot be unwrapped, or `keyring` is not that of the vault.
    """
    key = digest_key(vault_tx, keyring)
    if key is None:
        _require_fitting(vault_tx, keyring)
        fresh = insert_for(vault_tx, suppression_key).values(
            name=_NAME, key_wrapped=keyring.wrap(new_digest_key())
        )
        vault_tx.execute(fresh.on_conflict_do_nothing())  # another process may make one at the same time
        key = digest_key(vault_tx, keyring) or b""
    return key


def _require_fitting(vault_tx: Transaction, keyring: Keyring) -> None:
    """Make no key that only a wrong secret key opens: nobody could be enrolled until it was found again."""
    some = islice(all_wraps(vault_tx, _SOME), _SOME)
    fits = [keyring.fit(wrapped) is not Fit.NONE for wrapped in some]
    if fits and not any(fits):
        raise DecryptionError


def _among(vault_tx: Transaction, digests: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(digests), _CHUNK):
        wanted = suppressed.c.digest.in_(digests[start : start + _CHUNK])
        found |= set(vault_tx.execute(select(suppressed.c.digest).where(wanted)).scalars())
    return found


def _of_person(key: bytes, actor: Actor) -> str:
    return keyed_digest(key, "person", actor.workspace_id, actor.slack_user)


def _of_place(key: bytes, actor: Actor, cohort_id: str) -> str:
    return keyed_digest(key, "cohort", cohort_id, actor.workspace_id, actor.slack_user)
