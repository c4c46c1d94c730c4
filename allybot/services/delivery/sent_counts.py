"""How many messages were sent, for the log since its last line ("sent 12 check-ins"), and for the metrics.

Answers to a press are left out: the time of such a line would be the time of somebody's answer. So are
invitations and the news that somebody was taken off a list: who had said no gets neither, and whoever has
the list could count who is missing.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable

from allybot import telemetry
from allybot.store.delivery.message_kinds import MessageKind

EVERY_SECONDS = 60.0
_NAMES = {
    MessageKind.CHECK_IN: "check-in",
    MessageKind.FOLLOW_UP: "follow-up",
    MessageKind.REPLAN: "re-plan",
    MessageKind.SLOWED: "pace notice",
    MessageKind.FRESH_START: "fresh start",
    MessageKind.KEEP_GOING: "keep-going message",
    MessageKind.GOODBYE: "goodbye",
    MessageKind.LAST_COPY: "last copy",
    MessageKind.POOL_QUESTION: "question about a pool",
    MessageKind.REMINDER: "reminder",
    MessageKind.DEEDS_ROUND: "deeds round",
    MessageKind.SCENARIO: "scenario",
    MessageKind.THREAD_OPENER: "thread opener",
    MessageKind.VOTE_REMINDER: "vote reminder",
    MessageKind.VOTE_RESULT: "vote result",
    MessageKind.FACILITATOR_ASKED: "question about facilitating",
    MessageKind.FACILITATOR_KIT: "facilitator's kit",
    MessageKind.LEAD_APPOINTED: "lead's appointment",
    MessageKind.RELEASE_NOTICE: "release notice",
    MessageKind.RESULT: "trainee's result",
    MessageKind.CIRCLE_RESULT: "circle's result",
    MessageKind.SUGGESTIONS: "suggestion list",
    MessageKind.SUGGESTION_ANSWERS: "suggestion answer",
    MessageKind.CIRCLE_SUGGESTION_ANSWERS: "circle's suggestion answer",
}


class SentCounts:
    """Safe to share between threads.

    Args:
        monotonic: a monotonic clock, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._next_line_at = 0.0

    def note(self, kind: MessageKind) -> None:
        """A message of this kind stands in Slack."""
        name = _NAMES.get(kind)
        if name:
            telemetry.SENT.inc()
            with self._lock:
                self._counts[name] += 1

    def line(self) -> str:
        """What was sent since the last line, in words; empty when it was nothing or a minute is not over."""
        with self._lock:
            if not self._counts or self._monotonic() < self._next_line_at:
                return ""
            counts, self._counts = self._counts, Counter()
            self._next_line_at = self._monotonic() + EVERY_SECONDS
        parts = (_plural(name, number) for name, number in counts.most_common())
        return f"sent {', '.join(parts)}"


def _plural(name: str, number: int) -> str:
    if number == 1:
        return f"1 {name}"
    first, about, rest = name.partition(" about ")
    return f"{number} {first}s{about}{rest}"
