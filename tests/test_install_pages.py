"""The install pages and the files they send people to are sound; tests/test_installs.py lives them."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from allybot.cli import app
from tests.shell import ROOT, commands_of
from tests.support.install_pages import PAGES, lines_of, steps_of_the_image

README = (ROOT / "README.md").read_text(encoding="utf-8")
ON_A_HOST = ("sudo", "cd", "mkdir", "touch", "printf", "docker compose", "export", "allybot", "PORT=")
"""What lines of the pages begin with."""


@pytest.fixture
def compose() -> dict[str, Any]:
    """The compose file, as written."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    return found


def test_every_page_is_linked_from_the_readme() -> None:
    assert {page.name for page in PAGES} == set(re.findall(r"docs/install/([a-z-]+\.md)", README))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_only_commands_options_files_and_settings_there_are(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    lines = lines_of(page)
    assert lines
    assert [line for line in lines if not line.startswith(ON_A_HOST)] == []
    typed = [*commands_of(text), *(f"allybot {line.partition('allybot ')[2]}" for line in lines)]
    for command in (each for each in typed if re.match(r"allybot [a-z]", each)):
        words = shlex.split(command)[1:]
        if words[0] not in {"run", "web", "worker", "setup", "doctor", "enrol", "person", "allybot"}:
            continue
        shown = CliRunner().invoke(app, [words[0], "--help"])
        assert shown.exit_code == 0, command
        for option in re.findall(r"--[a-z-]+", command):
            assert option in shown.output, command
    for target in re.findall(r"\]\(([^)h][^)]*)\)", text):
        assert (page.parent / target).exists(), target
    for file in re.findall(r"\b(?:deploy|requirements)/[a-z.-]+\b", text):
        assert (ROOT / file).exists() or file in {"deploy/.env", "deploy/settings"}, file


def unit(name: str) -> configparser.ConfigParser:
    """A file of deploy/, as systemd reads it."""
    found = configparser.ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment]
    found.read(ROOT / "deploy" / name)
    return found


def test_the_unit_runs_as_its_own_user_and_writes_in_its_folder_only() -> None:
    service = unit("allybot.service")["Service"]
    assert service["ExecStart"] == "/opt/allybot/bin/allybot run"
    assert (service["User"], service["ProtectSystem"]) == ("allybot", "strict")
    assert service["WorkingDirectory"] == service["ReadWritePaths"]
    made = next(line for line in lines_of(PAGES_BY_NAME["own-machine"]) if "useradd" in line)
    assert f"--home-dir {service['WorkingDirectory']} " in made
    assert made.endswith(f" {service['User']}")


def test_the_timer_makes_a_backup_a_day_and_one_that_was_missed() -> None:
    timer = unit("allybot-backup.timer")["Timer"]
    assert timer["OnCalendar"].startswith("*-*-* ")
    assert timer["Persistent"] == "true"
    assert "Unit" not in timer, "it starts the service of its name"


def test_the_backup_runs_as_the_unit_does_and_writes_in_the_folders_that_the_pages_make() -> None:
    allybot, backup = (unit(name)["Service"] for name in ("allybot.service", "allybot-backup.service"))
    named = ("Type", "ExecStart", "ReadWritePaths")
    ended = ("Restart", "RestartSec", "TimeoutStopSec")
    assert {name: value for name, value in backup.items() if name not in named} == {
        name: value for name, value in allybot.items() if name not in (*named, *ended)
    }
    assert backup["Type"] == "oneshot"
    binary, command, folder, option, keys = backup["ExecStart"].split()
    assert (binary, command, option) == (allybot["ExecStart"].split()[0], "daily-backup", "--keys")
    assert backup["ReadWritePaths"].split() == [allybot["WorkingDirectory"], folder, keys]
    for page in (PAGES_BY_NAME["own-machine"], ROOT / "docs/backups.md"):
        lines = lines_of(page)
        assert f"sudo install -d -m 700 -o {backup['User']} {folder} {keys}" in lines
        (copied,) = (line for line in lines if "allybot-backup.service" in line)
        assert all((ROOT / each).exists() for each in copied.split()[2:-1])
        (enabled,) = (line for line in lines if "enable --now" in line)
        assert "allybot-backup.timer" in enabled.split()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Without their programs, which no test machine has where they say."""
    files = [
        tmp_path / name for name in ("allybot.service", "allybot-backup.service", "allybot-backup.timer")
    ]
    for file in files:
        text = (ROOT / "deploy" / file.name).read_text(encoding="utf-8")
        file.write_text(re.sub("(?m)^ExecStart=[^ ]+", "ExecStart=/bin/true", text), encoding="utf-8")
    said = subprocess.run(  # noqa: S603 - our own units
        ["systemd-analyze", "verify", *map(str, files)],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert [line for line in said.stderr.splitlines() if "allybot" in line] == []


def test_the_image_is_small_and_its_user_has_no_rights() -> None:
    stages = steps_of_the_image()
    *_, last = stages
    words = [word for word, _ in last]
    assert last[words.index("USER")][1].isdigit()
    assert words.index("USER") > words.index("RUN"), "what needs rights comes before"
    assert all(
        step.startswith("python:3.13-slim") for stage in stages for word, step in stage if word == "FROM"
    )
    assert not any("slack_emulator" in step for _, step in last)
    assert "rm -rf /opt/allybot/lib/python3*/site-packages/slack_emulator" in [step for _, step in stages[0]]
    health = json.loads(next(step for word, step in last if word == "HEALTHCHECK").partition("CMD ")[2])
    assert health[:2] == ["python", "-c"]
    compile(health[2], "the health check", "exec")


def test_the_image_takes_nothing_but_what_it_copies() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source for word, step in steps_of_the_image()[0] if word == "COPY" for source in step.split()[:-1]
    }
    assert let_in == copied
    assert all((ROOT / each).exists() for each in copied)


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name for name, each in services.items() if "ports" in each} == {"proxy"}
    assert services["database"]["volumes"] != services["vault"]["volumes"]
    for name in ("setup", "web", "worker"):
        each = services[name]
        assert each["read_only"] is True
        assert each["cap_drop"] == ["ALL"]
        assert each["user"] == "${ALLYBOT_UID:?}"
        assert CliRunner().invoke(app, [each["command"][0], "--help"]).exit_code == 0
        assert "@database/" in each["environment"]["DATABASE_URL"]
        assert "@vault/" in each["environment"]["ALLYBOT_VAULT_URL"]
    for each in services.values():
        assert re.fullmatch(r"allybot|postgres:\d+|caddy:\d+", each["image"])


def test_every_variable_of_the_compose_file_is_written_by_the_page(compose: dict[str, Any]) -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", json.dumps(compose)))
    page = "\n".join(lines_of(PAGES_BY_NAME["container"]))
    assert asked == set(re.findall(r"([A-Z_]+)=%s", page))


PAGES_BY_NAME = {page.stem: page for page in PAGES}
