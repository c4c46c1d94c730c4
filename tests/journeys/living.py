"""The demo with its bot in two processes of their own, to which an operator does what happens in years."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select

from allybot.app import assemble, prepare
from allybot.clock import real_now
from allybot.demo.cast import cast
from allybot.demo.options import DemoOptions
from allybot.demo.session import DELIVERY_RULES, DemoSession
from allybot.demo.workspace import APP_TOKEN, BOT_TOKEN
from allybot.errors import WrongStateError
from allybot.services.delivery import parked
from allybot.store.tables import trainee
from tests.shell import ROOT
from tests.support.later_allybot import SETTING

ROLES = ("listen", "work")
PATIENCE_S = 120.0
"""How long a process may take to start, or a pass of the worker to end, on a busy machine."""


class BotProcess:
    """One of the two, see `demo_process`."""

    def __init__(self, role: str, session: "LivingSession") -> None:
        self._log = session.folder / f"{role}.log"
        with self._log.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [
                    sys.executable,
                    "-m",
                    "tests.journeys.demo_process",
                    role,
                    str(session.clock_file),
                    session.seed,
                ],
                env=session.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def hears(self, line: str) -> None:
        """Wait for its next line."""
        assert self.process.stdout is not None
        heard = self.process.stdout.readline().strip()
        assert heard == line, f"{heard}\n{self._log.read_text(encoding='utf-8')[-4000:]}"

    def begins_a_pass(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def ends(self, *, killed: bool = False) -> None:
        """SIGTERM, or SIGKILL."""
        (self.process.kill if killed else self.process.terminate)()
        self.process.wait(PATIENCE_S)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


@dataclass(frozen=True)
class Coming:
    """What happens to the bot at a halt of the clock, before the worker's pass.

    Attributes:
        day: from which on.
        while_sending: at the first halt on which several check-ins are due; else at the first one.
    """

    day: date
    what: Callable[["LivingSession"], None]
    while_sending: bool = False


class LivingSession(DemoSession):
    """A session whose worker and listener are processes; events happen to them as time passes.

    Args:
        folder: for backups, logs and the clock's file.
        to_come: what happens, in this order.
    """

    def __init__(self, options: DemoOptions, folder: Path, to_come: list[Coming]) -> None:
        super().__init__(options, cast(options.people, options.seed), ticking=False)
        self.folder, self.clock_file, self.seed = folder, folder / "now", str(options.seed)
        self.happened: list[Coming] = []
        self.later: Path | None = None
        self._to_come = to_come
        self._running: dict[str, BotProcess] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Of the processes, and of what the operator types."""
        settings = self._settings
        found = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": settings.slack_api_url,
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "ALLYBOT_VAULT_URL": settings.vault_url.get_secret_value(),
            "ALLYBOT_SECRET_KEY": settings.required("secret_key"),
        }
        return found | ({SETTING: str(self.later)} if self.later else {})

    def types(self, *words: str) -> str:
        """A command of the operator; what it says. It must go well."""
        ahead = round((self.clock() - real_now()).total_seconds())
        offset = f"{'-' if ahead < 0 else ''}PT{abs(ahead)}S"
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "tests.support.later_allybot", *words],
            env=self.environment | {"ALLYBOT_CLOCK_OFFSET": offset, "COLUMNS": "160"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
        return done.stdout

    def posts(self) -> int:
        """How many messages were posted so far."""
        return len(self.remote.get("log?kind=web_api&method=chat.postMessage")["log"])

    def settings_become(
        self, *, database: str | None = None, vault: str | None = None, keys: str | None = None
    ) -> None:
        """Write other values into the settings; processes that are started afterwards have them."""
        self._options = replace(
            self._options, database=database or self._options.database, vault=vault or self._options.vault
        )
        self._secret = SecretStr(keys) if keys else self._secret
        self._settings = self._settings_of_bot()

    @property
    def keys(self) -> str:
        return self._secret.get_secret_value()

    def stop(self, *, killed: bool = False) -> None:
        """End both processes, and let go of the databases."""
        for each in self._running.values():
            each.ends(killed=killed)
        self._running.clear()
        self._disconnect_bot()

    def start(self) -> None:
        self._connect_bot()

    def restart_one_after_the_other(self) -> None:
        for role in ROLES:
            self._running[role].ends()
            self._begin(role)
            self._running[role].hears("ready")

    def begin_a_pass(self) -> None:
        self._running["work"].begins_a_pass()

    def end_the_pass(self) -> None:
        self._running["work"].hears("done")

    def run_worker(self) -> None:
        """What falls due at this halt; before it, what happens to the bot."""
        self._write_clock()
        if self._to_come and self._is_time_for(self._to_come[0]):
            coming = self._to_come.pop(0)
            coming.what(self)
            self.happened.append(coming)
        self.begin_a_pass()
        self.end_the_pass()
        if found := parked.parked_rows(self.allybot.context):
            raise WrongStateError(f"put aside: {found}")

    def _is_time_for(self, coming: Coming) -> bool:
        if self.clock().date() < coming.day:
            return False
        if not coming.while_sending:
            return True
        with self.allybot.context.database.reading() as tx:
            due = select(func.count()).where(trainee.c.next_check_in_at <= self.clock())
            return tx.execute(due).scalar_one() > 2

    def _write_clock(self) -> None:
        new = self.clock_file.with_suffix(".new")
        new.write_text(self.clock().isoformat(), encoding="utf-8")
        new.replace(self.clock_file)

    def _connect_bot(self) -> None:
        self._write_clock()
        self.allybot = assemble(self._settings, clock=self.clock, seed=self.seed, rules=DELIVERY_RULES)
        self._bot.callback(self.allybot.close)
        self.types("migrate")
        prepare(self.allybot)
        for role in ROLES:
            self._begin(role)
        for each in self._running.values():
            each.hears("ready")

    def close(self) -> None:
        """End everything."""
        for each in self._running.values():
            each.ends(killed=True)
        super().close()

    def _begin(self, role: str) -> None:
        self._running[role] = BotProcess(role, self)


def new_key() -> str:
    """As from `openssl rand -hex 32`."""
    return secrets.token_hex(32)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)
