"""Bot tokens that expire after twelve hours: one process refreshes each in time, and nobody falls silent."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from slack_bolt import BoltRequest
from sqlalchemy import select

from allybot.app import Allybot, assemble, installation, prepare
from allybot.clock import real_now
from allybot.errors import SettingsError, SlackRefusedError, SlackUnavailableError
from allybot.services.context import Context
from allybot.services.programs import workspaces
from allybot.services.trainees import slack_events
from allybot.settings import Settings
from allybot.slack.gateway import SlackGateway
from allybot.store import tables
from allybot.store.programs.workspaces import claim_refresh
from slack_emulator import App, Emulator, EmulatorConfig
from slack_emulator.config import default_team
from slack_emulator.faults import Fault
from tests.conftest import SECRET

TEAM, ANTON = "T0EMULATOR", "U0ANTON"
CLIENT_ID, CLIENT_SECRET = "100000000001.100000000002", "emulator-client-secret"
MANIFEST: dict[str, Any] = {
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:write", "users:read"]}},
    "settings": {"token_rotation_enabled": True},
}


@pytest.fixture
def slack() -> Iterator[Emulator]:
    """A Slack whose app has token rotation switched on."""
    app = App(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, manifest=MANIFEST)
    emulator = Emulator(EmulatorConfig(teams=[default_team()], app=app))
    emulator.start()
    yield emulator
    emulator.stop()


Begin = Callable[..., Allybot]


@pytest.fixture
def begin(slack: Emulator, database_url: str, vault_url: str) -> Iterator[Begin]:
    """Assembles a bot whose clock is ahead by some hours."""
    begun: list[Allybot] = []

    def at(hours: float = 0, **more: Any) -> Allybot:
        settings: dict[str, Any] = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": SecretStr(CLIENT_SECRET),
            "DATABASE_URL": SecretStr(database_url),
            "ALLYBOT_VAULT_URL": SecretStr(vault_url),
            "ALLYBOT_SECRET_KEY": SecretStr(SECRET),
        }
        host = lambda: real_now() + timedelta(hours=hours)  # noqa: E731
        begun.append(assemble(Settings(**(settings | more)), host=host))
        return begun[-1]

    yield at
    for bot in begun:
        bot.close()


@pytest.fixture
def installed(slack: Emulator, context: Context) -> str:
    """The token that an installation gave; it is good for twelve hours."""
    code = slack.slack.capabilities.give_code(TEAM, None)
    granted = SlackGateway(lambda _: "", slack.api_url).exchange(CLIENT_ID, CLIENT_SECRET, code, None)
    workspaces.connect(
        context,
        TEAM,
        "Northwind",
        "U0BOT",
        granted.token,
        granted.refresh_token,
        granted.expires_at(real_now()),
    )
    return granted.token


def refreshed(slack: Emulator) -> int:
    asked = slack.slack.log.read(kind="web_api", method="oauth.v2.access")
    return sum(entry["args"].get("grant_type") == "refresh_token" and entry["ok"] for entry in asked)


def stored(context: Context) -> workspaces.BotToken:
    return workspaces.bot_token(context, TEAM)


def test_a_token_is_refreshed_two_hours_before_it_expires_and_then_again(
    slack: Emulator, begin: Begin, installed: str, context: Context
) -> None:
    begin(9.9).slack.open_dm(TEAM, ANTON)
    assert (refreshed(slack), stored(context).text) == (0, installed)
    later = begin(10.1)
    for _ in range(3):
        later.slack.open_dm(TEAM, ANTON)
    assert refreshed(slack) == 1
    second = stored(context)
    assert second.text != installed
    assert second.expires_at is not None
    assert second.expires_at - real_now() > timedelta(hours=22)
    begin(21).slack.open_dm(TEAM, ANTON)
    assert refreshed(slack) == 2
    assert stored(context).refresh_token != second.refresh_token


def test_neither_token_stands_in_the_database_in_clear(installed: str, context: Context) -> None:
    with context.database.reading() as tx:
        kept = tx.execute(select(tables.workspace.c.token_wrapped)).scalar_one()
    assert installed.startswith("xoxe.")
    assert b"xox" not in kept


@pytest.mark.usefixtures("installed")
def test_of_many_who_need_it_at_once_one_refreshes_and_all_can_call(slack: Emulator, begin: Begin) -> None:
    bots, start = [begin(11), begin(11)], threading.Barrier(8)
    done: list[str] = []

    def call(bot: Allybot) -> None:
        start.wait(10)
        done.append(bot.slack.open_dm(TEAM, ANTON))

    threads = [threading.Thread(target=call, args=(bots[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(done) == 8
    assert refreshed(slack) == 1


def test_while_slack_does_not_answer_the_old_token_is_used_and_the_refreshing_tried_again(
    slack: Emulator, begin: Begin, installed: str, context: Context
) -> None:
    slack.slack.faults.add(Fault(method="oauth.v2.access", mode="rate_limited"))
    begin(11).slack.open_dm(TEAM, ANTON)
    assert (refreshed(slack), stored(context).text) == (0, installed)
    begin(11.1).slack.open_dm(TEAM, ANTON)
    assert refreshed(slack) == 1


@pytest.mark.usefixtures("installed")
def test_an_expired_token_that_another_process_refreshes_is_waited_for(
    slack: Emulator, begin: Begin, context: Context
) -> None:
    now: datetime = real_now() + timedelta(hours=13)
    with context.database.transaction() as tx:
        assert claim_refresh(tx, TEAM, stored(context).wrapped, now, now + timedelta(minutes=1))
    with pytest.raises(SlackUnavailableError, match="token_expired_and_not_refreshed_yet"):
        begin(13).slack.open_dm(TEAM, ANTON)
    begin(13.1).slack.open_dm(TEAM, ANTON)
    assert refreshed(slack) == 1


def test_a_refresh_token_that_slack_does_not_take_leaves_the_old_token_until_it_expires(
    slack: Emulator, begin: Begin, installed: str
) -> None:
    workspace = slack.slack.workspaces[TEAM]
    workspace.refresh_token = "used by somebody else"
    begin(11).slack.open_dm(TEAM, ANTON)
    workspace.expiring_tokens[installed] = 0
    with pytest.raises(SlackRefusedError, match="token_expired"):
        begin(13).slack.open_dm(TEAM, ANTON)


def test_an_installation_by_the_page_keeps_both_tokens_for_refreshing(slack: Emulator, begin: Begin) -> None:
    pages = installation(begin())
    assert pages is not None
    began = pages.begin(BoltRequest(body=""), "http://127.0.0.1:9/slack/oauth_redirect")
    state, cookie = (
        began.headers["location"][0].partition("state=")[2].partition("&")[0],
        began.headers["set-cookie"],
    )
    code = slack.slack.capabilities.give_code(TEAM, "http://127.0.0.1:9/slack/oauth_redirect")
    back = BoltRequest(body="", query={"state": state, "code": code}, headers={"cookie": cookie[0]})
    assert pages.end(back, "http://127.0.0.1:9/slack/oauth_redirect").status == 200
    begin(11).slack.open_dm(TEAM, ANTON)
    assert refreshed(slack) == 1


def test_a_late_goodbye_does_not_stop_a_workspace_with_such_a_token(
    slack: Emulator, begin: Begin, installed: str, context: Context
) -> None:
    slack_events.installation_ended(context, begin().slack, TEAM, "app_uninstalled")
    slack.slack.workspaces[TEAM].expiring_tokens[installed] = 0
    slack_events.installation_ended(context, begin().slack, TEAM, "app_uninstalled")
    assert workspaces.known(context)[0].state == "active"
    slack.slack.workspaces[TEAM].revoked_tokens.add(installed)
    slack_events.installation_ended(context, begin().slack, TEAM, "app_uninstalled")
    assert workspaces.known(context)[0].state == "stopped"


def test_a_bot_token_from_the_environment_that_expires_stops_the_start_in_one_line(begin: Begin) -> None:
    bot = begin(SLACK_BOT_TOKEN=SecretStr("xoxe.xoxb-secret-1"))
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN expires within twelve hours") as refused:
        prepare(bot)
    assert "secret-1" not in str(refused.value)
