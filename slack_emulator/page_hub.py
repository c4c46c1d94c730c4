"""Live updates for open pages: one queue a page, filled from the event loop, read by the stream route."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

# A page that does not read its queue is told to reload, which bounds memory.
_QUEUE_LENGTH = 1000


class PageHub:
    """Open pages by user, and their queues."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[dict[str, Any] | None]]] = defaultdict(set)

    def open(self, user: str) -> asyncio.Queue[dict[str, Any] | None]:
        """A queue of updates for a page of this person; None ends the stream."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(_QUEUE_LENGTH)
        self._queues[user].add(queue)
        return queue

    def close(self, user: str, queue: asyncio.Queue[dict[str, Any] | None]) -> None:
        """Remove a closed page's queue."""
        self._queues[user].discard(queue)

    def watched(self, user: str) -> bool:
        """Whether a page of this person is open."""
        return bool(self._queues.get(user))

    def send(self, users: Iterable[str], update: dict[str, Any]) -> None:
        """Send an update to all pages of these people."""
        for user in users:
            for queue in self._queues.get(user, ()):
                if queue.full():
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait({"type": "reset"})
                else:
                    queue.put_nowait(update)

    def send_to_all(self, update: dict[str, Any]) -> None:
        """Send an update to every page."""
        self.send(list(self._queues), update)

    def end(self) -> None:
        """End every stream (the server stops)."""
        for queues in self._queues.values():
            for queue in queues:
                while queue.full():
                    queue.get_nowait()
                queue.put_nowait(None)
