"""An operator at a shell: runs allybot's commands against the emulator, as the README says."""

import logging
import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from allybot.cli import main
from allybot.content import default_directory
from slack_emulator import App, Channel, Emulator, EmulatorConfig, Person, Team

ROOT = Path(__file__).parent.parent
SCRIPT = Path(sys.executable).parent / "allybot"
TEAM, BOT_USER, LEAD = "T0OFFICE", "U0ALLYBOT", "U0MIRA"
PEOPLE = tuple(f"U0P{number:02d}" for number in range(12))
CIRCLES = ("C0RED", "C0BLUE")
MANIFEST = default_directory() / "slack-manifest.json"
SIGNING_SECRET = "the signing secret of the emulator's app"


def office(
    request_url: str | None = None,
    channels: Sequence[Channel] = (),
    manifest: dict[str, Any] | Path = MANIFEST,
) -> Emulator:
    """A workspace with a lead, twelve people and two circles, its app made from our manifest.

    Args:
        channels: further ones.
    """
    people = [Person(id=LEAD, name="mira", real_name="Mira Okafor", email="mira@example.org")]
    people += [
        Person(
            id=user, name=user.casefold(), real_name=f"Person {user}", email=f"{user.casefold()}@example.org"
        )
        for user in PEOPLE
    ]
    circles = [
        Channel(id=channel, name=channel.casefold(), is_private=True, members=[BOT_USER, *PEOPLE[place::2]])
        for place, channel in enumerate(CIRCLES)
    ]
    team = Team(
        id=TEAM, name="Office", domain="office", people=people, channels=[*circles, *channels],
        bot_token="xoxb-office", bot_user_id=BOT_USER, bot_id="B0ALLYBOT", bot_name="allybot",
    )  # fmt: skip
    app = App(
        app_id="A0ALLYBOT", name="allybot", app_token="xapp-office", signing_secret=SIGNING_SECRET,
        manifest=manifest, request_url=request_url,
    )  # fmt: skip
    return Emulator(EmulatorConfig(teams=[team], app=app))


def environment(slack: Emulator, folder: Path) -> dict[str, str]:
    """The variables of the README's table, for this Slack and databases in this folder."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-office",
        "SLACK_APP_TOKEN": "xapp-office",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'allybot.db'}",
        "ALLYBOT_VAULT_URL": f"sqlite:///{folder / 'vault.db'}",
        "ALLYBOT_SECRET_KEY": secrets.token_hex(32),
    }


@dataclass(frozen=True)
class Done:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


class Operator:
    """Types commands. They run in this process; those that stay are started with `begin`."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._patch, self._captured = monkeypatch, capsys
        self.env: dict[str, str] = {}
        monkeypatch.chdir(folder)

    def at(self, slack: Emulator, **more: str) -> "Operator":
        """Set the variables."""
        self.env = {**environment(slack, self.folder), **more}
        for name, value in self.env.items():
            self._patch.setenv(name, value)
        return self

    def installed_at(self, slack: Emulator, **more: str) -> "Operator":
        """Set the variables, and make the databases."""
        self.at(slack, **more)
        assert self.types("allybot migrate").code == 0
        return self

    def types(self, line: str) -> Done:
        """Run one line such as `allybot program list`."""
        self._patch.setattr(sys, "argv", shlex.split(line))
        self._patch.setenv("COLUMNS", "160")
        root = logging.getLogger()
        before = root.handlers, root.level
        self._captured.readouterr()
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        else:
            code = 0
        finally:
            root.handlers, root.level = before
        out, err = self._captured.readouterr()
        assert "Traceback" not in err
        return Done(code, out, err)

    def begin(self, line: str) -> "Running":
        """Start a command that stays."""
        first, *rest = shlex.split(line)
        words = [sys.executable if first == "python" else str(SCRIPT), *rest]
        return Running(words, self.folder, {**os.environ, **self.env})


class Running:
    """A command in a process of its own; what it writes goes to a file."""

    def __init__(self, words: list[str], folder: Path, env: dict[str, str]) -> None:
        self._log = folder / f"{words[-1]}-{secrets.token_hex(4)}.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(words, cwd=folder, env=env, stdout=log, stderr=log)  # noqa: S603 - our own command

    @property
    def log(self) -> str:
        """What it has written."""
        return self._log.read_text(encoding="utf-8")

    def until(self, found: Callable[[], object], seconds: float = 40.0) -> None:
        """Wait until something is so, or it has died."""
        end = time.monotonic() + seconds
        while not found():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < end, self.log
            time.sleep(0.05)

    def terminate(self, seconds: float = 40.0) -> int:
        """Send SIGTERM and wait; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    def kill(self) -> None:
        """Make sure that it is gone."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)


def commands_of(text: str) -> list[str]:
    """The commands a text names in backticks, in order."""
    return re.findall(r"`(allybot [^`]+)`", text)
