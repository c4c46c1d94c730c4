from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal["events_api", "interactive", "slash_commands"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class OutgoingPayload:
    """A serialised payload; the fields besides `text` identify it in the log."""

    kind: Kind
    text: str
    type: str
    event_id: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one delivery attempt.

    `reason` is Slack's name of a failure (http_timeout, connection_failed, http_error, timeout,
    no_connection); `body` the app's answer (a dict, a text or None); `final` means that no retry is wanted.
    """

    acknowledged: bool
    reason: str = ""
    body: Any = None
    final: bool = False
