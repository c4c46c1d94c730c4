"""Wrong use is refused with the word Slack documents for it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (None, "not_authed"),
        ("xoxb-nobody", "invalid_auth"),
        ("xapp-1-A0EMULATOR-0001-emulator", "not_allowed_token_type"),
    ],
)
def test_a_wrong_token_is_refused(emulator: Any, client_for: Any, token: str | None, error: str) -> None:
    client = client_for(emulator, token)
    assert refusal(lambda: client.api_call("auth.test")) == error


def test_a_bot_token_opens_no_socket_and_an_unknown_method_is_named(client: WebClient) -> None:
    assert refusal(lambda: client.api_call("apps.connections.open")) == "not_allowed_token_type"
    assert refusal(lambda: client.api_call("chat.shout")) == "unknown_method"


def test_an_answer_names_the_scopes_of_its_token(emulator: Any, client_for: Any) -> None:
    """In a header, as Slack does; without a manifest everything is granted."""
    bot = client_for(emulator, "xoxb-emulator-1").auth_test()
    granted = bot.headers["X-OAuth-Scopes"].split(",")
    assert {"chat:write", "commands", "files:write", "groups:read", "im:history", "users:read"} <= {*granted}
    app = client_for(emulator, emulator.config.app.app_token).apps_connections_open(
        app_token=emulator.config.app.app_token
    )
    assert app.headers["X-OAuth-Scopes"] == "connections:write"
    with pytest.raises(SlackApiError) as refused:
        client_for(emulator, "xoxb-nobody").auth_test()
    assert "X-OAuth-Scopes" not in refused.value.response.headers


def test_revoked_tokens_and_removed_apps_are_told_apart(client: WebClient, drive: Any) -> None:
    drive.post("tokens-revoked")
    assert refusal(client.auth_test) == "token_revoked"
    drive.post("app-installed")
    assert client.auth_test()["ok"]
    drive.post("app-uninstalled")
    assert refusal(client.auth_test) == "account_inactive"


def test_the_app_can_revoke_its_own_token(client: WebClient) -> None:
    assert client.auth_revoke(test=True)["revoked"] is False
    assert client.auth_revoke()["revoked"] is True
    assert refusal(client.auth_test) == "token_revoked"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "U0NOBODY", "text": "x"}, "channel_not_found"),
        ({"channel": "U0BOT", "text": "x"}, "cannot_dm_bot"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": "C0GENERAL"}, "no_text"),
        ({"channel": "C0GENERAL", "text": ""}, "no_text"),
        ({"channel": "C0GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0GENERAL", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"channel": "C0GENERAL", "markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"channel": "C0GENERAL", "text": "x", "blocks": "no json"}, "invalid_blocks_format"),
        ({"channel": "C0GENERAL", "text": "x", "blocks": '{"type": "divider"}'}, "invalid_blocks_format"),
        ({"channel": "C0GENERAL", "text": "x", "attachments": "no json"}, "invalid_attachments"),
        ({"channel": "C0GENERAL", "text": "x", "attachments": '"a text"'}, "invalid_attachments"),
        ({"channel": "C0GENERAL", "text": "x", "attachments": str([{}] * 101)}, "too_many_attachments"),
        ({"channel": "C0GENERAL", "text": "x", "metadata": "no json"}, "invalid_metadata_format"),
        ({"channel": "C0GENERAL", "text": "x", "metadata": '{"event_type": "a"}'}, "invalid_metadata_format"),
        ({"channel": "C0GENERAL", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
def test_a_wrong_post_is_refused(client: WebClient, arguments: dict[str, Any], error: str) -> None:
    assert refusal(lambda: client.api_call("chat.postMessage", data=arguments)) == error


def test_metadata_and_blocks_have_a_size(client: WebClient) -> None:
    big = {"event_type": "seed", "event_payload": {"id": "x" * 20_000}}
    assert (
        refusal(lambda: client.chat_postMessage(channel="C0GENERAL", text="x", metadata=big))
        == "metadata_too_large"
    )
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    assert refusal(lambda: client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[section] * 5)) == (
        "msg_blocks_too_long"
    )


def test_membership_and_archives_are_respected(client: WebClient, drive: Any) -> None:
    drive.post("channels", id="C0SECRET", name="secret", is_private=True, members=["U0ANTON"])
    drive.post("channels", id="C0OPEN", name="open", members=["U0ANTON"])
    assert refusal(lambda: client.chat_postMessage(channel="C0SECRET", text="x")) == "channel_not_found"
    assert refusal(lambda: client.chat_postMessage(channel="C0OPEN", text="x")) == "not_in_channel"
    assert refusal(lambda: client.conversations_history(channel="C0OPEN")) == "not_in_channel"
    drive.post("archive", channel="C0OPEN")
    assert refusal(lambda: client.chat_postMessage(channel="C0OPEN", text="x")) == "is_archived"
    assert refusal(lambda: client.conversations_join(channel="C0OPEN")) == "is_archived"


def test_only_own_and_existing_messages_can_be_changed(client: WebClient, drive: Any) -> None:
    said = drive.post("message", channel="general", user="U0ANTON", text="mine")["message"]["ts"]
    assert (
        refusal(lambda: client.chat_update(channel="C0GENERAL", ts="1.000001", text="x"))
        == "message_not_found"
    )
    assert (
        refusal(lambda: client.chat_update(channel="C0GENERAL", ts=said, text="x")) == "cant_update_message"
    )
    assert refusal(lambda: client.chat_delete(channel="C0GENERAL", ts=said)) == "cant_delete_message"
    own = client.chat_postMessage(channel="C0GENERAL", text="x")["ts"]
    assert refusal(lambda: client.chat_update(channel="C0GENERAL", ts=own, text="x" * 4001)) == "msg_too_long"
    call = {"channel": "C0GENERAL", "ts": own}
    assert refusal(lambda: client.api_call("chat.update", data=call)) == "no_text"


def test_people_and_direct_messages_are_checked(client: WebClient, drive: Any) -> None:
    drive.post("user-change", user="U0DARA", deleted=True)
    assert refusal(lambda: client.users_info(user="U0NOBODY")) == "user_not_found"
    assert refusal(lambda: client.users_lookupByEmail(email="nobody@emulator.example")) == "users_not_found"
    assert refusal(lambda: client.users_lookupByEmail(email="dara@emulator.example")) == "users_not_found"
    assert refusal(lambda: client.conversations_open(users="U0NOBODY")) == "user_not_found"
    assert refusal(lambda: client.conversations_open(users="U0BOT")) == "cannot_dm_bot"
    assert refusal(lambda: client.conversations_open(users="U0DARA")) == "user_disabled"
    assert refusal(lambda: client.api_call("conversations.open")) == "users_list_not_supplied"
    assert (
        refusal(lambda: client.chat_postEphemeral(channel="C0GENERAL", user="U0NOBODY", text="x"))
        == "user_not_found"
    )


def test_a_deactivated_person_still_gets_posts(client: WebClient, drive: Any) -> None:
    drive.post("user-change", user="U0DARA", deleted=True)
    assert client.chat_postMessage(channel="U0DARA", text="hello")["ok"]
    assert drive.post("message", channel="U0BOT", user="U0DARA", text="hi")["error"] == "account_inactive"


def test_channels_are_managed_within_the_rules(client: WebClient, drive: Any) -> None:
    assert refusal(lambda: client.conversations_create(name="General")) == "invalid_name_specials"
    assert refusal(lambda: client.conversations_create(name="general")) == "name_taken"
    assert (
        refusal(lambda: client.conversations_invite(channel="C0GENERAL", users="U0ANTON"))
        == "already_in_channel"
    )
    assert (
        refusal(lambda: client.conversations_invite(channel="C0GENERAL", users="U0BOT")) == "cant_invite_self"
    )
    assert (
        refusal(lambda: client.conversations_kick(channel="C0GENERAL", user="U0ANTON"))
        == "cant_kick_from_general"
    )
    assert refusal(lambda: client.conversations_archive(channel="C0GENERAL")) == "cant_archive_general"
    direct = client.conversations_open(users="U0ANTON")["channel"]["id"]
    assert (
        refusal(lambda: client.conversations_archive(channel=direct))
        == "method_not_supported_for_channel_type"
    )
    drive.post("user-change", user="U0DARA", deleted=True)
    drive.post("channels", id="C0NEW", name="new", members=["U0BOT"])
    with pytest.raises(SlackApiError) as caught:
        client.conversations_invite(channel="C0NEW", users="U0DARA,U0ANTON")
    assert caught.value.response["errors"] == [{"user": "U0DARA", "ok": False, "error": "cant_invite"}]
    client.conversations_invite(channel="C0NEW", users="U0DARA,U0ANTON", force=True)
    assert "U0ANTON" in client.conversations_members(channel="C0NEW")["members"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"limit": "many"}, "invalid_arguments"),
        ({"limit": "0"}, "invalid_limit"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
    ],
)
def test_wrong_paging_is_refused(client: WebClient, arguments: dict[str, Any], error: str) -> None:
    call = {"channel": "C0GENERAL", **arguments}
    assert refusal(lambda: client.api_call("conversations.history", data=call)) == error


def test_a_reaction_counts_once(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0GENERAL", text="x")["ts"]
    where = {"channel": "C0GENERAL", "timestamp": ts, "name": "tada"}
    client.reactions_add(**where)
    assert refusal(lambda: client.reactions_add(**where)) == "already_reacted"
    client.reactions_remove(**where)
    assert refusal(lambda: client.reactions_remove(**where)) == "no_reaction"


def test_an_upload_must_be_complete(client: WebClient) -> None:
    asked = client.files_getUploadURLExternal(filename="a.txt", length=3)
    files = [{"id": asked["file_id"], "title": "A"}]
    assert refusal(lambda: client.files_completeUploadExternal(files=files)) == "file_not_found"
    assert refusal(lambda: client.files_info(file="F0NONE")) == "file_not_found"


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
def test_a_broken_body_is_named(emulator: Any, body: bytes, error: str) -> None:
    headers = {"Content-Type": "application/json"}
    request = Request(f"{emulator.api_url}auth.test", data=body, headers=headers)  # noqa: S310 - loopback
    with urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
        assert json.load(answer)["error"] == error
