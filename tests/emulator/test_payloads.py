"""Every event, interaction and command carries the fields that Slack's SDKs list for it."""

from typing import Any

from slack_sdk import WebClient


def names(text: str) -> set[str]:
    return set(text.split())


ENVELOPE = names(
    """
    token team_id api_app_id type authorizations is_ext_shared_channel event_id event_time
    event_context event
    """
)
MESSAGE = {"type", "user", "text", "ts", "team", "channel", "channel_type", "event_ts"}
INTERACTION = {"type", "user", "api_app_id", "token", "team", "enterprise", "is_enterprise_install"}
COMMAND = names(
    """
    token team_id team_domain channel_id channel_name user_id user_name command text api_app_id
    is_enterprise_install response_url trigger_id
    """
)
VIEW = names(
    """
    id team_id type title submit close blocks private_metadata callback_id external_id state
    hash clear_on_close notify_on_close root_view_id previous_view_id app_id bot_id
    app_installed_team_id
    """
)
BUTTON = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "1"},
        {
            "type": "static_select",
            "action_id": "pick",
            "options": [
                {"text": {"type": "plain_text", "text": word}, "value": word} for word in ("now", "later")
            ],
        },
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "private_metadata": "kept",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text", "initial_value": "because"},
        },
        {**BUTTON, "block_id": "row"},
    ],
}


def lacks(found: dict[str, Any], wanted: set[str]) -> set[str]:
    return wanted - set(found)


def test_a_direct_message_reaches_the_app_as_an_event(drive: Any, app: Any) -> None:
    said = drive.post("message", channel="U0BOT", user="U0ANTON", text="tea & <biscuits> <@U0BOT> & more")
    payload = app.first("message")
    assert not lacks(payload, ENVELOPE)
    assert not lacks(payload["authorizations"][0], {"enterprise_id", "team_id", "user_id", "is_bot"})
    event = payload["event"]
    assert not lacks(event, MESSAGE | {"client_msg_id", "blocks"})
    assert (event["channel_type"], event["channel"]) == ("im", said["channel"])
    assert event["text"] == "tea &amp; &lt;biscuits&gt; <@U0BOT> &amp; more"


def test_channel_messages_come_with_their_kind_and_mentions_twice(drive: Any, app: Any) -> None:
    drive.post("message", channel="general", user="U0ANTON", text="hello <@U0BOT>")
    assert app.first("message")["event"]["channel_type"] == "channel"
    assert not lacks(app.first("app_mention")["event"], MESSAGE - {"channel_type"})


def test_a_channel_without_the_bot_is_silent(drive: Any, app: Any, client: WebClient, soon: Any) -> None:
    drive.post("channels", id="C0OTHER", name="other", is_private=True, members=["U0ANTON"])
    drive.post("message", channel="C0OTHER", user="U0ANTON", text="unheard")
    drive.post("message", channel="U0BOT", user="U0ANTON", text="heard")
    soon(lambda: app.of("message"))
    assert [one["event"]["text"] for one in app.of("message")] == ["heard"]
    assert client.api_call("api.test")["ok"]


def test_the_bots_own_posts_come_back_without_metadata_payload(client: WebClient, app: Any) -> None:
    metadata = {"event_type": "seed", "event_payload": {"id": "1"}}
    client.chat_postMessage(channel="U0ANTON", text="hi", metadata=metadata)
    event = app.first("message")["event"]
    assert not lacks(event, MESSAGE | {"bot_id", "bot_profile"})
    assert event["metadata"] == {"event_type": "seed"}


def test_changes_and_deletions_show_before_and_after(drive: Any, app: Any, soon: Any) -> None:
    said = drive.post("message", channel="U0BOT", user="U0ANTON", text="one")
    where = {"channel": said["channel"], "ts": said["message"]["ts"], "user": "U0ANTON"}
    drive.post("edit-message", text="two", **where)
    drive.post("delete-message", **where)
    soon(lambda: len(app.of("message")) == 3)
    changed, deleted = (one["event"] for one in app.of("message")[1:])
    assert changed["subtype"] == "message_changed"
    assert not lacks(changed, {"message", "previous_message", "hidden", "ts", "channel", "channel_type"})
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("one", "two")
    assert deleted["subtype"] == "message_deleted"
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (where["ts"], "two")


def test_opening_home_says_who_where_and_what_is_shown(
    drive: Any, app: Any, client: WebClient, soon: Any
) -> None:
    drive.post("open-home", user="U0ANTON")
    event = app.first("app_home_opened")["event"]
    assert not lacks(event, {"type", "user", "channel", "tab", "event_ts"})
    assert "view" not in event
    client.views_publish(user_id="U0ANTON", view={"type": "home", "blocks": []})
    drive.post("open-home", user="U0ANTON")
    again = soon(lambda: app.of("app_home_opened")[1:])[0]["event"]
    assert not lacks(again["view"], VIEW)


def test_people_joining_and_changing_are_told(drive: Any, app: Any) -> None:
    drive.post("users", id="U0EVE", name="eve", real_name="Eve Moor", tz="Europe/Paris")
    assert app.first("team_join")["event"]["user"]["tz"] == "Europe/Paris"
    drive.post("user-change", user="U0EVE", deleted=True, tz="America/Lima")
    user = app.first("user_change")["event"]["user"]
    assert (user["deleted"], user["tz"], user["tz_offset"]) == (True, "America/Lima", -5 * 3600)
    assert not lacks(user, {"id", "team_id", "name", "real_name", "profile", "is_bot", "updated", "locale"})


def test_channel_events_name_the_channel_and_the_person(drive: Any, app: Any, client: WebClient) -> None:
    made = client.conversations_create(name="circle", is_private=True)["channel"]["id"]
    client.conversations_invite(channel=made, users="U0ANTON")
    joined = app.first("member_joined_channel")["event"]
    assert not lacks(joined, {"user", "channel", "channel_type", "team", "inviter", "event_ts"})
    assert (joined["channel_type"], joined["inviter"]) == ("G", "U0BOT")
    drive.post("kick", channel=made, user="U0ANTON")
    assert app.first("member_left_channel")["event"]["user"] == "U0ANTON"
    drive.post("archive", channel=made, user="U0BRUNO")
    assert not lacks(app.first("group_archive")["event"], {"channel", "user", "event_ts"})
    drive.post("channels", id="C0OPEN", name="open", members=["U0BOT"])
    drive.post("archive", channel="C0OPEN", user="U0BRUNO")
    assert app.first("channel_archive")["event"]["channel"] == "C0OPEN"


def test_the_bot_hears_when_it_is_taken_out(drive: Any, app: Any) -> None:
    drive.post("channels", id="C0CIRCLE", name="circle", is_private=True, members=["U0ANTON", "U0BOT"])
    drive.post("kick", channel="C0CIRCLE", user="U0BOT")
    assert app.first("member_left_channel")["event"]["user"] == "U0BOT"
    assert app.first("group_left")["event"]["channel"] == "C0CIRCLE"


def test_reactions_name_the_message_and_its_author(drive: Any, app: Any, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="C0GENERAL", text="hello")
    where = {"channel": "C0GENERAL", "messageTs": posted["ts"], "user": "U0ANTON", "name": "tada"}
    drive.post("reaction", **where)
    event = app.first("reaction_added")["event"]
    assert event["item"] == {"type": "message", "channel": "C0GENERAL", "ts": posted["ts"]}
    assert (event["item_user"], event["reaction"]) == ("U0BOT", "tada")
    assert drive.last("C0GENERAL")["reactions"] == [{"name": "tada", "users": ["U0ANTON"], "count": 1}]
    drive.post("reaction", **where, present=False)
    assert app.first("reaction_removed")["event"]["user"] == "U0ANTON"


def test_an_uninstalled_app_hears_it_and_is_locked_out(drive: Any, app: Any, client: WebClient) -> None:
    drive.post("app-uninstalled")
    assert app.first("app_uninstalled")["event"] == {"type": "app_uninstalled"}
    assert not lacks(app.first("tokens_revoked")["event"]["tokens"], {"oauth", "bot"})
    assert client.api_call("api.test")["ok"]


def test_a_button_in_a_message_says_where_what_and_how_to_answer(
    drive: Any, app: Any, client: WebClient
) -> None:
    posted = client.chat_postMessage(channel="U0ANTON", text="hello", blocks=[BUTTON])
    where = {"channel": posted["channel"], "messageTs": posted["ts"], "user": "U0ANTON"}
    assert drive.post("interact", **where, action="go") == {"ok": True, "acknowledged": True}
    (payload,) = app.of("block_actions")
    wanted = {"container", "trigger_id", "channel", "message", "state", "response_url", "actions"}
    assert not lacks(payload, INTERACTION | wanted)
    assert not lacks(payload["user"], {"id", "username", "name", "team_id"})
    container = {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert payload["container"] == container
    assert payload["channel"]["name"] == "directmessage"
    (action,) = payload["actions"]
    assert not lacks(action, {"type", "action_id", "block_id", "text", "value", "action_ts"})
    drive.post("interact", **where, action={"action_id": "pick", "value": "later"})
    second = app.of("block_actions")[1]
    assert second["actions"][0]["selected_option"]["value"] == "later"
    assert second["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "later"


def test_a_button_of_an_ephemeral_message_comes_without_the_message(
    drive: Any, app: Any, client: WebClient
) -> None:
    client.chat_postEphemeral(channel="C0GENERAL", user="U0ANTON", text="psst", blocks=[BUTTON])
    ts = drive.last("C0GENERAL")["ts"]
    assert (
        drive.post("interact", channel="C0GENERAL", messageTs=ts, user="U0BRUNO", action="go")["ok"] is False
    )
    drive.post("interact", channel="C0GENERAL", messageTs=ts, user="U0ANTON", action="go")
    (payload,) = app.of("block_actions")
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


def test_a_command_comes_as_a_form_with_a_trigger_and_an_address(drive: Any, app: Any) -> None:
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="two words")
    (payload,) = app.of("slash_commands")
    assert not lacks(payload, COMMAND)
    assert (payload["text"], payload["channel_name"]) == ("two words", "directmessage")


def test_modal_payloads_carry_the_view_and_its_state(drive: Any, app: Any, client: WebClient) -> None:
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    opened = client.views_open(trigger_id=app.of("slash_commands")[0]["trigger_id"], view=MODAL)
    assert not lacks(opened["view"], VIEW)
    drive.post("view-interact", user="U0ANTON", action="go", values={"why": {"text": "typed so far"}})
    (pressed,) = app.of("block_actions")
    assert not lacks(pressed, INTERACTION | {"container", "trigger_id", "view", "actions"})
    assert pressed["container"] == {"type": "view", "view_id": opened["view"]["id"]}
    assert pressed["view"]["state"]["values"]["why"]["text"]["value"] == "typed so far"
    drive.post("view-submit", user="U0ANTON", values={})
    (submitted,) = app.of("view_submission")
    assert not lacks(submitted, INTERACTION | {"trigger_id", "view", "response_urls"})
    assert not lacks(submitted["view"], VIEW)
    assert submitted["view"]["private_metadata"] == "kept"


def test_a_closed_modal_is_told_when_asked_for(drive: Any, app: Any, client: WebClient) -> None:
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    client.views_open(trigger_id=app.of("slash_commands")[0]["trigger_id"], view=MODAL)
    drive.post("view-close", user="U0ANTON")
    (payload,) = app.of("view_closed")
    assert not lacks(payload, INTERACTION | {"view", "is_cleared"})
    assert payload["is_cleared"] is False
