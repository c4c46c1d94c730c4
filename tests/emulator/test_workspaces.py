"""Several workspaces in one emulator; scopes and events from the manifest; installing; configuration."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_emulator import (
    App,
    Channel,
    ConfigError,
    Emulator,
    EmulatorConfig,
    EmulatorError,
    Person,
    Team,
    load_config,
)

MANIFEST = {
    "display_information": {"name": "seed"},
    "features": {
        "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True},
        "bot_user": {"display_name": "seedbot"},
        "slash_commands": [{"command": "/seed", "description": "Sow", "usage_hint": "[what]"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:history", "im:write", "groups:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.im", "user_change", "group_archive"]},
        "interactivity": {"is_enabled": True},
    },
}


def team(number: int) -> Team:
    people = [Person(id=f"U{number}ANTON", name="anton", real_name="Anton", email="anton@emulator.example")]
    members = [f"U{number}ANTON", f"U{number}BOT"]
    return Team(
        id=f"T{number}",
        name=f"Team {number}",
        domain=f"team{number}",
        people=people,
        channels=[Channel(id=f"C{number}GENERAL", name="general", members=members)],
        bot_token=f"xoxb-{number}",
        bot_user_id=f"U{number}BOT",
        bot_id=f"B{number}",
    )


def refusal(call: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        call()
    return caught.value.response


def test_three_workspaces_keep_to_themselves(
    start: Any, client_for: Any, connect: Any, driver: Any, soon: Any
) -> None:
    emulator = start(teams=[team(1), team(2), team(3)])
    app, drive = connect(emulator), driver(emulator.url)
    clients = {number: client_for(emulator, f"xoxb-{number}") for number in (1, 2, 3)}
    for number, client in clients.items():
        assert client.auth_test()["team_id"] == f"T{number}"
        client.chat_postMessage(channel=f"U{number}ANTON", text=f"hello {number}")
    assert (
        refusal(lambda: clients[1].chat_postMessage(channel="U2ANTON", text="x"))["error"]
        == "channel_not_found"
    )
    assert refusal(lambda: clients[1].users_info(user="U2ANTON"))["error"] == "user_not_found"
    drive.post("message", channel="U3BOT", user="U3ANTON", text="mine")
    payload = soon(lambda: [one for one in app.of("message") if one["event"]["text"] == "mine"])[0]
    assert (payload["team_id"], payload["authorizations"][0]["user_id"]) == ("T3", "U3BOT")
    assert [one["text"] for one in drive.messages("U2ANTON")] == ["hello 2"]
    posts = drive.log("web_api", method="chat.postMessage", carried_out=True)
    assert [one["team"] for one in posts] == ["T1", "T2", "T3"]
    assert {one["team"] for one in drive.get("messages")["messages"]} == {"T1", "T2", "T3"}
    brief = drive.get("log?kind=web_api&method=chat.postMessage&brief=1")["log"]
    assert [("args" in one, one["ts"] is not None) for one in brief if one["carried_out"]] == [
        (False, True)
    ] * 3


def test_faults_and_removal_can_strike_one_workspace(start: Any, client_for: Any, driver: Any) -> None:
    emulator = start(teams=[team(1), team(2)])
    drive = driver(emulator.url)
    one, two = client_for(emulator, "xoxb-1"), client_for(emulator, "xoxb-2")
    drive.post("faults", method="*", mode="fatal_error", times=None, team="T2")
    assert one.auth_test()["ok"]
    assert refusal(two.auth_test)["error"] == "fatal_error"
    drive.post("faults", clear=True)
    drive.post("app-uninstalled", team="T1")
    assert refusal(one.auth_test)["error"] == "account_inactive"
    assert two.auth_test()["ok"]


def test_a_missing_scope_is_named(start: Any, client_for: Any) -> None:
    client = client_for(start(app=App(manifest=MANIFEST)))
    provided = "chat:write,groups:read,im:history,im:write"
    answer = refusal(lambda: client.users_info(user="U0ANTON"))
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "users:read",
        provided,
    )
    assert answer.headers["X-OAuth-Scopes"] == provided
    assert refusal(lambda: client.conversations_history(channel="C0GENERAL"))["needed"] == "channels:history"
    channel = client.conversations_open(users="U0ANTON")["channel"]["id"]
    assert client.conversations_history(channel=channel)["ok"]
    assert refusal(lambda: client.users_lookupByEmail(email="a@b"))["needed"] == "users:read.email"
    home = {"type": "home", "blocks": []}
    assert refusal(lambda: client.views_publish(user_id="U0ANTON", view=home))["error"] == "not_enabled"


def test_only_subscribed_events_with_their_scope_are_delivered(
    start: Any, connect: Any, driver: Any, soon: Any
) -> None:
    emulator = start(app=App(manifest=MANIFEST))
    app, drive = connect(emulator), driver(emulator.url)
    drive.post("message", channel="general", user="U0ANTON", text="in the channel")
    drive.post("open-home", user="U0ANTON")
    drive.post("user-change", user="U0ANTON", tz="Europe/Paris")
    drive.post("message", channel="U0BOT", user="U0ANTON", text="in private")
    soon(lambda: app.received)
    assert [one["payload"]["event"].get("text") for one in app.received] == ["in private"]


def test_the_manifest_names_the_bot_and_knows_its_commands(start: Any, connect: Any, driver: Any) -> None:
    emulator = start(app=App(manifest=MANIFEST))
    app, drive = connect(emulator), driver(emulator.url)
    assert drive.page("boot?as=U0ANTON")["bots"][0]["real_name"] == "seedbot"
    answer = drive.post("command", channel="U0BOT", user="U0ANTON", command="/other", text="")
    assert answer["error"] == "unknown_command"
    drive.post("message", channel="seedbot", user="U0ANTON", text="/seed some rye")
    assert app.of("slash_commands")[0]["text"] == "some rye"
    assert drive.messages("U0ANTON") == []


def test_the_messages_tab_can_be_closed_to_people_or_to_all(start: Any, client_for: Any, driver: Any) -> None:
    features = MANIFEST["features"]
    home = {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}
    emulator = start(app=App(manifest={**MANIFEST, "features": {**features, "app_home": home}}))
    answer = driver(emulator.url).post("message", channel="U0BOT", user="U0ANTON", text="hello")
    assert answer["error"] == "messages_tab_read_only"
    assert client_for(emulator).chat_postMessage(channel="U0ANTON", text="hello")["ok"]
    closed = start(
        app=App(manifest={**MANIFEST, "features": {**features, "app_home": {"messages_tab_enabled": False}}})
    )
    call = {"channel": "U0ANTON", "text": "hello"}
    assert refusal(lambda: client_for(closed).chat_postMessage(**call))["error"] == "messages_tab_disabled"


def test_an_email_address_is_shown_only_with_its_scope(start: Any, client_for: Any) -> None:
    scopes = [*MANIFEST["oauth_config"]["scopes"]["bot"], "users:read"]
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}}
    client = client_for(start(app=App(manifest=manifest)))
    assert "email" not in client.users_info(user="U0ANTON")["user"]["profile"]


def test_the_app_is_installed_by_oauth(start: Any, client_for: Any, driver: Any) -> None:
    emulator = start(
        app=App(manifest=MANIFEST, redirect_urls=["http://127.0.0.1:9/back"]), teams=[team(1), team(2)]
    )
    drive, app = driver(emulator.url), emulator.config.app

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    address = f"{emulator.url}oauth/v2/authorize?client_id={app.client_id}&state=s&team=T2"
    opener = build_opener(Stay)
    with pytest.raises(OSError, match="302") as caught:
        opener.open(address, timeout=5)
    with caught.value as redirect:
        location = redirect.headers["Location"]
    assert location.startswith("http://127.0.0.1:9/back?code=")
    code = location.partition("code=")[2].partition("&")[0]
    nobody = WebClient(base_url=emulator.api_url, retry_handlers=[])
    arguments = {"client_id": app.client_id, "client_secret": app.client_secret, "code": code}
    wrong = {**arguments, "client_secret": "x"}
    assert refusal(lambda: nobody.oauth_v2_access(**wrong))["error"] == "bad_client_secret"
    answer = nobody.oauth_v2_access(**arguments)
    wanted = {
        "app_id",
        "authed_user",
        "scope",
        "token_type",
        "access_token",
        "bot_user_id",
        "team",
        "enterprise",
    }
    assert wanted <= set(answer.data)
    assert (answer["team"]["id"], answer["access_token"]) == ("T2", "xoxb-2")
    assert refusal(lambda: nobody.oauth_v2_access(**arguments))["error"] == "invalid_code"
    client_for(emulator, "xoxb-2").auth_revoke()
    fresh = nobody.oauth_v2_access(**{**arguments, "code": drive.post("oauth-code", team="T2")["code"]})
    assert fresh["access_token"] != "xoxb-2"
    assert client_for(emulator, fresh["access_token"]).auth_test()["team_id"] == "T2"


def gone_to(url: str, accept: str = "*/*") -> tuple[int, str]:
    """Where a page sends one, or what it says."""

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    try:
        with build_opener(Stay).open(Request(url, headers={"Accept": accept}), timeout=5) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except HTTPError as other:
        with other:
            return other.code, other.headers.get("Location") or other.read().decode()


BACK = "https://bot.example/slack/oauth_redirect"


def consent(emulator: Any, **more: str) -> str:
    asked = {
        "client_id": emulator.config.app.client_id,
        "state": "s&t",
        "scope": "chat:write,commands",
        **more,
    }
    return f"{emulator.url}oauth/v2/authorize?{urlencode(asked)}"


def test_a_browser_is_asked_and_its_answer_goes_back_with_the_state(start: Any) -> None:
    emulator = start(app=App(manifest=MANIFEST, redirect_urls=[BACK]), teams=[team(1), team(2)])
    status, page = gone_to(consent(emulator, scope="chat:write"), "text/html")
    assert status == 200
    assert "It asks for: chat:write,groups:read,im:history,im:write." in page
    assert 'value="s&amp;t"' in page
    assert page.count("<option") == 2
    status, back = gone_to(consent(emulator, scope="chat:write", decision="deny"), "text/html")
    assert (status, back) == (302, f"{BACK}?error=access_denied&state=s%26t")
    status, back = gone_to(consent(emulator, scope="chat:write", decision="allow", team="T2"), "text/html")
    assert status == 302
    assert back.startswith(f"{BACK}?code=")
    assert back.endswith("&state=s%26t")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"team": "T9"}, "invalid_team"),
        ({"redirect_uri": "https://bot.example.evil/"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{BACK}evil"}, "bad_redirect_uri"),
        ({"scope": "admin"}, "invalid_scope"),
    ],
)
def test_consent_to_something_wrong_is_not_asked_for(start: Any, wrong: dict[str, str], error: str) -> None:
    emulator = start(app=App(manifest=MANIFEST, redirect_urls=[BACK]), teams=[team(1)])
    assert gone_to(consent(emulator, **{"scope": "chat:write", **wrong})) == (400, error)


def test_a_code_is_good_for_the_address_it_was_sent_to_and_for_ten_minutes(start: Any, clock: Any) -> None:
    emulator = start(clock)
    app, nobody = emulator.config.app, WebClient(base_url=emulator.api_url, retry_handlers=[])

    def fresh() -> dict[str, str]:
        location = gone_to(consent(emulator, redirect_uri=BACK))[1]
        code = dict(parse_qsl(urlsplit(location).query))["code"]
        return {"client_id": app.client_id, "client_secret": app.client_secret, "code": code}

    arguments = fresh()
    assert refusal(lambda: nobody.oauth_v2_access(**arguments))["error"] == "bad_redirect_uri"
    assert nobody.oauth_v2_access(**arguments, redirect_uri=BACK)["token_type"] == "bot"
    arguments = fresh()
    clock.advance(10 * 60 + 1)
    late = refusal(lambda: nobody.oauth_v2_access(**arguments, redirect_uri=BACK))
    assert late["error"] == "invalid_code"


def test_the_log_keeps_neither_code_nor_secret(start: Any, driver: Any) -> None:
    emulator = start()
    drive, app = driver(emulator.url), emulator.config.app
    code = drive.post("oauth-code")["code"]
    nobody = WebClient(base_url=emulator.api_url, retry_handlers=[])
    nobody.oauth_v2_access(client_id=app.client_id, client_secret=app.client_secret, code=code)
    (entry,) = drive.log("web_api", method="oauth.v2.access")
    assert entry["args"] == {"client_id": app.client_id}


def test_a_reset_brings_the_configuration_back(client: WebClient, drive: Any) -> None:
    client.chat_postMessage(channel="U0ANTON", text="x")
    drive.post("users", id="U0EVE", name="eve")
    drive.post("user-change", user="U0ANTON", deleted=True)
    drive.post("faults", method="*", mode="fatal_error", times=None)
    assert drive.post("reset")["ok"]
    state = drive.get("state")
    people = {one["id"]: one["deleted"] for one in state["users"]}
    assert ("U0EVE" in people, people["U0ANTON"]) == (False, False)
    assert [one["id"] for one in state["channels"]] == ["C0GENERAL"]
    assert drive.get("log")["log"] == []
    assert client.auth_test()["ok"]


@pytest.mark.parametrize("suffix", [".json", ".toml"])
def test_a_configuration_file_is_read_with_its_manifest(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    text = '{"limits": true, "app": {"manifest": "manifest.json"}}'
    if suffix == ".toml":
        text = 'limits = true\n[app]\nmanifest = "manifest.json"\n'
    path = tmp_path / f"emulator{suffix}"
    path.write_text(text)
    config = load_config(path)
    assert config.limits is True
    assert Emulator(config).slack.manifest.name == "seedbot"


@pytest.mark.parametrize("text", ["{", '{"colour": 1}', '{"teams": [{"id": "T1"}]}'])
def test_a_wrong_configuration_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "emulator.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"emulator\.json"):
        load_config(path)


def test_a_taken_port_is_told(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match=str(emulator.port)):
        Emulator(EmulatorConfig()).start(port=emulator.port)


def test_it_runs_as_a_command_until_it_is_told_to_end() -> None:
    words = "from slack_emulator import EmulatorConfig, run; run(EmulatorConfig(), 0)"
    with subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own words
        lines = [process.stdout.readline() for _ in range(6)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert lines[0].startswith("Slack emulator: http://127.0.0.1:")
    assert any(line.startswith("SLACK_SIGNING_SECRET=") for line in lines)
