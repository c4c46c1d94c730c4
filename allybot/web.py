"""The HTTP door: signed events from Slack, health and metrics. Served by gunicorn."""

from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import make_wsgi_app
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

Environment = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environment, StartResponse], Iterable[bytes]]

EVENTS_PATH = "/slack/events"
LARGEST_BODY = 1_000_000
"""Bytes. Slack's payloads stay far below: a view is at most 250 kB."""


def application(bolt: App, is_healthy: Callable[[], bool]) -> Application:
    """The WSGI application.

    Args:
        is_healthy: whether the database can be reached; asked by `/healthz`.
    """
    slack = SlackRequestHandler(bolt, EVENTS_PATH)
    metrics = make_wsgi_app()

    def answer(environment: Environment, start_response: StartResponse) -> Iterable[bytes]:
        path = environment.get("PATH_INFO", "")
        if path == "/healthz":
            if is_healthy():
                return _plain(start_response, "200 OK", "ok")
            return _plain(start_response, "503 Service Unavailable", "no database")
        if path == "/metrics":
            return list(metrics(environment, start_response))
        refusal = _refusal(environment)
        if refusal:
            return _plain(start_response, refusal, refusal[4:])
        return slack(environment, start_response)

    return answer


def _refusal(environment: Environment) -> str | None:
    """The status of a request that is refused before Bolt reads it; Bolt answers the rest."""
    length = environment.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        return "400 Bad Request"
    if int(length) > LARGEST_BODY:
        return "413 Content Too Large"
    timestamp = environment.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "0")
    if not (timestamp.isascii() and timestamp.isdecimal()):
        return "401 Unauthorized"  # Slack's verifier would fail on it with a traceback
    return None


def _plain(start_response: StartResponse, status: str, text: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [text.encode()]
