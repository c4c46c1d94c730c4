"""What Slack answers becomes a value or one of three errors, and none of them quotes anybody."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from allybot.errors import (
    NotFoundError,
    SlackError,
    SlackRefusedError,
    SlackUnavailableError,
    SlackUncertainError,
)
from allybot.message import Message
from allybot.slack.gateway import SlackGateway
from slack_emulator import Emulator, EmulatorConfig
from slack_emulator.config import default_team

SECRET_WORDS = "what was written in confidence"
TOKEN = "xoxb-emulator-1"


@contextmanager
def answering(
    status: int, body: str, headers: dict[str, str] | None = None
) -> Iterator[tuple[str, list[str]]]:
    """A server that gives one answer to everything, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def problem_of(url: str, timeout: int = 1) -> SlackError:
    gateway = SlackGateway(lambda _: TOKEN, url, timeout=timeout)
    with pytest.raises(SlackError) as caught:
        gateway.post("T1", "C1", Message(SECRET_WORDS), "id-1")
    shown = f"{caught.value} {caught.value.__dict__} {caught.value.__cause__}"
    assert SECRET_WORDS not in shown
    assert TOKEN not in shown
    return caught.value


PERMANENT = [
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "account_inactive",
    "token_revoked",
    "invalid_auth",
    "missing_scope",
    "invalid_blocks",
    "msg_too_long",
    "restricted_action",
    "messages_tab_disabled",
    "user_disabled",
    "ekm_access_denied",
]


@pytest.mark.parametrize("code", PERMANENT)
def test_a_code_that_will_not_change_is_a_refusal(code: str) -> None:
    with answering(200, f'{{"ok": false, "error": "{code}"}}') as (url, _):
        problem = problem_of(url)
    assert isinstance(problem, SlackRefusedError)
    assert (problem.method, problem.reason) == ("chat.postMessage", code)


@pytest.mark.parametrize(
    "code", ["ratelimited", "service_unavailable", "team_added_to_org", "message_limit_exceeded"]
)
def test_a_code_that_says_later_means_that_nothing_was_done(code: str) -> None:
    with answering(200, f'{{"ok": false, "error": "{code}"}}') as (url, _):
        assert isinstance(problem_of(url), SlackUnavailableError)


def test_too_many_requests_says_for_how_long_to_wait() -> None:
    body = '{"ok": false, "error": "ratelimited"}'
    with answering(429, body, {"Retry-After": "17"}) as (url, asked):
        problem = problem_of(url)
    assert isinstance(problem, SlackUnavailableError)
    assert problem.retry_after == 17
    assert len(asked) == 1


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
def test_a_code_that_may_have_done_part_of_it_is_uncertain(code: str) -> None:
    with answering(200, f'{{"ok": false, "error": "{code}"}}') as (url, _):
        assert isinstance(problem_of(url), SlackUncertainError)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, "oops"), (503, '{"ok": false, "error": "x"}'), (200, f"<p>{SECRET_WORDS}</p>"), (0, "")],
)
def test_a_broken_answer_is_uncertain_and_the_request_is_not_repeated(status: int, body: str) -> None:
    with answering(status, body) as (url, asked):
        assert isinstance(problem_of(url), SlackUncertainError)
    assert len(asked) == 1


READS: dict[str, Callable[[SlackGateway], object]] = {
    "chat.postMessage": lambda slack: slack.post("T1", "C1", Message(SECRET_WORDS), "id-1"),
    "conversations.open": lambda slack: slack.open_dm("T1", "U1"),
    "users.info": lambda slack: slack.person("T1", "U1"),
    "users.lookupByEmail": lambda slack: slack.person_by_email("T1", "a@example.org"),
    "conversations.history": lambda slack: slack.find("T1", "C1", "id-1", None),
    "conversations.members": lambda slack: slack.members("T1", "C1"),
    "conversations.info": lambda slack: slack.channel("T1", "C1"),
    "auth.test": lambda slack: slack.identify(TOKEN),
    "oauth.v2.access": lambda slack: slack.exchange("id", "secret", "code", None),
}
ODD = ["channel", "user", "messages", "members", "ts", "team", "team_id", "access_token", "bot_user_id"]


@pytest.mark.parametrize("value", ["", "null", "5", "{}", "[null]"])
@pytest.mark.parametrize("method", READS)
def test_an_answer_without_what_was_promised_is_an_unreadable_one(method: str, value: str) -> None:
    fields = "".join(f', "{name}": {value}' for name in ODD) if value else ""
    body = f'{{"ok": true, "token_type": "bot"{fields}}}'
    with answering(200, body) as (url, _), pytest.raises(SlackError) as caught:
        READS[method](SlackGateway(lambda _: TOKEN, url, timeout=5))
    assert (caught.value.method, caught.value.reason) in {
        (method, "unreadable_answer"),
        ("oauth.v2.access", "no_bot_token"),
    }


def test_a_refused_upload_names_the_method_that_was_refused() -> None:
    with (
        answering(200, '{"ok": false, "error": "missing_scope"}') as (url, _),
        pytest.raises(SlackError) as caught,
    ):
        SlackGateway(lambda _: TOKEN, url, timeout=5).upload_file("T1", "D1", "a.md", SECRET_WORDS, "here")
    assert (caught.value.method, caught.value.reason) == ("files.getUploadURLExternal", "missing_scope")


def test_a_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert isinstance(problem_of(f"http://127.0.0.1:{port}/api/"), SlackUnavailableError)


def test_a_time_out_while_waiting_for_the_answer_is_uncertain() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        problem = problem_of(f"http://127.0.0.1:{silent.getsockname()[1]}/api/")
    assert isinstance(problem, SlackUncertainError)
    assert problem.reason == "time_out"


def test_a_workspace_without_a_token_is_refused() -> None:
    def no_token(_: str) -> str:
        raise NotFoundError

    with pytest.raises(SlackRefusedError) as caught:
        SlackGateway(no_token, "http://127.0.0.1:9/api/").open_dm("T1", "U1")
    assert caught.value.reason == "not_authed"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    slack = Emulator()
    slack.start()
    yield slack
    slack.stop()


def test_a_post_is_found_by_its_id_and_no_other_is(emulator: Emulator) -> None:
    gateway = SlackGateway(lambda _: TOKEN, emulator.api_url)
    began = datetime.now(UTC) - timedelta(seconds=5)
    channel = gateway.open_dm("T0EMULATOR", "U0ANTON")
    assert gateway.find("T0EMULATOR", channel, "id-1", began) is None
    posted = gateway.post("T0EMULATOR", channel, Message("hello"), "id-1")
    for number in range(130):
        gateway.post("T0EMULATOR", channel, Message("another"), f"other-{number}")
    assert gateway.find("T0EMULATOR", channel, "id-1", began) == posted
    assert gateway.find("T0EMULATOR", channel, "id-2", began) is None
    assert gateway.find("T0EMULATOR", channel, "id-1", datetime.now(UTC) + timedelta(seconds=5)) is None


CHART = {
    "type": "data_visualization",
    "title": "How many",
    "chart": {
        "type": "bar",
        "series": [{"name": "answered", "data": [{"label": "Weeks 1", "value": 16}]}],
        "axis_config": {"categories": ["Weeks 1"]},
    },
}
DRAWN = {"type": "section", "text": {"type": "mrkdwn", "text": "drawn in text"}}


@pytest.mark.parametrize("refused", [[], ["data_visualization"]])
def test_where_a_workspace_refuses_a_new_block_the_older_ones_are_sent(refused: list[str]) -> None:
    slack = Emulator(EmulatorConfig(teams=[default_team().model_copy(update={"refused_blocks": refused})]))
    slack.start()
    try:
        gateway = SlackGateway(lambda _: TOKEN, slack.api_url)
        message = Message("sixteen answered", (CHART,), older=(DRAWN,))
        channel = gateway.open_dm("T0EMULATOR", "U0ANTON")
        posted = gateway.post("T0EMULATOR", channel, message, "id-1")
        assert posted.ts
        gateway.post_ephemeral("T0EMULATOR", (channel, "U0ANTON"), message)
        secret = slack.slack.capabilities.give_url("T0EMULATOR", channel, "U0ANTON")
        answer = {"text": message.text, "blocks": list(message.blocks)}
        gateway.respond(f"{slack.url}response/{secret}", answer, message.older)
        gateway.update("T0EMULATOR", channel, posted.ts, message)
        shown = slack.slack.workspaces["T0EMULATOR"].conversations[channel].by_ts.values()
        kinds = [[block["type"] for block in each.fields["blocks"]] for each in shown]
        assert kinds == [["section" if refused else "data_visualization"]] * 3
        with pytest.raises(SlackRefusedError):  # nothing older to send
            gateway.post("T0EMULATOR", channel, Message("odd", ({"type": "no such block"},)), "id-2")
    finally:
        slack.stop()


def test_people_are_read_with_zone_locale_and_address(emulator: Emulator) -> None:
    gateway = SlackGateway(lambda _: TOKEN, emulator.api_url)
    chen = gateway.person("T0EMULATOR", "U0CHEN")
    assert (chen.zone, chen.deleted, chen.is_bot, chen.email) == (
        "Asia/Singapore",
        False,
        False,
        "chen@emulator.example",
    )
    assert gateway.person_by_email("T0EMULATOR", "dara@emulator.example").slack_user == "U0DARA"
    assert gateway.identify(TOKEN).workspace_id == "T0EMULATOR"
    assert "U0ANTON" in gateway.members("T0EMULATOR", "C0GENERAL")


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what this machine's environment says about proxies."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.usefixtures("no_proxy")
def test_a_proxy_that_lets_nothing_through_means_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> None:
        connection, _ = proxy.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as proxy:
        thread = threading.Thread(target=refuse)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        problem = problem_of("https://slack.invalid/api/")
        thread.join()
    assert isinstance(problem, SlackUnavailableError)
    assert problem.reason == "no_connection"


@pytest.mark.usefixtures("no_proxy")
@pytest.mark.parametrize("address", ["http://255.255.255.255/api/", "https://127.0.0.1:{port}/api/"])
def test_without_a_route_or_encryption_nothing_was_sent(address: str) -> None:
    with answering(200, "{}") as (url, asked):
        problem = problem_of(address.format(port=url.rsplit(":", 1)[1].split("/")[0]))
    assert isinstance(problem, SlackUnavailableError)
    assert problem.reason == "no_connection"
    assert asked == []
