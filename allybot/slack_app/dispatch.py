"""Entry of every payload, over HTTP or Socket Mode: it is parsed once, and copies of it are handled once.

Slack's retries and duplicated envelopes are not dropped: a copy gets the answer of the first. If that failed
or was lost with its process, the copy is handled like any other; every effect has a natural key, so it still
happens once.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from threading import Lock
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from allybot import telemetry
from allybot.slack_app import payloads

MAX_REMEMBERED = 1000
"""Answers kept for late copies: some seconds' worth at the busiest, otherwise Slack's first retry."""
WAIT_SECONDS = 3.0
"""How long a copy waits for the first; Slack itself waits no longer."""
_OK = 200


class Dispatcher:
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
            parsed = payloads.read(payload)
            if parsed is None:
                return BoltResponse(status=_OK)
            # Verified and parsed: Bolt may treat it as coming over Socket Mode, whichever way it came.
            body, context = parsed.model_dump(), {"parsed": parsed}
            request = BoltRequest(body=body, headers=headers, context=context, mode="socket_mode")
            return self._bolt.dispatch(request)

        key = _key(payload)
        began = time.perf_counter()
        try:
            return self._once(key, work) if key else work()
        finally:
            telemetry.note_acknowledged(time.perf_counter() - began)

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
