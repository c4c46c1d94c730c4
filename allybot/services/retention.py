"""What is kept for how long, besides people's own rows (`welcome.delete_expired`). docs/privacy.md lists it.

Looked at every six hours by whichever worker comes first. Everything here can be killed and done again.
"""

from datetime import datetime, timedelta

from allybot.services import erasure
from allybot.services.house import House
from allybot.store import questions, tidying, vault_upkeep
from allybot.store import vault as keys
from allybot.store.erasing import rewrite

CHORE = "retention"
EVERY = timedelta(hours=6)
ORPHANS_STAY = timedelta(days=1)
"""A key is made a moment before what it belongs to; only one that is alone for a day belongs to nothing."""
MESSAGES_STAY = timedelta(days=30)
"""What was said to whom and when, as ids. Our own choice: longer than any message is looked up, and as long
as backups should be kept."""
WEEKS_STAY = timedelta(days=28)
"""A circle's week that was planned and never opened; a week is opened on its Thursday."""
_MESSAGES_A_TIME = 1000


def tidy(house: House, now: datetime) -> int:
    """Sweep, every six hours, what is left over at `now` (the program's clock, UTC); how much that was."""
    with house.vault.reading() as vault_tx:
        if not vault_upkeep.is_due(vault_tx, CHORE, now, EVERY):
            return 0
    with house.vault.transaction() as vault_tx:
        if not vault_upkeep.take_chore(vault_tx, CHORE, now, EVERY):
            return 0
    swept = erasure.drop_erased(house) + _tidy_rows(house, now) + _sweep_keys(house, now)
    erasure.wipe(house)
    return swept


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
