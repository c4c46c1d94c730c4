"""The first hour: the manifest, `allybot setup` at a terminal and in scripts, and test messages."""

import json
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from allybot.content import bot_scopes, default_directory
from allybot.demo.workspace import Remote
from slack_emulator import Emulator
from tests.shell import LEAD, MANIFEST, PEOPLE, SCRIPT, Done, Operator, office
from tests.support.terminal import Terminal
from tests.test_scopes import EVENTS

BOT, APP = "xoxb-office", "xapp-office"
BOT_PROMPT, APP_PROMPT = (f"Paste the {each} token, which is not shown: " for each in ("bot", "app"))
"""With the last space: only then does the terminal hide what is typed, and it drops what came before."""


@pytest.fixture
def operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], slack: Emulator
) -> Operator:
    """Somebody at a shell in an empty directory, who knows nothing but where Slack is."""
    monkeypatch.setenv("SLACK_API_URL", slack.api_url)
    return Operator(tmp_path, monkeypatch, capsys)


@pytest.fixture
def terminal(operator: Operator) -> Iterator[Terminal]:
    """The same at a terminal, who has typed `allybot setup`."""
    with Terminal([str(SCRIPT), "setup"], operator.folder, dict(os.environ)) as opened:
        yield opened


def told(slack: Emulator, user: str) -> list[dict[str, Any]]:
    """What somebody finds in their direct message with allybot."""
    found: list[dict[str, Any]] = Remote(slack.url).get(f"messages/{user}")["messages"]
    return found


def written(operator: Operator) -> dict[str, str]:
    file = operator.folder / "allybot.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def is_a_test_of_everything(messages: list[dict[str, Any]]) -> None:
    """A welcome, a check-in, the help and a scenario, each marked."""
    assert len(messages) == 4
    for message, part in zip(
        messages,
        (
            "You made if-then plans in",
            "did the moment of your plan come up",
            "/allybot forget-me",
            "in the thread:",
        ),
        strict=True,
    ):
        assert "This is a test of allybot." in message["text"]
        assert part in message["text"]


# ---- the manifest


def manifest(operator: Operator, options: str = "") -> dict[str, Any]:
    made = operator.types(f"allybot manifest {options}")
    assert (made.code, made.err) == (0, "")
    found: dict[str, Any] = json.loads(made.out)
    return found


def test_the_manifest_for_socket_mode_is_the_one_that_ships(operator: Operator) -> None:
    assert manifest(operator) == json.loads(MANIFEST.read_text(encoding="utf-8"))


def test_for_http_it_has_its_urls_and_no_socket_mode(operator: Operator) -> None:
    made = manifest(operator, "--url https://bot.example.org/")
    events = "https://bot.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == events
    assert made["settings"]["interactivity"]["request_url"] == events
    assert [each["url"] for each in made["features"]["slash_commands"]] == [events]
    assert made["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]


def test_optional_scopes_may_be_left_out_with_the_events_that_need_them(operator: Operator) -> None:
    made = manifest(operator, "--optional-scopes groups:write --one-workspace")
    assert made["settings"]["org_deploy_enabled"] is False
    assert made["oauth_config"]["scopes"]["bot_optional"] == ["groups:write"]
    bare = manifest(operator, "--optional-scopes none")
    scopes = set(bare["oauth_config"]["scopes"]["bot"])
    assert scopes == set(bot_scopes(default_directory(), optional=False))
    assert "bot_optional" not in bare["oauth_config"]["scopes"]
    sent = set(bare["settings"]["event_subscriptions"]["bot_events"])
    assert sent == {name for name, needs in EVENTS.values() if needs <= scopes}
    wrong = operator.types("allybot manifest --optional-scopes channels:history")
    assert "No optional scope is called channels:history. There are: groups:write," in wrong.err


@pytest.mark.parametrize(
    "url", ["http://bot.example.org", "bot.example.org", "https://", "https://a.org?x=1"]
)
def test_an_address_that_slack_would_not_take_is_refused(operator: Operator, url: str) -> None:
    for command in (f"allybot manifest --url {url}", f"allybot setup --url {url}"):
        done = operator.types(command)
        assert done.code == 1
        assert "The address must begin with https:// and name a host" in done.err


CONFIG_TOKEN = "xoxe.xoxp-1-emulator"
"""Of the emulator; good for `apps.manifest.validate` alone."""


def given(operator: Operator, token: str = CONFIG_TOKEN) -> Path:
    file = operator.folder / "config-token.txt"
    file.write_text(f"{token}\n")
    return file


@pytest.mark.parametrize("way", ["", "--url https://bot.example.org"])
def test_slack_judges_the_manifest_with_a_token_that_is_kept_nowhere(operator: Operator, way: str) -> None:
    file = given(operator)
    made = operator.types(f"allybot manifest {way} --config-token-file {file}")
    assert (made.code, made.err) == (0, "ok  manifest: Slack would take it\n")
    assert json.loads(made.out)["display_information"]["name"] == "allybot"
    file.unlink()
    left = [each.read_bytes() for each in operator.folder.rglob("*") if each.is_file()]
    assert CONFIG_TOKEN not in made.out + made.err
    assert not any(CONFIG_TOKEN.encode() in each for each in left)


@pytest.mark.parametrize("wrong", [BOT, "xoxe.xoxp-1-another"])
def test_a_token_that_is_no_configuration_token_is_named_with_where_to_make_one(
    operator: Operator, wrong: str
) -> None:
    done = operator.types(f"allybot manifest --config-token-file {given(operator, wrong)}")
    assert done.code == 1
    assert "Slack did not accept the app configuration token" in done.err
    assert "Your App Configuration Tokens" in done.err
    assert wrong not in done.err


def test_setup_says_what_slack_would_not_take_before_anything_is_pasted(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = operator.folder / "config"
    shutil.copytree(default_directory(), own)
    changed = json.loads(MANIFEST.read_text(encoding="utf-8"))
    changed["display_information"]["name"] = "the allies of the whole northern region"
    (own / MANIFEST.name).write_text(json.dumps(changed), encoding="utf-8")
    monkeypatch.setenv("ALLYBOT_CONFIG", str(own))
    done = operator.types(f"allybot setup --no-questions --config-token-file {given(operator)}")
    assert done.code == 1
    assert "Slack would not take this manifest. /display_information/name: must be less than 36" in done.err
    assert not (operator.folder / "slack-manifest.json").exists()


def test_at_a_terminal_the_configuration_token_is_asked_for_unseen(operator: Operator) -> None:
    words = [str(SCRIPT), "manifest", "--config-token-file", "-"]
    with Terminal(words, operator.folder, dict(os.environ)) as opened:
        opened.reads("Your App Configuration Tokens: ")
        opened.types(CONFIG_TOKEN)
        opened.reads("ok  manifest: Slack would take it")
        assert opened.ends() == 0
        assert CONFIG_TOKEN not in opened.screen


# ---- at a terminal


def test_a_newcomer_pastes_two_tokens_and_has_a_test_message(
    slack: Emulator, operator: Operator, terminal: Terminal
) -> None:
    began = time.monotonic()
    terminal.reads("Press Enter for that")
    terminal.types("")
    terminal.reads(f"paste {operator.folder / 'slack-manifest.json'} as JSON")
    terminal.reads("Install App")
    terminal.reads(BOT_PROMPT)
    terminal.types(BOT)
    terminal.reads("ok  workspace Office: Slack knows the bot token, with every scope it needs")
    terminal.reads("App-Level Tokens")
    terminal.reads(APP_PROMPT)
    terminal.types(APP)
    terminal.reads("ok  app token: Slack knows it")
    terminal.reads("ok  secret key: made")
    terminal.reads("Whose direct message gets a test now?")
    terminal.types("mira@example.org")
    terminal.reads("ok  sent to Mira Okafor")
    terminal.reads("Start it with `allybot run`")
    assert terminal.ends() == 0
    is_a_test_of_everything(told(slack, LEAD))
    assert len([each for each in terminal.typed if each.startswith(("xo", "xa"))]) <= 3
    assert BOT not in terminal.screen
    assert APP not in terminal.screen, "what is pasted is not shown"
    kept = written(operator)
    assert (kept["SLACK_BOT_TOKEN"], kept["SLACK_APP_TOKEN"]) == (BOT, APP)
    assert re.fullmatch("[0-9a-f]{64}", kept["ALLYBOT_SECRET_KEY"])
    assert kept["SLACK_API_URL"] == slack.api_url
    assert kept["DATABASE_URL"] == f"sqlite:///{operator.folder / 'allybot.db'}"
    assert json.loads((operator.folder / "slack-manifest.json").read_text()) == json.loads(
        MANIFEST.read_text()
    )
    assert operator.types("allybot doctor").code == 0
    assert time.monotonic() - began < 120


def test_every_wrong_paste_is_answered_with_what_to_do_and_asked_for_again(
    slack: Emulator, operator: Operator, terminal: Terminal
) -> None:
    terminal.reads("Press Enter for that")
    terminal.types("")
    for wrong, says in (
        ("", "SLACK_BOT_TOKEN is not set"),
        (APP, "SLACK_BOT_TOKEN holds an app-level token, not a bot token (xoxb-…). Copy it anew"),
        ("xoxp-1", "SLACK_BOT_TOKEN holds a person's token"),
        ("", "SLACK_BOT_TOKEN holds a person's token"),  # Enter tries the same again
        ("xoxb-other", "Slack did not accept SLACK_BOT_TOKEN (invalid_auth)"),
        ("xoxb\u200b1", "SLACK_BOT_TOKEN: it contains a character that cannot be seen"),
    ):
        terminal.reads(BOT_PROMPT)
        terminal.types(wrong)
        terminal.reads(f"!!  {says}")
    terminal.reads(BOT_PROMPT)
    terminal.types(f'"{BOT}"')
    terminal.reads(APP_PROMPT)
    terminal.types(BOT)
    terminal.reads("!!  SLACK_APP_TOKEN holds a bot token, not an app-level token (xapp-…). Make one")
    terminal.reads(APP_PROMPT)
    terminal.types(APP)
    terminal.reads("Whose direct message")
    terminal.types("nobody@example.org")
    terminal.reads("!!  nobody@example.org is not in this workspace.")
    terminal.types("")
    terminal.reads("allybot is set up")
    assert terminal.ends() == 0
    assert written(operator)["SLACK_BOT_TOKEN"] == BOT
    assert told(slack, LEAD) == []


# ---- in scripts


def by_files(operator: Operator, bot: str = BOT, app: str = APP, more: str = "") -> Done:
    (operator.folder / "bot").write_text(f"{bot}\n")
    (operator.folder / "app").write_text(f"{app}\n")
    return operator.types(f"allybot setup --bot-token-file bot --app-token-file app {more}")


def test_without_questions_it_takes_files_and_says_what_is_missing(operator: Operator) -> None:
    nothing = operator.types("allybot setup")
    assert nothing.code == 1
    assert "SLACK_BOT_TOKEN is missing. On the app's page: Install App" in nothing.err
    assert "set it in the environment, or give --bot-token-file." in nothing.err
    done = by_files(operator, more="--test-message mira@example.org")
    assert done.code == 0, done.err
    assert "ok  sent to Mira Okafor" in done.out
    for secret in (BOT, APP, written(operator)["ALLYBOT_SECRET_KEY"]):
        assert secret not in done.out + done.err


def test_run_again_it_changes_nothing_and_asks_nothing(
    operator: Operator, slack: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert by_files(operator).code == 0
    before = (operator.folder / "allybot.env").read_bytes()
    with Terminal([str(SCRIPT), "setup"], operator.folder, dict(os.environ)) as again:
        again.reads("ok  app token")
        again.reads("Whose direct message")
        again.types(PEOPLE[0])
        again.reads("ok  sent to Person U0P00")
        assert again.ends() == 0
        assert "Paste" not in again.screen
        assert "Make the app" not in again.screen
    assert (operator.folder / "allybot.env").read_bytes() == before
    is_a_test_of_everything(told(slack, PEOPLE[0]))
    monkeypatch.chdir("/")
    monkeypatch.setenv("ALLYBOT_SETTINGS", str(operator.folder / "allybot.env"))
    assert operator.types("allybot doctor").code == 0, "and every folder finds the same databases"


def test_what_the_environment_sets_is_taken_and_kept(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    wrong = by_files(operator)
    assert "SLACK_BOT_TOKEN is set in the environment, too, which wins: unset it there." in wrong.err
    monkeypatch.setenv("SLACK_APP_TOKEN", APP)
    refused = operator.types("allybot setup")
    assert "invalid_auth" in refused.err
    assert "SLACK_BOT_TOKEN is set in the environment: correct it there." in refused.err
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    assert operator.types("allybot setup").code == 0
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"):
        monkeypatch.delenv(name)
    assert operator.types("allybot doctor").code == 0


def test_missing_scopes_are_listed(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    poor = json.loads(MANIFEST.read_text())
    poor["oauth_config"]["scopes"]["bot"] = ["chat:write", "commands", "im:write"]
    other = office(manifest=poor)
    other.start()
    try:
        monkeypatch.setenv("SLACK_API_URL", other.api_url)
        done = by_files(operator)
    finally:
        other.stop()
    assert done.code == 1
    assert (
        "The scopes files:write, groups:read, im:history, users:read, users:read.email are missing."
        in done.err
    )
    assert not (operator.folder / "allybot.env").exists(), "what is wrong is not kept"


def test_a_revoked_token_is_named_as_that(operator: Operator, slack: Emulator) -> None:
    slack.slack.workspaces["T0OFFICE"].revoked_tokens.add(BOT)
    assert "Slack did not accept SLACK_BOT_TOKEN (token_revoked)" in by_files(operator).err


def test_without_a_network_the_first_line_says_so_and_names_the_proxy(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    away = by_files(operator)
    assert (
        "127.0.0.1:1 gave no answer (no_connection). Check the network; behind a proxy, set HTTPS_PROXY."
        in away.err
    )
    monkeypatch.setenv("SLACK_API_URL", "http://slack.example.org/api/")
    monkeypatch.setenv("HTTP_PROXY", "http://user:hush@127.0.0.1:1")
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    through = by_files(operator)
    assert "slack.example.org gave no answer through the proxy 127.0.0.1:1 (no_connection)" in through.err
    assert "hush" not in through.err


def test_a_new_key_is_not_made_for_databases_of_another_one(operator: Operator) -> None:
    assert by_files(operator).code == 0
    file = operator.folder / "allybot.env"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("ALLYBOT_SECRET_KEY")]
    file.write_text("\n".join(lines))
    again = operator.types("allybot setup")
    assert again.code == 1
    assert "ALLYBOT_SECRET_KEY is not the key the stored keys and tokens were wrapped with" in again.err
    assert "ALLYBOT_SECRET_KEY" not in file.read_text()


def test_for_http_it_takes_the_signing_secret_by_its_form(operator: Operator, slack: Emulator) -> None:
    (operator.folder / "bot").write_text(BOT)
    secret = operator.folder / "secret"
    setup = "allybot setup --url https://bot.example.org --bot-token-file bot --signing-secret-file secret"
    secret.write_text("xapp-1-A-2")
    assert "SLACK_SIGNING_SECRET holds an app-level token. Basic Information" in operator.types(setup).err
    secret.write_text(slack.config.app.signing_secret)
    done = operator.types(setup)
    assert done.code == 0, done.err
    assert "press Retry beside the address" in done.out
    assert "xapp" not in (operator.folder / "allybot.env").read_text()
    again = operator.types("allybot setup")
    assert again.code == 0, "it is remembered as HTTP"
    assert "the signing secret is right" in again.out


def test_for_many_workspaces_it_takes_the_apps_id_and_secret(operator: Operator, slack: Emulator) -> None:
    app = slack.config.app
    for name, value in (("secret", app.signing_secret), ("client", app.client_secret), ("wrong", "no")):
        (operator.folder / name).write_text(value)
    setup = (
        "allybot setup --many-workspaces --url https://bot.example.org --allow T0OFFICE "
        f"--signing-secret-file secret --client-id {app.client_id} --client-secret-file "
    )
    assert (
        "Slack did not accept SLACK_CLIENT_SECRET (bad_client_secret)" in operator.types(f"{setup}wrong").err
    )
    done = operator.types(f"{setup}client")
    assert done.code == 0, done.err
    assert "open https://bot.example.org/slack/install" in done.out
    assert written(operator)["ALLYBOT_WORKSPACES"] == "T0OFFICE"
    needs = operator.types("allybot setup --many-workspaces --signing-secret-file secret")
    assert needs.code == 0, "the address is known to the app already"


# ---- the test message alone


def test_a_test_message_shows_a_programs_own_words_and_leaves_nothing_behind(
    operator: Operator, slack: Emulator
) -> None:
    assert by_files(operator).code == 0
    operator.types('allybot program create "Spring 2026" --support-contact "Noor, HR" --cohort "A=today"')
    before = operator.types("allybot doctor --json").out
    done = operator.types('allybot test-message u0p01@example.org --program "Spring 2026"')
    assert done.code == 0, done.err
    messages = told(slack, PEOPLE[1])
    is_a_test_of_everything(messages)
    assert "Spring 2026" in messages[0]["text"]
    assert all("Noor, HR" in messages[place]["text"] for place in (0, 2, 3))
    held = json.loads(operator.types(f"allybot person export {PEOPLE[1]}").out or "{}")
    assert not held.get("messages")
    assert operator.types("allybot doctor --json").out == before
    assert operator.types("allybot test-message nobody@example.org").code == 1
    assert operator.types("allybot test-message U0P01 --program Autumn").code == 1
