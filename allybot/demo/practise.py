"""The demo for a person at a browser: one trainee is his, the others are scripted."""

import random
import signal
import sys
import threading
import webbrowser
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from allybot.clock import aware
from allybot.demo.cast import Character, cast
from allybot.demo.company import Company
from allybot.demo.options import DemoOptions
from allybot.demo.rehearsal import Rehearsal
from allybot.demo.strip import strip
from allybot.errors import UserMistake
from allybot.standin import StandInError

FARTHEST = timedelta(days=400)
_DURATION = TypeAdapter(timedelta)


class Practice:
    """The rehearsal, the company of scripted people, and the routes of the demo."""

    def __init__(self, options: DemoOptions) -> None:
        people = cast(options.people, options.seed)
        self.you: Character = people[0]
        self.rehearsal = Rehearsal(options, people, flows=True, strip=True)
        self._options = options
        self._moving = threading.Lock()
        self._company: Company
        for method, path, handler in (
            ("GET", "/_demo/clock", self.clock),
            ("POST", "/_demo/clock", self.move_clock),
            ("GET", "/_demo/strip", self.strip),
        ):
            self.rehearsal.standin.add_json_route(method, path, handler)

    def open(self, port: int) -> None:
        """Start everything; the first messages are out when this returns."""
        self.rehearsal.open(port)
        self._company = Company(self.rehearsal, random.Random(self._options.seed), except_for=self.you)  # noqa: S311 - a script
        self.rehearsal.allybot.worker.start()
        self.rehearsal.speak()

    def close(self) -> None:
        """Stop everything."""
        self.rehearsal.allybot.worker.stop()
        self.rehearsal.close()

    def clock(self, _body: dict[str, Any]) -> dict[str, Any]:
        """What the clock shows."""
        return {"ok": True, "now": self.rehearsal.clock().isoformat()}

    def move_clock(self, body: dict[str, Any]) -> dict[str, Any]:
        """Move the clock to `now`, or by `advance`; answers when everybody has lived through it."""
        moment = _target(body, self.rehearsal.clock())
        if moment is None:
            return {
                "ok": False,
                "error": "invalid_arguments",
                "detail": 'send {"now": ISO} or {"advance": "P3D"}',
            }
        if not self._moving.acquire(blocking=False):
            return {"ok": False, "error": "busy", "detail": "the clock is moving already"}
        try:
            self.rehearsal.move_to(moment, self._company.live)
        finally:
            self._moving.release()
        return self.clock({})

    def strip(self, _body: dict[str, Any]) -> dict[str, Any]:
        """The strip above the page."""
        return strip(self.rehearsal, self.you, busy=self._moving.locked())


def practise(options: DemoOptions) -> None:
    """Run the demo until it is interrupted.

    Raises:
        UserMistake: the port is taken.
    """
    practice = Practice(options)
    try:
        practice.open(options.port)
    except StandInError as error:
        raise UserMistake(f"{error}. Choose another port with --port, or 0 for a free one.") from error
    address = f"{practice.rehearsal.standin.url}#as={practice.you.user}&channel=app"
    sys.stdout.write(f"The practice workspace is at {address}\nPress Ctrl-C to end it.\n")
    sys.stdout.flush()
    if options.browser:
        webbrowser.open(address)
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    ended.wait()
    practice.close()


def _target(body: dict[str, Any], now: datetime) -> datetime | None:
    try:
        if "advance" in body:
            moment = now + _DURATION.validate_python(body["advance"])
        else:
            moment = aware(datetime.fromisoformat(str(body.get("now"))))
    except (ValidationError, ValueError, OverflowError):
        return None
    return moment if abs(moment - now) <= FARTHEST else None
