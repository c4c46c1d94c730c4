"""Not asking Slack again before the time it said."""

import time
from threading import Lock

from allybot.errors import SlackError, SlackUnavailableError

MAX_SECONDS = 60.0
"""Slack's limits are per minute."""
USUAL_SECONDS = 1.0
"""Where it does not say."""


class Restraint:
    """Remembers, per workspace and method, until when Slack wants to be left in peace; real time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until: dict[tuple[str, str], float] = {}

    def wanted(self, workspace_id: str, method: str) -> bool:
        """Whether Slack asked to wait before the next call of this method in this workspace."""
        return time.monotonic() < self._until.get((workspace_id, method), 0.0)

    def learn(self, workspace_id: str, problem: SlackError) -> None:
        """Take in what Slack answered."""
        if isinstance(problem, SlackUnavailableError):
            asked = USUAL_SECONDS if problem.retry_after is None else problem.retry_after
            with self._lock:
                self._until[workspace_id, problem.method] = time.monotonic() + min(asked, MAX_SECONDS)
