"""The language of a queued message."""

from allybot.domain.people import Actor
from allybot.i18n import Say
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.trainees import trainee_of


def say_to(tx: Transaction, row: OutboxRow) -> Say:
    """The language of the recipient, if they are a trainee; else English."""
    trainee = trainee_of(tx, Actor(row.workspace_id, row.to_user)) if row.to_user else None
    return Say(trainee.locale) if trainee else Say()
