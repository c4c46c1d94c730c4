"""Remembering Slack's `Retry-After`."""

import time
from threading import Lock

from allybot.errors import SlackError, SlackUnavailableError

MAX_SECONDS = 60.0
"""Slack's limits are per minute."""
USUAL_SECONDS = 1.0
"""Where Slack does not say."""


class RateLimitMemory:
    """Remembers, per workspace and method, until when Slack asked not to be called; real time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until: dict[tuple[str, str], float] = {}

    def must_wait(self, workspace_id: str, method: str) -> bool:
        """Whether Slack asked to wait before the next call of this method in this workspace."""
        return time.monotonic() < self._until.get((workspace_id, method), 0.0)

    def learn(self, workspace_id: str, problem: SlackError) -> None:
        """Note a rate limit if Slack answered with one."""
        if isinstance(problem, SlackUnavailableError):
            seconds = USUAL_SECONDS if problem.retry_after is None else problem.retry_after
            with self._lock:
                self._until[workspace_id, problem.method] = time.monotonic() + min(seconds, MAX_SECONDS)
