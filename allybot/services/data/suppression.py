"""Keeps who was forgotten or declined from being invited again, and takes them off that list on request.

The list is in the vault and holds no names, see `store.vault.suppression`. Neither retention nor restoring a
backup of the database takes anybody off it. A person's digest is stored before their row changes, so that
after a crash in between they may have to decline again, but are not written to.
"""

from datetime import datetime, timedelta

from allybot import telemetry
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, TraineeEvent, can_happen, takes_part
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.data import sweep
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault.suppression import Place, has_entries, suppress, suppressed_among, unsuppress

DECLINED_DAYS = 30
"""Days for which a declined trainee's row is kept; then the suppression list alone remembers them."""
_BATCH = 1000
log = telemetry.logger()


def place_once_deleted(trainee: Trainee) -> Place:
    """The place in which a trainee is counted after their row is deleted, as they were before."""
    return Place(trainee.cohort_id, trainee.program_id, takes_part(trainee.state))


def note_declined(context: Context, trainee: Trainee) -> None:
    """Put a trainee who declines on the list; their row goes on counting them until it is deleted.

    If the list's key cannot be read, only the row remembers them; deleting it waits for the key.
    """
    try:
        with context.vault.transaction() as vault_tx:
            suppress(vault_tx, context.keyring, trainee.actor, Place(trainee.cohort_id))
    except DecryptionError:
        log.warning("the suppression list's key cannot be read; somebody who declined is not on the list")


def is_suppressed(context: Context, actor: Actor) -> bool:
    """Whether this person is on the suppression list; False when its key cannot be read."""
    try:
        with context.vault.reading() as vault_tx:
            return bool(suppressed_among(vault_tx, context.keyring, [actor]))
    except DecryptionError:
        return False


def lift(context: Context, tx: Transaction, actor: Actor) -> bool:
    """Take a person off the list, who has asked for it or consents; False when they were not on it."""
    if not is_suppressed(context, actor):
        return False
    cohorts = [
        cohort.id
        for program in programs.programs(tx, actor.workspace_id)
        for cohort in programs.cohorts(tx, program.id)
    ]
    with context.vault.transaction() as vault_tx:
        return unsuppress(vault_tx, context.keyring, actor, cohorts)


def decline_again(context: Context, now: datetime) -> int:
    """Decline for invited trainees who are on the list; returns how many.

    They declined, and a restored backup or a crash knows nothing of it.
    """
    with context.vault.reading() as vault_tx:
        if not has_entries(vault_tx):
            return 0
    done, after = 0, ""
    while True:
        with context.database.reading() as tx:
            undecided = sweep.may_decline(tx, after, _BATCH)
        try:
            with context.vault.reading() as vault_tx:
                found = suppressed_among(vault_tx, context.keyring, list(undecided.values()))
            done += sum(_decline(context, actor, now) for actor in found)
        except DecryptionError:
            log.warning("the suppression list's key cannot be read; nobody is declined again")
            return done
        if len(undecided) < _BATCH:
            return done
        after = next(reversed(undecided))


def _decline(context: Context, actor: Actor, now: datetime) -> bool:
    with context.database.transaction() as tx:
        trainee = trainees.trainee_of(tx, actor, lock=True)
        # Consent takes people off the list while it holds this lock.
        if trainee is None or not can_happen(TraineeEvent.DECLINE, trainee.state):
            return False
        if not is_suppressed(context, actor):
            return False
        until = now + timedelta(days=DECLINED_DAYS)
        return trainees.apply_event(
            tx, trainee, TraineeEvent.DECLINE, delete_after=min(until, trainee.delete_after or until)
        )
