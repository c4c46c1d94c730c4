"""Resolves uncertain posts: looks them up in direct messages, asks a person about them in circles."""

from datetime import datetime

from allybot import telemetry
from allybot.domain.people import Actor
from allybot.errors import SlackError, SlackRefusedError, SlackUnavailableError
from allybot.services.delivery import did_it_appear, refusals
from allybot.services.delivery.attempt import look_up
from allybot.services.delivery.recipients import addressed, can_be_read
from allybot.services.delivery.refusals import Refusal
from allybot.services.delivery.settle import DeliveryContext, honor_rate_limit, is_rate_limit, record_sent
from allybot.slack.answers import Posted
from allybot.store.delivery.claims import settle_uncertain
from allybot.store.delivery.outbox import MessageState, OutboxRow
from allybot.store.engine.database import Transaction

LOOK_UP_REFUSED = "look_up_refused"


def reconcile(delivery: DeliveryContext, uncertain: OutboxRow, now: datetime) -> None:
    """Process one uncertain row; it ends sent, due again, asked or parked.

    Args:
        now: the program's clock, UTC.
    """
    row = addressed(delivery.context, uncertain)
    if row is None:
        delivery.save(lambda tx: settle_uncertain(tx, uncertain, MessageState.CANCELLED))
        return
    if not can_be_read(row):
        delivery.save(lambda tx: did_it_appear.ask(delivery.context, tx, row, now))
        return
    try:
        found = _find(delivery, row)
    except SlackError as error:
        _look_up_failed(delivery, row, error)
        return
    if found and row.attempted_at:
        record_sent(delivery, row, row.attempted_at, found, now)
        return
    given_up = row.attempts >= delivery.rules.max_attempts
    state = MessageState.PARKED if given_up else MessageState.DUE
    # The attempt's time is kept: the message is looked up once more before it is sent again.
    delivery.save(lambda tx: settle_uncertain(tx, row, state, reason=row.reason))
    if given_up:
        telemetry.PARKED.inc()


def _find(delivery: DeliveryContext, row: OutboxRow) -> Posted | None:
    if row.to_user is None:
        return look_up(delivery, row, row.to_channel or "")
    channel = delivery.recipients.direct_message(Actor(row.workspace_id, row.to_user))
    return look_up(delivery, row, channel)


def _look_up_failed(delivery: DeliveryContext, row: OutboxRow, error: SlackError) -> None:
    over = isinstance(error, SlackRefusedError) and (
        refusals.kind_of(error.reason, row) is Refusal.INSTALLATION
    )
    if isinstance(error, SlackRefusedError) and not over:
        delivery.save(lambda tx: settle_uncertain(tx, row, MessageState.PARKED, reason=LOOK_UP_REFUSED))
        telemetry.PARKED.inc()
        return
    if isinstance(error, SlackUnavailableError) and is_rate_limit(error):
        honor_rate_limit(delivery, row.workspace_id, error)
    not_before = delivery.real() + delivery.rules.look_up_after

    def write(tx: Transaction) -> None:
        if over:
            refusals.installation_is_over(tx, row.workspace_id, error.reason)
        settle_uncertain(tx, row, MessageState.UNCERTAIN, reason=row.reason, not_before=not_before)

    delivery.save(write)
