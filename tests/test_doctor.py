"""`allybot doctor` asks Slack about each token and about what it was granted, and names what to mend."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from allybot.content import default_directory
from allybot.doctor.screens.prompts import screens
from slack_emulator import Emulator
from slack_emulator.faults import Fault
from tests.shell import Operator, office

MANIFEST = json.loads((default_directory() / "slack-manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def narrow() -> Iterator[Emulator]:
    """A Slack whose workspace granted less than the manifest asks for."""
    granted = [
        scope
        for scope in MANIFEST["oauth_config"]["scopes"]["bot"]
        if scope not in ("groups:read", "im:history")
    ]
    emulator = office(manifest=MANIFEST | {"oauth_config": {"scopes": {"bot": granted}}})
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(tmp_path, monkeypatch, capsys)


def examined(operator: Operator, slack: Emulator, **variables: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code and the findings by what they are about, with these variables in place of good ones."""
    operator.installed_at(slack)
    operator.at(slack, **variables)
    done = operator.types("allybot doctor --json")
    for value in variables.values():
        assert not value or value not in done.out, "no token is printed"
    return done.code, {each["what"]: each for each in json.loads(done.out)["findings"]}


def test_good_tokens_and_scopes_are_said_to_be_good(slack: Emulator, operator: Operator) -> None:
    code, found = examined(operator, slack)
    assert code == 0, found
    assert found["app token"]["say"] == "Slack knows it"
    assert found["workspace Office"]["say"] == "Slack knows the bot token, with every scope it needs"


@pytest.mark.parametrize(
    ("token", "remedy"),
    [
        ("xapp-1-wrong", "Slack did not accept SLACK_APP_TOKEN (invalid_auth)"),
        ("xoxb-office", "SLACK_APP_TOKEN holds a bot token, not an app-level token"),
        ("xoxp-somebody", "SLACK_APP_TOKEN holds a person's token, not an app-level token"),
    ],
)
def test_a_wrong_app_token_is_found_before_run_fails(
    slack: Emulator, operator: Operator, token: str, remedy: str
) -> None:
    code, found = examined(operator, slack, SLACK_APP_TOKEN=token)
    assert (code, found["app token"]["good"]) == (1, False)
    assert found["app token"]["say"].startswith(remedy)
    assert "with the scope connections:write" in found["app token"]["say"]
    assert [what for what, each in found.items() if not each["good"]] == ["app token"]


@pytest.mark.parametrize(
    ("token", "remedy"),
    [
        ("xoxb-wrong", "Slack did not accept SLACK_BOT_TOKEN (invalid_auth)"),
        ("xapp-office", "SLACK_BOT_TOKEN holds an app-level token, not a bot token"),
        ("xoxp-somebody", "SLACK_BOT_TOKEN holds a person's token, not a bot token"),
    ],
)
def test_a_wrong_bot_token_is_named(slack: Emulator, operator: Operator, token: str, remedy: str) -> None:
    code, found = examined(operator, slack, SLACK_BOT_TOKEN=token)
    assert (code, found["bot token"]["good"]) == (1, False)
    assert found["bot token"]["say"].startswith(remedy)


def test_scopes_that_were_not_granted_are_named(narrow: Emulator, operator: Operator) -> None:
    code, found = examined(operator, narrow)
    assert (code, found["workspace Office"]["good"]) == (1, False)
    said = found["workspace Office"]["say"]
    assert said.startswith("The scopes groups:read, im:history are missing.")
    assert "install the app again" in said
    assert "SLACK_BOT_TOKEN" in said


def test_scopes_of_a_workspace_that_was_installed_are_looked_at_too(
    narrow: Emulator, operator: Operator
) -> None:
    operator.installed_at(narrow)
    assert operator.types("allybot program list").code == 0, "connects the workspace of the token"
    key = operator.env["ALLYBOT_SECRET_KEY"]
    code, found = examined(operator, narrow, SLACK_BOT_TOKEN="", ALLYBOT_SECRET_KEY=key)
    assert code == 1
    assert found["workspace Office"]["say"].startswith("The scopes groups:read, im:history are missing.")


def test_where_socket_mode_is_off_the_way_on_is_named(operator: Operator) -> None:
    slack = office("http://127.0.0.1:9/slack/events")
    slack.start()
    try:
        code, found = examined(operator, slack)
    finally:
        slack.stop()
    assert code == 1
    assert "Switch on Socket Mode" in found["app token"]["say"]
    assert "leave SLACK_APP_TOKEN unset" in found["app token"]["say"]


def test_without_an_app_token_none_is_asked_about(slack: Emulator, operator: Operator) -> None:
    code, found = examined(operator, slack, SLACK_APP_TOKEN="")
    assert code == 0
    assert "app token" not in found


def test_a_slack_that_is_away_is_not_taken_for_a_wrong_token(slack: Emulator, operator: Operator) -> None:
    code, found = examined(operator, slack, SLACK_API_URL="http://127.0.0.1:1/api/")
    assert code == 1
    assert found["app token"]["say"].startswith("Slack gave no answer (no_connection).")


def test_slack_judges_every_screen_when_asked_to_and_shows_none(slack: Emulator, operator: Operator) -> None:
    operator.installed_at(slack)
    done = operator.types("allybot doctor --screens --json")
    said = {each["what"]: each for each in json.loads(done.out)["findings"]}["screens"]
    assert said["good"], said
    judged = slack.slack.log.read(kind="web_api", method="blocks.validate")
    assert (
        said["say"] == f"Slack would take all {len(judged)} examples of {len(screens())} messages and views"
    )
    assert {call["ok"] for call in judged} == {True}
    assert slack.slack.log.read(kind="web_api", method="chat.postMessage") == []


def test_a_screen_that_slack_would_refuse_is_named_with_the_place(operator: Operator) -> None:
    strict = office()
    strict.config.teams[0].refused_blocks = ["context"]
    strict.start()
    try:
        operator.installed_at(strict)
        strict.slack.faults.add(Fault(mode="rate_limited", method="blocks.validate", retry_after=1, times=2))
        done = operator.types("allybot doctor --screens")
    finally:
        strict.stop()
    assert done.code == 1
    refused = [line for line in done.out.splitlines() if line.startswith("!!  screen ")]
    assert refused
    assert all("unsupported type: context" in line and "/blocks/" in line for line in refused)
