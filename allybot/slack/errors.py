"""Maps every failed call to Slack to one of three errors, which contain no message text and no token."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackRequestError

from allybot import telemetry
from allybot.errors import SlackError, SlackRefusedError, SlackUnavailableError, SlackUncertainError

RATE_LIMITS = frozenset({"ratelimited", "rate_limited"})
"""Slack's words for "wait"."""
UNKNOWN_PERSON = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
OPEN_ALREADY = "exchanged_trigger_id"
_ANSWERS = UNKNOWN_PERSON | {OPEN_ALREADY}
"""Refusals that a caller takes for an answer, such as that nobody has an address on a list: not counted."""
# Slack's documented codes for "nothing was done, try later" (chat.postMessage and the rate-limit page).
_LATER = {*RATE_LIMITS, "service_unavailable", "team_added_to_org", "message_limit_exceeded"}
# Their descriptions: "It's possible some aspect of the operation succeeded before the error was raised".
_UNKNOWN_RESULT = {"fatal_error", "internal_error"}
_CODE = re.compile(r"[a-z0-9_:]{1,40}")
_SCOPES = re.compile(r"[a-z:.,]{1,200}")
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
_CLIENT_ERROR = 400


@contextmanager
def classified(method: str) -> Iterator[None]:
    """Translate the errors of a call of `method` into one of our three Slack errors, and count them."""
    try:
        with _translated(method):
            yield
    except SlackError as error:
        if error.reason not in _ANSWERS:
            telemetry.SLACK_ERRORS.labels(_kind_of(error)).inc()
        raise


def _kind_of(error: SlackError) -> str:
    """Refused, rate_limited, unavailable or uncertain: a label says no more, and no method."""
    if error.reason in RATE_LIMITS:
        return "rate_limited"
    if isinstance(error, SlackUncertainError):
        return "uncertain"
    return "refused" if error.permanent else "unavailable"


@contextmanager
def _translated(method: str) -> Iterator[None]:
    # `from None` everywhere: the SDK's errors quote Slack's response, which may contain message text.
    try:
        yield
    except SlackApiError as error:
        response: Any = error.response
        # One call of the SDK may be several of Slack's, such as an upload: the method is in its address.
        asked = str(response.api_url).rpartition("/api/")[2] or method
        translated = error_of(asked, response.status_code, response.data, response.headers)
        raise translated from None
    except SlackRequestError:
        raise SlackUnavailableError(method, "not_sent") from None
    except URLError:
        # Python's client raises it for what goes wrong before the whole request is on its way: no such host,
        # no route, a proxy or certificate that refuses. Later errors come as they are.
        raise SlackUnavailableError(method, "no_connection") from None
    except (HTTPException, OSError, ValueError) as error:
        reason = "time_out" if isinstance(error, TimeoutError) else "dropped"
        raise SlackUncertainError(method, reason) from None


def error_of(
    method: str, status: int, data: Any, headers: dict[str, Any]
) -> SlackRefusedError | SlackUnavailableError | SlackUncertainError:
    """The error for an HTTP status and its response body."""
    error = str(data.get("error", "")) if isinstance(data, dict) else ""
    # The SDK puts the text of an unparsable response here; only codes are passed on.
    code = error if _CODE.fullmatch(error) else ""
    if status == _TOO_MANY_REQUESTS or code in _LATER:
        return SlackUnavailableError(method, code or "ratelimited", _retry_after(headers))
    if status >= _SERVER_ERROR:
        return SlackUncertainError(method, f"http_{status}")
    if code in _UNKNOWN_RESULT:
        return SlackUncertainError(method, code)
    if code:
        needed = str(data.get("needed", ""))
        return SlackRefusedError(method, code, needed if _SCOPES.fullmatch(needed) else "")
    if status >= _CLIENT_ERROR:
        return SlackUnavailableError(method, f"http_{status}")
    return SlackUncertainError(method, "unreadable_answer")


def header(headers: dict[str, Any], name: str) -> str | None:
    """A header of a response, case-insensitive; the first if there are several."""
    for key, value in headers.items():
        if key.lower() == name:
            return str(value[0] if isinstance(value, list) else value)
    return None


def _retry_after(headers: dict[str, Any]) -> float | None:
    try:
        return max(0.0, float(header(headers, "retry-after") or ""))
    except ValueError:
        return None
