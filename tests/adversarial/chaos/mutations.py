"""Deliberate bugs: a run with any of them must fail.

They are changed in the run's own processes; the product has no switch for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Engine

from allybot.clock import real_now
from allybot.domain.people import Actor
from allybot.errors import DatabaseUnavailableError
from allybot.message import Message
from allybot.services import isolation
from allybot.services.check_ins import reminders
from allybot.services.circles import membership, votes
from allybot.services.context import Context
from allybot.services.delivery import attempt, reconcile, settle
from allybot.services.delivery.settle import DeliveryContext
from allybot.slack.answers import Posted
from allybot.store.delivery import claims
from allybot.store.delivery.outbox import OutboxRow, row_by_id
from allybot.store.engine import database
from allybot.store.engine.database import Transaction
from tests.adversarial.chaos.plan import HOST_AHEAD


def mark_sent_first() -> None:
    """Mark a message as sent before sending it: a failure in between loses it."""
    say = attempt._send

    def wrong(delivery: DeliveryContext, row: OutboxRow, channel: str, message: Message) -> Posted:
        begun_at = _attempt_start(delivery, row)
        settle.record_sent(delivery, row, begun_at, Posted(channel, "1.000001"), begun_at)
        return say(delivery, row, channel, message)

    attempt._send = wrong


def send_again_unseen() -> None:
    """Send uncertain messages again without a look-up: those that had arrived are duplicated."""

    def blind(_delivery: DeliveryContext, _row: OutboxRow, _channel: str) -> Posted | None:
        return None

    for module in (attempt, reconcile):
        setattr(module, "look_up", blind)  # noqa: B010 - mypy would not have it written out, and rightly


def look_up_by_own_clock() -> None:
    """Start look-ups from a host clock six minutes ahead: messages that had arrived are duplicated."""
    begin = claims.begin_attempt

    def wrong(
        tx: Transaction,
        row_id: str,
        worker: str,
        real: datetime,
        lease: timedelta,
        slack_time: datetime | None = None,  # noqa: ARG001 - what it leaves out of account
    ) -> bool:
        return begin(tx, row_id, worker, real, lease, real_now() + HOST_AHEAD)

    setattr(attempt, "begin_attempt", wrong)  # noqa: B010 - as above


def stop_at_a_bad_row() -> None:
    """Let an error in one row stop its whole job: what is due to the others is lost."""

    def wrong(work: Callable[[], int], park: Callable[[str], object], job: str) -> int:  # noqa: ARG001 - as above
        return work()

    for module in (isolation, reminders):
        setattr(module, "isolated", wrong)  # noqa: B010 - as above


def wait_for_locks() -> None:
    """Wait as long as it takes for whoever holds a lock: presses are not acknowledged in time."""
    database.BUSY_MILLISECONDS = database.LOCK_MILLISECONDS = database.HELD_MILLISECONDS = 120_000


def say_it_was_kept() -> None:
    """Tell people that their vote is sealed even if it could not be written: votes are lost."""
    write = votes.vote

    def wrong(context: Context, actor: Actor, week_id: str, option: int, now: datetime) -> votes.CastVote:
        try:
            return write(context, actor, week_id, option, now)
        except DatabaseUnavailableError:
            return votes.CastVote(sealed=True, opens_at=now, zone=ZoneInfo("UTC"))

    membership.vote = wrong


def start_up_options() -> None:
    """Send options when connecting, as PgBouncer refuses them: nothing is sent behind it."""
    make = database._engine

    def wrong(url: URL) -> Engine:
        is_server = url.get_backend_name() == "postgresql"
        return make(url.update_query_dict({"options": "-c timezone=UTC"}) if is_server else url)

    database._engine = wrong


def _attempt_start(delivery: DeliveryContext, row: OutboxRow) -> datetime:
    with delivery.context.database.reading() as tx:
        noted = row_by_id(tx, row.id)
    assert noted is not None
    assert noted.attempted_at is not None
    return noted.attempted_at


MUTATIONS: dict[str, Callable[[], None]] = {
    "mark-sent-first": mark_sent_first,
    "send-again-unseen": send_again_unseen,
    "look-up-by-own-clock": look_up_by_own_clock,
    "stop-at-a-bad-row": stop_at_a_bad_row,
    "wait-for-locks": wait_for_locks,
    "say-it-was-kept": say_it_was_kept,
    "start-up-options": start_up_options,
}
