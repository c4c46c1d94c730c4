"""What the page asks the server, and the news it is sent."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

USER = {"id", "name", "real_name", "tz", "locale", "deleted", "is_bot", "title", "initials", "color"}
CHANNEL = {"id", "kind", "name", "topic", "is_member", "is_archived", "with", "unread", "last_ts", "members"}


class Stream:
    """Reads a person's news in the background."""

    def __init__(self, url: str, user: str) -> None:
        self.news: list[dict[str, Any]] = []
        self.ready = threading.Event()
        self._answer = urlopen(f"{url}_page/stream?as={user}", timeout=10)  # noqa: S310 - loopback
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self.ready.wait(5)

    def _read(self) -> None:
        with self._answer:
            for line in self._answer:
                self.ready.set()
                if line.startswith(b"data: "):
                    self.news.append(json.loads(line[6:]))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.news if one["type"] == kind]

    def join(self) -> None:
        self._thread.join(5)


@pytest.fixture
def stream(emulator: Any) -> Iterator[Stream]:
    stream = Stream(emulator.url, "U0ANTON")
    yield stream
    emulator.stop()
    stream.join()


def test_the_start_tells_who_and_where_one_is(drive: Any) -> None:
    boot = drive.page("boot?as=U0BRUNO")
    assert boot["me"]["id"] == "U0BRUNO"
    assert all(set(one) == USER for one in [boot["me"], *boot["people"]])
    assert boot["bots"][0].keys() >= USER | {"app_id", "bot_id", "commands", "home_tab"}
    assert all(set(one) == CHANNEL for one in boot["channels"])
    assert {one["kind"] for one in boot["channels"]} == {"public", "im"}
    assert (boot["modal"], boot["strip_url"], boot["team"]["name"]) == (None, None, "Northwind")


def test_one_sees_ones_own_channels_only(drive: Any) -> None:
    drive.post("channels", id="C0CIRCLE", name="circle", is_private=True, members=["U0ANTON", "U0BOT"])
    assert "C0CIRCLE" in [one["id"] for one in drive.page("boot?as=U0ANTON")["channels"]]
    assert "C0CIRCLE" not in [one["id"] for one in drive.page("boot?as=U0BRUNO")["channels"]]
    assert drive.page("messages?as=U0BRUNO&channel=C0CIRCLE")["error"] == "channel_not_found"


def test_deactivated_people_come_last(drive: Any) -> None:
    drive.post("user-change", user="U0ANTON", deleted=True)
    assert drive.page("boot?as=U0BRUNO")["people"][-1]["id"] == "U0ANTON"


def test_messages_come_with_threads_apart_and_ephemerals_for_one(drive: Any, client: WebClient) -> None:
    root = client.chat_postMessage(channel="C0GENERAL", text="root")["ts"]
    client.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root)
    client.chat_postEphemeral(channel="C0GENERAL", user="U0ANTON", text="psst")
    shown = drive.page("messages?as=U0ANTON&channel=C0GENERAL")["messages"]
    assert [(one["text"], one["ephemeral"]) for one in shown] == [("root", False), ("psst", True)]
    assert shown[0]["reply_count"] == 1
    others = drive.page("messages?as=U0BRUNO&channel=C0GENERAL")["messages"]
    assert [one["text"] for one in others] == ["root"]
    thread = drive.page(f"messages?as=U0BRUNO&channel=C0GENERAL&thread_ts={root}")["messages"]
    assert [one["text"] for one in thread] == ["root", "reply"]


def test_unread_marks_count_and_are_wiped(drive: Any, client: WebClient, stream: Stream, soon: Any) -> None:
    channel = client.chat_postMessage(channel="U0ANTON", text="one")["channel"]
    client.chat_postMessage(channel="U0ANTON", text="two")
    listed = {one["id"]: one["unread"] for one in drive.page("boot?as=U0ANTON")["channels"]}
    assert listed[channel] == 2
    assert drive.page("read", user="U0ANTON", channel=channel)["ok"]
    soon(lambda: [one["count"] for one in stream.of("unread")] == [1, 2, 0])
    listed = {one["id"]: one["unread"] for one in drive.page("boot?as=U0ANTON")["channels"]}
    assert listed[channel] == 0


def test_news_follow_a_messages_life(drive: Any, client: WebClient, stream: Stream, soon: Any) -> None:
    posted = client.chat_postMessage(channel="U0ANTON", text="one")
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_update(**where, text="two")
    drive.post("reaction", channel=posted["channel"], messageTs=posted["ts"], user="U0ANTON", name="tada")
    client.chat_delete(**where)
    soon(lambda: stream.of("message_deleted"))
    assert [one["channel"]["id"] for one in stream.of("channel")] == [posted["channel"]]
    assert stream.of("message")[0]["message"]["text"] == "one"
    changed = [one["message"] for one in stream.of("message_changed")]
    assert [one.get("reactions") for one in changed] == [
        None,
        [{"name": "tada", "users": ["U0ANTON"], "count": 1}],
    ]
    assert stream.of("message_deleted")[0]["ts"] == posted["ts"]


def test_news_tell_of_modals_home_people_notices_and_resets(
    drive: Any, client: WebClient, app: Any, stream: Stream, soon: Any
) -> None:
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
    client.views_open(trigger_id=app.of("slash_commands")[0]["trigger_id"], view=view)
    drive.post("view-close", user="U0ANTON")
    client.views_publish(user_id="U0ANTON", view={"type": "home", "blocks": []})
    drive.post("user-change", user="U0BRUNO", title="Smith")
    drive.post("app-uninstalled")
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    drive.post("reset")
    soon(lambda: stream.of("reset"))
    assert [one["view"] and one["view"]["errors"] for one in stream.of("modal")] == [{}, None]
    assert stream.of("home") == [{"type": "home", "bot": "U0BOT"}]
    assert stream.of("user")[0]["user"]["title"] == "Smith"
    assert "not a valid command" in stream.of("notice")[0]["text"]


def test_two_people_can_write_to_each_other(drive: Any, app: Any) -> None:
    channel = drive.page("dm", user="U0ANTON", **{"with": "U0BRUNO"})["channel"]
    assert (channel["kind"], channel["with"], channel["name"]) == ("im", "U0BRUNO", "Bruno Costa")
    drive.post("message", channel=channel["id"], user="U0BRUNO", text="between us")
    assert drive.page(f"messages?as=U0ANTON&channel={channel['id']}")["messages"][0]["text"] == "between us"
    assert app.received == []


def test_the_hosts_clock_sets_only_what_the_page_shows(start: Any, client_for: Any, driver: Any) -> None:
    emulator = start(display_clock=lambda: datetime(2027, 3, 1, 9, tzinfo=UTC))
    before = datetime.now(UTC).timestamp()
    posted = client_for(emulator).chat_postMessage(channel="U0ANTON", text="x")
    (message,) = driver(emulator.url).messages("U0ANTON")
    assert message["shown_at"] == "2027-03-01T09:00:00+00:00"
    assert 0 <= float(posted["ts"]) - before < 60


def test_the_host_can_add_routes(driver: Any) -> None:
    from slack_emulator import Emulator, EmulatorConfig  # noqa: PLC0415 - only this test builds one itself

    emulator = Emulator(EmulatorConfig(strip_url="/_demo/strip"))
    emulator.add_json_route("POST", "/_demo/clock", lambda body: {"now": body["advance"]})
    emulator.start()
    try:
        drive = driver(emulator.url)
        assert drive._ask("_demo/clock", {"advance": "P3D"}, "POST") == {"now": "P3D"}
        assert drive.page("boot?as=U0ANTON")["strip_url"] == "/_demo/strip"
    finally:
        emulator.stop()


def test_another_web_page_cannot_act_as_somebody_here(emulator: Any, drive: Any) -> None:
    body = json.dumps({"channel": "U0BOT", "user": "U0ANTON", "text": "forged"}).encode()
    request = Request(f"{emulator.url}_control/message", data=body, headers={"Sec-Fetch-Site": "cross-site"})  # noqa: S310 - loopback
    with pytest.raises(OSError, match="403"), urlopen(request, timeout=5):  # noqa: S310 - loopback
        pass
    assert drive.messages("U0ANTON") == []


def test_the_page_is_served_and_nothing_beside_it(emulator: Any) -> None:
    with urlopen(emulator.url, timeout=5) as answer:  # noqa: S310 - loopback
        assert b"<html" in answer.read()
    with pytest.raises(OSError, match="404"), urlopen(f"{emulator.url}page/..%2Fserver.py", timeout=5):  # noqa: S310 - loopback
        pass


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "evil.example", "127.0.0.1.evil.example:{port}", "["]
)
def test_a_page_that_rebinds_its_name_to_this_machine_is_refused(emulator: Any, host: str) -> None:
    said = {"Host": host.format(port=urlsplit(emulator.url).port), "Sec-Fetch-Site": "same-origin"}
    body = json.dumps({"channel": "D0001", "user": "U0001", "text": "as somebody else"}).encode()
    for path in ("_control/message", "_control/state", "api/auth.test", "_page/boot", ""):
        sent = Request(f"{emulator.url}{path}", body if path.startswith(("_c", "a")) else None, headers=said)  # noqa: S310 - loopback
        with pytest.raises(HTTPError) as refused:
            urlopen(sent, timeout=5)  # noqa: S310 - loopback
        with refused.value as answer:
            assert answer.code == 403
            assert json.load(answer)["error"] == "foreign_host"


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "[::1]:{port}"])
def test_this_machines_own_names_are_taken(emulator: Any, host: str) -> None:
    said = {"Host": host.format(port=urlsplit(emulator.url).port)}
    own = Request(f"{emulator.url}_control/state", headers=said)  # noqa: S310 - loopback
    with urlopen(own, timeout=5) as answer:  # noqa: S310 - loopback
        assert answer.status == 200
