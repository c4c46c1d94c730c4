"""Acknowledges a form at a multiple of a fixed time after it came: the time must not tell what it said.

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
    """Bolt's acknowledgement, given at the next multiple of `SECONDS` after this was made."""

    def __init__(self, ack: Ack) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        self._ack = ack
        self._began = time.monotonic()

    def __call__(self, *arguments: Any, **named: Any) -> BoltResponse:
        """As Bolt's."""
        time.sleep(-(time.monotonic() - self._began) % SECONDS)
        return self._ack(*arguments, **named)
