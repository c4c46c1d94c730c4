"""What starting the command line loads, and what it says where the emulator's library is missing."""

import json
import subprocess
import sys

import pytest

WITHOUT = """
import sys
sys.modules["aiohttp"] = None  # as on a machine where it is not installed
from allybot.cli import main
sys.argv = ["allybot", *sys.argv[1:]]
main()
"""


def python(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own


def test_help_loads_neither_emulator_nor_demo_nor_what_commands_work_with() -> None:
    loaded = set(
        json.loads(python("import allybot.cli, json, sys; print(json.dumps([*sys.modules]))").stdout)
    )
    assert "allybot.cli" in loaded
    assert not loaded & {"slack_emulator", "aiohttp", "allybot.demo"}
    assert not loaded & {
        "alembic",
        "apscheduler",
        "babel",
        "holidays",
        "pydantic",
        "slack_sdk",
        "sqlalchemy",
        "allybot.app",
        "allybot.content",
        "allybot.handlers",
        "allybot.services",
        "allybot.store",
    }


@pytest.mark.parametrize("command", ["demo --no-browser", "demo --autoplay --json", "emulator --port 0"])
def test_without_its_extra_the_emulator_is_refused_in_one_line_that_says_what_to_install(
    command: str,
) -> None:
    done = python(WITHOUT, *command.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "allybot: The demo and the emulator need aiohttp, which is not installed: "
        'pip install "allybot[emulator]"\n'
    )


def test_without_its_extra_every_command_can_still_be_read_about() -> None:
    for command in ("run", "web", "worker", "doctor", "migrate", "demo", "emulator"):
        done = python(WITHOUT, command, "--help")
        assert done.returncode == 0, done.stderr
        assert f"Usage: allybot {command}" in done.stdout
