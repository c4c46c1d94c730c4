"""Erases people: on request, when their retention time is over, and when a restored backup contains them.

The key is erased first. After a crash at any point a row without readable text is left, which the next start
or retry deletes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allybot.domain.people import Actor
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.circles import circles, deeds, role_stories, texts
from allybot.store.data import holdings, sweep
from allybot.store.data.secure_delete import rewrite, truncate_log
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import pools
from allybot.store.plans import private_records
from allybot.store.programs import programs
from allybot.store.vault import vault as keys
from allybot.store.vault.suppression import Place, suppress

_BATCH = 1000
_NO_KEY = bytes(32)
_FOR_LEADS = frozenset(
    {
        MessageKind.LEAD_APPOINTED,
        MessageKind.RELEASE_NOTICE,
        MessageKind.SUGGESTIONS,
        MessageKind.CIRCLE_TROUBLE,
        MessageKind.CIRCLE_GOES_ON,
        MessageKind.MERGE_PROPOSED,
        MessageKind.DID_IT_APPEAR,
        MessageKind.APPEARED_ANSWERED,
        MessageKind.STORY_DECLINED,
    }
)


@dataclass(frozen=True)
class Leaving:
    """A trainee who is to be erased.

    Attributes:
        dm_channel: their direct message with the bot, if known.
        place: the place they leave, if they go on the suppression list.
        keeps_stories: what they were asked to tell circles stays, as it hangs on no list; else a story that
            vanished with them would say whose it was.
    """

    trainee_id: str
    actor: Actor
    dm_channel: str | None
    place: Place | None = None
    keeps_stories: bool = False


def erase(context: Context, leaving: Sequence[Leaving]) -> None:
    """Erase trainees now: keys, rows and everything that refers to them. Idempotent.

    `wipe` should follow; otherwise the next retention run does it.

    Raises:
        DecryptionError: somebody has a `place`, and the suppression list's key cannot be read; nothing was
            erased.
    """
    if not leaving:
        return
    ids = sorted(each.trainee_id for each in leaving)
    stories = _stories_of(context, [each.actor for each in leaving if not each.keeps_stories])
    with context.vault.transaction() as vault_tx:
        personal_keys = keys.keys_of_people(vault_tx, context.keyring, ids)
        for each in sorted(leaving, key=lambda each: each.trainee_id):
            if each.place is not None:
                suppress(vault_tx, context.keyring, each.actor, each.place)
            keys.erase_person_key(vault_tx, each.trainee_id)
        for story_id in stories:
            keys.erase_person_key(vault_tx, story_id)
    with context.database.transaction() as tx:
        # First, and in one order, so that whoever locks several records does not wait in a circle.
        _forget_texts(context, tx, ids, personal_keys)
        told = [each.id for each in deeds.of_tellers(tx, context.keyring, ids)]
        for each in leaving:
            trainees.delete_trainee(tx, each.trainee_id)
            leads = programs.leads_any(tx, each.actor)
            holdings.delete_messages(tx, each.actor, each.dm_channel, _FOR_LEADS if leads else ())
        deeds.forget(tx, told)
        for story_id in stories:
            role_stories.forget(tx, story_id)


def _stories_of(context: Context, actors: Sequence[Actor]) -> list[str]:
    """The stories for which these people were asked, told or not, as ids in order."""
    with context.database.reading() as tx:
        found = {each.id for actor in actors for each in role_stories.of_person(tx, context.keyring, actor)}
    return sorted(found)


def _forget_texts(
    context: Context, tx: Transaction, trainee_ids: Sequence[str], personal_keys: Mapping[str, bytes]
) -> None:
    """Delete what these trainees wrote to circles and is not posted yet, and that a question was theirs.

    Where is told by their seats and by their private records. Where a record cannot be read, as after a crash
    that left no key, every text is opened. All records are locked before the first text, as where one is
    settled, so that two who lock several do not wait for each other.
    """
    readable = True
    wrote: set[str] = set()
    for trainee_id in trainee_ids:
        try:
            record = private_records.read(tx, personal_keys.get(trainee_id, _NO_KEY), trainee_id, lock=True)
        except DecryptionError:
            readable = False
            continue
        wrote.update(each.text_id for each in record.wrote_circle if each.text_id)
    seats = {seat.id for each in trainee_ids for seat in circles.circles_of_trainee(tx, each)}
    where = seats | texts.circles_of(tx, wrote) if readable else None
    texts.forget_authors(tx, context.keyring, trainee_ids, where)


def erase_other_person(context: Context, actor: Actor) -> None:
    """Delete messages to somebody who is no trainee, and their stories; a lead's notices stay."""
    stories = _stories_of(context, [actor])
    with context.vault.transaction() as vault_tx:
        for story_id in stories:
            keys.erase_person_key(vault_tx, story_id)
    with context.database.transaction() as tx:
        leads = programs.leads_any(tx, actor)
        holdings.delete_messages(tx, actor, None, _FOR_LEADS if leads else ())
        for story_id in stories:
            role_stories.forget(tx, story_id)


def wipe(context: Context) -> bool:
    """Remove deleted rows from disk; False when readers prevented it, and the next retention run does it.

    May take seconds while others read. This thread must have no open transaction on either database.
    """
    rewrite(context.vault, keys.person_key.name)
    done = [truncate_log(database) for database in (context.vault, context.database)]
    return all(done)


def drop_erased(context: Context) -> int:
    """Delete erased trainees, and stories, that a restored backup contained; returns how many.

    So too their answers that wait in a pool, which their own random ids name.
    Also completes an erasure that was interrupted between key and row.
    """
    dropped, changed, after = 0, False, ""
    while True:
        with context.vault.reading() as vault_tx:
            erased = keys.erased_ids(vault_tx, after, _BATCH)
        with context.database.reading() as tx:
            restored = sweep.trainees_among(tx, erased)
            waiting = pools.waiting_of(tx, erased)
            stories = role_stories.ids_among(tx, erased)
        if waiting:
            with context.database.transaction() as tx:
                pools.delete_of(tx, erased)
        erase(
            context,
            [Leaving(row.id, Actor(row.workspace_id, row.slack_user), row.dm_channel) for row in restored],
        )
        if stories:
            with context.database.transaction() as tx:
                for story_id in sorted(stories):
                    role_stories.forget(tx, story_id)
        dropped += len(restored) + len(stories)
        changed |= bool(restored or waiting or stories)
        if len(erased) < _BATCH:
            break
        after = erased[-1]
    if changed:
        wipe(context)
    return dropped
