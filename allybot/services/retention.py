"""What is kept for how long, besides people's own rows (`welcome.delete_expired`). docs/privacy.md lists it.

Looked at every six hours by whichever worker comes first. Everything here can be killed and done again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from allybot.services import erasure
from allybot.services.house import House
from allybot.services.isolation import Story
from allybot.store import questions, tidying, vault_upkeep
from allybot.store import vault as keys
from allybot.store.erasing import rewrite
from allybot.store.parked_rows import RowKind

EVERY = timedelta(hours=6)
ORPHANS_STAY = timedelta(days=1)
"""A key is made a moment before what it belongs to; only one that is alone for a day belongs to nothing."""
MESSAGES_STAY = timedelta(days=30)
"""What was said to whom and when, as ids. Our own choice: longer than any message is looked up, and as long
as backups should be kept."""
WEEKS_STAY = timedelta(days=28)
"""A circle's week that was planned and never opened; a week is opened on its Thursday."""
_MESSAGES_A_TIME = 1000


def _do_part(house: House, part: str, now: datetime) -> int:
    """One part, every six hours; one that fails is due again at once."""
    with house.vault.reading() as vault_tx:
        if not vault_upkeep.is_due(vault_tx, part, now, EVERY):
            return 0
    with house.vault.transaction() as vault_tx:
        if not vault_upkeep.take_chore(vault_tx, part, now, EVERY):
            return 0
    done = False
    try:
        swept = _PARTS[part](house, now)
        done = True
    finally:
        if not done:
            with house.vault.transaction() as vault_tx:
                vault_upkeep.give_chore_back(vault_tx, part, now)
    return swept


def _wipe(house: House, _now: datetime) -> int:
    erasure.wipe(house)
    return 0


def _tidy_rows(house: House, now: datetime) -> int:
    swept = 0
    while True:
        with house.database.transaction() as tx:
            some = tidying.tidy_outbox(tx, now - MESSAGES_STAY, _MESSAGES_A_TIME)
            swept += some
            if some < _MESSAGES_A_TIME:
                swept += questions.forget_days(tx, (now - _asked_days_stay(house)).date())
                return swept + tidying.tidy_weeks(tx, (now - WEEKS_STAY).date()) + tidying.tidy_circles(tx)


def _asked_days_stay(house: House) -> timedelta:
    """The day of a question to the circle is needed for as long as it bars the next; one more for zones."""
    return timedelta(days=house.content.rules.circles.days_between_own_questions + 1)


def _sweep_keys(house: House, now: datetime) -> int:
    """Keys first, rows after: a row that appears in between saves its key, never the other way round."""
    with house.vault.reading() as vault_tx:
        owners = vault_upkeep.people_with_keys(vault_tx)
        boxes = vault_upkeep.boxes_with_keys(vault_tx)
        noted = vault_upkeep.any_noted(vault_tx)
    with house.database.reading() as tx:
        here = {row.id for row in tidying.trainees_among(tx, owners)}
        sealed, done = tidying.boxes_among(tx, boxes)
    lonely_people, lonely_boxes = owners - here, boxes - sealed - done
    if not (lonely_people or lonely_boxes or done or noted):
        return 0
    with house.vault.transaction() as vault_tx:
        swept = vault_upkeep.sweep_people(vault_tx, lonely_people, now, ORPHANS_STAY)
        swept += vault_upkeep.sweep_boxes(vault_tx, lonely_boxes, now, ORPHANS_STAY)
        for box in done:  # published, void or opened: a key that is still here came from a copy of the vault
            keys.destroy_window_key(vault_tx, box)
    if done or swept:
        rewrite(house.vault, keys.window_key.name)
    return swept + len(done)


_PARTS: Mapping[str, Callable[[House, datetime], int]] = {
    "retention_erased": lambda house, _now: erasure.drop_erased(house),
    "retention_rows": _tidy_rows,
    "retention_keys": _sweep_keys,
    "retention_disk": _wipe,
}
"""What is swept, in this order, by the name of its chore."""

tidy = Story("retention", RowKind.CHORE, lambda _tx, _now, _limit: tuple(_PARTS), _do_part)
"""Sweep, every six hours, what is left over; how much that was."""
