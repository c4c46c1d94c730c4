"""Letting people go: whoever asks to be forgotten, whose time is over, and who comes back in a backup.

The key goes first. Killed at any point, what is left is a row without readable words, which the next start
or the next try deletes; nothing is ever readable again that was to be forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from allybot.domain.people import Actor
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.data import holdings, sweep
from allybot.store.data.secure_delete import rewrite, truncate_log
from allybot.store.delivery.outbox import MessageKind
from allybot.store.programs import programs
from allybot.store.vault import vault as keys

_IDS_A_TIME = 1000
_FOR_LEADS = frozenset(
    {
        MessageKind.RELEASE_NOTICE,
        MessageKind.CIRCLE_TROUBLE,
        MessageKind.DID_IT_APPEAR,
        MessageKind.APPEARED_ANSWERED,
    }
)


@dataclass(frozen=True)
class Leaving:
    """Somebody who is to be erased; `dm_channel` is his direct message with the bot, where it is known."""

    trainee_id: str
    actor: Actor
    dm_channel: str | None


def erase(context: Context, leaving: Sequence[Leaving]) -> None:
    """Erase people at once: keys, rows and all that hangs on them. Doing it again changes nothing.

    `wipe` should follow; the next chore does it otherwise.
    """
    if not leaving:
        return
    with context.vault.transaction() as vault_tx:
        for each in leaving:
            keys.erase_person_key(vault_tx, each.trainee_id)
    with context.database.transaction() as tx:
        for each in leaving:
            trainees.delete_trainee(tx, each.trainee_id)
            leads = programs.leads_any(tx, each.actor)
            holdings.let_go(tx, each.actor, each.dm_channel, _FOR_LEADS if leads else ())


def let_go_of_stranger(context: Context, actor: Actor) -> None:
    """Delete what names somebody on no list, such as answers to what he typed; a lead's notices stay."""
    with context.database.transaction() as tx:
        leads = programs.leads_any(tx, actor)
        holdings.let_go(tx, actor, None, _FOR_LEADS if leads else ())


def wipe(context: Context) -> bool:
    """Let deleted rows leave the disk; False when readers were in the way, and the next chore does it.

    May take seconds where somebody reads. No transaction may be open on either database in this thread.
    """
    rewrite(context.vault, keys.person_key.name)
    done = [truncate_log(database) for database in (context.vault, context.database)]
    return all(done)


def drop_erased(context: Context) -> int:
    """Delete the rows of people who were erased and came back in a restored backup; how many.

    Also ends an erasure that was cut off between key and row.
    """
    dropped, after = 0, ""
    while True:
        with context.vault.reading() as vault_tx:
            erased = keys.erased_ids(vault_tx, after, _IDS_A_TIME)
        with context.database.reading() as tx:
            back = sweep.trainees_among(tx, erased)
        erase(
            context,
            [Leaving(row.id, Actor(row.workspace_id, row.slack_user), row.dm_channel) for row in back],
        )
        dropped += len(back)
        if len(erased) < _IDS_A_TIME:
            break
        after = erased[-1]
    if dropped:
        wipe(context)
    return dropped
