"""The HTTP entry: signed events from Slack, installations, and health. Served by `web_server`.

A request's signature is checked before its body is parsed: Bolt parses first, and raises on what strangers
send.
"""

import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from allybot.services.delivery.signatures import SignatureCounter
from allybot.slack.padding import padded
from allybot.slack_app.dispatch import Dispatcher
from allybot.slack_app.installation import BACK_PATH, BEGIN_PATH, Installation

Environment = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environment, StartResponse], Iterable[bytes]]

EVENTS_PATH = "/slack/events"
_SLACKS_PATH = re.compile(r"(/[\w.~-]+){0,5}/slack/(events|interactive-endpoint|actions|commands)/?")
"""Where Slack's requests are taken: `/slack/events`, also below a path that a proxy puts before it and with a
slash at the end, and where Slack's forms for interactivity and commands suggest. The signature says whose
they are."""
MAX_BODY_BYTES = 1_000_000
"""Bytes. Slack's payloads stay far below: a view is at most 250 kB."""
_MAX_TIMESTAMP_LENGTH = 20
_SIGNATURE, _TIMESTAMP = re.compile(r"v0=[0-9a-f]{64}"), re.compile(r"[0-9]{10}")
_NO_INSTALLATIONS = (
    "allybot is not set up to be installed from here: whoever runs it has to set SLACK_CLIENT_ID and "
    "SLACK_CLIENT_SECRET."
)
# The address of the page that ends an installation holds a code: browsers must not store or pass it on.
_PRIVATE_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
)
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def application(
    bolt: App,
    is_healthy: Callable[[], bool],
    signing_secret: str,
    installation: Installation | None = None,
    signatures: SignatureCounter | None = None,
) -> Application:
    """The WSGI application.

    Args:
        bolt: handles the payloads.
        is_healthy: whether the database can be reached; asked by `/healthz`.
        signing_secret: Slack's; a request without its signature changes nothing and learns nothing.
        installation: the pages on which workspaces install; None where the app's id and secret are not set.
        signatures: is told of each request that claims to be Slack's, and whether it is.
    """
    verifier = SignatureVerifier(signing_secret)
    dispatcher = Dispatcher(bolt)

    def answer(environment: Environment, start_response: StartResponse) -> Iterable[bytes]:
        path = environment.get("PATH_INFO", "")
        if path == "/healthz":
            if is_healthy():
                return _plain(start_response, HTTPStatus.OK, "ok")
            return _plain(start_response, HTTPStatus.SERVICE_UNAVAILABLE, "no database")
        if path in (BEGIN_PATH, BACK_PATH):
            return _installation_page(environment, start_response, installation)
        if not _SLACKS_PATH.fullmatch(path):
            return _plain(start_response, HTTPStatus.NOT_FOUND)
        body = _body(environment, verifier)
        _count(environment, body, signatures)
        if isinstance(body, HTTPStatus):
            return _plain(start_response, body)
        payload = _payload(environment, body)
        if isinstance(payload, HTTPStatus):
            return _plain(start_response, payload)
        return _from_bolt(start_response, dispatcher.take(payload))

    return answer


def _installation_page(
    environment: Environment, start_response: StartResponse, installation: Installation | None
) -> Iterable[bytes]:
    if installation is None:
        return _plain(start_response, HTTPStatus.NOT_FOUND, _NO_INSTALLATIONS)
    if environment.get("REQUEST_METHOD") != "GET":
        return _plain(start_response, HTTPStatus.METHOD_NOT_ALLOWED)
    asked = BoltRequest(
        body="",
        query=environment.get("QUERY_STRING", ""),
        headers={"cookie": environment.get("HTTP_COOKIE", "")},
    )
    step = installation.begin if environment["PATH_INFO"] == BEGIN_PATH else installation.end
    return _from_bolt(start_response, step(asked, _redirect_uri(environment)), _PRIVATE_HEADERS)


def _redirect_uri(environment: Environment) -> str | None:
    """This server's own address on localhost, for the emulator; otherwise None: Slack knows it."""
    host = environment.get("HTTP_HOST", "")
    try:
        is_local = urlsplit(f"//{host}").hostname in {"127.0.0.1", "localhost", "::1"}
    except ValueError:
        is_local = False
    return f"{environment['wsgi.url_scheme']}://{host}{BACK_PATH}" if is_local else None


def _body(environment: Environment, verifier: SignatureVerifier) -> str | HTTPStatus:
    """The signed text of a request, or why it is refused."""
    if environment.get("REQUEST_METHOD") != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED
    if _content_type(environment) not in {_JSON, _FORM}:
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    length = environment.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        return HTTPStatus.BAD_REQUEST
    if len(length) > len(str(MAX_BODY_BYTES)) or int(length) > MAX_BODY_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    timestamp = environment.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    signature = environment.get("HTTP_X_SLACK_SIGNATURE", "")
    # Slack's verifier raises for a timestamp that is no number and a signature with other letters.
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _MAX_TIMESTAMP_LENGTH):
        return HTTPStatus.UNAUTHORIZED
    if not signature.isascii():
        return HTTPStatus.UNAUTHORIZED
    try:
        body: str = environment["wsgi.input"].read(int(length)).decode()
    except UnicodeDecodeError:
        return HTTPStatus.UNAUTHORIZED  # Slack signs UTF-8 only
    return body if verifier.is_valid(body, timestamp, signature) else HTTPStatus.UNAUTHORIZED


def _count(environment: Environment, body: str | HTTPStatus, signatures: SignatureCounter | None) -> None:
    if signatures is None:
        return
    if isinstance(body, str):
        signatures.accepted()
    elif body is HTTPStatus.UNAUTHORIZED and _seems_slacks(environment):
        signatures.refused()


def _seems_slacks(environment: Environment) -> bool:
    """Whether a request has what Slack's have; scanners of the internet mostly send neither."""
    return bool(
        _SIGNATURE.fullmatch(environment.get("HTTP_X_SLACK_SIGNATURE", ""))
        and _TIMESTAMP.fullmatch(environment.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
    )


def _payload(environment: Environment, body: str) -> Any:
    """The parsed body: JSON, a form with JSON in `payload`, or the form itself; a status if none of them."""
    try:
        if _content_type(environment) == _JSON:
            return json.loads(body)
        form = dict(parse_qsl(body, keep_blank_values=True))
        return json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError):
        return HTTPStatus.BAD_REQUEST


def _content_type(environment: Environment) -> str:
    return str(environment.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()


def _from_bolt(
    start_response: StartResponse, answer: BoltResponse, more: tuple[tuple[str, str], ...] = ()
) -> Iterable[bytes]:
    status = HTTPStatus(answer.status)
    headers = [(name, value) for name, values in answer.headers.items() for value in values]
    headers += more
    start_response(f"{status.value} {status.phrase}", headers)
    body = answer.body.encode()
    return [padded(body) if answer.first_headers().get("content-type", "").startswith(_JSON) else body]


def _plain(start_response: StartResponse, status: HTTPStatus, text: str | None = None) -> Iterable[bytes]:
    start_response(f"{status.value} {status.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
    return [(status.phrase if text is None else text).encode()]
