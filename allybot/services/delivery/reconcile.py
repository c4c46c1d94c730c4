"""What became of uncertain posts: looked up where the bot can read, asked about where it cannot."""

from datetime import datetime

from allybot import telemetry
from allybot.domain.people import Actor
from allybot.errors import SlackError, SlackRefusedError, SlackUnavailableError
from allybot.services.delivery import did_it_appear, refusals
from allybot.services.delivery.attempt import look_up
from allybot.services.delivery.recipients import can_be_read
from allybot.services.delivery.refusals import Refusal
from allybot.services.delivery.settle import Post, is_rate_limit, pause_workspace, sent
from allybot.slack.gateway import Posted
from allybot.store.delivery.claims import settle_uncertain
from allybot.store.delivery.outbox import MessageState, OutboxRow
from allybot.store.engine.database import Transaction

LOOK_UP_REFUSED = "look_up_refused"


def reconcile(post: Post, row: OutboxRow, now: datetime) -> None:
    """Bring one uncertain row one step on: sent, due again, asked or parked.

    Args:
        now: the program's clock, UTC.
    """
    if not can_be_read(row):
        post.write_down(lambda tx: did_it_appear.ask(post.context, tx, row, now))
        return
    try:
        found = _find(post, row)
    except SlackError as problem:
        _look_up_failed(post, row, problem)
        return
    if found and row.attempted_at:
        sent(post, row, row.attempted_at, found)
        return
    given_up = row.attempts >= post.rules.most_attempts
    state = MessageState.PARKED if given_up else MessageState.DUE
    # The attempt's time stays: the message is looked for once more before it is sent again.
    post.write_down(lambda tx: settle_uncertain(tx, row, state, reason=row.reason))
    if given_up:
        telemetry.PARKED.inc()


def _find(post: Post, row: OutboxRow) -> Posted | None:
    if row.to_user is None:
        return look_up(post, row, row.to_channel or "")
    channel = post.recipients.direct_message(Actor(row.workspace_id, row.to_user))
    return look_up(post, row, channel)


def _look_up_failed(post: Post, row: OutboxRow, problem: SlackError) -> None:
    over = isinstance(problem, SlackRefusedError) and (
        refusals.kind_of(problem.reason, row) is Refusal.INSTALLATION
    )
    if isinstance(problem, SlackRefusedError) and not over:
        post.write_down(lambda tx: settle_uncertain(tx, row, MessageState.PARKED, reason=LOOK_UP_REFUSED))
        telemetry.PARKED.inc()
        return
    if isinstance(problem, SlackUnavailableError) and is_rate_limit(problem):
        pause_workspace(post, row.workspace_id, problem)
    not_before = post.real() + post.rules.look_up_after

    def write(tx: Transaction) -> None:
        if over:
            refusals.installation_is_over(tx, row.workspace_id, problem.reason)
        settle_uncertain(tx, row, MessageState.UNCERTAIN, reason=row.reason, not_before=not_before)

    post.write_down(write)
