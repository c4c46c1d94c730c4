"""Socket Mode: two connections, watched, and a clean goodbye.

One silent connection must not silence the bot: Slack's client has been seen connected and deaf after a
reconnect (slackapi/python-slack-sdk#1701, slackapi/bolt-python#1529), so each is replaced when it hears
nothing, not even a ping, for two minutes.
"""

import socket
import ssl
import threading
import time
from contextlib import suppress
from functools import cache

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient

from allybot import telemetry

CONNECTIONS = 2
SILENCE_SECONDS = 120.0
WATCH_SECONDS = 5.0

log = telemetry.logger()


class Sockets:
    """Two Socket Mode connections to one app.

    Args:
        app_token: Slack's app-level token, `xapp-...`.
        base_url: where the Web API is, ending in `/api/`.
    """

    def __init__(self, bolt: App, app_token: str, base_url: str) -> None:
        self._bolt = bolt
        self._app_token = app_token
        self._base_url = base_url
        self._stopping = threading.Event()
        self._handlers: list[SocketModeHandler] = []
        self._watchdog = threading.Thread(target=self._watch, name="socket-watchdog", daemon=True)

    def connect(self) -> None:
        """Open the connections and watch them."""
        self._handlers = [self._open() for _ in range(CONNECTIONS)]
        self._watchdog.start()

    def close(self) -> None:
        """Stop watching and close the connections; what is being handled is finished first."""
        self._stopping.set()
        if self._watchdog.is_alive():
            self._watchdog.join(timeout=WATCH_SECONDS)
        for handler in self._handlers:
            _listen_no_more(handler.client)
        for handler in self._handlers:
            _finish(handler.client)

    def _open(self) -> SocketModeHandler:
        handler = SocketModeHandler(
            self._bolt,
            self._app_token,
            web_client=WebClient(base_url=self._base_url, ssl=_trusted()),
            concurrency=20,
        )
        handler.client.connect()
        return handler

    def _watch(self) -> None:
        while not self._stopping.wait(WATCH_SECONDS):
            for place, handler in enumerate(self._handlers):
                if self._is_deaf(handler):
                    log.warning("socket_replaced")
                    self._handlers[place] = self._open()
                    _listen_no_more(handler.client)
                    _finish(handler.client)

    @staticmethod
    def _is_deaf(handler: SocketModeHandler) -> bool:
        session = handler.client.current_session
        heard = session.last_ping_pong_time if session else None
        return heard is not None and time.time() - heard > SILENCE_SECONDS


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts. It takes long to read, and each connection would read it anew."""
    return ssl.create_default_context()


def _listen_no_more(client: SocketModeClient) -> None:
    """Take in nothing more; what was taken in can still be acknowledged.

    The client itself would wait until its read times out after three seconds.
    """
    client.auto_reconnect_enabled = False
    wire = client.current_session.sock if client.current_session else None
    if wire is not None:
        with suppress(OSError):  # the other side may have hung up
            # Not the method of an encrypted socket, which would go on in clear.
            socket.socket.shutdown(wire, socket.SHUT_RD)
    reader = client.current_session_runner
    reader.event.set()
    while reader.is_alive():
        client.current_session_state.terminated = True  # again, should the reader have only just begun
        reader.thread.join(0.05)


def _finish(client: SocketModeClient) -> None:
    """Let every listener end and acknowledge, then hang up: the client would hang up first."""
    while not client.message_queue.empty():
        time.sleep(0.001)
    client.closed = True
    client.message_queue.put(None)  # wakes its reader
    if client.message_processor.is_alive():
        client.message_processor.event.set()
        client.message_processor.thread.join()
    client.message_workers.shutdown()
    client.close()
