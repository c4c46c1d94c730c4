"""HTTP mode: signed POSTs to the app's request URL, as Slack's Events API and interactivity send them."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from slack_emulator.clock import Clock
from slack_emulator.config import EmulatorConfig
from slack_emulator.delivery_outcome import Outcome, OutgoingPayload

_OK, _CREATED_LIMIT = 200, 300
_REDIRECTS = 2


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's v0 request signature of a raw body."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDelivery:
    """The request URLs and one client session on the server's loop."""

    def __init__(self, config: EmulatorConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._app = config.app
        self._seconds = config.ack_seconds
        self._session: aiohttp.ClientSession | None = None

    def url_for(self, kind: str) -> str | None:
        """Where this kind of payload goes; None means Socket Mode."""
        special = {"interactive": self._app.interactivity_url, "slash_commands": self._app.commands_url}
        return special.get(kind) or self._app.request_url

    async def verify(self) -> bool:
        """Ask the event URL to echo a challenge, as Slack does before it accepts the URL."""
        challenge = hashlib.sha256(str(time.time_ns()).encode()).hexdigest()
        payload = {"token": self._app.verification_token, "challenge": challenge, "type": "url_verification"}
        outcome = await self.deliver(
            OutgoingPayload("events_api", json.dumps(payload), "url_verification"), 0, ""
        )
        echoed = outcome.body.get("challenge") if isinstance(outcome.body, dict) else outcome.body
        return outcome.acknowledged and echoed == challenge

    async def deliver(self, outgoing: OutgoingPayload, number: int, reason: str) -> Outcome:
        """One signed POST; 2xx within three seconds is the acknowledgement, its body the answer."""
        url = self.url_for(outgoing.kind)
        if url is None:
            return Outcome(acknowledged=False, reason="connection_failed")
        content_type = "application/x-www-form-urlencoded"
        if outgoing.kind == "events_api":
            body, content_type = outgoing.text, "application/json"
        elif outgoing.kind == "interactive":
            body = urlencode({"payload": outgoing.text})
        else:
            body = urlencode(json.loads(outgoing.text))
        timestamp = str(int(time.time() + self._config.clock_ahead_seconds))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (emulator)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._app.signing_secret, timestamp, body),
        }
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        return await self._post(url, body, headers)

    async def _post(self, url: str, body: str, headers: dict[str, str]) -> Outcome:
        try:
            return await self._clock.within(self._seconds, self._answer(url, body, headers))
        except TimeoutError:
            return Outcome(acknowledged=False, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Outcome(acknowledged=False, reason="too_many_redirects")
        except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError):
            return Outcome(acknowledged=False, reason="connection_failed")

    async def _answer(self, url: str, body: str, headers: dict[str, str]) -> Outcome:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        async with self._session.post(
            url, data=body.encode(), headers=headers, max_redirects=_REDIRECTS
        ) as answer:
            text = await answer.text()
            if not _OK <= answer.status < _CREATED_LIMIT:
                unwanted = answer.headers.get("X-Slack-No-Retry") == "1"
                return Outcome(acknowledged=False, reason="http_error", body=text, final=unwanted)
        return Outcome(acknowledged=True, body=_read_body(text))

    async def close(self) -> None:
        """Close the client session."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _read_body(text: str) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
