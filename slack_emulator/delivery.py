"""Delivers payloads to the app by socket or HTTP, with Slack's retries for events only."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from slack_emulator.call_log import CallLog, PackedJson
from slack_emulator.clock import Clock
from slack_emulator.config import EmulatorConfig
from slack_emulator.delivery_http import HttpDelivery
from slack_emulator.delivery_outcome import KINDS, Kind, Outcome, OutgoingPayload
from slack_emulator.delivery_socket import SocketDelivery


class Delivery:
    """Chooses the transport (HTTP if a request URL is set), retries events and logs every attempt."""

    def __init__(self, config: EmulatorConfig, log: CallLog, clock: Clock) -> None:
        self._config = config
        self._log = log
        self._clock = clock
        self.sockets = SocketDelivery(config, clock)
        self.http = HttpDelivery(config, clock)
        self.copies = 1
        self.copied_kinds: frozenset[str] = frozenset(KINDS)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many events are being delivered or wait for a retry."""
        return len(self._tasks)

    def send_event(self, payload: dict[str, Any]) -> None:
        """Deliver an event in the background, with up to three retries until it is acknowledged."""
        outgoing = _serialised("events_api", payload)
        for _ in range(self._copies("events_api")):
            self._start(self._deliver_event(outgoing))

    async def send_interaction(self, payload: dict[str, Any]) -> Outcome:
        """Deliver a button press, submission or closing once; Slack does not retry these."""
        return await self._deliver_once(_serialised("interactive", payload))

    async def send_command(self, fields: dict[str, str]) -> Outcome:
        """Deliver a slash command once."""
        return await self._deliver_once(_serialised("slash_commands", fields))

    async def stop(self) -> None:
        """Cancel deliveries and close all connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close_all()
        await self.http.close()

    def forget(self) -> None:
        """Cancel pending retries (the workspace was reset)."""
        for task in list(self._tasks):
            task.cancel()
        self.copies = 1

    def _copies(self, kind: Kind) -> int:
        return self.copies if kind in self.copied_kinds else 1

    async def _deliver_once(self, outgoing: OutgoingPayload) -> Outcome:
        for _ in range(self._copies(outgoing.kind) - 1):
            self._start(self._deliver_copy(outgoing))
        return await self._attempt(outgoing, 0, "")

    async def _deliver_copy(self, outgoing: OutgoingPayload) -> None:
        await self._attempt(outgoing, 0, "")

    async def _deliver_event(self, outgoing: OutgoingPayload) -> None:
        outcome = await self._attempt(outgoing, 0, "")
        for number, delay in enumerate(self._config.retry_delays, start=1):
            if outcome.acknowledged or outcome.final:
                return
            await self._clock.sleep(delay * self._config.retry_factor)
            outcome = await self._attempt(outgoing, number, outcome.reason)

    async def _attempt(self, outgoing: OutgoingPayload, number: int, reason: str) -> Outcome:
        by_http = self.http.url_for(outgoing.kind) is not None
        transport = self.http if by_http else self.sockets
        outcome = await transport.deliver(outgoing, number, reason)
        self._log.write(
            "delivery",
            delivery=outgoing.kind,
            transport="http" if by_http else "socket",
            type=outgoing.type,
            event_id=outgoing.event_id,
            team=outgoing.team,
            attempt=number,
            acknowledged=outcome.acknowledged,
            reason=outcome.reason,
            response=outcome.body,
            payload=PackedJson(outgoing.text),
        )
        return outcome

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _serialised(kind: Kind, payload: dict[str, Any] | dict[str, str]) -> OutgoingPayload:
    """Serialise at once, so that later changes to a message do not change what is sent."""
    event = payload.get("event")
    named = event if isinstance(event, dict) else payload
    team = payload.get("team")
    return OutgoingPayload(
        kind=kind,
        text=json.dumps(payload),
        type=str(named.get("type") or payload.get("command")),
        event_id=payload.get("event_id"),
        team=payload.get("team_id") or (team["id"] if isinstance(team, dict) else None),
    )
