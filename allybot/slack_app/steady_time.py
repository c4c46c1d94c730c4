"""Acknowledges a form no sooner than a fixed time after it came: the time must not tell what it said.

Bolt looks for an acknowledgement every 10 ms: work that takes 9 ms for one answer and 11 ms for another is
seen in a proxy's log as 10 and 20 ms.
"""

import time
from typing import Any

from slack_bolt import Ack, BoltResponse

SECONDS = 0.045
"""Our own choice: several times what storing an answer takes, far from Slack's three seconds, and no multiple
of Bolt's 10 ms."""


class SteadyAck(Ack):
    """Bolt's acknowledgement, given `SECONDS` after this was made, or at once where that is over."""

    def __init__(self, ack: Ack) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        self._ack = ack
        self._not_before = time.monotonic() + SECONDS

    def __call__(self, *arguments: Any, **named: Any) -> BoltResponse:
        """As Bolt's."""
        time.sleep(max(0.0, self._not_before - time.monotonic()))
        return self._ack(*arguments, **named)
