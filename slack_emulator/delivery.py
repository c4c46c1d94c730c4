"""Getting payloads to the app: by socket or HTTP, with Slack's retries for events and none for the rest."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from slack_emulator.clock import Clock
from slack_emulator.config import EmulatorConfig
from slack_emulator.delivery_http import HttpDelivery
from slack_emulator.delivery_socket import SocketDelivery
from slack_emulator.journal import Journal, PackedJson
from slack_emulator.outcome import KINDS, Kind, Outcome, Parcel


class Delivery:
    """Chooses the way (HTTP when a request URL is set), retries events and writes every attempt down."""

    def __init__(self, config: EmulatorConfig, journal: Journal, clock: Clock) -> None:
        self._config = config
        self._journal = journal
        self._clock = clock
        self.sockets = SocketDelivery(config, clock)
        self.http = HttpDelivery(config, clock)
        self.copies = 1
        self.copied_kinds: frozenset[str] = frozenset(KINDS)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many events are on their way or wait for a retry."""
        return len(self._tasks)

    def send_event(self, payload: dict[str, Any]) -> None:
        """Deliver an event in the background: once, and up to three times more while nobody acknowledges."""
        parcel = _packed("events_api", payload)
        for _ in range(self._copies("events_api")):
            self._start(self._deliver_event(parcel))

    async def send_interaction(self, payload: dict[str, Any]) -> Outcome:
        """Deliver a button press, submission or closing once; Slack does not retry these."""
        return await self._deliver_once(_packed("interactive", payload))

    async def send_command(self, fields: dict[str, str]) -> Outcome:
        """Deliver a slash command once."""
        return await self._deliver_once(_packed("slash_commands", fields))

    async def stop(self) -> None:
        """Give up what is under way and close all connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close_all()
        await self.http.close()

    def forget(self) -> None:
        """Drop what waits for a retry (the workspace was reset)."""
        for task in list(self._tasks):
            task.cancel()
        self.copies = 1

    def _copies(self, kind: Kind) -> int:
        return self.copies if kind in self.copied_kinds else 1

    async def _deliver_once(self, parcel: Parcel) -> Outcome:
        for _ in range(self._copies(parcel.kind) - 1):
            self._start(self._deliver_copy(parcel))
        return await self._attempt(parcel, 0, "")

    async def _deliver_copy(self, parcel: Parcel) -> None:
        await self._attempt(parcel, 0, "")

    async def _deliver_event(self, parcel: Parcel) -> None:
        outcome = await self._attempt(parcel, 0, "")
        for number, delay in enumerate(self._config.retry_delays, start=1):
            if outcome.acknowledged or outcome.final:
                return
            await self._clock.sleep(delay * self._config.retry_factor)
            outcome = await self._attempt(parcel, number, outcome.reason)

    async def _attempt(self, parcel: Parcel, number: int, reason: str) -> Outcome:
        by_http = self.http.url_for(parcel.kind) is not None
        way = self.http if by_http else self.sockets
        outcome = await way.deliver(parcel, number, reason)
        self._journal.write(
            "delivery",
            delivery=parcel.kind,
            transport="http" if by_http else "socket",
            type=parcel.type,
            event_id=parcel.event_id,
            team=parcel.team,
            attempt=number,
            acknowledged=outcome.acknowledged,
            reason=outcome.reason,
            response=outcome.body,
            payload=PackedJson(parcel.text),
        )
        return outcome

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _packed(kind: Kind, payload: dict[str, Any] | dict[str, str]) -> Parcel:
    """The payload as it is now: what happens to a message later must not change what was sent."""
    event = payload.get("event")
    named = event if isinstance(event, dict) else payload
    team = payload.get("team")
    return Parcel(
        kind=kind,
        text=json.dumps(payload),
        type=str(named.get("type") or payload.get("command")),
        event_id=payload.get("event_id"),
        team=payload.get("team_id") or (team["id"] if isinstance(team, dict) else None),
    )
