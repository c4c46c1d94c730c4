"""Sends presses of buttons at a steady rate, over HTTP or Socket Mode, and times their acknowledgements."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
import uuid
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, WSMsgType, web

from bench.slack.web_api import TRIGGER_SECONDS, Seen
from tests.inbound import load_data

GIVE_UP_SECONDS = 15.0
"""When an acknowledgement is no longer waited for; Slack itself waits three seconds."""
_OK = 200


class Presses:
    """Presses by `people` people; each has answered the same check-ins before, and answers them again."""

    def __init__(self, people: int) -> None:
        self._turns = itertools.cycle(
            (number, deed) for deed in range(1, len(load_data.STEPS) + 1) for number in range(people)
        )
        self._sockets: list[web.WebSocketResponse] = []
        self._next_socket = itertools.count()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self.connected_at: list[float] = []

    async def serve_socket(self, request: web.Request) -> web.StreamResponse:
        """One Socket Mode connection, until it is closed."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        self._sockets.append(socket)
        self.connected_at.append(time.time())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(message.data).get("envelope_id", ""))
        finally:
            self._sockets.remove(socket)
        return socket

    @property
    def sockets(self) -> int:
        """How many connections are open."""
        return len(self._sockets)

    async def send(self, seen: Seen, url: str, a_second: int, seconds: float) -> dict[str, Any]:
        """Send them, over Socket Mode where `url` is empty.

        Returns:
            `acks`: milliseconds of each, or `GIVE_UP_SECONDS` of those that never came; `sent`, `opened`.
        """
        limits = TCPConnector(limit=0)
        async with ClientSession(connector=limits, timeout=ClientTimeout(total=GIVE_UP_SECONDS)) as session:
            began, tasks = time.monotonic(), []
            for turn in range(round(a_second * seconds)):
                wait = began + turn / a_second - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                tasks.append(asyncio.create_task(self._one(session, seen, url)))
            acks = await asyncio.gather(*tasks)
        until = time.monotonic() + TRIGGER_SECONDS + 1
        while len(seen.opened) + len(seen.late) < len(acks) and time.monotonic() < until:  # noqa: ASYNC110 - polled
            await asyncio.sleep(0.05)
        return {"acks": acks, "sent": len(acks), "opened": len(seen.opened)}

    async def _one(self, session: ClientSession, seen: Seen, url: str) -> float:
        trigger = f"1.1.{uuid.uuid4().hex}"
        payload = load_data.press(*next(self._turns), trigger, "http://127.0.0.1:1/response")
        seen.triggers[trigger] = began = time.monotonic()
        taken = await (self._post(session, url, payload) if url else self._envelope(payload))
        return (time.monotonic() - began if taken else GIVE_UP_SECONDS) * 1000

    async def _post(self, session: ClientSession, url: str, payload: dict[str, Any]) -> bool:
        body = urlencode({"payload": json.dumps(payload)})
        stamp = str(int(time.time()))
        secret = load_data.SIGNING_SECRET.encode()
        signature = hmac.new(secret, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        try:
            async with session.post(url, data=body, headers=headers) as answer:
                await answer.read()
                return answer.status == _OK
        except (ClientError, TimeoutError):
            return False

    async def _envelope(self, payload: dict[str, Any]) -> bool:
        key = uuid.uuid4().hex
        acknowledged = self._waiting[key] = asyncio.get_running_loop().create_future()
        socket = self._sockets[next(self._next_socket) % len(self._sockets)]
        envelope = {"envelope_id": key, "type": "interactive", "accepts_response_payload": True}
        await socket.send_json(envelope | {"payload": payload})
        try:
            await asyncio.wait_for(acknowledged, GIVE_UP_SECONDS)
        except TimeoutError:
            return False
        finally:
            del self._waiting[key]
        return True

    def _acknowledge(self, key: str) -> None:
        waiting = self._waiting.get(key)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
