"""Live news for open pages: one queue a page, filled from the event loop, read by the stream route."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

# A page that does not read is told to load anew instead of filling the memory.
_QUEUE_LENGTH = 1000


class PageHub:
    """Who is looking, and what he should hear."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[dict[str, Any] | None]]] = defaultdict(set)

    def open(self, user: str) -> asyncio.Queue[dict[str, Any] | None]:
        """A queue of news for a page that looks as this person; None ends the stream."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(_QUEUE_LENGTH)
        self._queues[user].add(queue)
        return queue

    def close(self, user: str, queue: asyncio.Queue[dict[str, Any] | None]) -> None:
        """The page went away."""
        self._queues[user].discard(queue)

    def watched(self, user: str) -> bool:
        """Whether anybody looks as this person."""
        return bool(self._queues.get(user))

    def tell(self, users: Iterable[str], news: dict[str, Any]) -> None:
        """Send one piece of news to all pages of these people."""
        for user in users:
            for queue in self._queues.get(user, ()):
                if queue.full():
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait({"type": "reset"})
                else:
                    queue.put_nowait(news)

    def tell_all(self, news: dict[str, Any]) -> None:
        """Send one piece of news to every page."""
        self.tell(list(self._queues), news)

    def end(self) -> None:
        """End every stream (the server stops)."""
        for queues in self._queues.values():
            for queue in queues:
                while queue.full():
                    queue.get_nowait()
                queue.put_nowait(None)
