"""Plain JSON routes: a dict in, a dict out, refusals as `{"ok": false, "error": ..., "detail": ...}`."""

import inspect
import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from slack_emulator.errors import EmulatorError, RefusedError

NO_JSON = (ValueError, LookupError, RecursionError)
"""What reading a body ends with: no JSON or no text, a character set nobody knows, nested beyond reason."""

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any]], Answer | Awaitable[Answer]]


def required(body: dict[str, Any], *names: str) -> list[str]:
    """The named texts of a body.

    Raises:
        RefusedError: invalid_arguments, naming what is missing or no text.
    """
    missing = [name for name in names if body.get(name) in (None, "")]
    if missing:
        raise RefusedError("invalid_arguments", detail=f"missing: {', '.join(missing)}")
    return [_text(body, name) for name in names]


def optional(body: dict[str, Any], name: str) -> str | None:
    """A text of a body, or None when it is absent or empty.

    Raises:
        RefusedError: invalid_arguments, when it is no text.
    """
    return None if body.get(name) in (None, "") else _text(body, name)


def number(body: dict[str, Any], name: str, default: float) -> float:
    """A number of a body, also as a text; `default` when it is absent.

    Raises:
        RefusedError: invalid_arguments, when it is no number, or a negative one.
    """
    given = body.get(name)
    try:
        found = float(default if given is None else given)
    except (TypeError, ValueError):
        found = -1.0
    if not 0 <= found < math.inf:
        raise RefusedError("invalid_arguments", detail=f"{name}: expected a number")
    return found


def _text(body: dict[str, Any], name: str) -> str:
    if not isinstance(body[name], str):
        raise RefusedError("invalid_arguments", detail=f"{name}: expected a text")
    return str(body[name])


def add_route(routes: web.UrlDispatcher, verb: str, path: str, handler: Handler) -> None:
    """Register a handler; it gets the path's names, the query and the JSON body as one dict."""

    async def answer(request: web.Request) -> web.Response:
        try:
            result = handler(await read_body(request))
            found = await result if inspect.isawaitable(result) else result
        except RefusedError as refusal:
            return web.json_response({"detail": "", **refusal.answer()}, status=400)
        except (EmulatorError, ValueError) as problem:
            # pydantic's ValidationError is a ValueError: a wrong person, channel or fault.
            body = {"ok": False, "error": "invalid_arguments", "detail": str(problem)}
            return web.json_response(body, status=400)
        return web.json_response(found)

    routes.add_route(verb, path, answer)


async def read_body(request: web.Request) -> dict[str, Any]:
    """Path names, query and JSON body together.

    Raises:
        RefusedError: invalid_json.
    """
    body: dict[str, Any] = {**request.match_info, **request.query}
    if not request.can_read_body:
        return body
    try:
        text = await request.text()
        loaded = json.loads(text) if text.strip() else {}
    except NO_JSON as problem:
        raise RefusedError("invalid_json", detail="the body is no JSON") from problem
    if not isinstance(loaded, dict):
        raise RefusedError("invalid_json", detail="the body is no JSON object")
    return body | loaded
