"""The numbers of delivery. All of them are real time, none moves with the program's clock."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

from allybot.errors import SettingsError
from allybot.slack.gateway import TIMEOUT_SECONDS
from allybot.store.delivery.rate_limits import Budget


@dataclass(frozen=True)
class DeliveryRules:
    """How long to wait for what, and when to give up.

    Attributes:
        budget: Slack's limits.
        threads: posts one worker has in flight at the same time.
        call_seconds: how long one call to Slack may hang.
        lease: how long a claim holds without being renewed.
        look_up_after: after an uncertain post, how long a late request may still land.
        look_back: how much earlier than Slack's time at the attempt a look-up begins: the server that dates
            an answer need not be the one that dates a message. Ours; reading too far back costs nothing.
        clock_tolerance: how far a host's clock may be from Slack's, and half as far as two workers' may be
            apart, before a worker does nothing. A claim is renewed when a third of its lease is over, so at
            least 60 of the 90 seconds are left, and a clock that is put right by less than that ends none
            early. Slack's signed requests bear five minutes; hosts with NTP differ by less than a second.
        first_wait: back-off after the first failure; doubled with each further one.
        longest_wait: where doubling ends.
        most_attempts: tries before a message is parked for the operator.
        silence: how long to wait after a 429 that does not say.
        presence: how long an answer of `users.info` is believed.
        persistence_seconds: how long to try to write down what became of a post.
    """

    budget: Budget = field(default_factory=Budget)
    threads: int = 8
    call_seconds: int = TIMEOUT_SECONDS
    lease: timedelta = timedelta(seconds=90)
    look_up_after: timedelta = timedelta(seconds=2.5 * TIMEOUT_SECONDS)
    look_back: timedelta = timedelta(minutes=5)
    clock_tolerance: timedelta = timedelta(seconds=60)
    first_wait: timedelta = timedelta(seconds=2)
    longest_wait: timedelta = timedelta(minutes=15)
    most_attempts: int = 30
    silence: timedelta = timedelta(seconds=30)
    presence: timedelta = timedelta(minutes=5)
    persistence_seconds: float = 45.0

    def __post_init__(self) -> None:
        """A lease that ran out is looked up at once, so it must be the longer of the two.

        Raises:
            SettingsError: it is not.
        """
        if self.lease < self.look_up_after:
            message = "A lease must not be shorter than the wait before a look-up."
            raise SettingsError(message)

    @property
    def abreast(self) -> int:
        """Posts in flight for one workspace: half, so that one that hangs leaves room for the others."""
        return max(1, self.threads // 2)

    def wait(self, attempts: int, chance: random.Random) -> timedelta:
        """The back-off after `attempts` failures: doubling, with half of it left to chance, capped.

        The chance keeps many messages that failed together from coming back together.
        """
        doubled = self.first_wait * (1 << min(max(attempts - 1, 0), 20))
        return min(doubled, self.longest_wait) * chance.uniform(0.5, 1.0)
