"""How an attempt ends, written down with patience: the database may be away just when Slack has answered."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot import telemetry
from allybot.clock import Clock
from allybot.domain.people import Actor
from allybot.errors import SlackError, SlackRefusedError, SlackUnavailableError, SlackUncertainError
from allybot.message import Message
from allybot.services.context import Context
from allybot.services.delivery import refusals
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.did_it_appear import question_failed
from allybot.services.delivery.recipients import Recipients
from allybot.services.delivery.refusals import Refusal
from allybot.services.delivery.retry import persist
from allybot.slack.gateway import Posted, SlackGateway
from allybot.store.delivery.claims import settle_claim, settle_sent, settle_uncertain
from allybot.store.delivery.outbox import MessageKind, MessageState, OutboxRow
from allybot.store.delivery.rate_limits import rest_channel, silence
from allybot.store.engine.database import Transaction

Renderer = Callable[[Context, Transaction, OutboxRow, datetime], Message | None]
"""Writes a row's message at the moment it is sent; None when it is no longer wanted."""

log = telemetry.logger()


@dataclass(frozen=True)
class Post:
    """What one worker sends with; shared by its threads.

    Attributes:
        real: the machine's clock.
        chance: jitter of the back-off.
    """

    context: Context
    slack: SlackGateway
    render: Renderer
    worker: str
    real: Clock
    rules: DeliveryRules
    recipients: Recipients
    chance: random.Random

    def write_down(self, work: Callable[[Transaction], object]) -> None:
        """Keep a result although the database may be away for a moment."""
        persist(self.context.database, work, self.rules.persistence_seconds)


def sent(post: Post, row: OutboxRow, attempted_at: datetime, posted: Posted) -> None:
    """It stands in Slack."""

    def write(tx: Transaction) -> None:
        settle_sent(tx, row.id, attempted_at, posted.channel, posted.ts)
        rest_channel(tx, row, post.real(), post.rules.budget)

    post.write_down(write)
    telemetry.SENT.inc()


def uncertain(post: Post, row: OutboxRow, problem: SlackUncertainError) -> None:
    """Nobody knows: a post is looked up once a late request must have landed, an update is repeated."""
    telemetry.UNCERTAIN.inc()
    _warn("Slack did not say what became of a message", row, problem)
    if row.replaces_ts is not None:
        again(post, row, problem, begun=True)
        return
    not_before = post.real() + post.rules.look_up_after

    def write(tx: Transaction) -> None:
        settle_claim(
            tx, row.id, post.worker, MessageState.UNCERTAIN, reason=problem.reason, not_before=not_before
        )
        rest_channel(tx, row, post.real(), post.rules.budget)

    post.write_down(write)


def not_sent(post: Post, row: OutboxRow, problem: SlackError, now: datetime, *, begun: bool) -> None:
    """Slack certainly did nothing.

    Args:
        begun: whether an attempt had been noted, which is now taken back.
    """
    if isinstance(problem, SlackRefusedError):
        _refused(post, row, problem, now, begun=begun)
    else:
        again(post, row, problem, begun=begun)


def again(post: Post, row: OutboxRow, problem: SlackError, *, begun: bool) -> None:
    """Due again after a rest; parked after too many tries. Slack's own 429 does not count as a try."""
    if isinstance(problem, SlackUnavailableError) and is_rate_limit(problem):
        pause_workspace(post, row.workspace_id, problem)
        end(post, row, MessageState.DUE, problem.reason, attempts=row.attempts, nothing_was_sent=begun)
        return
    attempts = row.attempts + 1
    if attempts >= post.rules.most_attempts:
        end(post, row, MessageState.PARKED, problem.reason, attempts=attempts, nothing_was_sent=begun)
        return
    wait = post.rules.wait(attempts, post.chance)
    if isinstance(problem, SlackUnavailableError) and problem.retry_after is not None:
        wait = max(wait, timedelta(seconds=problem.retry_after))
    not_before = post.real() + wait
    end(
        post,
        row,
        MessageState.DUE,
        problem.reason,
        attempts=attempts,
        not_before=not_before,
        nothing_was_sent=begun,
    )


def put_off(post: Post, row: OutboxRow, due_at: datetime) -> None:
    """Due at a later moment (the program's clock, UTC), unless it is stale by then."""
    if row.stale_at is not None and row.stale_at <= due_at:
        end(post, row, MessageState.EXPIRED)
        return
    post.write_down(
        lambda tx: settle_claim(tx, row.id, post.worker, MessageState.DUE, reason=row.reason, due_at=due_at)
    )


def end(
    post: Post,
    row: OutboxRow,
    state: MessageState,
    reason: str | None = None,
    *,
    attempts: int | None = None,
    not_before: datetime | None = None,
    nothing_was_sent: bool = False,
) -> None:
    """End the claim with nothing further to do; arguments as for `settle_claim`."""
    post.write_down(
        lambda tx: settle_claim(
            tx,
            row.id,
            post.worker,
            state,
            reason=reason,
            attempts=attempts,
            not_before=not_before,
            nothing_was_sent=nothing_was_sent,
        )
    )
    if state is MessageState.PARKED:
        telemetry.PARKED.inc()
        log.error("a message was put aside", message_id=row.id, kind=row.kind.value, reason=reason)


def put_aside(post: Post, row: OutboxRow, reason: str, *, claimed: bool) -> None:
    """Park a message nobody foresaw the failure of; what may have been sent is looked up before a retry.

    Args:
        reason: a code, see `isolation`.
        claimed: False for an uncertain one that was only being looked up.
    """
    if claimed:
        end(post, row, MessageState.PARKED, reason)
        return
    post.write_down(lambda tx: settle_uncertain(tx, row, MessageState.PARKED, reason=reason))
    telemetry.PARKED.inc()


def pause_workspace(post: Post, workspace_id: str, problem: SlackUnavailableError) -> None:
    """Slack said 429: nothing for this workspace for exactly as long as it asked; others go on."""
    wait = post.rules.silence if problem.retry_after is None else timedelta(seconds=problem.retry_after)
    until = post.real() + wait
    telemetry.RATE_LIMITED.inc()
    log.warning("Slack asked us to wait", workspace_id=workspace_id, seconds=wait.total_seconds())
    post.write_down(lambda tx: silence(tx, workspace_id, until))


def is_rate_limit(problem: SlackError) -> bool:
    """Whether Slack refused because of too many calls."""
    return problem.reason in {"ratelimited", "rate_limited"}


def _refused(post: Post, row: OutboxRow, problem: SlackRefusedError, now: datetime, *, begun: bool) -> None:
    refusal = refusals.kind_of(problem.reason, row)
    actor = Actor(row.workspace_id, row.to_user) if row.to_user else None
    if refusal is Refusal.INSTALLATION:
        post.write_down(lambda tx: refusals.installation_is_over(tx, row.workspace_id, problem.reason))
        end(post, row, MessageState.DUE, problem.reason, attempts=row.attempts, nothing_was_sent=begun)
        return
    if refusal is Refusal.OURS:
        _warn("Slack cannot take a message", row, problem)
        end(post, row, MessageState.PARKED, problem.reason, nothing_was_sent=begun)
        return
    if refusal is Refusal.DIRECT_MESSAGE and actor:
        post.recipients.forget_channel(actor)
        again(post, row, problem, begun=begun)
        return

    def follow(tx: Transaction) -> None:
        settle_claim(
            tx, row.id, post.worker, MessageState.REFUSED, reason=problem.reason, nothing_was_sent=begun
        )
        if refusal is Refusal.PERSON and actor:
            refusals.person_is_gone(tx, actor)
        elif refusal is Refusal.CHANNEL:
            refusals.channel_is_closed(tx, row, now)
        if row.kind is MessageKind.DID_IT_APPEAR:
            question_failed(tx, row)

    _warn("Slack refused a message", row, problem)
    post.write_down(follow)
    telemetry.REFUSED.inc()


def _warn(event: str, row: OutboxRow, problem: SlackError) -> None:
    log.warning(event, message_id=row.id, kind=row.kind.value, method=problem.method, reason=problem.reason)
