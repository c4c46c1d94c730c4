"""Acknowledges a form no sooner than a fixed time after it came: the time must not tell what it said.

Bolt looks for an acknowledgement every 10 ms: work that takes 9 ms for one answer and 11 ms for another is
seen in a proxy's log as 10 and 20 ms.
"""

import time
from collections.abc import Callable

SECONDS = 0.045
"""Our own choice: several times what storing an answer's help takes, far from Slack's three seconds, and no
multiple of Bolt's 10 ms."""


def from_now() -> Callable[[], None]:
    """Start the time; what is returned waits for the rest of it."""
    ends_at = time.monotonic() + SECONDS

    def wait() -> None:
        time.sleep(max(0.0, ends_at - time.monotonic()))

    return wait
