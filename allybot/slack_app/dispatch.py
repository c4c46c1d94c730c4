"""Where a payload comes in, whichever way it came: it is read, and copies of it are worked on once.

Slack's retries and duplicated envelopes are never dropped: a copy gets the answer of the first. If that
failed or was lost with its process, the copy is worked on like any other, and every effect has a natural key,
so that it happens once all the same.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from threading import Lock
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from allybot.slack_app import payloads

MAX_REMEMBERED = 1000
"""Answers kept for copies that come late: at the busiest some seconds' worth, else Slack's first retry."""
WAIT_SECONDS = 3.0
"""How long a copy waits for the first; Slack itself waits no longer."""
_OK = 200


class Door:
    """One for all connections of a process."""

    def __init__(self, bolt: App) -> None:
        self._bolt = bolt
        self._lock = Lock()
        self._answers: OrderedDict[str, Future[BoltResponse]] = OrderedDict()

    def take(self, payload: Any, headers: dict[str, Any] | None = None) -> BoltResponse:
        """Bolt's answer to a payload whose sender is known to be Slack; 200 to what cannot be used.

        Args:
            payload: what the JSON or the form said.
            headers: those of Slack's retries.
        """

        def work() -> BoltResponse:
            usable = payloads.read(payload)
            if usable is None:
                return BoltResponse(status=_OK)
            # Verified and read: to Bolt it is what it would be by Socket Mode, whichever way it came.
            return self._bolt.dispatch(BoltRequest(body=usable, headers=headers, mode="socket_mode"))

        key = _key(payload)
        return self._once(key, work) if key else work()

    def _once(self, key: str, work: Callable[[], BoltResponse]) -> BoltResponse:
        mine: Future[BoltResponse] = Future()
        with self._lock:
            first = self._answers.setdefault(key, mine)
            if len(self._answers) > MAX_REMEMBERED:
                self._answers.popitem(last=False)
        if first is not mine:
            try:
                return first.result(WAIT_SECONDS)
            except (TimeoutError, CancelledError):
                return work()
        answer = None
        try:
            answer = work()
            return answer
        finally:
            if answer is not None and answer.status == _OK:
                mine.set_result(answer)
            else:
                with self._lock:
                    self._answers.pop(key, None)
                mine.cancel()


def _key(payload: Any) -> str:
    """What copies of a payload have in common and nothing else has; empty where there is no such thing."""
    if not isinstance(payload, dict):
        return ""
    kind, trigger_id, event_id = (payload.get(name) for name in ("type", "trigger_id", "event_id"))
    if isinstance(trigger_id, str) and trigger_id:
        return f"{kind if isinstance(kind, str) else 'command'} {trigger_id}"
    return f"event {event_id}" if isinstance(event_id, str) and event_id else ""
