from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one delivery attempt.

    `reason` is Slack's word for a failure (http_timeout, connection_failed, http_error, timeout,
    no_connection); `body` the app's answer (a dict, a text or None); `final` that no retry is wanted.
    """

    acknowledged: bool
    reason: str = ""
    body: Any = None
    final: bool = False
