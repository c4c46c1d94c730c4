"""Socket Mode: two watched connections and a clean shutdown.

Slack's client has been seen connected but receiving nothing after a reconnect
(slackapi/python-slack-sdk#1701, slackapi/bolt-python#1529), and it notices only after fifty seconds that a
connection was cut without a close frame. So a connection is replaced when nothing has come for fifteen
seconds, not even a pong; when the other one has received many payloads in that time and this one none; and
when Slack announces that it will close it. The new one is open before the old one is closed.
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
from allybot.errors import SlackError, SlackRefusedError, SlackUnavailableError
from allybot.slack.padding import padded
from allybot.slack.proxy import proxy_of
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
        every: between two checks.
        silence: without payloads or pongs, after which a connection counts as dead.
        heard_elsewhere: payloads the others received during such a silence, after which a connection with
            pongs only counts as broken, too: Slack distributes payloads at random, so one connection in a
            million is replaced wrongly.
        ping: between two pings.
        max_retry: the longest wait between two tries to open a connection.
    """

    every: float = 2.0
    silence: float = 15.0
    heard_elsewhere: int = 20
    ping: float = 5.0
    max_retry: float = 60.0


@cache
def _ssl_context() -> ssl.SSLContext:
    """This machine's certificates; slow to read, and the client would read them for each connection."""
    return ssl.create_default_context()


class Sockets:
    """Two Socket Mode connections to one app.

    Args:
        app_token: Slack's app-level token, `xapp-...`.
        base_url: where the Web API is, ending in `/api/`.
        watch: how they are watched; by default as `Watch` says.
    """

    def __init__(self, bolt: App, app_token: str, base_url: str, watch: Watch | None = None) -> None:
        self._logger = bolt.logger
        self._dispatcher = Dispatcher(bolt)
        self._app_token = app_token
        self._base_url = base_url
        self._watch = watch or Watch()
        self._stopping = threading.Event()
        self._check_now = threading.Event()
        self._connections: list[_Connection] = []
        self._watchdog = threading.Thread(target=self._watch_connections, name="socket-watchdog", daemon=True)

    def connect(self) -> None:
        """Open the connections and watch them; where one cannot be opened, none stays open.

        Raises:
            SlackRefusedError: Slack does not know the token, or Socket Mode is off.
            SlackUnavailableError: Slack cannot be reached.
        """
        try:
            for _ in range(CONNECTIONS):
                self._connections.append(self._open())
        except SlackError:
            self.close()
            raise
        self._watchdog.start()

    @property
    def is_connected(self) -> bool:
        """Whether at least one connection is open."""
        return any(connection.is_connected() for connection in list(self._connections))

    def close(self) -> None:
        """Stop watching, finish what is being handled, and close the connections."""
        self._stopping.set()
        self._check_now.set()
        if self._watchdog.is_alive():
            self._watchdog.join(timeout=CALL_SECONDS)
        for connection in self._connections:
            connection.stop_receiving()
        for connection in self._connections:
            connection.finish()

    def _open(self) -> "_Connection":
        connection = _Connection(
            self._dispatcher,
            self._logger,
            self._app_token,
            self._base_url,
            self._watch.ping,
            self._check_now.set,
        )
        try:
            connection.connect()
        except SlackApiError as error:
            connection.finish()
            reason = str(error.response.get("error") or "unknown")
            problem = SlackUnavailableError if reason == "ratelimited" else SlackRefusedError
            raise problem(METHOD, reason) from None
        except (SlackClientError, OSError) as error:
            connection.finish()
            raise SlackUnavailableError(METHOD, type(error).__name__) from None
        return connection

    def _watch_connections(self) -> None:
        wait = self._watch.every
        while not self._stopping.is_set():
            self._check_now.wait(wait)
            self._check_now.clear()
            try:
                for place, connection in enumerate(list(self._connections)):
                    if not self._stopping.is_set() and self._must_be_replaced(connection):
                        self._replace(place, connection)
                wait = self._watch.every
            except (SlackRefusedError, SlackUnavailableError) as problem:
                log.warning("no connection to slack", method=problem.method, reason=problem.reason)
                wait = min(2 * wait, self._watch.max_retry)

    def _replace(self, place: int, connection: "_Connection") -> None:
        self._connections[place] = self._open()
        log.warning("a connection was replaced", reason="asked to" if connection.is_closing else "silence")
        connection.stop_receiving()
        connection.finish()

    def _must_be_replaced(self, connection: "_Connection") -> bool:
        if connection.is_closing:
            return True
        now, silence = time.time(), self._watch.silence
        if now - connection.last_heard_at > silence:
            return True
        elsewhere = sum(other.received for other in self._connections if other is not connection)
        if connection.has_received_since_noted():
            connection.note(elsewhere, now)
        return (
            now - connection.noted_at > silence
            and elsewhere - connection.noted_others >= self._watch.heard_elsewhere
        )


class _Connection(SocketModeClient):
    """One connection, closed only when its work is done.

    It uses the client's reading, pings and reconnecting. Payloads are handled by a thread pool of its own,
    since the client closes the connection first and lets listeners end afterwards. For want of a public way
    it uses two inner parts of the client: `current_session.sock` and `current_session.last_ping_pong_time`.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        logger: Logger,
        app_token: str,
        base_url: str,
        ping_seconds: float,
        on_closing: Callable[[], None],
    ) -> None:
        now = time.time()
        self.is_closing = False
        self.received = 0
        self.noted_at, self.noted_others, self._noted_received = now, 0, 0
        self._last_message = now
        self._on_closing = on_closing
        self._dispatcher = dispatcher
        self._receiving_lock = threading.Lock()
        self._stopped = False
        self._listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="socket-listener")
        super().__init__(
            app_token=app_token,
            logger=logger,
            web_client=WebClient(
                base_url=base_url, timeout=CALL_SECONDS, retry_handlers=[], ssl=_ssl_context()
            ),
            ping_interval=ping_seconds,
            receive_buffer_size=READ_BYTES,
            concurrency=1,
        )

    @property
    def last_heard_at(self) -> float:
        """When the last payload, hello or pong came; seconds since the epoch."""
        session = self.current_session
        return max(self._last_message, (session.last_ping_pong_time if session else None) or 0.0)

    def has_received_since_noted(self) -> bool:
        """Whether a payload has come since `note`."""
        return self.received > self._noted_received

    def note(self, elsewhere: int, now: float) -> None:
        """Remember that it receives, and how much the others had received by then."""
        self.noted_at, self.noted_others, self._noted_received = now, elsewhere, self.received

    def issue_new_wss_url(self) -> str:
        """A URL to connect to; the client's own method sleeps on a rate limit, and holds up `finish`."""
        url = str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])
        self.proxy = proxy_of(url)  # the client's own choice knows no NO_PROXY
        return url

    def enqueue_message(self, message: str) -> None:
        """Hand a message to the pool; the client calls this for each, on its reading thread."""
        self._last_message = time.time()
        self.received += '"envelope_id"' in message
        with self._receiving_lock:
            if not self._stopped:
                self._listeners.submit(self._handle, message).add_done_callback(_log_failure)

    def send_message(self, message: str) -> None:
        """Send an acknowledgement, as long as any other."""
        super().send_message(padded(message.encode()).decode())

    def stop_receiving(self) -> None:
        """Accept no further message; accepted ones can still be acknowledged."""
        self.auto_reconnect_enabled = False
        with self._receiving_lock:
            self._stopped = True

    def finish(self) -> None:
        """Let every listener end and acknowledge, then close the connection."""
        self.stop_receiving()
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

    def _handle(self, message: str) -> None:
        envelope = json.loads(message) if message.startswith("{") else {}
        if envelope.get("type") == "disconnect":
            # The client would close during running handlers; the watchdog opens another connection first.
            self.is_closing = True
            self.auto_reconnect_enabled = False
            self._on_closing()
            return
        request = SocketModeRequest.from_dict(envelope)
        if request is not None:
            began = time.time()
            send_response(
                self, request, self._dispatcher.take(request.payload, build_headers(request)), began
            )


def _log_failure(work: "Future[None]") -> None:
    problem = work.exception()
    if problem is not None:
        log.error(
            "a payload was not acknowledged", error=type(problem).__name__, where=telemetry.where(problem)
        )
