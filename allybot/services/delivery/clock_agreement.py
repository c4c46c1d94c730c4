"""Whether a worker may trust its clocks: they agree with Slack's, and with those of other workers.

A worker with a wrong clock moves everybody's step on as stale, or asks at night. So it acts only while its
host's clock is Slack's, and while its program's clock is that of the workers that already act. Else it does
nothing, says so, and looks again. Which worker is wrong nobody can know; whoever acted first goes on.
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
from allybot.store.delivery import worker_signs
from allybot.store.delivery.worker_signs import Sign
from allybot.store.engine.shared_clock import database_time

LOOK_AGAIN_SECONDS = 5.0
"""How often a worker that does nothing asks Slack and the others again: 12 calls a minute, where Slack allows
`api.test` hundreds. One whose clock was set right is noticed without a call."""
_KEPT = timedelta(days=1)
log = telemetry.logger()


class Reason(StrEnum):
    """Why a worker does nothing."""

    SLACK_CLOCK = "slack_clock"
    SLACK_SILENT = "slack_silent"
    OTHER_WORKER = "other_worker"


_SAID = {
    Reason.SLACK_CLOCK: "the worker does nothing: its host's clock is not Slack's; set it, best by NTP",
    Reason.SLACK_SILENT: "the worker does nothing yet: Slack, whose time it goes by, has not answered",
    Reason.OTHER_WORKER: (
        "the worker does nothing: another one acts at another time; give all of them the same "
        "ALLYBOT_CLOCK_OFFSET, or none, and set their hosts' clocks"
    ),
}


@dataclass(frozen=True)
class Disagreement:
    """Why a worker may not act, and by how many seconds its clock is ahead (negative: behind)."""

    reason: Reason
    seconds: int = 0


class ClockAgreement:
    """Asked before every pass of one worker, from any of its threads; mostly it need not ask anybody.

    Args:
        worker: the worker's name.
        clock: the program's clock.
        host: the host's clock.
        steady: seconds that only ever go on.
    """

    def __init__(
        self,
        context: Context,
        slack: SlackGateway,
        worker: str,
        clock: Clock,
        host: Clock,
        rules: DeliveryRules,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._context = context
        self._slack = slack
        self._worker = worker
        self._clock = clock
        self._host = host
        self._rules = rules
        self._steady = steady
        self._lock = threading.Lock()
        self._answered = False
        self._ask_at = self._sign_at = 0.0
        self._with_slack: Disagreement | None = None
        self._with_others: Disagreement | None = None
        self._signed = False
        self.latest: Disagreement | None = None

    def disagreement(self) -> Disagreement | None:
        """Why nothing may be done now, or None.

        Raises:
            DatabaseUnavailableError: the other workers cannot be asked, and it is time to.
        """
        with self._lock:
            before, self._with_slack = self._with_slack, self._compare_with_slack()
            if (before is None) is not (self._with_slack is None):
                self._sign_at = 0.0
            if self._steady() >= self._sign_at:
                self._with_others = self._compare_with_others()
            found = self._with_slack or self._with_others
            self._say(found)
            self.latest = found
            return found

    def leave(self) -> None:
        """Take the sign of life back: the worker leaves.

        Raises:
            DatabaseUnavailableError: it stays, and counts for no longer than a lease.
        """
        with self._lock:
            if self._signed:
                with self._context.database.transaction() as tx:
                    worker_signs.take_back(tx, self._worker)
                self._signed = False

    def _compare_with_slack(self) -> Disagreement | None:
        shown = self._slack.time()
        if shown is None or self._is_apart(shown):
            # What was heard last may be old: this machine may have slept since.
            shown = self._asked() or shown
        if shown is None:
            return None if self._answered else Disagreement(Reason.SLACK_SILENT)
        if self._is_apart(shown):
            return Disagreement(Reason.SLACK_CLOCK, _seconds(self._host() - shown))
        return None

    def _asked(self) -> datetime | None:
        if self._steady() < self._ask_at:
            return None
        try:
            shown = self._slack.ask_time()
        except SlackError:
            shown = None
        else:
            self._answered = True
        self._ask_at = self._steady() + LOOK_AGAIN_SECONDS
        return shown

    def _is_apart(self, shown: datetime) -> bool:
        return abs(self._host() - shown) > self._rules.clock_tolerance

    def _compare_with_others(self) -> Disagreement | None:
        with self._context.database.transaction() as tx:
            worker_signs.take_turns(tx)
            real, host = database_time(tx), self._host()
            others = worker_signs.signs_since(tx, real - self._rules.lease)
            mine = Sign(self._worker, real, real, host - real, self._clock() - host, None)
            found = self._differing(mine, others)
            reasons = [each.reason for each in (self._with_slack, found) if each]
            refuses = reasons[0] if reasons else None
            worker_signs.leave(tx, Sign(**{**vars(mine), "refuses": refuses}))
            if not self._signed:
                worker_signs.forget(tx, real - _KEPT)
        self._signed = True
        wait = self._rules.lease.total_seconds() / 3
        self._sign_at = self._steady() + (min(wait, LOOK_AGAIN_SECONDS) if found else wait)
        return found

    def _differing(self, mine: Sign, signs: list[Sign]) -> Disagreement | None:
        """With the first of those who act at another time; those who began to act after us are to yield."""
        for each in signs:
            if each.worker == self._worker:
                if each.refuses is None:
                    return None
                continue
            ahead = mine.program_ahead - each.program_ahead
            if each.refuses is None and abs(ahead) > self._rules.clock_tolerance * 2:
                return Disagreement(Reason.OTHER_WORKER, _seconds(ahead))
        return None

    def _say(self, found: Disagreement | None) -> None:
        if (found and found.reason) is (self.latest and self.latest.reason):
            return
        if found is None:
            log.info("the clocks agree: the worker goes on", worker=self._worker)
            return
        telemetry.CLOCK_REFUSALS.inc()
        log.error(_SAID[found.reason], worker=self._worker, reason=found.reason.value, seconds=found.seconds)


def live_workers(context: Context) -> list[Sign]:
    """Workers that gave a sign of life within a lease, whoever began first."""
    with context.database.reading() as tx:
        return worker_signs.signs_since(tx, database_time(tx) - DeliveryRules().lease)


def _seconds(ahead: timedelta) -> int:
    return round(ahead.total_seconds())
