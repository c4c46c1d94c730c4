"""Waitress with our limits: one loop reads all connections, and threads get requests that are whole.

So whoever sends slowly, by halves or without end holds a connection and a little memory for a few seconds,
and nobody else waits. The limits hold for every request, before any signature can be known.
"""

import socket
from functools import partial
from typing import Any

from waitress import create_server  # type: ignore[import-untyped]  # no types
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # the same

from allybot.slack_app.http import MAX_BODY_BYTES, Application

MAX_CONNECTIONS = 500
"""Of one server; a further one takes the place of the one that has waited longest for its request's end."""
REQUEST_SECONDS = 10
"""From a request's first byte to its last; Slack itself gives up after three. Our own proposal."""
MAX_HEADER_BYTES = 32_768
MAX_BODY_BYTES_IN_MEMORY = 262_144
"""Of one request, so at most 131 MB for all; a longer body lies in a file without a name until it is read.
Slack limits a view to 250 kB, and allybot's are far smaller."""
_LOOP_SECONDS = 0.5


def listen(address: str, port: int) -> socket.socket:
    """A listening socket of an IPv4 or IPv6 address or a host name; port 0 is any free one.

    `::` takes IPv4 as well where this machine can do both.

    Raises:
        OSError: this machine cannot listen there.
    """
    family, *_, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    both = family == socket.AF_INET6 and where[0] == "::" and socket.has_dualstack_ipv6()
    return socket.create_server(where[:2], family=family, dualstack_ipv6=both)


class RequestReader:
    """A server that works in `turn`, which is to be called again and again on one thread.

    Args:
        threads: requests that are answered at the same time.
        listening: the socket; see `listen`.
    """

    def __init__(self, application: Application, threads: int, listening: socket.socket) -> None:
        connections: dict[int, Any] = {}
        self._server = create_server(
            application,
            map=connections,
            threads=threads,
            connection_limit=MAX_CONNECTIONS + 50,  # reached when so many are being answered at once
            channel_timeout=REQUEST_SECONDS,
            cleanup_interval=1,
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=MAX_BODY_BYTES + 1,
            inbuf_overflow=MAX_BODY_BYTES_IN_MEMORY,
            log_socket_errors=False,
            ident=None,
            sockets=[listening],
        )
        self._server.channel_class = _Connection
        self.turn = partial(
            self._server.asyncore.loop, _LOOP_SECONDS, use_poll=True, map=connections, count=1
        )

    def is_answering(self) -> bool:
        """Take no new connection, close those without a request; whether one is still being answered."""
        self._server.accepting = False
        for connection in list(self._server.active_channels.values()):
            if not connection.requests and not connection.total_outbufs_len:
                connection.handle_close()
        return bool(self._server.active_channels)

    def close(self) -> None:
        """Let its threads end and stop listening."""
        self._server.task_dispatcher.shutdown()
        self._server.close()


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
