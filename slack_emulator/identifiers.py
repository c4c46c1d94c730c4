"""New ids in Slack's formats: from counters, so that runs are repeatable; random where they are secrets."""

import itertools
import secrets
import string
import time

from slack_emulator.config import EmulatorConfig

_ALPHABET = string.digits + string.ascii_uppercase
_LENGTH = 9


class Identifiers:
    """Issues unique ids and message timestamps."""

    def __init__(self, config: EmulatorConfig) -> None:
        self._config = config
        self._count = itertools.count(1)
        self._last_microsecond = 0

    def new(self, prefix: str) -> str:
        """An id such as `D00000001A`: the prefix and nine characters."""
        number, text = next(self._count), ""
        while number:
            number, digit = divmod(number, len(_ALPHABET))
            text = _ALPHABET[digit] + text
        return prefix + text.rjust(_LENGTH, "0")

    def now(self) -> float:
        """This Slack's time, in seconds since 1970."""
        return time.time() + self._config.clock_ahead_seconds

    def timestamp(self) -> str:
        """A message ts: this Slack's seconds and six digits, later than every one before it."""
        self._last_microsecond = max(int(self.now() * 1_000_000), self._last_microsecond + 1)
        seconds, microseconds = divmod(self._last_microsecond, 1_000_000)
        return f"{seconds:010d}.{microseconds:06d}"

    def trigger(self) -> str:
        """A trigger_id in Slack's form `123.456.abcdef`."""
        return f"{next(self._count)}.{next(self._count)}.{secrets.token_hex(16)}"

    def secret(self) -> str:
        """An unguessable token for a response_url, an upload address or a Socket Mode ticket."""
        return secrets.token_urlsafe(24)
