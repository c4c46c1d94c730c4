"""What is kept for how long, besides people's own rows (`welcome.delete_expired`). docs/privacy.md lists it.

Looked at every six hours by whichever worker comes first. Everything here can be killed and done again.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta

from allybot.services.context import Context
from allybot.services.data import erasure
from allybot.services.isolation import Story
from allybot.store.circles import questions
from allybot.store.data import sweep
from allybot.store.data.secure_delete import rewrite
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.vault import upkeep
from allybot.store.vault import vault as keys

EVERY = timedelta(hours=6)
ORPHANS_STAY = timedelta(days=1)
"""A key is made a moment before what it belongs to; only one that is alone for a day belongs to nothing."""
MESSAGES_STAY = timedelta(days=30)
"""What was said to whom and when, as ids. Our own choice: longer than any message is looked up, and as long
as backups should be kept."""
WEEKS_STAY = timedelta(days=28)
"""A circle's week that was planned and never opened; a week is opened on its Thursday."""
_MESSAGES_A_TIME = 1000
_KEYS_A_TIME = 1000


def _do_part(context: Context, part: str, now: datetime) -> int:
    """One part, every six hours; one that fails is due again at once."""
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


def _wipe(context: Context, _now: datetime) -> int:
    erasure.wipe(context)
    return 0


def _tidy_rows(context: Context, now: datetime) -> int:
    swept = 0
    while True:
        with context.database.transaction() as tx:
            some = sweep.tidy_outbox(tx, now - MESSAGES_STAY, _MESSAGES_A_TIME)
            swept += some
            if some < _MESSAGES_A_TIME:
                swept += questions.forget_days(tx, (now - _asked_days_stay(context)).date())
                return swept + sweep.tidy_weeks(tx, (now - WEEKS_STAY).date()) + sweep.tidy_circles(tx)


def _asked_days_stay(context: Context) -> timedelta:
    """The day of a question to the circle is needed for as long as it bars the next; one more for zones."""
    return timedelta(days=context.content.rules.circles.days_between_own_questions + 1)


def _sweep_keys(context: Context, now: datetime) -> int:
    """Go through the keys in pages; keys first, rows after: a row that appears in between saves its key."""
    swept = sum(_sweep_people(context, page, now) for page in _pages(context, keys.person_key))
    destroyed = sum(_sweep_boxes(context, page, now) for page in _pages(context, keys.window_key))
    if destroyed:
        rewrite(context.vault, keys.window_key.name)
    return swept + destroyed


_Page = dict[str, datetime | None]
"""Ids of keys, and since when each is noted as an orphan."""


def _pages(context: Context, table: keys.Keys) -> Iterator[_Page]:
    after = ""
    while True:
        with context.vault.reading() as vault_tx:
            page = upkeep.some_keys(vault_tx, table, after, _KEYS_A_TIME)
        if page:
            yield page
            after = next(reversed(page))
        if len(page) < _KEYS_A_TIME:
            return


def _sweep_people(context: Context, page: _Page, now: datetime) -> int:
    with context.database.reading() as tx:
        here = {row.id for row in sweep.trainees_among(tx, page)}
    return _sweep(context, keys.person_key, page, page.keys() - here, now)


def _sweep_boxes(context: Context, page: _Page, now: datetime) -> int:
    with context.database.reading() as tx:
        sealed, done = sweep.boxes_among(tx, page)
    if done:  # published, void or opened: a crash, or a copy of the vault, has left its key here
        with context.vault.transaction() as vault_tx:
            for box in done:
                keys.destroy_window_key(vault_tx, box)
    return len(done) + _sweep(context, keys.window_key, page, page.keys() - sealed - done, now)


def _sweep(context: Context, table: keys.Keys, page: _Page, lonely: Collection[str], now: datetime) -> int:
    """Note who is alone, and erase those that have been for long; whoever has an owner again is not.

    Between making a key and keeping its person there is a moment in which it looks like an orphan.
    """
    back = [each for each, since in page.items() if since is not None and each not in lonely]
    if not (lonely or back):
        return 0
    with context.vault.transaction() as vault_tx:
        upkeep.note_orphans(vault_tx, table, back, None)
        swept = upkeep.drop_orphans(vault_tx, table, lonely, now - ORPHANS_STAY)
        upkeep.note_orphans(vault_tx, table, lonely, now)
    return swept


_PARTS: Mapping[str, Callable[[Context, datetime], int]] = {
    "retention_erased": lambda context, _now: erasure.drop_erased(context),
    "retention_rows": _tidy_rows,
    "retention_keys": _sweep_keys,
    "retention_disk": _wipe,
}
"""What is swept, in this order, by the name of its chore."""

tidy = Story("retention", RowKind.CHORE, lambda _tx, _now, _limit: tuple(_PARTS), _do_part)
"""Sweep, every six hours, what is left over; how much that was."""
