"""The demo in a browser: the user plays one trainee, the others are scripted."""

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
from allybot.demo.options import OTHER_PORT, PORT, DemoOptions
from allybot.demo.scripted_people import ScriptedPeople
from allybot.demo.scripted_person import NoAnswerError
from allybot.demo.session import DemoSession
from allybot.demo.strip import strip
from allybot.demo.workspace import BOT_USER
from allybot.errors import AllybotError, UserError
from slack_emulator import EmulatorError, RefusedError

FARTHEST = timedelta(days=400)
_DURATION = TypeAdapter(timedelta)


class AttendedDemo:
    """The session, the scripted people, and the routes of the demo."""

    def __init__(self, options: DemoOptions) -> None:
        people = cast(options.people, options.seed)
        self.you: Character = people[0]
        self.session = DemoSession(options, people, ticking=True, strip=True)
        self._options = options
        self._moving = threading.Lock()
        self._moving_to: datetime | None = None
        self._scripted: ScriptedPeople
        for method, path, handler in (
            ("GET", "/_demo/clock", self.clock),
            ("POST", "/_demo/clock", self.move_clock),
            ("GET", "/_demo/strip", self.strip),
        ):
            self.session.emulator.add_json_route(method, path, handler)

    @property
    def address(self) -> str:
        """The page of the user's trainee, at their messages with allybot."""
        return f"{self.session.emulator.url}#as={self.you.user}&app={BOT_USER}"

    def open(self, port: int) -> None:
        """Start everything; returns once the welcome is sent and the scripted people have consented."""
        self.session.open(port)
        self._scripted = ScriptedPeople(self.session, random.Random(self._options.seed), except_for=self.you)  # noqa: S311 - a script
        self.session.run_worker()
        self._scripted.act()
        self.session.run_worker()
        self.session.allybot.worker.start()

    def close(self) -> None:
        """Stop everything."""
        self.session.close()

    def clock(self, _body: dict[str, Any]) -> dict[str, Any]:
        """The demo's clock."""
        return {"ok": True, "now": self.session.clock().isoformat()}

    def move_clock(self, body: dict[str, Any]) -> dict[str, Any]:
        """Move the clock to `now`, or by `advance`; returns once all scripted people have acted.

        Raises:
            RefusedError: `invalid_arguments`, `busy`, or `interrupted` half-way; a second call continues.
        """
        moment = _target(body, self.session.clock())
        if not self._moving.acquire(blocking=False):
            raise RefusedError("busy", detail="The clock is moving already; it will be there in a moment.")
        self._moving_to = moment
        try:
            self.session.move_to(moment, self._scripted.act)
            self._scripted.act()
            self.session.run_worker()
        except (NoAnswerError, AllybotError, OSError) as error:
            raise RefusedError(
                "interrupted", detail=f"Time stopped half-way ({error}). Press the button again to go on."
            ) from error
        finally:
            self._moving_to = None
            self._moving.release()
        return self.clock({})

    def strip(self, body: dict[str, Any]) -> dict[str, Any]:
        """The strip above the page; `as` says whose page it is."""
        return strip(self.session, self.you, str(body.get("as") or self.you.user), self._moving_to)


def walk_through(options: DemoOptions) -> None:
    """Run the demo until it is interrupted.

    Raises:
        UserError: the port is taken.
    """
    demo = AttendedDemo(options)
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    sys.stderr.write("Setting up the demo; it takes some seconds.\n")
    try:
        demo.open(PORT if options.port is None else options.port)
        sys.stdout.write(f"The demo is at {demo.address}\nPress Ctrl-C to end it.\n")
        sys.stdout.flush()
        if options.browser:
            webbrowser.open(demo.address)
        ended.wait()
    except EmulatorError as error:
        raise UserError(f"{error}. {OTHER_PORT}") from error
    finally:
        demo.close()


def _target(body: dict[str, Any], now: datetime) -> datetime:
    """The moment asked for, aware.

    Raises:
        RefusedError: invalid_arguments.
    """
    try:
        if "advance" in body:
            moment = now + _DURATION.validate_python(body["advance"])
        else:
            moment = aware(datetime.fromisoformat(str(body.get("now"))))
        if abs(moment - now) <= FARTHEST:
            return moment
        problem = f"The clock moves by at most {FARTHEST.days} days at a time."
    except (ValidationError, ValueError, OverflowError):
        problem = 'Send {"now": "2026-01-15T10:00:00+01:00"} or {"advance": "P3D"}.'
    raise RefusedError("invalid_arguments", detail=problem)
