"""Limits and time-outs of delivery. All are real time; none depends on the program's clock."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

from allybot.errors import SettingsError
from allybot.slack.workspace_calls import TIMEOUT_SECONDS
from allybot.store.delivery.rate_limits import Budget


@dataclass(frozen=True)
class DeliveryRules:
    """Time-outs, back-off and retry limits.

    Attributes:
        budget: Slack's rate limits.
        threads: calls one worker has in flight at the same time.
        call_seconds: time-out of one call to Slack.
        lease: how long a claim holds without being renewed.
        look_up_after: after an uncertain post, how long a late request may still arrive.
        look_back: how much earlier than Slack's time at the attempt a look-up begins, because the server that
            dates an answer may not be the one that dates a message. Our choice; a larger value costs nothing.
        clock_tolerance: how far a host's clock may be from Slack's before the worker pauses; two workers'
            clocks may differ by twice as much. A claim is renewed after a third of its lease, so at least 60
            of the 90 seconds are left, and correcting a clock by less than that ends no claim early.
            Slack's signed requests allow five minutes; hosts with NTP differ by less than a second.
        first_wait: back-off after the first failure; doubled with each further one.
        max_wait: upper limit of the back-off.
        max_attempts: attempts before a message is parked for the operator.
        default_retry_after: how long to wait after a 429 without a Retry-After header.
        presence: how long a trainee counts as active after `users.info` said so; `user_change` tells sooner.
        presence_of_others: the same for leads who are no trainees: their `user_change` is not kept.
        look_ups: of a workspace's trainees by `users.info`, by one worker. Where more are due at once, what
            `user_change` said is believed. Slack lets 100 or more a minute through (Tier 4): three workers'.
        save_retry_seconds: how long to retry saving the outcome of an attempt.
    """

    budget: Budget = field(default_factory=Budget)
    threads: int = 8
    call_seconds: int = TIMEOUT_SECONDS
    lease: timedelta = timedelta(seconds=90)
    look_up_after: timedelta = timedelta(seconds=2.5 * TIMEOUT_SECONDS)
    look_back: timedelta = timedelta(minutes=5)
    clock_tolerance: timedelta = timedelta(seconds=60)
    first_wait: timedelta = timedelta(seconds=2)
    max_wait: timedelta = timedelta(minutes=15)
    max_attempts: int = 30
    default_retry_after: timedelta = timedelta(seconds=30)
    presence: timedelta = timedelta(days=1)
    presence_of_others: timedelta = timedelta(minutes=5)
    look_ups: Budget = field(default_factory=lambda: Budget(per_minute=30, burst=20))
    save_retry_seconds: float = 45.0

    def __post_init__(self) -> None:
        """Check that the lease is at least `look_up_after`: an expired lease is looked up at once.

        Raises:
            SettingsError: it is shorter.
        """
        if self.lease < self.look_up_after:
            message = "A lease must not be shorter than the wait before a look-up."
            raise SettingsError(message)

    @property
    def max_in_flight_per_workspace(self) -> int:
        """Calls in flight for one workspace: half, so that a workspace that hangs leaves room for others."""
        return max(1, self.threads // 2)

    def wait(self, attempts: int, rng: random.Random) -> timedelta:
        """The back-off after `attempts` failures: exponential, capped, with jitter of up to a half.

        The jitter keeps messages that failed together from being retried together.
        """
        doubled = self.first_wait * (1 << min(max(attempts - 1, 0), 20))
        return min(doubled, self.max_wait) * rng.uniform(0.5, 1.0)
