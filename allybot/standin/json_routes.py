"""Plain JSON routes: a dict in, a dict out, refusals as `{"ok": false, "error": ..., "detail": ...}`."""

import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from allybot.standin.errors import RefusedError, StandInError

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any]], Answer | Awaitable[Answer]]


def required(body: dict[str, Any], *names: str) -> list[Any]:
    """The named entries of a body.

    Raises:
        RefusedError: invalid_arguments, naming what is missing.
    """
    missing = [name for name in names if body.get(name) in (None, "")]
    if missing:
        raise RefusedError("invalid_arguments", detail=f"missing: {', '.join(missing)}")
    return [body[name] for name in names]


def add_route(routes: web.UrlDispatcher, verb: str, path: str, handler: Handler) -> None:
    """Register a handler; it gets the path's names, the query and the JSON body as one dict."""

    async def answer(request: web.Request) -> web.Response:
        try:
            result = handler(await read_body(request))
            found = await result if inspect.isawaitable(result) else result
        except RefusedError as refusal:
            return web.json_response({"detail": "", **refusal.answer()}, status=400)
        except (StandInError, ValueError) as problem:
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
    text = await request.text() if request.can_read_body else ""
    if text.strip():
        try:
            loaded = json.loads(text)
        except ValueError as problem:
            raise RefusedError("invalid_json", detail="the body is no JSON") from problem
        if not isinstance(loaded, dict):
            raise RefusedError("invalid_json", detail="the body is no JSON object")
        body |= loaded
    return body
