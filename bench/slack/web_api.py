"""The Web API: every method answers ok after a delay, unless Slack's documented limits are switched on."""

import asyncio
import itertools
import json
import math
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

BOT_USER = "U0ALLYBOT"
TRIGGER_SECONDS = 3.0
"""How long a trigger opens a modal. https://docs.slack.dev/interactivity/handling-user-interaction"""
PERMITTED_POSTS = 300
"""A workspace and minute. Slack says "several hundred", https://docs.slack.dev/apis/web-api/rate-limits."""
PERMITTED_LOOK_UPS = 100
"""`users.info` a workspace and minute, Tier 4: "100+", the same page."""
_MINUTE = 60.0
_POST, _LOOK_UP = "chat.postMessage", "users.info"
_LIMITS = {_POST: PERMITTED_POSTS, _LOOK_UP: PERMITTED_LOOK_UPS}


@dataclass
class Seen:
    """What was called since the last `begin`.

    Attributes:
        calls: by method.
        refused: answered 429, by method.
        posted: when each message came; seconds of the monotonic clock.
        triggers: when each press was made, the same clock.
        opened: triggers whose modal was opened while they lived.
        late: triggers that came too late.
    """

    calls: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    posted: list[float] = field(default_factory=list)
    triggers: dict[str, float] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)


class WebApi:
    """Answers calls. A bot token is `xoxb-<workspace>`.

    Args:
        delay: seconds before each answer.
        limited: refuse what Slack's documented limits refuse.
    """

    def __init__(self, delay: float, *, limited: bool) -> None:
        self.delay, self._limited = delay, limited
        self.seen = Seen()
        self.socket_url = ""
        self._numbers = itertools.count(1)
        self._lately: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call."""
        now, method = time.monotonic(), request.match_info["method"]
        given = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or given.get("token", "")
        workspace = token.removeprefix("xoxb-")
        self.seen.calls[method] += 1
        wait = self._wait(method, workspace, now)
        if wait:
            self.seen.refused[method] += 1
            headers = {"Retry-After": str(wait)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        answer = self._result(method, workspace, given, now)
        if self.delay:
            await asyncio.sleep(self.delay)
        return web.json_response(answer, headers={"X-OAuth-Scopes": "chat:write"})

    def _wait(self, method: str, workspace: str, now: float) -> int:
        """Seconds until the call may be made; 0 for now."""
        if not self._limited or method not in _LIMITS:
            return 0
        lately = self._lately[method, workspace]
        while lately and now - lately[0] >= _MINUTE:
            lately.popleft()
        if len(lately) >= _LIMITS[method]:
            return math.ceil(_MINUTE - (now - lately[0]))
        lately.append(now)
        return 0

    def _result(self, method: str, workspace: str, given: dict[str, Any], now: float) -> dict[str, Any]:
        if method == _POST:
            self.seen.posted.append(now)
        if method in {_POST, "chat.update"}:
            ts = given.get("ts") or f"{1_773_000_000 + next(self._numbers)}.000100"
            return {"ok": True, "channel": given.get("channel", "D1"), "ts": ts, "message": {}}
        if method == _LOOK_UP:
            person = {"id": given.get("user", "U1"), "deleted": False, "tz": "Europe/London", "profile": {}}
            return {"ok": True, "user": person | {"locale": "en-GB", "name": "kim", "real_name": "Kim"}}
        if method == "views.open":
            return self._open(str(given.get("trigger_id")), now)
        if method == "auth.test":
            who = {"team_id": workspace, "team": "Town", "user_id": BOT_USER, "bot_id": "B0ALLYBOT"}
            return {"ok": True, "url": "https://town.example/", "user": "allybot", **who}
        if method == "apps.connections.open":
            return {"ok": True, "url": self.socket_url}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": f"D{given.get('users', '1')}"}}
        return {"ok": True}

    def _open(self, trigger: str, now: float) -> dict[str, Any]:
        pressed = self.seen.triggers.get(trigger)
        if pressed is None or now - pressed > TRIGGER_SECONDS:
            self.seen.late.add(trigger)
            return {"ok": False, "error": "expired_trigger_id"}
        self.seen.opened.add(trigger)
        return {"ok": True, "view": {"id": f"V{next(self._numbers)}", "hash": "1.1", "type": "modal"}}


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found = json.loads(await request.read() or b"{}")
        return found if isinstance(found, dict) else {}
    return {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
