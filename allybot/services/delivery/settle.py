"""Records the outcome of a delivery attempt, retrying while the database is unavailable."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allybot import telemetry
from allybot.clock import Clock
from allybot.domain.people import Actor
from allybot.errors import SlackError, SlackRefusedError, SlackUnavailableError, SlackUncertainError
from allybot.message import Message
from allybot.services.circles.threads import open_thread
from allybot.services.context import Context
from allybot.services.delivery import refusals
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.did_it_appear import question_failed
from allybot.services.delivery.recipients import Recipients
from allybot.services.delivery.refusals import Refusal
from allybot.services.delivery.retry import retry_transaction
from allybot.services.delivery.sent_counts import SentCounts
from allybot.slack.answers import Posted
from allybot.slack.errors import RATE_LIMITS
from allybot.slack.gateway import SlackGateway
from allybot.store.delivery.claims import settle_claim, settle_sent, settle_uncertain
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow
from allybot.store.delivery.rate_limits import pause_workspace, rest_channel
from allybot.store.engine.database import Transaction

Renderer = Callable[[Context, Transaction, OutboxRow, datetime], Message | None]
"""Renders a row's message when it is sent; None when it is no longer wanted."""

log = telemetry.logger()


@dataclass(frozen=True)
class DeliveryContext:
    """Collaborators of one worker's delivery; shared by its threads.

    Attributes:
        real: the clock all workers share.
        rng: jitter of the back-off.
        sent: for the log.
    """

    context: Context
    slack: SlackGateway
    render: Renderer
    worker: str
    real: Clock
    rules: DeliveryRules
    recipients: Recipients
    rng: random.Random
    sent: SentCounts = field(default_factory=SentCounts)

    def save(self, work: Callable[[Transaction], object]) -> None:
        """Run a transaction, retrying while the database is unavailable."""
        retry_transaction(self.context.database, work, self.rules.save_retry_seconds)


def record_sent(
    delivery: DeliveryContext, row: OutboxRow, attempted_at: datetime, posted: Posted, now: datetime
) -> None:
    """The message is in Slack: SENT, and what follows it in its thread is queued.

    Args:
        now: the program's clock, UTC.
    """

    def write(tx: Transaction) -> None:
        settle_sent(tx, row.id, attempted_at, posted.channel, posted.ts)
        rest_channel(tx, row, delivery.real(), delivery.rules.budget)
        open_thread(delivery.context, tx, row, posted, now)

    delivery.save(write)
    delivery.sent.note(row.kind)


def record_uncertain(delivery: DeliveryContext, row: OutboxRow, error: SlackUncertainError) -> None:
    """It is unknown whether Slack did it: a post is looked up after a delay, an update is repeated."""
    telemetry.UNCERTAIN.inc()
    _log_failure("Slack did not say what became of a message", row, error)
    if row.replaces_ts is not None:
        retry_later(delivery, row, error, begun=True)
        return
    not_before = delivery.real() + delivery.rules.look_up_after

    def write(tx: Transaction) -> None:
        settle_claim(
            tx, row.id, delivery.worker, MessageState.UNCERTAIN, reason=error.reason, not_before=not_before
        )
        rest_channel(tx, row, delivery.real(), delivery.rules.budget)

    delivery.save(write)


def record_failure(
    delivery: DeliveryContext, row: OutboxRow, error: SlackError, now: datetime, *, begun: bool
) -> None:
    """Slack did nothing, for certain.

    Args:
        begun: whether an attempt had been recorded, which is now undone.
    """
    if isinstance(error, SlackRefusedError):
        _refused(delivery, row, error, now, begun=begun)
    else:
        retry_later(delivery, row, error, begun=begun)


def retry_later(delivery: DeliveryContext, row: OutboxRow, error: SlackError, *, begun: bool) -> None:
    """DUE again after a back-off, PARKED after too many attempts. A 429 does not count as an attempt."""
    if isinstance(error, SlackUnavailableError) and is_rate_limit(error):
        honor_rate_limit(delivery, row.workspace_id, error)
        end_claim(
            delivery, row, MessageState.DUE, error.reason, attempts=row.attempts, nothing_was_sent=begun
        )
        return
    attempts = row.attempts + 1
    if attempts >= delivery.rules.max_attempts:
        end_claim(delivery, row, MessageState.PARKED, error.reason, attempts=attempts, nothing_was_sent=begun)
        return
    wait = delivery.rules.wait(attempts, delivery.rng)
    if isinstance(error, SlackUnavailableError) and error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    not_before = delivery.real() + wait
    end_claim(
        delivery,
        row,
        MessageState.DUE,
        error.reason,
        attempts=attempts,
        not_before=not_before,
        nothing_was_sent=begun,
    )


def postpone(delivery: DeliveryContext, row: OutboxRow, due_at: datetime) -> None:
    """Make a message due later (the program's clock, UTC); EXPIRED if it would be stale by then."""
    if row.stale_at is not None and row.stale_at <= due_at:
        end_claim(delivery, row, MessageState.EXPIRED)
        return
    delivery.save(
        lambda tx: settle_claim(
            tx, row.id, delivery.worker, MessageState.DUE, reason=row.reason, due_at=due_at
        )
    )


def end_claim(
    delivery: DeliveryContext,
    row: OutboxRow,
    state: MessageState,
    reason: str | None = None,
    *,
    attempts: int | None = None,
    not_before: datetime | None = None,
    nothing_was_sent: bool = False,
) -> None:
    """Settle a claim; arguments as for `settle_claim`."""
    delivery.save(
        lambda tx: settle_claim(
            tx,
            row.id,
            delivery.worker,
            state,
            reason=reason,
            attempts=attempts,
            not_before=not_before,
            nothing_was_sent=nothing_was_sent,
        )
    )
    if state is MessageState.PARKED:
        telemetry.PARKED.inc()
        log.error("a message was parked", message_id=row.id, kind=row.kind.value, reason=reason)


def park(delivery: DeliveryContext, row: OutboxRow, reason: str, *, claimed: bool) -> None:
    """Park a message that failed unexpectedly; if it may have been sent, it is looked up before a retry.

    Args:
        reason: a code, see `isolation`.
        claimed: False for an uncertain row that was only being looked up.
    """
    if claimed:
        end_claim(delivery, row, MessageState.PARKED, reason)
        return
    delivery.save(lambda tx: settle_uncertain(tx, row, MessageState.PARKED, reason=reason))
    telemetry.PARKED.inc()


def honor_rate_limit(delivery: DeliveryContext, workspace_id: str, error: SlackUnavailableError) -> None:
    """After a 429, pause this workspace for as long as Slack asked; other workspaces continue."""
    wait = (
        delivery.rules.default_retry_after
        if error.retry_after is None
        else timedelta(seconds=error.retry_after)
    )
    until = delivery.real() + wait
    telemetry.RATE_LIMITED.inc()
    telemetry.WAITED.inc(wait.total_seconds())
    log.warning("Slack asked us to wait", workspace_id=workspace_id, seconds=wait.total_seconds())
    delivery.save(lambda tx: pause_workspace(tx, workspace_id, until))


def is_rate_limit(error: SlackError) -> bool:
    """Whether Slack rejected the call because of its rate limit."""
    return error.reason in RATE_LIMITS


def _refused(
    delivery: DeliveryContext, row: OutboxRow, error: SlackRefusedError, now: datetime, *, begun: bool
) -> None:
    refusal = refusals.kind_of(error.reason, row)
    actor = Actor(row.workspace_id, row.to_user) if row.to_user else None
    if refusal is Refusal.INSTALLATION:
        delivery.save(lambda tx: refusals.installation_is_over(tx, row.workspace_id, error.reason))
        end_claim(
            delivery, row, MessageState.DUE, error.reason, attempts=row.attempts, nothing_was_sent=begun
        )
        return
    if refusal is Refusal.OURS:
        _log_failure("Slack cannot take a message", row, error)
        end_claim(delivery, row, MessageState.PARKED, error.reason, nothing_was_sent=begun)
        return
    if refusal is Refusal.DIRECT_MESSAGE and actor:
        delivery.recipients.forget_channel(actor)
        retry_later(delivery, row, error, begun=begun)
        return

    def write(tx: Transaction) -> None:
        settle_claim(
            tx, row.id, delivery.worker, MessageState.REFUSED, reason=error.reason, nothing_was_sent=begun
        )
        if refusal is Refusal.PERSON and actor:
            refusals.person_is_gone(tx, actor)
        elif refusal is Refusal.CHANNEL:
            refusals.channel_is_closed(tx, row, error.reason, now)
        if row.kind is MessageKind.DID_IT_APPEAR:
            question_failed(tx, row)

    _log_failure("Slack refused a message", row, error)
    delivery.save(write)
    telemetry.REFUSED.inc()


def _log_failure(event: str, row: OutboxRow, error: SlackError) -> None:
    # Distress is answered by another method than all else that is typed.
    method = "" if row.kind is MessageKind.TYPED_REPLY else error.method
    log.warning(event, message_id=row.id, kind=row.kind.value, method=method, reason=error.reason)
