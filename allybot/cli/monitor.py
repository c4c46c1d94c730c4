"""Health and metrics of one process, on an address of their own that Slack need not reach."""

import errno
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import make_wsgi_app

from allybot import telemetry
from allybot.errors import SettingsError
from allybot.slack_app.request_reader import RequestReader, listen

_PORTS = 100
"""Ports that are tried from the one that is set: processes of one host share the setting."""
_LAST_PORT = 65_535
_THREADS = 2
log = telemetry.logger()


@contextmanager
def monitored(address: tuple[str, int], is_healthy: Callable[[], bool]) -> Iterator[None]:
    """Serve `/healthz` and `/metrics` of this process meanwhile, on a thread of their own.

    Args:
        address: host and port, ALLYBOT_MONITOR_ADDRESS; the next free port is taken if that is in use.
        is_healthy: asked at each `/healthz`, which answers 200 or 503.

    Raises:
        SettingsError: this process cannot listen there.
    """
    listening = _listen(*address)
    reader = RequestReader(_application(is_healthy), _THREADS, listening)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            reader.turn()
        reader.close()

    thread = threading.Thread(target=serve, name="monitor", daemon=True)
    thread.start()
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    log.info("health and metrics are served", url=f"http://{host}:{listening.getsockname()[1]}/metrics")
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _listen(host: str, first: int) -> socket.socket:
    ports = range(first, min(first + _PORTS, _LAST_PORT + 1))
    for port in ports:
        try:
            return listen(host, port)
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise SettingsError(
                    f"ALLYBOT_MONITOR_ADDRESS: this process cannot listen there ({problem.strerror})."
                ) from problem
    raise SettingsError(f"ALLYBOT_MONITOR_ADDRESS: ports {first} to {ports[-1]} are all in use.")


def _application(is_healthy: Callable[[], bool]) -> Callable[..., Iterable[bytes]]:
    metrics = make_wsgi_app()

    def answer(environment: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environment.get("PATH_INFO", "")
        if path == "/metrics":
            return list(metrics(environment, start_response))
        if path == "/healthz":
            status, text = ("200 OK", "ok") if is_healthy() else ("503 Service Unavailable", "not well")
        else:
            status, text = "404 Not Found", "There are /healthz and /metrics."
        start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [text.encode()]

    return answer
