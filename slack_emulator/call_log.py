"""Log of every Web API call and delivery, in the order in which they ended."""

import itertools
import json
from collections import deque
from datetime import UTC, datetime
from typing import Any

# Kept as JSON text: a hundred thousand nested dicts would be ten times the size.
_PACKED = ("args", "payload", "response")


def now_iso() -> str:
    """The real time, ISO 8601 in UTC with microseconds."""
    return datetime.now(UTC).isoformat()


class CallLog:
    """Keeps the newest `size` entries; each is a JSON-ready dict with `id`, `kind` and `at`."""

    def __init__(self, size: int) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=size)
        self._count = itertools.count(1)

    def write(self, kind: str, **details: Any) -> None:
        """Add an entry (`web_api`, `delivery`, `response_url` or `notice`)."""
        packed = {
            name: json.dumps(value) if name in _PACKED and not isinstance(value, PackedJson) else value
            for name, value in details.items()
        }
        self._entries.append({"id": next(self._count), "kind": kind, "at": now_iso(), **packed})

    def read(self, *, brief: bool = False, **wanted: str | int | None) -> list[dict[str, Any]]:
        """Entries, oldest first; `since` is the last id already seen, other arguments must be equal.

        A brief answer leaves out arguments, payloads and responses.
        """
        since = int(wanted.pop("since", 0) or 0)
        filters = {name: value for name, value in wanted.items() if value is not None}
        return [
            {
                name: json.loads(value) if name in _PACKED else value
                for name, value in entry.items()
                if not (brief and name in _PACKED)
            }
            for entry in self._entries
            if entry["id"] > since and all(entry.get(name) == value for name, value in filters.items())
        ]

    def clear(self) -> None:
        """Remove all entries; ids continue."""
        self._entries.clear()


class PackedJson(str):
    """A string that is JSON already."""

    __slots__ = ()
