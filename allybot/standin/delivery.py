"""Getting payloads to the app: by socket or HTTP, with Slack's retries for events and none for the rest."""

import asyncio
from copy import deepcopy
from typing import Any, Literal

from allybot.standin.config import StandInConfig
from allybot.standin.delivery_http import HttpDelivery
from allybot.standin.delivery_socket import SocketDelivery
from allybot.standin.journal import Journal
from allybot.standin.outcome import Outcome

Kind = Literal["events_api", "interactive", "slash_commands"]


class Delivery:
    """Chooses the way (HTTP when a request URL is set), retries events and writes every attempt down."""

    def __init__(self, config: StandInConfig, journal: Journal) -> None:
        self._config = config
        self._journal = journal
        self.sockets = SocketDelivery(config)
        self.http = HttpDelivery(config)
        self.copies = 1
        self.copied_kinds: frozenset[str] = frozenset(("events_api", "interactive", "slash_commands"))
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many events are on their way or wait for a retry."""
        return len(self._tasks)

    def send_event(self, payload: dict[str, Any]) -> None:
        """Deliver an event in the background: once, and up to three times more while nobody acknowledges."""
        frozen = deepcopy(payload)
        for _ in range(self._copies("events_api")):
            self._start(self._deliver_event(frozen))

    async def send_interaction(self, payload: dict[str, Any]) -> Outcome:
        """Deliver a button press, submission or closing once; Slack does not retry these."""
        return await self._deliver_once("interactive", deepcopy(payload))

    async def send_command(self, fields: dict[str, str]) -> Outcome:
        """Deliver a slash command once."""
        return await self._deliver_once("slash_commands", fields)

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

    async def _deliver_once(self, kind: Kind, payload: dict[str, Any]) -> Outcome:
        for _ in range(self._copies(kind) - 1):
            self._start(self._deliver_copy(kind, payload))
        return await self._attempt(kind, payload, 0, "")

    async def _deliver_copy(self, kind: Kind, payload: dict[str, Any]) -> None:
        await self._attempt(kind, payload, 0, "")

    async def _deliver_event(self, payload: dict[str, Any]) -> None:
        outcome = await self._attempt("events_api", payload, 0, "")
        for number, delay in enumerate(self._config.retry_delays, start=1):
            if outcome.acknowledged or outcome.final:
                return
            await asyncio.sleep(delay * self._config.retry_factor)
            outcome = await self._attempt("events_api", payload, number, outcome.reason)

    async def _attempt(self, kind: Kind, payload: dict[str, Any], number: int, reason: str) -> Outcome:
        by_http = self.http.url_for(kind) is not None
        way = self.http if by_http else self.sockets
        outcome = await way.deliver(kind, payload, number, reason)
        event = payload.get("event", {})
        self._journal.write(
            "delivery",
            delivery=kind,
            transport="http" if by_http else "socket",
            type=event.get("type") or payload.get("type") or payload.get("command"),
            event_id=payload.get("event_id"),
            team=payload.get("team_id") or payload.get("team", {}).get("id"),
            attempt=number,
            acknowledged=outcome.acknowledged,
            reason=outcome.reason,
            response=outcome.body,
            payload=payload,
        )
        return outcome

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
