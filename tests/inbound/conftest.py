"""An emulator, and a bot in a process of its own that listens to it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from allybot.services.context import Context
from slack_emulator import App, Emulator, EmulatorConfig, Person, Team
from tests.inbound import load_data
from tests.inbound.forged_requests import Request
from tests.support.ports import free_port

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


def three_free_ports() -> int:
    """The first of three in a row, below those that the kernel gives to other tests beside this one."""
    for first in range(20_000 + os.getpid() % 4_000 * 3, 32_000, 3):
        with ExitStack() as probes:
            try:
                for port in range(first, first + 3):
                    probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no three ports in a row are free")


class WebProcess:
    """`allybot web` in a process of its own."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port, self._log = free_port(), log
        more = {"PORT": str(self.port), "SLACK_SIGNING_SECRET": load_data.SIGNING_SECRET}
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "allybot", "web"], env=environment | more, cwd=ROOT, stderr=errors
            )

    def log(self) -> str:
        return self._log.read_text()

    def listens(self, host: str = "127.0.0.1") -> None:
        soon(
            lambda: self.process.poll() is not None or status(self.port, b"", "GET", "/healthz", {}, host), 40
        )
        assert self.process.poll() is None, self.log()

    def ends_well(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        assert "Traceback" not in self.log()
        assert load_data.SIGNING_SECRET not in self.log()


@pytest.fixture
def start_web(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., WebProcess]]:
    """Starts `allybot web`, with more settings; all are ended after the test."""
    begun: list[WebProcess] = []

    def start(**more: str) -> WebProcess:
        begun.append(WebProcess(environment | more, tmp_path / f"web-{len(begun)}.log"))
        return begun[-1]

    yield start
    for web in begun:
        if web.process.poll() is None:
            web.process.kill()
            web.process.wait()


@pytest.fixture
def web_port(context: Context, start_web: Callable[..., WebProcess]) -> Iterator[int]:
    """The port of `allybot web`, with twenty people; it must end well."""
    load_data.settle(context, 20)
    web = start_web()
    web.listens()
    yield web.port
    web.ends_well()


def status(
    port: int,
    body: bytes,
    method: str,
    path: str,
    headers: dict[str, str],
    host: str = "127.0.0.1",
) -> int:
    """The status of one request; 0 where nobody listens."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request(method, path, body, headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def slack_headers(request: Request) -> dict[str, str]:
    return {
        "Content-Type": request.content_type,
        "X-Slack-Request-Timestamp": str(request.timestamp),
        "X-Slack-Signature": str(request.signature),
    }
