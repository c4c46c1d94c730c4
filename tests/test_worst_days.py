"""docs/worst-days.md: each day is lived with the page's own commands."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from allybot.demo.workspace import Remote
from slack_emulator import Emulator
from tests.shell import PEOPLE, ROOT, SCRIPT, TEAM, Operator

PAGE = (ROOT / "docs" / "worst-days.md").read_text(encoding="utf-8")
SETUP = "allybot setup --bot-token-file bot --app-token-file app"
CREATE = 'allybot program create Spring --support-contact "Noor, HR" --cohort "A=today"'


@pytest.fixture
def operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], slack: Emulator
) -> Operator:
    """Somebody whose allybot was set up, with two people enrolled."""
    monkeypatch.setenv("SLACK_API_URL", slack.api_url)
    monkeypatch.setenv("PATH", f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}")
    made = Operator(tmp_path, monkeypatch, capsys)
    (tmp_path / "bot").write_text("xoxb-office")
    (tmp_path / "app").write_text("xapp-office")
    assert made.types(SETUP).code == 0
    assert made.types(CREATE).code == 0
    (tmp_path / "wrong.csv").write_text(f"person,cohort\n{PEOPLE[0]},A\n{PEOPLE[1]},A\n")
    assert made.types("allybot enrol wrong.csv --program Spring --yes").code == 0
    return made


def day(heading: str) -> list[str]:
    """The lines to type on that day."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", part, re.DOTALL)[0].splitlines()


def typed(operator: Operator, line: str) -> str:
    """A line of the page; what it says. `doctor` misses the worker, which no test starts."""
    if line.startswith("allybot "):
        ended = operator.types(line)
        assert ended.code == (1 if "doctor" in line else 0), f"{line}\n{ended.out}{ended.err}"
        return ended.out
    done = subprocess.run(  # noqa: S603 - our own page
        ["/bin/bash", "-ec", line],
        cwd=operator.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_slack_no_longer_knows_the_token(operator: Operator, slack: Emulator) -> None:
    workspace = slack.slack.workspaces[TEAM]
    workspace.revoked_tokens.add(workspace.bot_token)
    assert "token_revoked" in operator.types("allybot doctor").out
    workspace.bot_token = "xoxb-new"
    setup, retry = day("Slack no longer knows the token")
    (operator.folder / "bot").write_text("xoxb-new")
    assert "every scope it needs" in typed(operator, f"{setup} --bot-token-file bot")
    assert "Due again" in typed(operator, retry)
    assert "ok  workspace Office" in operator.types("allybot doctor").out


def test_the_secret_key_was_seen_by_somebody(operator: Operator) -> None:
    file = operator.folder / "allybot.env"
    file.write_text(re.sub("(?m)^ALLYBOT_SECRET_KEY=", f"ALLYBOT_SECRET_KEY={'1' * 64},", file.read_text()))
    rotate, doctor = day("The secret key was seen by somebody")
    typed(operator, rotate)
    file.write_text(re.sub("(?m),[0-9a-f]{64}$", "", file.read_text()))
    assert "everything is wrapped with the first key" in typed(operator, doctor)


def test_the_secret_key_is_lost(operator: Operator) -> None:
    *aside, setup = day("The secret key is lost")
    for line in aside:
        typed(operator, line)
    typed(operator, setup + SETUP.removeprefix("allybot setup"))
    assert operator.types("allybot doctor").code == 0
    assert operator.types(CREATE).code == 0


def test_the_database_is_gone(operator: Operator) -> None:
    lines = [
        line.replace("/backups", str(operator.folder)).replace("/elsewhere", str(operator.folder))
        for line in day("The database is gone")
    ]
    operator.types(f"allybot backup {operator.folder}/today --keys {operator.folder}/today.jsonl")
    *before, restore, doctor = lines
    for line in before:
        typed(operator, line)
    assert "rows are back" in typed(operator, restore)
    assert "ok  secret key: everything is wrapped with the first key" in typed(operator, doctor)
    assert "Spring" in operator.types("allybot program list").out


def test_the_wrong_list_was_enrolled(operator: Operator, slack: Emulator) -> None:
    (line,) = day("The wrong list was enrolled")
    assert typed(operator, line).count("is off the list of Spring") == 2
    again = operator.types("allybot enrol wrong.csv --program Spring").out
    assert "Would enrol 2 in Spring" in again
    assert Remote(slack.url).get(f"messages/{PEOPLE[0]}")["messages"] == []
