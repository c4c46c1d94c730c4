"""Checks a worker's clocks against Slack's and against those of the other workers.

A worker with a wrong clock would expire everybody's check-ins or send them at night. So it runs only while
its host's clock agrees with Slack's and its program clock with that of the workers already running. Otherwise
it pauses, logs why, and checks again. Of two workers that disagree, the one that started first keeps running.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allybot import telemetry
from allybot.clock import Clock
from allybot.errors import SlackError
from allybot.services.context import Context
from allybot.services.delivery.config import DeliveryRules
from allybot.slack.gateway import SlackGateway
from allybot.store.delivery import heartbeats
from allybot.store.delivery.heartbeats import Heartbeat
from allybot.store.engine.shared_clock import database_time

LOOK_AGAIN_SECONDS = 5.0
"""How often a paused worker checks again: 12 calls of `api.test` a minute, where Slack allows hundreds.
A corrected clock is noticed without a call."""
_KEPT = timedelta(days=1)
log = telemetry.logger()


class Reason(StrEnum):
    """Why a worker is paused."""

    SLACK_CLOCK = "slack_clock"
    SLACK_SILENT = "slack_silent"
    OTHER_WORKER = "other_worker"


_LOG_TEXTS = {
    Reason.SLACK_CLOCK: "the worker does nothing: its host's clock is not Slack's; set it, best by NTP",
    Reason.SLACK_SILENT: "the worker does nothing yet: Slack, whose time it goes by, has not answered",
    Reason.OTHER_WORKER: (
        "the worker does nothing: another one acts at another time; give all of them the same "
        "ALLYBOT_CLOCK_OFFSET, or none, and set their hosts' clocks"
    ),
}


@dataclass(frozen=True)
class Disagreement:
    """Why a worker is paused, and by how many seconds its clock is ahead (negative: behind)."""

    reason: Reason
    seconds: int = 0


class ClockAgreement:
    """Checked before every pass of one worker, from any of its threads; most checks need no call or query.

    Args:
        worker: the worker's name.
        clock: the program's clock.
        host: the host's clock.
        monotonic: a monotonic clock, in seconds.
    """

    def __init__(
        self,
        context: Context,
        slack: SlackGateway,
        worker: str,
        clock: Clock,
        host: Clock,
        rules: DeliveryRules,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._context = context
        self._slack = slack
        self._worker = worker
        self._clock = clock
        self._host = host
        self._rules = rules
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._slack_answered = False
        self._next_question_at = self._next_heartbeat_at = 0.0
        self._with_slack: Disagreement | None = None
        self._with_others: Disagreement | None = None
        self._has_heartbeat = False
        self.latest: Disagreement | None = None

    def disagreement(self) -> Disagreement | None:
        """Why the worker must pause now, or None.

        Raises:
            DatabaseUnavailableError: the other workers' clocks are due to be compared and cannot be read.
        """
        with self._lock:
            before, self._with_slack = self._with_slack, self._compare_with_slack()
            if (before is None) is not (self._with_slack is None):
                self._next_heartbeat_at = 0.0
            if self._monotonic() >= self._next_heartbeat_at:
                self._with_others = self._compare_with_others()
            found = self._with_slack or self._with_others
            self._log_change(found)
            self.latest = found
            return found

    def remove_heartbeat(self) -> None:
        """Delete this worker's heartbeat at shutdown.

        Raises:
            DatabaseUnavailableError: the heartbeat stays, and is ignored after one lease.
        """
        with self._lock:
            if self._has_heartbeat:
                with self._context.database.transaction() as tx:
                    heartbeats.remove(tx, self._worker)
                self._has_heartbeat = False

    def _compare_with_slack(self) -> Disagreement | None:
        shown = self._slack.time()
        if shown is None or self._is_apart(shown):
            # The latest reading may be old: this machine may have been suspended since.
            shown = self._ask_slack() or shown
        if shown is None:
            return None if self._slack_answered else Disagreement(Reason.SLACK_SILENT)
        if self._is_apart(shown):
            return Disagreement(Reason.SLACK_CLOCK, _seconds(self._host() - shown))
        return None

    def _ask_slack(self) -> datetime | None:
        if self._monotonic() < self._next_question_at:
            return None
        try:
            shown = self._slack.ask_time()
        except SlackError:
            shown = None
        else:
            self._slack_answered = True
        self._next_question_at = self._monotonic() + LOOK_AGAIN_SECONDS
        return shown

    def _is_apart(self, shown: datetime) -> bool:
        return abs(self._host() - shown) > self._rules.clock_tolerance

    def _compare_with_others(self) -> Disagreement | None:
        with self._context.database.transaction() as tx:
            heartbeats.lock(tx)
            real, host = database_time(tx), self._host()
            others = heartbeats.since(tx, real - self._rules.lease)
            mine = Heartbeat(self._worker, real, real, host - real, self._clock() - host, None)
            found = self._differing(mine, others)
            reasons = [each.reason for each in (self._with_slack, found) if each]
            refuses = reasons[0] if reasons else None
            heartbeats.save(tx, Heartbeat(**{**vars(mine), "refuses": refuses}))
            heartbeats.delete_seen_before(tx, real - _KEPT)
        self._has_heartbeat = True
        wait = self._rules.lease.total_seconds() / 3
        self._next_heartbeat_at = self._monotonic() + (min(wait, LOOK_AGAIN_SECONDS) if found else wait)
        return found

    def _differing(self, mine: Heartbeat, others: list[Heartbeat]) -> Disagreement | None:
        """The first running worker that started before this one and whose program clock differs."""
        for each in others:
            if each.worker == self._worker:
                if each.refuses is None:
                    return None
                continue
            ahead = mine.program_ahead - each.program_ahead
            if each.refuses is None and abs(ahead) > self._rules.clock_tolerance * 2:
                return Disagreement(Reason.OTHER_WORKER, _seconds(ahead))
        return None

    def _log_change(self, found: Disagreement | None) -> None:
        if (found and found.reason) is (self.latest and self.latest.reason):
            return
        if found is None:
            log.info("the clocks agree: the worker goes on", worker=self._worker)
            return
        telemetry.CLOCK_REFUSALS.inc()
        log.error(
            _LOG_TEXTS[found.reason], worker=self._worker, reason=found.reason.value, seconds=found.seconds
        )


def live_workers(context: Context) -> list[Heartbeat]:
    """Heartbeats of workers seen within one lease, in order of their start."""
    with context.database.reading() as tx:
        return heartbeats.since(tx, database_time(tx) - DeliveryRules().lease)


def _seconds(ahead: timedelta) -> int:
    return round(ahead.total_seconds())
