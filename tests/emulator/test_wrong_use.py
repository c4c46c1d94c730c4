"""Whatever is sent, a wrong use is named and never breaks the emulator."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

ODD: tuple[Any, ...] = (5, -1, 1.5, True, [], ["x"], {"a": 1}, [[]], "é" * 3000, "\x00", "U0NOBODY")
BODIES = {
    "no JSON": (b"{", "application/json"),
    "no object": (b"[1]", "application/json"),
    "no text": (b"\xff\xfe", "application/json"),
    "an unknown character set": (b"{}", "application/json; charset=nonsense"),
    "nested beyond reason": (b"[" * 100_000, "application/json"),
}


def ask(url: str, body: bytes, content_type: str, **headers: str) -> tuple[int, dict[str, Any]]:
    named = {"Content-Type": content_type, **headers}
    try:
        with urlopen(Request(url, body, named), timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, json.load(answer)
    except HTTPError as problem:
        with problem:
            return problem.code, json.load(problem)


CONTROL: dict[str, dict[str, Any]] = {
    "message": {"channel": "C0GENERAL", "user": "U0ANTON", "text": "hi", "thread_ts": None},
    "command": {"channel": "C0GENERAL", "user": "U0ANTON", "command": "/x", "text": "y"},
    "interact": {"channel": "C0GENERAL", "messageTs": "1.1", "user": "U0ANTON", "action": "go"},
    "reaction": {"channel": "C0GENERAL", "messageTs": "1.1", "user": "U0ANTON", "name": "tada"},
    "open-home": {"user": "U0ANTON", "tab": "home"},
    "edit-message": {"channel": "C0GENERAL", "ts": "1.1", "user": "U0ANTON", "text": "n"},
    "delete-message": {"channel": "C0GENERAL", "ts": "1.1", "user": "U0ANTON"},
    "view-submit": {"user": "U0ANTON", "values": {}},
    "view-close": {"user": "U0ANTON"},
    "view-interact": {"user": "U0ANTON", "action": "x", "values": {}, "view_id": None},
    "faults": {"method": "*", "mode": "slow", "times": 1, "seconds": 0.0, "team": "T0NONE"},
    "users": {"name": "n", "id": "U0ANTON", "tz": "Europe/Zurich", "team": "T0EMULATOR"},
    "channels": {"name": "n", "id": "C0GENERAL", "members": [], "team": "T0EMULATOR"},
    "user-change": {"user": "U0CHEN", "tz": "Asia/Tokyo", "name": "c"},
    "invite": {"channel": "C0GENERAL", "user": "U0ANTON", "inviter": "U0BRUNO"},
    "kick": {"channel": "C0GENERAL", "user": "U0NOBODY"},
    "archive": {"channel": "C0NOWHERE", "user": "U0ANTON"},
    "oauth-code": {"team": "T0EMULATOR"},
    "deliveries": {"copies": 1, "kinds": ["events_api"]},
    "disconnect": {"reason": "warning", "close_after": 0},
    "request-url": {"url": None},
}


def spoiled(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in body:
        yield {other: value for other, value in body.items() if other != name}
        for value in ODD:
            yield {**body, name: value}


@pytest.mark.parametrize("route", CONTROL)
def test_a_control_route_names_what_is_wrong_with_a_body(drive: Any, route: str) -> None:
    for body in spoiled(CONTROL[route]):
        answer = drive.post(route, **body)
        assert answer["ok"] or answer["error"], body


@pytest.mark.parametrize("body", BODIES)
def test_a_control_route_names_a_body_that_cannot_be_read(emulator: Any, body: str) -> None:
    for route in (*CONTROL, "reset"):
        status, answer = ask(f"{emulator.url}_control/{route}", *BODIES[body])
        assert (status, answer["error"]) == (400, "invalid_json"), route


@pytest.mark.parametrize(
    ("route", "body", "detail"),
    [
        ("message", {"channel": 5, "user": "U0ANTON"}, "channel: expected a text"),
        ("message", {"user": "U0ANTON"}, "missing: channel"),
        ("deliveries", {"copies": "many"}, "copies: expected a number"),
        ("deliveries", {"kinds": ["pigeons"]}, "kinds: a list of events_api, interactive, slash_commands"),
        ("view-submit", {"user": "U0ANTON", "values": []}, "values: expected block_id"),
        ("interact", {"channel": "C0GENERAL", "messageTs": "1", "user": "U0ANTON"}, "action: an action_id"),
    ],
)
def test_a_wrong_type_is_named(drive: Any, route: str, body: dict[str, Any], detail: str) -> None:
    answer = drive.post(route, **body)
    assert answer["error"] == "invalid_arguments"
    assert detail in answer["detail"]


def test_state_lists_the_app_as_local_slack_does(drive: Any) -> None:
    state = drive.get("state")
    assert state["apps"] == [{"appId": "A0EMULATOR", "botUserId": "U0BOT", "mode": "socket"}]
    assert state["workspace"]["teamId"] == "T0EMULATOR"


REFUSED = {
    "no JSON": "invalid_json",
    "no object": "json_not_object",
    "no text": "invalid_json",
    "an unknown character set": "invalid_charset",
    "nested beyond reason": "invalid_json",
}


@pytest.mark.parametrize("body", BODIES)
def test_the_web_api_names_a_body_that_cannot_be_read(emulator: Any, client: WebClient, body: str) -> None:
    status, answer = ask(
        f"{emulator.api_url}auth.test", *BODIES[body], Authorization=f"Bearer {client.token}"
    )
    assert (status, answer["error"]) == (200, REFUSED[body])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"a=b", "multipart/form-data"), (b"\xff=%ff", "application/x-www-form-urlencoded")],
)
def test_the_web_api_names_a_broken_form(emulator: Any, body: bytes, content_type: str) -> None:
    assert ask(f"{emulator.api_url}auth.test", body, content_type)[1]["error"] == "invalid_form_data"


@pytest.mark.parametrize("header", ["Basic !!!", "Basic YQ=="])
def test_a_broken_basic_header_is_refused(emulator: Any, header: str) -> None:
    url = f"{emulator.api_url}oauth.v2.access"
    form = "application/x-www-form-urlencoded"
    assert ask(url, b"", form, Authorization=header)[1]["error"] == "invalid_auth"


@pytest.mark.parametrize("limit", [1e999, [], {"a": 1}])
def test_an_odd_number_is_an_invalid_argument(emulator: Any, client: WebClient, limit: Any) -> None:
    body = json.dumps({"limit": limit}).encode()
    url, bearer = f"{emulator.api_url}users.list", f"Bearer {client.token}"
    assert ask(url, body, "application/json", Authorization=bearer)[1]["error"] == "invalid_arguments"


def test_a_cursor_with_foreign_letters_is_invalid(emulator: Any, client: WebClient) -> None:
    body = json.dumps({"channel": "C0GENERAL", "cursor": "é"}).encode()
    url, bearer = f"{emulator.api_url}conversations.history", f"Bearer {client.token}"
    assert ask(url, body, "application/json", Authorization=bearer)[1]["error"] == "invalid_cursor"


@pytest.mark.parametrize("junk", [5, True, "x", [5], [None], {"a": 1}])
@pytest.mark.parametrize("name", ["options", "option_groups"])
def test_a_menu_whose_options_are_no_list_is_an_invalid_block(
    emulator: Any, client: WebClient, name: str, junk: Any
) -> None:
    chosen = {"text": {"type": "plain_text", "text": "A"}, "value": "a"}
    menu = {"type": "static_select", "action_id": "a", "initial_option": chosen, name: junk}
    body = {"channel": "C0GENERAL", "text": "x", "blocks": [{"type": "actions", "elements": [menu]}]}
    url, bearer = f"{emulator.api_url}chat.postMessage", f"Bearer {client.token}"
    answer = ask(url, json.dumps(body).encode(), "application/json", Authorization=bearer)[1]
    assert answer["error"] == "invalid_blocks"
