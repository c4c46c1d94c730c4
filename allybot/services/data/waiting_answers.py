"""Finds and deletes somebody's sealed answers that wait in a pool, also once their own row is gone."""

from allybot import telemetry
from allybot.domain.my_data import HeldWaiting
from allybot.domain.people import Actor
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots, pools
from allybot.store.programs import programs
from allybot.store.vault import pooled

log = telemetry.logger()


def held(context: Context, tx: Transaction, actor: Actor) -> tuple[HeldWaiting, ...]:
    """What of theirs waits, by program and window; counted, never opened.

    Nothing where the key of the digests cannot be read: then nobody can tell whose they are.
    """
    found = []
    for each in pools.waiting_of(tx, _owner_ids(context, actor)):
        window = ballots.window_by_id(tx, each.window_id)
        program = programs.program_by_id(tx, window.program_id) if window else None
        if window and program and window.waits_until:
            until = window.waits_until.astimezone(program.zone).date()
            found.append(HeldWaiting(program.name, program.pool or "", window.name, each.ballots, until))
    return tuple(sorted(found, key=lambda each: (each.program, each.window)))


def forget(context: Context, actor: Actor) -> None:
    """Delete what of theirs waits, and the way from them to it. Idempotent.

    The vault comes first: it remembers the ids, so that neither a crash nor a backup brings anything back.
    """
    if not _owner_ids(context, actor):
        return
    with context.vault.transaction() as vault_tx:
        owner_ids = pooled.forget(vault_tx, context.keyring, actor)
    with context.database.transaction() as tx:
        pools.delete_of(tx, owner_ids)


def forget_in(context: Context, actor: Actor, program_id: str) -> None:
    """Delete what of theirs waits from one program; what they answered in an earlier one waits on."""
    owner_ids = _owner_ids(context, actor)
    if owner_ids:
        with context.database.transaction() as tx:
            pools.delete_of(tx, owner_ids, [each.id for each in ballots.windows_of(tx, program_id)])


def _owner_ids(context: Context, actor: Actor) -> set[str]:
    try:
        with context.vault.reading() as vault_tx:
            return pooled.owner_ids_of(vault_tx, context.keyring, actor)
    except DecryptionError:
        log.warning("the key of the digests cannot be read; whose answers wait in a pool is unknown")
        return set()
