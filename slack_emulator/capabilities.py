"""Short-lived capabilities that Slack gives to an app.

Trigger ids (3 s, once), response URLs (30 min, 5 uses) and the codes of an installation (10 min, once).
"""

from dataclasses import dataclass

from slack_emulator.clock import Clock
from slack_emulator.errors import RefusedError
from slack_emulator.identifiers import Identifiers

# Older ones are removed to bound memory, and count as invalid.
_FORGET_SECONDS = 3600.0
_SWEEP_EVERY = 1000


@dataclass(slots=True)
class Trigger:
    """The interaction it came from: user, time (seconds of the clock), and modal if any."""

    team: str
    user: str
    given: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where a response goes: channel, user, and the message it may replace or delete."""

    team: str
    channel: str
    user: str
    given: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(slots=True)
class Code:
    """The workspace, the time, and the redirect URI of the request if it had one."""

    team: str
    redirect_uri: str | None
    given: float


class Capabilities:
    """Issues and checks capabilities. All seconds and `url_uses` are Slack's by default."""

    def __init__(
        self,
        ids: Identifiers,
        clock: Clock,
        *,
        trigger_seconds: float,
        url_seconds: float,
        url_uses: int,
        code_seconds: float,
    ) -> None:
        self._ids = ids
        self._clock = clock
        self._trigger_seconds = trigger_seconds
        self._url_seconds = url_seconds
        self._url_uses = url_uses
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}
        self._code_seconds = code_seconds
        self._codes: dict[str, Code] = {}

    def give_trigger(self, team: str, user: str, view_id: str | None = None) -> str:
        """A new trigger_id for this person's interaction."""
        self._sweep()
        trigger_id = self._ids.trigger()
        self._triggers[trigger_id] = Trigger(team, user, self._clock.now(), view_id)
        return trigger_id

    def use_trigger(self, team: str, trigger_id: str) -> Trigger:
        """Exchange a trigger_id.

        Raises:
            RefusedError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.team != team:
            raise RefusedError("invalid_trigger_id")
        if trigger.used:
            raise RefusedError("exchanged_trigger_id")
        if self._clock.now() - trigger.given > self._trigger_seconds:
            raise RefusedError("expired_trigger_id")
        trigger.used = True
        return trigger

    def give_url(
        self, team: str, channel: str, user: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        """The secret end of a new response_url."""
        secret = self._ids.secret()
        self._urls[secret] = ResponseUrl(team, channel, user, self._clock.now(), message_ts, thread_ts)
        return secret

    def use_url(self, secret: str) -> ResponseUrl:
        """Count one use of a response_url.

        Raises:
            RefusedError: invalid_url, expired_url (after 30 minutes) or used_url (after five uses).
        """
        capability = self._urls.get(secret)
        if capability is None:
            raise RefusedError("invalid_url")
        if self._clock.now() - capability.given > self._url_seconds:
            raise RefusedError("expired_url")
        if capability.uses >= self._url_uses:
            raise RefusedError("used_url")
        capability.uses += 1
        return capability

    def move_urls(self, team: str, old: str, new: str) -> None:
        """Let the response URLs of a channel follow it to its new id."""
        for capability in self._urls.values():
            if (capability.team, capability.channel) == (team, old):
                capability.channel = new

    def give_code(self, team: str, redirect_uri: str | None = None) -> str:
        """A code for oauth.v2.access: an admin of the workspace has agreed."""
        code = self._ids.secret()
        self._codes[code] = Code(team, redirect_uri, self._clock.now())
        return code

    def use_code(self, code: str, redirect_uri: str | None) -> str:
        """Exchange a code; the workspace's id.

        Raises:
            RefusedError: invalid_code (unknown, used or too old), or bad_redirect_uri where it is not the
                one the admin came with.
        """
        capability = self._codes.get(code)
        if capability is None or self._clock.now() - capability.given > self._code_seconds:
            raise RefusedError("invalid_code")
        if capability.redirect_uri != redirect_uri:
            raise RefusedError("bad_redirect_uri")
        del self._codes[code]
        return capability.team

    def _sweep(self) -> None:
        if len(self._triggers) % _SWEEP_EVERY:
            return
        edge = self._clock.now() - _FORGET_SECONDS
        self._triggers = {
            name: capability for name, capability in self._triggers.items() if capability.given > edge
        }
        self._urls = {name: capability for name, capability in self._urls.items() if capability.given > edge}
