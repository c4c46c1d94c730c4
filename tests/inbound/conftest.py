"""An emulator, and a bot in a process of its own that listens to it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slack_emulator import App, Emulator, EmulatorConfig, Person, Team
from tests.inbound import load_data

ROOT = Path(__file__).parent.parent.parent


def soon(found: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    team = Team(
        id=load_data.TEAM,
        name="Town",
        domain="town",
        bot_token=load_data.BOT_TOKEN,
        bot_user_id=load_data.BOT_USER,
        bot_id="B0ALLYBOT",
        people=[Person(id=load_data.user(number), name=f"p{number}") for number in range(500)],
    )
    app = App(app_token=load_data.APP_TOKEN, signing_secret=load_data.SIGNING_SECRET)
    emulator = Emulator(EmulatorConfig(teams=[team], app=app, retry_factor=0.001))
    emulator.start()
    yield emulator
    emulator.stop()


class Bot:
    """The process, its log, and how it ended."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors
            )

    def log(self) -> str:
        return self._log.read_text()

    def stop(self, seconds: float = 20.0) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(seconds)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@pytest.fixture
def environment(emulator: Emulator, database_url: str, vault_url: str) -> dict[str, str]:
    """What `allybot run` is given."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": load_data.BOT_TOKEN,
        "SLACK_APP_TOKEN": load_data.APP_TOKEN,
        "SLACK_API_URL": emulator.api_url,
        "DATABASE_URL": database_url,
        "ALLYBOT_VAULT_URL": vault_url,
        "ALLYBOT_SECRET_KEY": load_data.SECRET,
    }


@pytest.fixture
def start_bot(
    emulator: Emulator, environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., Bot]]:
    """Starts a bot process, connected twice; all are ended after the test."""
    running: list[Bot] = []

    def start(worker: str = "stalled") -> Bot:
        command = [sys.executable, "-m", "tests.inbound.bot_process", worker]
        bot = Bot(command, environment, tmp_path / f"bot-{len(running)}.log")
        running.append(bot)
        soon(lambda: emulator.slack.delivery.sockets.count == 2 or bot.process.poll() is not None, 30)
        assert bot.process.poll() is None, bot.log()
        return bot

    yield start
    for bot in running:
        bot.stop()
