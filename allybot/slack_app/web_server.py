"""Serves `allybot web`: gunicorn keeps the processes, waitress reads the requests in each of them.

One loop reads from every connection; a thread is used only once a request is there as a whole. So whoever
sends slowly, by halves or without end holds a connection and a little memory for a few seconds, and nobody
else waits. The limits here hold for every request, before any signature can be known.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # no types
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]  # the same
from waitress import create_server  # type: ignore[import-untyped]  # the same
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # the same

from allybot.slack_app.http import MAX_BODY_BYTES, Application

THREADS = 16
MAX_CONNECTIONS = 500
"""Of one process; a further one takes the place of the one that has waited longest for its request's end."""
REQUEST_SECONDS = 10
"""From a request's first byte to its last; Slack itself gives up after three. Our own proposal."""
MAX_HEADER_BYTES = 32_768
MAX_BODY_BYTES_IN_MEMORY = 262_144
"""Of one request, so at most 131 MB for all; a longer body lies in a file without a name until it is read.
Slack limits a view to 250 kB, and allybot's are far smaller."""
DRAIN_SECONDS = 20
_ON_THE_WAY_SECONDS = 1.0
"""After SIGTERM: connections that were made before it, and their requests, are still taken."""
_LOOP_SECONDS = 0.5


def listen_on(address: str, port: int) -> str:
    """An address and port as gunicorn takes them; an IPv6 address gets brackets."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def serve(load: Callable[[], tuple[Application, Callable[[], None]]], bind: str, processes: int) -> None:
    """Serve until SIGTERM; requests that are there as a whole by then are answered.

    Args:
        load: builds the application in each process, and what closes it.
        bind: see `listen_on`.
    """
    _Processes(load, bind, processes).run()


class _Processes(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, configured in code: it starts the processes, replaces dead ones and passes signals on."""

    def __init__(
        self, load: Callable[[], tuple[Application, Callable[[], None]]], bind: str, processes: int
    ) -> None:
        self._load = load
        self._options = {
            "bind": bind,
            "workers": processes,
            "worker_class": _WaitressWorker,
            "graceful_timeout": DRAIN_SECONDS,
            "accesslog": None,
            "control_socket_disable": True,  # newer ones write a socket into the home directory
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Application:
        served, close = self._load()
        self.cfg.set("worker_exit", lambda _arbiter, _worker: close())
        return served


class _WaitressWorker(Worker):  # type: ignore[misc]  # gunicorn ships no types
    """One process of gunicorn that lets waitress serve its sockets."""

    def run(self) -> None:
        """Serve until gunicorn asks to end, then finish what is being answered."""
        connections: dict[int, Any] = {}
        server = create_server(
            self.wsgi,
            map=connections,
            sockets=[each.sock for each in self.sockets],
            threads=THREADS,
            connection_limit=MAX_CONNECTIONS
            + 50,  # beyond it nobody is accepted while all are being answered
            channel_timeout=REQUEST_SECONDS,
            cleanup_interval=1,
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=MAX_BODY_BYTES + 1,
            inbuf_overflow=MAX_BODY_BYTES_IN_MEMORY,
            log_socket_errors=False,
            ident=None,
        )
        server.channel_class = _Connection
        turn = partial(server.asyncore.loop, _LOOP_SECONDS, use_poll=True, map=connections, count=1)
        while self.alive:
            self.notify()
            turn()
        asked = time.monotonic()
        while (passed := time.monotonic() - asked) < DRAIN_SECONDS:
            self.notify()
            turn()
            if passed > _ON_THE_WAY_SECONDS:
                server.accepting = False
                if not _still_answering(server):
                    break
        server.task_dispatcher.shutdown()


def _still_answering(server: Any) -> bool:
    """Close the connections on which nothing is being answered; whether others are left."""
    for connection in list(server.active_channels.values()):
        if not connection.requests and not connection.total_outbufs_len:
            connection.handle_close()
    return bool(server.active_channels)


class _Connection(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """A connection whose time runs from a request's first byte; waitress's own begins anew at every byte."""

    last_activity: float  # seconds since the epoch

    def __init__(self, server: Any, *rest: Any, **more: Any) -> None:
        if len(server.active_channels) >= MAX_CONNECTIONS:
            waiting = [each for each in server.active_channels.values() if not each.requests]
            if waiting:
                min(waiting, key=lambda each: each.last_activity).handle_close()
        super().__init__(server, *rest, **more)

    def handle_read(self) -> None:
        """Read what has come, without more time for a request that had begun before."""
        began = None if self.request is None else self.last_activity
        super().handle_read()
        if began is not None and self.request is not None:
            self.last_activity = began
