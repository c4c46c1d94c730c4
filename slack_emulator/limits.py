"""Slack's limits on posting: one message a second a channel, several hundred a minute a workspace."""

import math
from collections import defaultdict, deque

from slack_emulator.clock import Clock

_MINUTE = 60.0


class PostLimits:
    """Counts posts; off unless the configuration switches it on. Figures: Slack's rate-limit page."""

    def __init__(self, clock: Clock, *, enabled: bool, per_minute: int, seconds_between: float) -> None:
        self._clock = clock
        self.enabled = enabled
        self._per_minute = per_minute
        self._seconds_between = seconds_between
        self._channels: dict[str, float] = {}
        self._teams: dict[str, deque[float]] = defaultdict(deque)

    def wait(self, team: str, channel: str) -> int | None:
        """Count a post made now; or the whole seconds (Retry-After) to wait instead, None if it may go."""
        if not self.enabled:
            return None
        now, posts = self._clock.now(), self._teams[team]
        while posts and now - posts[0] >= _MINUTE:
            posts.popleft()
        if len(posts) >= self._per_minute:
            return max(1, math.ceil(_MINUTE - (now - posts[0])))
        since = now - self._channels.get(channel, -math.inf)
        if since < self._seconds_between:
            return max(1, math.ceil(self._seconds_between - since))
        self._channels[channel] = now
        posts.append(now)
        return None
