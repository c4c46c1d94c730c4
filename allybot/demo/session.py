"""The bot connected to the emulator, on a clock that can be moved."""

import secrets
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import sleep
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from allybot.app import Allybot, assemble, migrate_databases, prepare
from allybot.clock import aware
from allybot.demo import workspace
from allybot.demo.cast import LEAD_USER, Character
from allybot.demo.moving_clock import MovingClock
from allybot.demo.options import DemoOptions
from allybot.errors import SettingsError, UserError, WrongStateError
from allybot.services.delivery import parked
from allybot.services.delivery.config import DeliveryRules
from allybot.services.programs import enrolment, leading, programs, workspaces
from allybot.services.programs.circle_channels import in_channels, look_up_channels
from allybot.services.programs.directory import look_up
from allybot.services.programs.roster import Row
from allybot.settings import Settings, keep_loopback_direct
from allybot.slack_app.socket_mode import Sockets
from allybot.store.delivery.rate_limits import Budget
from slack_emulator import Emulator

PROGRAM = "Allies at Northwind"
SUPPORT_CONTACT = "Noor Rahman, +49 30 5550 100"
"""Not a lead: somebody in distress may need to talk about one."""
ZONE = ZoneInfo("Europe/Berlin")
TRAINING_ENDED_ON = date(2026, 1, 9)
"""A Friday; fixed, so that runs are repeatable."""
START = datetime.combine(date(2026, 1, 12), time(9, 15), ZONE)
HALTS_AT = (time(12, 0), time(16, 30))
"""Local times at which a moved clock halts on working days, so that people can answer."""
DELIVERY_RULES = DeliveryRules(budget=Budget(per_minute=60_000, burst=100, seconds_between=0.0))
"""No rate limit: at Slack's, thirteen weeks would take too long."""
_IN_USE = "That database holds a program already. Name an empty one for the demo."


class DemoSession:
    """The emulator, the bot connected to it by Socket Mode, and a program with its people.

    Args:
        people: the trainees, see `cast`.
        ticking: whether the clock runs on.
        strip: whether the page shows the demo's strip.
    """

    def __init__(
        self, options: DemoOptions, people: Sequence[Character], *, ticking: bool, strip: bool = False
    ) -> None:
        self.people = tuple(people)
        self.clock = MovingClock(START, ticking=ticking)
        self._folder = tempfile.TemporaryDirectory(prefix="allybot-demo-")
        self.emulator = Emulator(workspace.workspace_config(self.people, self.clock, strip=strip))
        self._options = options
        self._secret = SecretStr(secrets.token_hex(32))
        self.remote: workspace.Remote
        self.allybot: Allybot
        self._settings: Settings
        self._bot = ExitStack()

    def open(self, port: int, emulator_url: str | None = None) -> None:
        """Start the emulator on `port`, connect the bot, set up the program and enrol everybody.

        Args:
            port: 0 takes a free one.
            emulator_url: the address of another emulator with the demo's bot and tokens, which is
                reset and peopled instead of starting one.

        Raises:
            EmulatorError: the port is taken; `open` may be tried again with another one.
            UserError: the database is not empty.
        """
        if emulator_url:
            self.remote = workspace.Remote(emulator_url)
            workspace.populate(self.remote, self.emulator.config.teams[0])
            self._api_url = f"{emulator_url.rstrip('/')}/api/"
        else:
            self.emulator.start(port)
            self.remote = workspace.Remote(self.emulator.url)
            self._api_url = self.emulator.api_url
        self._settings = self._settings_of_bot()
        self._connect_bot()
        self._set_up_program()

    def restart_bot(self) -> None:
        """Restart the bot on the same databases, as after an update."""
        self._disconnect_bot()
        self._connect_bot()

    def enrol(self, people: Sequence[Character], cohort: str = "") -> None:
        """Enrol people of the workspace in the program and their circles.

        Args:
            cohort: its name; may be empty while there is only one.
        """
        context = self.allybot.context
        program = programs.find(context, PROGRAM)
        rows = [
            Row(
                line,
                each.user,
                cohort,
                circle=workspace.circle_channel(each.circle),
                circle_name=workspace.circle_name(each.circle),
            )
            for line, each in enumerate(people, 2)
        ]
        found, problems = look_up(self.allybot.slack, program.workspace_id, rows)
        for problem in problems:
            sys.stderr.write(f"{problem}\n")
        places = (row.circle for row in rows)
        channels, _ = look_up_channels(self.allybot.slack, program.workspace_id, places, sleep)
        enrolment.enrol(context, program.id, in_channels(found, channels), self.clock())

    def close(self) -> None:
        """Close connections, databases and the emulator, and remove the temporary files.

        Safe to call after a failed `open`.
        """
        self._disconnect_bot()
        self.emulator.stop()
        self._folder.cleanup()

    def move_to(self, moment: datetime, at_each_halt: Callable[[], None]) -> None:
        """Move the clock to `moment` (aware), halting on the way; a move back does not halt.

        Args:
            at_each_halt: lets people answer what they were sent.
        """
        for halt in halts_between(self.clock(), moment):
            self.clock.move_to(halt)
            self.run_worker()
            at_each_halt()
        self.clock.move_to(moment)
        self.run_worker()

    def run_worker(self) -> None:
        """Send everything that is due.

        Raises:
            WrongStateError: a row was put aside.
        """
        self.allybot.worker.run_once()
        if parked.parked_rows(self.allybot.context):
            raise WrongStateError("Something that was due could not be done; the log says where.")

    def _connect_bot(self) -> None:
        self.allybot = assemble(
            self._settings, clock=self.clock, seed=str(self._options.seed), rules=DELIVERY_RULES
        )
        self._bot.callback(self.allybot.close)
        self._bot.callback(self.allybot.worker.stop)
        migrate_databases(self._settings)  # the vault is new even where the database was given
        try:
            prepare(self.allybot)
        except SettingsError as error:  # the demo makes its key anew: a database with other keys is in use
            raise UserError(_IN_USE) from error
        sockets = Sockets(self.allybot.bolt, workspace.APP_TOKEN, self._api_url)
        self._bot.callback(sockets.close)
        sockets.connect()

    def _disconnect_bot(self) -> None:
        self._bot.close()

    def _settings_of_bot(self) -> Settings:
        folder = Path(self._folder.name)
        keep_loopback_direct()
        return Settings(
            SLACK_BOT_TOKEN=SecretStr(workspace.BOT_TOKEN),
            SLACK_APP_TOKEN=SecretStr(workspace.APP_TOKEN),
            SLACK_SIGNING_SECRET=None,
            SLACK_CLIENT_ID=None,
            SLACK_CLIENT_SECRET=None,
            SLACK_API_URL=self._api_url,
            DATABASE_URL=SecretStr(self._options.database or f"sqlite:///{folder / 'allybot.db'}"),
            ALLYBOT_VAULT_URL=SecretStr(self._options.vault or f"sqlite:///{folder / 'vault.db'}"),
            ALLYBOT_SECRET_KEY=self._secret,
            ALLYBOT_CLOCK_OFFSET=None,
        )

    def _set_up_program(self) -> None:
        context = self.allybot.context
        where = workspaces.only_one(context, None)
        if programs.list_programs(context, None):
            raise UserError(_IN_USE)
        programs.create(
            context,
            where,
            PROGRAM,
            SUPPORT_CONTACT,
            [("Winter 2026", TRAINING_ENDED_ON)],
            zone=ZONE.key,
            now=self.clock(),
        )
        leading.appoint_lead(context, PROGRAM, where, LEAD_USER, self.clock())
        self.enrol(self.people)


def halts_between(after: datetime, until: datetime) -> list[datetime]:
    """The halts strictly between two aware moments: twice a working day, aware UTC."""
    found = []
    day = after.astimezone(ZONE).date()
    while day <= until.astimezone(ZONE).date():
        if day.weekday() < 5:  # noqa: PLR2004 - Monday to Friday
            found += [aware(datetime.combine(day, hour, ZONE)) for hour in HALTS_AT]
        day += timedelta(days=1)
    return [halt for halt in found if after < halt < until]
