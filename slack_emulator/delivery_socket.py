"""Socket Mode: up to ten WebSockets an app; each payload goes to any one of them and wants an ack in 3 s."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from slack_emulator.clock import Clock
from slack_emulator.config import EmulatorConfig
from slack_emulator.delivery_outcome import Outcome, OutgoingPayload

# Lifetime of a connection that hello announces, in seconds.
_CONNECTION_TIME = 18060
_HOST = "applink-emulator"


@dataclass(slots=True, eq=False)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    retiring: bool = False
    pending: dict[str, asyncio.Future[Outcome]] = field(default_factory=dict)


class SocketDelivery:
    """The open connections of the app and the envelopes that wait for their ack."""

    def __init__(self, config: EmulatorConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._next = 0

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def expect(self, ticket: str) -> None:
        """Accept one connection with this ticket."""
        self._tickets.add(ticket)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one WebSocket from hello to close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=self._config.ping_seconds, max_msg_size=0)
        await socket.prepare(request)
        if len(self._connections) >= self._config.max_connections:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        connection = _Connection(socket, request.transport)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    _take_ack(connection, message.data)
        finally:
            if connection in self._connections:
                self._connections.remove(connection)
            for waiting in connection.pending.values():
                if not waiting.done():
                    waiting.set_result(Outcome(acknowledged=False, reason="connection_failed"))
        return socket

    async def deliver(self, outgoing: OutgoingPayload, number: int, reason: str) -> Outcome:
        """Send one envelope to any connection and wait for its ack."""
        envelope_id = str(uuid.uuid4())
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "type": outgoing.kind,
            "accepts_response_payload": outgoing.kind != "events_api",
        }
        if outgoing.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        # The payload is JSON already.
        text = f'{json.dumps(envelope)[:-1]}, "payload": {outgoing.text}}}'
        for connection in self._in_turn():
            future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
            connection.pending[envelope_id] = future
            try:
                await connection.socket.send_str(text)
                return await self._clock.within(self._config.ack_seconds, future)
            except TimeoutError:
                return Outcome(acknowledged=False, reason="timeout")
            except (ConnectionError, RuntimeError):
                # This connection closed before the send; try another one.
                continue
            finally:
                connection.pending.pop(envelope_id, None)
        return Outcome(acknowledged=False, reason="no_connection")

    async def disconnect(self, reason: str, *, close_after: float, abrupt: bool) -> int:
        """Send a disconnect (`warning`, `refresh_requested`, `link_disabled`), or abort the connections."""
        leaving = list(self._connections)
        for connection in leaving:
            connection.retiring = reason != "warning"
            if not abrupt:
                await connection.socket.send_json(_disconnect(reason))
        if abrupt or reason != "warning":
            if not abrupt and close_after:
                await self._clock.sleep(close_after)
            await asyncio.gather(*(_close(connection, abrupt=abrupt) for connection in leaving))
        return len(leaving)

    async def close_all(self) -> None:
        """Close every connection (the server stops)."""
        await asyncio.gather(*(_close(connection, abrupt=False) for connection in list(self._connections)))

    def _in_turn(self) -> list[_Connection]:
        ready = [one for one in self._connections if not one.retiring and not one.socket.closed]
        if not ready:
            return []
        self._next = (self._next + 1) % len(ready)
        return ready[self._next :] + ready[: self._next]

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": _HOST,
                "build_number": 1,
                "approximate_connection_time": _CONNECTION_TIME,
            },
            "connection_info": {"app_id": self._config.app.app_id},
        }


def _take_ack(connection: _Connection, text: str) -> None:
    try:
        ack = json.loads(text)
    except ValueError:
        return
    waiting = connection.pending.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
    if waiting and not waiting.done():
        waiting.set_result(Outcome(acknowledged=True, body=ack.get("payload")))


def _disconnect(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}}


async def _close(connection: _Connection, *, abrupt: bool) -> None:
    if abrupt:
        # An abrupt end sends no close frame.
        if connection.transport:
            connection.transport.abort()
        return
    # A client that already left does not answer the close; do not wait for it.
    try:
        await asyncio.wait_for(connection.socket.close(), 1.0)
    except TimeoutError:
        return
