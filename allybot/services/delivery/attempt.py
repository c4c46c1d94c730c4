"""One attempt to deliver one message: check, render, record the attempt, send, record the outcome.

The call to Slack runs outside any transaction. The attempt is committed before the call, so that a crash in
between leaves a trace.
"""

from datetime import datetime

from allybot import telemetry
from allybot.errors import (
    AllybotError,
    DatabaseUnavailableError,
    SlackError,
    SlackRefusedError,
    SlackUncertainError,
)
from allybot.message import Message, TextFile
from allybot.services.check_ins.quiet_hours import put_off_until
from allybot.services.circles import results, story_names
from allybot.services.delivery import settle
from allybot.services.delivery.circle_channels import require_private
from allybot.services.delivery.recipients import addressed, can_be_read
from allybot.services.delivery.retry import retry_transaction
from allybot.services.delivery.settle import DeliveryContext
from allybot.slack.answers import Posted
from allybot.store.delivery.claims import begin_attempt, settle_claim
from allybot.store.delivery.outbox import MessageState, OutboxRow
from allybot.store.engine.database import Transaction

_RENDER_RETRY_SECONDS = 10.0
"""How long rendering is retried while the database is unavailable; well within the lease."""

log = telemetry.logger()


def attempt(delivery: DeliveryContext, claimed: OutboxRow, now: datetime) -> None:
    """Process one claimed row; it ends sent, uncertain, due again, refused, expired, cancelled or parked.

    Unsolicited messages are postponed outside the recipient's working hours and while they are away.

    Args:
        now: the program's clock, UTC.
    """
    row = addressed(delivery.context, claimed)
    if row is None:
        settle.end_claim(delivery, claimed, MessageState.CANCELLED)
        return
    if row.stale_at is not None and row.stale_at <= now:
        settle.end_claim(delivery, row, MessageState.EXPIRED)
        return
    if _put_off(delivery, row, now):
        return
    try:
        channel = delivery.recipients.channel(row)
        if row.replaces_ts is None and not can_be_read(row):
            require_private(delivery.context, delivery.slack, row)
        story_names.choose(delivery.context, row, delivery.recipients.names)
        # After an uncertain attempt the message may have arrived since it was last looked up.
        found = _earlier_attempt(delivery, row, channel)
    except SlackError as error:
        settle.record_failure(delivery, row, error, now, begun=False)
        return
    if delivery.recipients.were_asked_for(row) and not found and _put_off(delivery, row, now):
        return
    if found and row.attempted_at:
        settle.record_sent(delivery, row, row.attempted_at, found, now)
        return
    _render_and_send(delivery, row, channel, now)


def _render_and_send(delivery: DeliveryContext, row: OutboxRow, channel: str, now: datetime) -> None:
    begun_at = delivery.real()
    message = _render(delivery, row, now, begun_at)
    if message is None:
        return
    try:
        posted = _send(delivery, row, channel, message)
    except SlackUncertainError as error:
        settle.record_uncertain(delivery, row, error)
    except SlackError as error:
        settle.record_failure(delivery, row, error, now, begun=True)
    else:
        settle.record_sent(delivery, row, begun_at, posted, now)


def _put_off(delivery: DeliveryContext, row: OutboxRow, now: datetime) -> bool:
    """Make an unsolicited message, or a circle's result, due later if it may not be sent now."""
    later = retry_transaction(
        delivery.context.database,
        lambda tx: (
            put_off_until(delivery.context, tx, row, now)
            or results.put_off_until(delivery.context, tx, row, now)
        ),
        _RENDER_RETRY_SECONDS,
    )
    if later is not None:
        settle.postpone(delivery, row, later)
    return later is not None


def look_up(delivery: DeliveryContext, row: OutboxRow, channel: str) -> Posted | None:
    """The message an earlier attempt posted, in a channel the bot can read, or None. Raises SlackError.

    The search starts at Slack's time of that attempt, because this host's clock may be wrong.
    """
    if row.attempted_at is None:
        return None
    since = row.look_up_from and row.look_up_from - delivery.rules.look_back
    return delivery.slack.find(row.workspace_id, channel, row.id, since)


def _earlier_attempt(delivery: DeliveryContext, row: OutboxRow, channel: str) -> Posted | None:
    return look_up(delivery, row, channel) if row.replaces_ts is None and can_be_read(row) else None


def _render(delivery: DeliveryContext, row: OutboxRow, now: datetime, begun_at: datetime) -> Message | None:
    def render_and_note(tx: Transaction) -> Message | None:
        message = delivery.render(delivery.context, tx, row, now)
        if message is None:
            settle_claim(tx, row.id, delivery.worker, MessageState.CANCELLED)
            return None
        noted = begin_attempt(
            tx, row.id, delivery.worker, begun_at, delivery.rules.lease, delivery.slack.time()
        )
        return message if noted else None

    try:
        return retry_transaction(delivery.context.database, render_and_note, _RENDER_RETRY_SECONDS)
    except DatabaseUnavailableError:
        raise
    except AllybotError as error:
        log.error(  # noqa: TRY400 - a traceback could contain a person's text
            "a message could not be written",
            message_id=row.id,
            kind=row.kind.value,
            error=type(error).__name__,
            where=telemetry.where(error),
        )
        settle.end_claim(delivery, row, MessageState.PARKED, "cannot_render")
        return None


def _send(delivery: DeliveryContext, row: OutboxRow, channel: str, message: Message) -> Posted:
    if message.ephemeral and row.to_user:
        return delivery.slack.post_ephemeral(row.workspace_id, (channel, row.to_user), message, row.thread_ts)
    if message.file is not None:
        shared = _share(delivery, row, channel, message.file)
        if shared is not None:
            return shared
    if row.replaces_ts is None:
        return delivery.slack.post(row.workspace_id, channel, message, row.id, row.thread_ts)
    delivery.slack.update(row.workspace_id, channel, row.replaces_ts, message)
    return Posted(channel, row.replaces_ts)


def _share(delivery: DeliveryContext, row: OutboxRow, channel: str, file: TextFile) -> Posted | None:
    """Send a file; None where Slack takes none, as without the scope `files:write`: nothing was sent then."""
    try:
        delivery.slack.upload_file(row.workspace_id, channel, file.name, file.text, file.comment)
    except SlackRefusedError as refused:
        log.warning("Slack took no file", message_id=row.id, method=refused.method, reason=refused.reason)
        return None
    return Posted(channel, None)
