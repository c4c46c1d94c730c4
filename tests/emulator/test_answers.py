"""Every answer carries the fields that Slack's SDKs list for it."""

from typing import Any

import pytest
from slack_sdk import WebClient


def names(text: str) -> set[str]:
    return set(text.split())


MESSAGE = {"type", "user", "text", "ts", "team", "bot_id", "app_id", "bot_profile"}
BOT_PROFILE = {"id", "deleted", "name", "updated", "app_id", "user_id", "icons", "team_id"}
CHANNEL = names(
    """
    id name name_normalized is_channel is_group is_im is_mpim is_private is_archived is_general
    is_member is_shared is_ext_shared is_org_shared created creator unlinked topic purpose
    previous_names shared_team_ids context_team_id updated is_moved
    """
)
DIRECT = {"id", "created", "is_im", "is_archived", "is_org_shared", "user", "context_team_id", "updated"}
USER = names(
    """
    id team_id name deleted color real_name tz tz_label tz_offset profile is_admin is_owner
    is_primary_owner is_restricted is_ultra_restricted is_bot is_app_user updated
    is_email_confirmed
    """
)
PROFILE = names(
    """
    title phone skype real_name real_name_normalized display_name display_name_normalized
    status_text status_emoji status_emoji_display_info status_expiration fields
    avatar_hash image_24 image_512 team first_name last_name
    """
)
VIEW = names(
    """
    id team_id type title submit close blocks private_metadata callback_id external_id state
    hash clear_on_close notify_on_close submit_disabled root_view_id previous_view_id app_id bot_id
    app_installed_team_id
    """
)
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


def lacks(found: dict[str, Any], wanted: set[str]) -> set[str]:
    return wanted - set(found)


def test_auth_test_says_whose_token_it_is(client: WebClient) -> None:
    answer = client.auth_test().data
    assert not lacks(
        answer, {"ok", "url", "team", "user", "team_id", "user_id", "bot_id", "is_enterprise_install"}
    )
    assert (answer["team_id"], answer["user_id"], answer["app_id"]) == ("T0EMULATOR", "U0BOT", "A0EMULATOR")


def test_a_post_answers_with_the_whole_message(client: WebClient) -> None:
    metadata = {"event_type": "seed", "event_payload": {"id": "1"}}
    answer = client.chat_postMessage(channel="U0ANTON", text="hello", blocks=[SECTION], metadata=metadata)
    assert not lacks(answer.data, {"ok", "channel", "ts", "message"})
    assert answer["channel"].startswith("D")
    assert not lacks(answer["message"], MESSAGE)
    assert not lacks(answer["message"]["bot_profile"], BOT_PROFILE)
    assert answer["message"]["blocks"][0]["block_id"]
    assert answer["message"]["metadata"] == metadata


def test_an_update_answers_with_text_and_message_and_keeps_the_blocks(client: WebClient) -> None:
    posted = client.chat_postMessage(channel="#general", text="one", blocks=[SECTION])
    answer = client.chat_update(channel=posted["channel"], ts=posted["ts"], text="two")
    assert (answer["text"], answer["ts"]) == ("two", posted["ts"])
    assert answer["message"]["blocks"][0]["text"]["text"] == "hello"
    assert not lacks(answer["message"]["edited"], {"user", "ts"})
    bare = client.chat_update(channel=posted["channel"], ts=posted["ts"], text="three", blocks=[])
    assert "blocks" not in bare["message"]


def test_delete_ephemeral_and_permalink_answer_as_slack_does(client: WebClient) -> None:
    posted = client.chat_postMessage(channel="C0GENERAL", text="one")
    link = client.chat_getPermalink(channel="C0GENERAL", message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/C0GENERAL/p{posted['ts'].replace('.', '')}")
    assert client.chat_postEphemeral(channel="C0GENERAL", user="U0ANTON", text="psst")["message_ts"]
    gone = client.chat_delete(channel="C0GENERAL", ts=posted["ts"])
    assert (gone["channel"], gone["ts"]) == ("C0GENERAL", posted["ts"])


def test_conversations_open_answers_short_or_in_full(client: WebClient) -> None:
    first = client.conversations_open(users="U0ANTON")
    assert set(first["channel"]) == {"id"}
    assert first["already_open"] is False
    again = client.conversations_open(users=["U0ANTON"], return_im=True)
    assert (again["already_open"], again["no_op"]) == (True, True)
    assert not lacks(
        again["channel"], DIRECT | {"last_read", "latest", "unread_count", "is_open", "priority"}
    )


def test_channels_and_direct_messages_carry_their_fields(client: WebClient) -> None:
    client.conversations_open(users="U0ANTON")
    channel = client.conversations_info(channel="C0GENERAL", include_num_members=True)["channel"]
    assert not lacks(channel, CHANNEL | {"num_members"})
    listed = client.conversations_list(types="public_channel,private_channel,im")
    kinds = {one["id"][0]: one for one in listed["channels"]}
    assert not lacks(kinds["C"], CHANNEL)
    assert not lacks(kinds["D"], DIRECT)
    assert listed["response_metadata"] == {"next_cursor": ""}
    own = client.users_conversations(types="im")
    assert [one["user"] for one in own["channels"]] == ["U0ANTON"]
    members = client.conversations_members(channel="C0GENERAL")
    assert "U0BOT" in members["members"]


def test_a_user_carries_zone_locale_and_profile(client: WebClient) -> None:
    user = client.users_info(user="U0CHEN", include_locale=True)["user"]
    assert not lacks(user, USER | {"locale"})
    assert not lacks(user["profile"], PROFILE | {"email"})
    assert (user["tz"], user["tz_offset"]) == ("Asia/Singapore", 8 * 3600)
    assert "locale" not in client.users_info(user="U0CHEN")["user"]
    bot = client.users_info(user="U0BOT")["user"]
    assert (bot["is_bot"], bot["profile"]["bot_id"], bot["profile"]["api_app_id"]) == (
        True,
        "B0BOT",
        "A0EMULATOR",
    )


def test_people_are_listed_by_pages_and_found_by_address(client: WebClient) -> None:
    sizes = [len(page["members"]) for page in client.users_list(limit=2)]
    assert sizes == [2, 2, 1]
    assert not lacks(client.users_list().data, {"members", "cache_ts", "response_metadata"})
    assert client.users_lookupByEmail(email="DARA@emulator.example")["user"]["id"] == "U0DARA"


def test_team_and_bot_carry_their_fields(client: WebClient) -> None:
    assert not lacks(client.team_info()["team"], {"id", "name", "domain", "email_domain", "icon", "url"})
    bot = client.bots_info(bot="B0BOT")["bot"]
    assert not lacks(bot, {"id", "deleted", "name", "updated", "app_id", "user_id", "icons"})


def test_a_published_view_carries_its_fields(client: WebClient) -> None:
    answer = client.views_publish(user_id="U0ANTON", view={"type": "home", "blocks": [SECTION]})
    assert not lacks(answer["view"], VIEW)
    assert answer["view"]["root_view_id"] == answer["view"]["id"]


def test_history_is_newest_first_and_goes_on_by_cursor(client: WebClient) -> None:
    times = [client.chat_postMessage(channel="C0GENERAL", text=str(number))["ts"] for number in range(5)]
    first = client.conversations_history(channel="C0GENERAL", limit=2)
    assert [one["text"] for one in first["messages"]] == ["4", "3"]
    assert (first["has_more"], first["pin_count"]) == (True, 0)
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel="C0GENERAL", limit=2, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["2", "1"]
    span = {"channel": "C0GENERAL", "oldest": times[1], "latest": times[3]}
    assert [one["text"] for one in client.conversations_history(**span)["messages"]] == ["2"]
    inside = client.conversations_history(**span, inclusive=True)
    assert [one["text"] for one in inside["messages"]] == ["3", "2", "1"]
    assert client.conversations_history(channel="C0GENERAL", oldest="9999999999")["messages"] == []


def test_metadata_is_shown_in_full_only_on_request(client: WebClient) -> None:
    metadata = {"event_type": "seed", "event_payload": {"id": "abc"}}
    channel = client.chat_postMessage(channel="U0ANTON", text="hello", metadata=metadata)["channel"]
    (bare,) = client.conversations_history(channel=channel)["messages"]
    assert bare["metadata"] == {"event_type": "seed"}
    (full,) = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert full["metadata"] == metadata


def test_a_thread_is_its_root_and_its_replies(client: WebClient) -> None:
    root = client.chat_postMessage(channel="C0GENERAL", text="root")["ts"]
    for number in range(3):
        client.chat_postMessage(channel="C0GENERAL", text=f"reply {number}", thread_ts=root)
    thread = client.conversations_replies(channel="C0GENERAL", ts=root)["messages"]
    assert [one["text"] for one in thread] == ["root", "reply 0", "reply 1", "reply 2"]
    assert (thread[0]["reply_count"], thread[0]["reply_users"]) == (3, ["U0BOT"])
    assert thread[0]["latest_reply"] == thread[-1]["ts"]
    assert thread[1]["parent_user_id"] == "U0BOT"
    pages = client.conversations_replies(channel="C0GENERAL", ts=root, limit=2)
    assert [one["text"] for page in pages for one in page["messages"][1:]] == [
        "reply 0",
        "reply 1",
        "reply 2",
    ]
    outside = client.conversations_history(channel="C0GENERAL")["messages"]
    assert [one["text"] for one in outside] == ["root"]


def test_a_reply_can_be_broadcast_to_the_channel(client: WebClient) -> None:
    root = client.chat_postMessage(channel="C0GENERAL", text="root")["ts"]
    client.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root, reply_broadcast=True)
    newest = client.conversations_history(channel="C0GENERAL")["messages"][0]
    assert (newest["text"], newest["subtype"]) == ("reply", "thread_broadcast")


def test_a_private_channel_is_created_filled_and_archived(client: WebClient) -> None:
    made = client.conversations_create(name="circle-one", is_private=True)["channel"]
    assert not lacks(made, CHANNEL)
    assert (made["is_private"], made["is_group"], made["is_channel"]) == (True, True, False)
    client.conversations_invite(channel=made["id"], users=["U0ANTON", "U0BRUNO"])
    client.conversations_kick(channel=made["id"], user="U0BRUNO")
    assert client.conversations_members(channel=made["id"])["members"] == ["U0BOT", "U0ANTON"]
    client.conversations_archive(channel=made["id"])
    assert client.conversations_info(channel=made["id"])["channel"]["is_archived"] is True


def test_an_upload_becomes_a_message_with_a_file(client: WebClient) -> None:
    channel = client.conversations_open(users="U0ANTON")["channel"]["id"]
    answer = client.files_upload_v2(
        channel=channel, filename="figures.csv", content="a,b\n1,2\n", title="Figures", initial_comment="Here"
    )
    wanted = {
        "id",
        "name",
        "title",
        "mimetype",
        "filetype",
        "user",
        "size",
        "mode",
        "url_private",
        "permalink",
    }
    assert not lacks(answer["files"][0], wanted | {"created", "timestamp", "shares", "ims"})
    (message,) = client.conversations_history(channel=channel)["messages"]
    assert (message["text"], message["files"][0]["name"], message["files"][0]["size"]) == (
        "Here",
        "figures.csv",
        8,
    )
    info = client.files_info(file=answer["files"][0]["id"])
    assert (info["file"]["title"], info["content"], info["is_truncated"]) == ("Figures", "a,b\n1,2\n", False)


@pytest.mark.parametrize("way", ["form", "json", "query"])
def test_arguments_come_as_form_json_or_query(client: WebClient, way: str) -> None:
    arguments = {"channel": "C0GENERAL", "text": "hello"}
    ways = {"form": {"data": arguments}, "json": {"json": arguments}, "query": {"params": arguments}}
    verb = "GET" if way == "query" else "POST"
    assert client.api_call("chat.postMessage", http_verb=verb, **ways[way])["message"]["text"] == "hello"
