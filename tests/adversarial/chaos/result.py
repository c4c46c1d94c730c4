"""What a run showed, and the bars it has to meet."""

import json
import signal
from dataclasses import dataclass, field
from datetime import timedelta

from allybot.services.delivery.clock_agreement import Reason
from tests.adversarial.chaos.plan import MODES, SLACK_AHEAD, WRONG_CLOCKS, Scale

_ABOUT_SECONDS = 90


@dataclass
class Result:
    """Result of a run, from the emulator's log and what was due.

    Attributes:
        uncertain: posts whose fate the bot had to look up.
        asked: of these, circle posts about which a facilitator was asked.
        refusals: how often a worker stopped acting because its host's clock was not Slack's.
        clocks_unnoticed: wrong clocks that no worker noticed, in seconds.
        put_aside: rows and messages that were damaged before the run and are parked after it.
        presses: people's presses, all through; see `Presses` for the next five.
        pooled: whether half of the days went through a pooler.
        disk_filled: whether the disk was full for a while.
        drained: exit codes of workers that got SIGTERM.
    """

    backend: str
    due: int = 0
    check_ins: int = 0
    circle_posts: int = 0
    delivered: int = 0
    duplicated: int = 0
    lost: int = 0
    uncertain: int = 0
    asked: int = 0
    kills: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    refusals: int = 0
    clocks_unnoticed: list[int] = field(default_factory=list)
    put_aside: int = 0
    presses: int = 0
    unacknowledged: int = 0
    unanswered: int = 0
    asked_again: int = 0
    slowest: float = 0.0
    votes_lost: int = 0
    pooled: bool = False
    disk_filled: bool = False
    drained: list[int | None] = field(default_factory=list)
    seconds: float = 0.0

    def missed(self, scale: Scale) -> list[str]:
        """The bars that were missed, in words."""
        found = [f"{self.lost} lost"] if self.lost else []
        found += [f"{self.duplicated} seen twice"] if self.duplicated else []
        found += [f"only {self.kills} kills"] if self.kills < scale.kills else []
        found += [f"no call failed with {mode}" for mode in MODES if not self.faults.get(mode)]
        found += [] if self.put_aside else ["no damaged row was noticed"]
        found += [f"a clock {seconds} s off was not noticed" for seconds in self.clocks_unnoticed]
        found += [f"{self.unacknowledged} presses not acknowledged in time"] if self.unacknowledged else []
        found += [f"{self.unanswered} presses without an answer"] if self.unanswered else []
        found += [f"{self.votes_lost} votes lost that were said to be sealed"] if self.votes_lost else []
        found += [] if self.asked_again else ["nobody was asked to press again: no outage met a press"]
        # A worker that got SIGTERM before its handler was set had claimed nothing.
        if any(code not in {0, -signal.SIGTERM} for code in self.drained):
            found.append(f"told to leave, workers left with {self.drained}")
        return found


def refusals(log: str) -> list[int]:
    """By how many seconds a clock was off, each time a worker noticed it, from the workers' log."""
    marked = f'"reason": "{Reason.SLACK_CLOCK}"'
    lines = [json.loads(line) for line in log.splitlines() if marked in line and line.endswith("}")]
    return [int(line["seconds"]) for line in lines]


def clocks_unnoticed(noticed: list[int]) -> list[int]:
    """Those of the run's wrong clocks that are not among what was noticed; seconds."""
    slack = timedelta(seconds=SLACK_AHEAD)
    off = [round((clock - slack).total_seconds()) for clock in WRONG_CLOCKS]
    return [each for each in off if not any(abs(each - seconds) < _ABOUT_SECONDS for seconds in noticed)]
