"""One try at one message: check, write, note, post, write down what became of it.

The post happens outside any transaction. That something may be sent is noted before it is, so that a worker
that dies in between leaves a trace.
"""

from datetime import datetime

from allybot import telemetry
from allybot.errors import AllybotError, DatabaseUnavailableError, SlackError, SlackUncertainError
from allybot.message import Message
from allybot.services.check_ins.quiet_hours import put_off_until
from allybot.services.delivery import settle
from allybot.services.delivery.recipients import can_be_read
from allybot.services.delivery.retry import persist
from allybot.services.delivery.settle import Post
from allybot.slack.gateway import Posted
from allybot.store.delivery.claims import begin_attempt, settle_claim
from allybot.store.delivery.outbox import MessageState, OutboxRow
from allybot.store.engine.database import Transaction

_PATIENCE_SECONDS = 10.0
"""How long a message waits to be written while the database is busy; well within the lease."""

log = telemetry.logger()


def attempt(post: Post, row: OutboxRow, now: datetime) -> None:
    """Bring one claimed row one step on: sent, uncertain, due again, refused, expired, cancelled or parked.

    What nobody asked for is put off while it is outside the person's hours.

    Args:
        now: the program's clock, UTC.
    """
    if row.stale_at is not None and row.stale_at <= now:
        settle.end(post, row, MessageState.EXPIRED)
        return
    with post.context.database.reading() as tx:
        later = put_off_until(post.context, tx, row, now)
    if later is not None:
        settle.put_off(post, row, later)
        return
    try:
        channel = post.recipients.channel(row)
        # A row that comes back after an uncertain attempt: it may have landed since it was looked up.
        found = _earlier_attempt(post, row, channel)
    except SlackError as problem:
        settle.not_sent(post, row, problem, now, begun=False)
        return
    if found and row.attempted_at:
        settle.sent(post, row, row.attempted_at, found)
        return
    begun_at = post.real()
    message = _write(post, row, now, begun_at)
    if message is None:
        return
    try:
        posted = _say(post, row, channel, message)
    except SlackUncertainError as problem:
        settle.uncertain(post, row, problem)
    except SlackError as problem:
        settle.not_sent(post, row, problem, now, begun=True)
    else:
        settle.sent(post, row, begun_at, posted)


def look_up(post: Post, row: OutboxRow, channel: str) -> Posted | None:
    """The message of an earlier attempt, in a channel the bot can read, or None. Raises SlackError.

    It begins where Slack's clock stood then: this host's may be wrong.
    """
    if row.attempted_at is None:
        return None
    since = row.look_up_from and row.look_up_from - post.rules.look_back
    return post.slack.find(row.workspace_id, channel, row.id, since)


def _earlier_attempt(post: Post, row: OutboxRow, channel: str) -> Posted | None:
    return look_up(post, row, channel) if row.replaces_ts is None and can_be_read(row) else None


def _write(post: Post, row: OutboxRow, now: datetime, begun_at: datetime) -> Message | None:
    def render_and_note(tx: Transaction) -> Message | None:
        message = post.render(post.context, tx, row, now)
        if message is None:
            settle_claim(tx, row.id, post.worker, MessageState.CANCELLED)
            return None
        noted = begin_attempt(tx, row.id, post.worker, begun_at, post.rules.lease, post.slack.time())
        return message if noted else None

    try:
        return persist(post.context.database, render_and_note, _PATIENCE_SECONDS)
    except DatabaseUnavailableError:
        raise
    except AllybotError as error:
        log.error(  # noqa: TRY400 - a traceback could quote a person's words
            "a message could not be written",
            message_id=row.id,
            kind=row.kind.value,
            error=type(error).__name__,
            where=telemetry.where(error),
        )
        settle.end(post, row, MessageState.PARKED, "cannot_render")
        return None


def _say(post: Post, row: OutboxRow, channel: str, message: Message) -> Posted:
    if row.replaces_ts is None:
        return post.slack.post(row.workspace_id, channel, message, row.id)
    post.slack.update(row.workspace_id, channel, row.replaces_ts, message)
    return Posted(channel, row.replaces_ts)
