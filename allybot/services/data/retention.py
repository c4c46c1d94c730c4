"""Retention: deletes what has expired, besides trainees' own rows (`consent.delete_expired`).

Run every six hours by one worker; crash-safe and idempotent. docs/privacy.md lists the retention times.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta

from allybot.services.context import Context
from allybot.services.data import erasure, suppression
from allybot.services.isolation import A_MINUTE, ScheduledJob
from allybot.store.circles import role_stories
from allybot.store.data import sweep
from allybot.store.data.secure_delete import rewrite
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.programs import waiting_suggestions
from allybot.store.vault import pooled, upkeep
from allybot.store.vault import vault as keys

EVERY = timedelta(hours=6)
ORPHANS_STAY = timedelta(days=1)
"""A key is created shortly before its owner's row; only one without an owner for a day is an orphan."""
MESSAGES_STAY = timedelta(days=30)
"""Who got which message when, as ids. Our own choice: longer than any message is looked up, and as long as
backups should be kept."""
WEEKS_STAY = timedelta(days=28)
"""A circle week whose votes were never opened; votes are opened on its Thursday."""
_MESSAGE_BATCH = 1000
_KEY_BATCH = 1000


def _do_part(context: Context, part: str, now: datetime) -> int:
    """Run one part every six hours; after a failure it is due again at once."""
    with context.vault.reading() as vault_tx:
        if not upkeep.is_due(vault_tx, part, now, EVERY):
            return 0
    with context.vault.transaction() as vault_tx:
        if not upkeep.take_chore(vault_tx, part, now, EVERY):
            return 0
    done = False
    try:
        swept = _PARTS[part](context, now)
        done = True
    finally:
        if not done:
            with context.vault.transaction() as vault_tx:
                upkeep.give_chore_back(vault_tx, part, now)
    return swept


def _finish_departures(context: Context, now: datetime) -> int:
    return erasure.drop_erased(context) + suppression.decline_again(context, now)


def _wipe(context: Context, _now: datetime) -> int:
    erasure.wipe(context)
    return 0


def _tidy_rows(context: Context, now: datetime) -> int:
    swept = 0
    while True:
        with context.database.transaction() as tx:
            some = sweep.tidy_outbox(tx, now - MESSAGES_STAY, _MESSAGE_BATCH)
            swept += some
            if some < _MESSAGE_BATCH:
                swept += sweep.clear_past_away(tx, now)
                return swept + sweep.tidy_weeks(tx, (now - WEEKS_STAY).date()) + sweep.tidy_circles(tx)


def _sweep_keys(context: Context, now: datetime) -> int:
    """Delete orphaned keys, in pages. Keys are read before rows, so that a new row keeps its key."""
    swept = sum(_sweep_people(context, page, now) for page in _pages(context, keys.person_key))
    destroyed = sum(_sweep_boxes(context, page, now) for page in _pages(context, keys.window_key))
    if destroyed:
        rewrite(context.vault, keys.window_key.name)
    return swept + destroyed


def _sweep_pools(context: Context, _now: datetime) -> int:
    """Delete whom windows asked that are gone or counted; left by a crash or by a copy of the vault.

    A window is there before it waits, so whatever has none will never have one.
    """
    with context.vault.reading() as vault_tx:
        known = pooled.windows(vault_tx)
    with context.database.reading() as tx:
        sealed, _ = sweep.boxes_among(tx, known)
    if not known - sealed:
        return 0
    with context.vault.transaction() as vault_tx:
        swept = sum(pooled.delete_window(vault_tx, each) for each in sorted(known - sealed))
    rewrite(context.vault, keys.pooled_person.name)
    return swept


_Page = dict[str, datetime | None]
"""Ids of keys, and since when each is marked as an orphan."""


def _pages(context: Context, table: keys.Keys) -> Iterator[_Page]:
    after = ""
    while True:
        with context.vault.reading() as vault_tx:
            page = upkeep.some_keys(vault_tx, table, after, _KEY_BATCH)
        if page:
            yield page
            after = next(reversed(page))
        if len(page) < _KEY_BATCH:
            return


def _sweep_people(context: Context, page: _Page, now: datetime) -> int:
    with context.database.reading() as tx:
        owners = {row.id for row in sweep.trainees_among(tx, page)} | role_stories.ids_among(tx, page)
    return _sweep(context, keys.person_key, page, page.keys() - owners, now)


def _sweep_boxes(context: Context, page: _Page, now: datetime) -> int:
    with context.database.reading() as tx:
        sealed, done = sweep.boxes_among(tx, page)
    if done:  # published, void or opened: its key is left from a crash or from a copy of the vault
        with context.vault.transaction() as vault_tx:
            for box in done:
                keys.destroy_window_key(vault_tx, box)
    return len(done) + _sweep(context, keys.window_key, page, page.keys() - sealed - done, now)


def _sweep(context: Context, table: keys.Keys, page: _Page, orphans: Collection[str], now: datetime) -> int:
    """Mark orphans, delete those marked for long enough, and unmark keys that have an owner again.

    A key is created before its owner's row, so it briefly looks like an orphan.
    """
    no_longer = [each for each, since in page.items() if since is not None and each not in orphans]
    if not (orphans or no_longer):
        return 0
    with context.vault.transaction() as vault_tx:
        upkeep.note_orphans(vault_tx, table, no_longer, None)
        swept = upkeep.drop_orphans(vault_tx, table, orphans, now - ORPHANS_STAY)
        upkeep.note_orphans(vault_tx, table, orphans, now)
    return swept


def _rewrite_suggestions(context: Context, _now: datetime) -> int:
    """Write waiting suggestions anew: PostgreSQL's rows tell after whose answer each was written."""
    with context.database.reading() as tx:
        where = waiting_suggestions.programs_with_waiting(tx)
    for program_id in where:
        with context.database.transaction() as tx:
            waiting_suggestions.take_program(tx, program_id)
            waiting_suggestions.set_waiting(tx, program_id, waiting_suggestions.waiting(tx, program_id))
    return 0


_PARTS: Mapping[str, Callable[[Context, datetime], int]] = {
    "retention_erased": _finish_departures,
    "retention_rows": _tidy_rows,
    "retention_keys": _sweep_keys,
    "retention_pools": _sweep_pools,
    "retention_suggestions": _rewrite_suggestions,
    "retention_disk": _wipe,
}
"""The parts in order, by the name of their chore."""

tidy = ScheduledJob(
    "retention", RowKind.CHORE, lambda _tx, _now, _limit: tuple(_PARTS), _do_part, every=A_MINUTE
)
"""Delete what has expired, every six hours; returns how much it was."""
