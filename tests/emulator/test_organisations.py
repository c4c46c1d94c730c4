"""Organisation-wide installations, people of other organisations in shared channels, and guests."""

from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_emulator import App, Channel, Emulator, OrgWorkspace, Person, Team

MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Nothing to fill in."}}],
}
ROW = {
    "type": "actions",
    "block_id": "row",
    "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
}


def organisation() -> Team:
    """Two workspaces, of which the app was added to one."""
    return Team(
        id="E0ORG", name="Org", domain="org", bot_token="xoxb-org", bot_user_id="U0BOT", bot_id="B0BOT",
        workspaces=[
            OrgWorkspace(id="T0NORTH", name="North", domain="north"),
            OrgWorkspace(id="T0SOUTH", name="South", domain="south", added=False),
        ],
        people=[
            Person(id="U0NORA", name="nora", email="nora@org.example", teams=["T0NORTH"]),
            Person(id="U0SAMI", name="sami", email="sami@org.example", teams=["T0SOUTH"]),
        ],
        channels=[
            Channel(id="C0NORTH", name="north", members=["U0NORA", "U0BOT"], home_team="T0NORTH"),
            Channel(id="C0SOUTH", name="south", members=["U0SAMI", "U0BOT"], home_team="T0SOUTH"),
        ],
    )  # fmt: skip


def sharing() -> Team:
    """A workspace with a channel that is shared with another organisation, and a guest."""
    elsewhere = {"external_team": "T0ELSE"}
    return Team(
        id="T0HOME", name="Home", domain="home", bot_token="xoxb-home", bot_user_id="U0BOT", bot_id="B0BOT",
        people=[
            Person(id="U0HANA", name="hana", email="hana@home.example"),
            Person(id="U0GUEST", name="gus", is_restricted=True),
            Person(id="U0ELSE", name="elsa", email="elsa@else.example", **elsewhere),
            Person(id="U0FAR", name="farid", **elsewhere),
        ],
        channels=[
            Channel(
                id="C0SHARED", name="shared", is_private=True, members=["U0HANA", "U0ELSE", "U0BOT"],
                connected_teams=["T0ELSE"],
            ),
        ],
    )  # fmt: skip


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


@pytest.fixture
def org(start: Callable[..., Emulator]) -> Emulator:
    return start(teams=[organisation()])


@pytest.fixture
def home(start: Callable[..., Emulator]) -> Emulator:
    return start(teams=[sharing()])


def at(emulator: Emulator, client_for: Callable[..., WebClient]) -> WebClient:
    return client_for(emulator, emulator.config.teams[0].bot_token)


def test_an_organisation_wide_token_names_the_organisation(org: Emulator, client_for: Any) -> None:
    who = at(org, client_for).auth_test()
    assert (who["enterprise_id"], who["is_enterprise_install"]) == ("E0ORG", True)
    reached = at(org, client_for).auth_teams_list()["teams"]
    assert reached == [{"id": "T0NORTH", "name": "North"}]


def test_its_installation_answers_without_a_team(
    start: Callable[..., Emulator], client_for: Any, driver: Any
) -> None:
    app = App(redirect_urls=["https://app.example/back"])
    emulator = start(teams=[organisation()], app=app)
    code = driver(emulator.url).post("oauth-code", team="E0ORG")["code"]
    answer = client_for(emulator, None).oauth_v2_access(
        client_id=app.client_id, client_secret=app.client_secret, code=code
    )
    assert answer["team"] is None
    assert answer["enterprise"] == {"id": "E0ORG", "name": "Org"}
    assert answer["is_enterprise_install"] is True


@pytest.mark.parametrize(("ready", "status"), [(True, 302), (False, 400)])
def test_an_app_that_is_not_organisation_ready_is_not_installed_into_one(
    start: Callable[..., Emulator], *, ready: bool, status: int
) -> None:
    manifest = {"settings": {"org_deploy_enabled": ready}}
    app = App(redirect_urls=["https://app.example/back"], manifest=manifest)
    emulator = start(teams=[organisation()], app=app)
    asked = urlencode({"client_id": app.client_id, "state": "s"})
    address = urlsplit(emulator.url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=10)
    connection.request("GET", f"/oauth/v2/authorize?{asked}")
    answer = connection.getresponse()
    connection.close()
    assert answer.status == status
    if ready:
        assert "code" in dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_its_lists_need_a_workspace(org: Emulator, client_for: Any) -> None:
    client = at(org, client_for)
    for listing in (client.users_list, client.conversations_list):
        assert refusal(listing) == "missing_argument"
        assert refusal(listing, team_id="T0SOUTH") == "team_access_not_granted"
    assert [each["id"] for each in client.users_list(team_id="T0NORTH")["members"]] == ["U0NORA", "U0BOT"]
    assert [each["id"] for each in client.conversations_list(team_id="T0NORTH")["channels"]] == ["C0NORTH"]


def test_a_workspace_that_the_app_was_not_added_to_is_not_reached(
    org: Emulator, client_for: Any, driver: Any, connect: Any
) -> None:
    client, drive, app = at(org, client_for), driver(org.url), connect(org)
    assert refusal(client.conversations_open, users="U0SAMI") == "team_access_not_granted"
    assert refusal(client.chat_postMessage, channel="C0SOUTH", text="hello") == "team_access_not_granted"
    assert drive.post("command", channel="U0SAMI", user="U0SAMI", command="/x", text="")["ok"] is False
    drive.post("open-home", user="U0SAMI")
    drive.post("team-access", team="T0SOUTH", added=True)
    granted = app.first("team_access_granted")
    assert granted["event"]["team_ids"] == ["T0SOUTH"]
    assert "team_id" not in granted
    assert app.of("app_home_opened") == []
    assert client.conversations_open(users="U0SAMI")["ok"]
    drive.post("team-access", team="T0SOUTH", added=False)
    assert app.first("team_access_revoked")
    assert refusal(client.conversations_open, users="U0SAMI") == "team_access_not_granted"


def test_what_happens_in_an_organisation_names_it(
    org: Emulator, client_for: Any, driver: Any, connect: Any
) -> None:
    client, drive, app = at(org, client_for), driver(org.url), connect(org)
    user = client.users_info(user="U0NORA")["user"]
    assert (user["team_id"], user["enterprise_user"]["teams"]) == ("T0NORTH", ["T0NORTH"])
    posted = client.chat_postMessage(channel="C0NORTH", text="go", blocks=[ROW])
    drive.post("interact", channel="C0NORTH", user="U0NORA", messageTs=posted["ts"], action="go")
    press = app.first("block_actions")
    assert (press["team"], press["enterprise"]["id"], press["is_enterprise_install"]) == (None, "E0ORG", True)
    assert press["user"]["team_id"] == "T0NORTH"
    client.views_open(trigger_id=press["trigger_id"], view=MODAL)
    drive.post("view-submit", user="U0NORA", values={})
    sent = app.first("view_submission")
    assert (sent["team"], sent["view"]["app_installed_team_id"]) == (None, "E0ORG")
    drive.post("command", channel="U0NORA", user="U0NORA", command="/x", text="")
    command = app.first("slash_commands")
    assert (command["team_id"], command["enterprise_id"]) == ("T0NORTH", "E0ORG")
    assert command["is_enterprise_install"] == "true"
    drive.post("open-home", user="U0NORA")
    event = app.first("app_home_opened")
    assert (event["team_id"], event["enterprise_id"]) == ("T0NORTH", "E0ORG")
    assert event["authorizations"][0]["is_enterprise_install"] is True


def test_somebody_of_another_organisation_acts_in_a_shared_channel(
    home: Emulator, client_for: Any, driver: Any, connect: Any
) -> None:
    client, drive, app = at(home, client_for), driver(home.url), connect(home)
    posted = client.chat_postMessage(channel="C0SHARED", text="go", blocks=[ROW])
    drive.post("interact", channel="C0SHARED", user="U0ELSE", messageTs=posted["ts"], action="go")
    press = app.first("block_actions")
    assert (press["team"]["id"], press["user"]["team_id"]) == ("T0HOME", "T0ELSE")
    client.views_open(trigger_id=press["trigger_id"], view=MODAL)
    drive.post("view-submit", user="U0ELSE", values={})
    sent = app.first("view_submission")
    assert (sent["team"]["id"], sent["view"]["app_installed_team_id"]) == ("T0ELSE", "T0HOME")
    refused = drive.post("command", channel="C0SHARED", user="U0ELSE", command="/x", text="")
    assert refused["error"] == "unknown_command"
    drive.post("open-home", user="U0ELSE")
    assert app.first("app_home_opened")
    assert client.views_publish(user_id="U0ELSE", view={"type": "home", "blocks": [ROW]})["ok"]
    assert drive.get("view/U0ELSE?home=1")["view"] is None
    drive.post("message", channel="C0SHARED", user="U0ELSE", text="hello")
    message = app.first("message")
    assert message["is_ext_shared_channel"] is True


def test_they_are_found_by_id_only_and_reached_where_a_channel_is_shared(
    home: Emulator, client_for: Any
) -> None:
    client = at(home, client_for)
    assert refusal(client.users_lookupByEmail, email="elsa@else.example") == "users_not_found"
    assert "U0ELSE" not in [each["id"] for each in client.users_list()["members"]]
    known, far = (client.users_info(user=each)["user"] for each in ("U0ELSE", "U0FAR"))
    assert (known["team_id"], known["is_stranger"], far["is_stranger"]) == ("T0ELSE", False, True)
    assert client.conversations_open(users="U0ELSE")["ok"]
    assert refusal(client.conversations_open, users="U0FAR") == "user_not_visible"
    assert client.users_info(user="U0GUEST")["user"]["is_restricted"] is True


def test_sharing_a_channel_and_ending_it_are_events(
    home: Emulator, client_for: Any, driver: Any, connect: Any
) -> None:
    client, drive, app = at(home, client_for), driver(home.url), connect(home)
    drive.post("share-channel", channel="C0SHARED", **{"with": "E0THIRD"})
    assert app.first("channel_shared")["event"]["connected_team_id"] == "E0THIRD"
    shown = client.conversations_info(channel="C0SHARED")["channel"]
    assert (shown["is_ext_shared"], shown["connected_team_ids"]) == (True, ["T0ELSE", "E0THIRD"])
    for other in ("E0THIRD", "T0ELSE"):
        drive.post("unshare-channel", channel="C0SHARED", **{"with": other})
    assert app.first("channel_unshared")["event"]["previously_connected_team_id"] == "E0THIRD"
    assert client.conversations_info(channel="C0SHARED")["channel"]["is_ext_shared"] is False


@pytest.mark.parametrize(
    ("old", "new_id", "new"), [("G0CIRCLE", None, "C0CIRCLE"), ("C0OLD", "C0NEW", "C0NEW")]
)
def test_a_private_channel_gets_another_id_when_it_is_first_shared(
    start: Callable[..., Emulator],
    client_for: Any,
    driver: Any,
    connect: Any,
    old: str,
    new_id: Any,
    new: str,
) -> None:
    team = sharing()
    team.channels = [Channel(id=old, name="circle", is_private=True, members=["U0HANA", "U0BOT"])]
    emulator = start(teams=[team])
    client, drive, app = at(emulator, client_for), driver(emulator.url), connect(emulator)
    posted = client.chat_postMessage(channel=old, text="go", blocks=[ROW])
    assert drive.post("share-channel", channel=old, new_id=new_id, **{"with": "E0THIRD"})["ok"]
    changed, shared = app.first("channel_id_changed")["event"], app.first("channel_shared")["event"]
    assert (changed["old_channel_id"], changed["new_channel_id"], shared["channel"]) == (old, new, new)
    assert refusal(client.conversations_info, channel=old) == "channel_not_found"
    assert client.conversations_info(channel=new)["channel"]["connected_team_ids"] == ["E0THIRD"]
    assert client.chat_update(channel=new, ts=posted["ts"], text="gone")["ok"]
    drive.post("share-channel", channel=new, **{"with": "E0FOURTH"})
    assert client.conversations_info(channel=new)["channel"]["connected_team_ids"] == ["E0THIRD", "E0FOURTH"]
    assert len(app.of("channel_id_changed")) == 1


def test_a_channel_made_public_says_so_only_to_who_may_read_there(
    start: Callable[..., Emulator], client_for: Any, driver: Any, connect: Any
) -> None:
    scopes = {"oauth_config": {"scopes": {"bot": ["groups:read", "im:history"]}}}
    emulator = start(teams=[sharing()], app=App(manifest=scopes))
    client, drive, app = at(emulator, client_for), driver(emulator.url), connect(emulator)
    assert client.conversations_info(channel="C0SHARED")["channel"]["is_private"] is True
    drive.post("convert-channel", channel="C0SHARED")
    assert refusal(client.conversations_info, channel="C0SHARED") == "missing_scope"
    assert app.received == []
    assert drive.last("C0SHARED")["subtype"] == "channel_convert_to_public"
