"""Socket Mode: two connections, watched, and a clean goodbye.

One silent connection must not silence the bot: Slack's client has been seen connected and deaf after a
reconnect (slackapi/python-slack-sdk#1701, slackapi/bolt-python#1529). So a connection is replaced when it
gives no sign of life, not even a pong, for two minutes; when the other has heard much in that time and it has
heard nothing; and when Slack says that it will close it. The new one is open before the old one goes.
"""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from logging import Logger

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from allybot import telemetry
from allybot.errors import SlackRefusedError, SlackUnavailableError
from allybot.slack_app.dispatch import Dispatcher

CONNECTIONS = 2
CALL_SECONDS = 10
LISTENERS = 5
"""Payloads of one connection that are worked on at the same time."""
READ_BYTES = 16_384
"""The client's own 1,024 take a recursion for every kilobyte of a payload."""
METHOD = "apps.connections.open"

log = telemetry.logger()


@dataclass(frozen=True)
class Watch:
    """How connections are watched; seconds.

    Attributes:
        every: between two looks.
        silence: without a sign of life, after which a connection counts as dead.
        heard_elsewhere: payloads the others heard during such a silence, after which one that only gives
            signs of life counts as deaf: Slack deals payloads out at random, so that one in a million
            connections is replaced wrongly.
        ping: between two pings.
        patience: the longest wait between two tries to open a connection.
    """

    every: float = 5.0
    silence: float = 120.0
    heard_elsewhere: int = 20
    ping: float = 10.0
    patience: float = 60.0


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts. It takes long to read, and the client would read it for each connection."""
    return ssl.create_default_context()


class Sockets:
    """Two Socket Mode connections to one app.

    Args:
        app_token: Slack's app-level token, `xapp-...`.
        base_url: where the Web API is, ending in `/api/`.
        watch: how they are watched.
    """

    def __init__(self, bolt: App, app_token: str, base_url: str, watch: Watch | None = None) -> None:
        self._logger = bolt.logger
        self._dispatcher = Dispatcher(bolt)
        self._app_token = app_token
        self._base_url = base_url
        self._watch = watch or Watch()
        self._stopping = threading.Event()
        self._look = threading.Event()
        self._lines: list[_Line] = []
        self._watchdog = threading.Thread(target=self._watch_over, name="socket-watchdog", daemon=True)

    def connect(self) -> None:
        """Open the connections and watch them.

        Raises:
            SlackRefusedError: Slack does not know the token, or Socket Mode is off.
            SlackUnavailableError: Slack cannot be reached.
        """
        for _ in range(CONNECTIONS):
            self._lines.append(self._open())
        self._watchdog.start()

    def close(self) -> None:
        """Stop watching and close the connections; what is being handled is finished first."""
        self._stopping.set()
        self._look.set()
        if self._watchdog.is_alive():
            self._watchdog.join(timeout=CALL_SECONDS)
        for line in self._lines:
            line.listen_no_more()
        for line in self._lines:
            line.finish()

    def _open(self) -> "_Line":
        line = _Line(
            self._dispatcher, self._logger, self._app_token, self._base_url, self._watch.ping, self._look.set
        )
        try:
            line.connect()
        except SlackApiError as error:
            line.finish()
            reason = str(error.response.get("error") or "unknown")
            problem = SlackUnavailableError if reason == "ratelimited" else SlackRefusedError
            raise problem(METHOD, reason) from None
        except (SlackClientError, OSError) as error:
            line.finish()
            raise SlackUnavailableError(METHOD, type(error).__name__) from None
        return line

    def _watch_over(self) -> None:
        wait = self._watch.every
        while not self._stopping.is_set():
            self._look.wait(wait)
            self._look.clear()
            try:
                for place, line in enumerate(list(self._lines)):
                    if not self._stopping.is_set() and self._is_to_go(line):
                        self._replace(place, line)
                wait = self._watch.every
            except (SlackRefusedError, SlackUnavailableError) as problem:
                log.warning("no connection to slack", method=problem.method, reason=problem.reason)
                wait = min(2 * wait, self._watch.patience)

    def _replace(self, place: int, line: "_Line") -> None:
        self._lines[place] = self._open()
        log.warning("a connection was replaced", reason="asked to" if line.asked_to_go else "silence")
        line.listen_no_more()
        line.finish()

    def _is_to_go(self, line: "_Line") -> bool:
        if line.asked_to_go:
            return True
        now, silence = time.time(), self._watch.silence
        if now - line.sign_of_life > silence:
            return True
        elsewhere = sum(other.heard for other in self._lines if other is not line)
        if line.has_heard_since_noted():
            line.note(elsewhere, now)
        return (
            now - line.noted_at > silence and elsewhere - line.noted_elsewhere >= self._watch.heard_elsewhere
        )


class _Line(SocketModeClient):
    """One connection, that goes only when its work is done.

    Of the client it uses the reading, the pings and the reconnecting; payloads are worked on by a pool of its
    own, since the client hangs up first and lets listeners end afterwards. Where the client offers no way,
    two of its parts are touched: `current_session.sock` and `current_session.last_ping_pong_time`.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        logger: Logger,
        app_token: str,
        base_url: str,
        ping_seconds: float,
        on_farewell: Callable[[], None],
    ) -> None:
        now = time.time()
        self.asked_to_go = False
        self.heard = 0
        self.noted_at, self.noted_elsewhere, self._noted_heard = now, 0, 0
        self._last_message = now
        self._on_farewell = on_farewell
        self._dispatcher = dispatcher
        self._taking_in = threading.Lock()
        self._leaving = False
        self._listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="socket-listener")
        super().__init__(
            app_token=app_token,
            logger=logger,
            web_client=WebClient(base_url=base_url, timeout=CALL_SECONDS, retry_handlers=[], ssl=_trusted()),
            ping_interval=ping_seconds,
            receive_buffer_size=READ_BYTES,
            concurrency=1,
        )

    @property
    def sign_of_life(self) -> float:
        """When it last gave one: a payload, Slack's hello or a pong."""
        session = self.current_session
        return max(self._last_message, (session.last_ping_pong_time if session else None) or 0.0)

    def has_heard_since_noted(self) -> bool:
        """Whether a payload came since `note`."""
        return self.heard > self._noted_heard

    def note(self, elsewhere: int, now: float) -> None:
        """Remember that it hears, and how much the others had heard by then."""
        self.noted_at, self.noted_elsewhere, self._noted_heard = now, elsewhere, self.heard

    def issue_new_wss_url(self) -> str:
        """An address to connect to; the client's own sleeps where Slack says to wait, and a goodbye waits."""
        return str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])

    def enqueue_message(self, message: str) -> None:
        """Take in a message: the client calls this for each, on the thread that reads."""
        self._last_message = time.time()
        self.heard += '"envelope_id"' in message
        with self._taking_in:
            if not self._leaving:
                self._listeners.submit(self._work_on, message).add_done_callback(_say_what_failed)

    def listen_no_more(self) -> None:
        """Take in nothing more; what was taken in can still be acknowledged."""
        self.auto_reconnect_enabled = False
        with self._taking_in:
            self._leaving = True

    def finish(self) -> None:
        """Let every listener end and acknowledge, then hang up."""
        self.listen_no_more()
        self._listeners.shutdown()
        wire = self.current_session.sock if self.current_session else None
        if wire is not None:  # the client would wait until its read times out after three seconds
            with suppress(OSError):  # the other side may have hung up
                # Not the method of an encrypted socket, which would go on in clear.
                socket.socket.shutdown(wire, socket.SHUT_RD)
        self.closed = True
        super().enqueue_message("")  # wakes the client's own queue, which would wait for another second
        closing = threading.Thread(target=self.close, name="socket-goodbye", daemon=True)
        closing.start()
        closing.join(CALL_SECONDS)

    def _work_on(self, message: str) -> None:
        told = json.loads(message) if message.startswith("{") else {}
        if told.get("type") == "disconnect":
            # The client would hang up on what is being worked on; the watch opens another one first.
            self.asked_to_go = True
            self.auto_reconnect_enabled = False
            self._on_farewell()
            return
        request = SocketModeRequest.from_dict(told)
        if request is not None:
            began = time.time()
            send_response(
                self, request, self._dispatcher.take(request.payload, build_headers(request)), began
            )


def _say_what_failed(work: "Future[None]") -> None:
    problem = work.exception()
    if problem is not None:
        log.error(
            "a payload was not acknowledged", error=type(problem).__name__, where=telemetry.where(problem)
        )
