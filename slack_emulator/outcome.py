from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal["events_api", "interactive", "slash_commands"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A payload on its way: `text` is its JSON; the rest names it in the log."""

    kind: Kind
    text: str
    type: str
    event_id: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one delivery attempt.

    `reason` is Slack's word for a failure (http_timeout, connection_failed, http_error, timeout,
    no_connection); `body` the app's answer (a dict, a text or None); `final` that no retry is wanted.
    """

    acknowledged: bool
    reason: str = ""
    body: Any = None
    final: bool = False
