"""A response_url answers to one person or to all, replaces or deletes, five times within half an hour."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}


def answer(url: str, **body: Any) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"}
    request = Request(url, data=json.dumps(body).encode(), headers=headers)  # noqa: S310 - loopback
    try:
        with urlopen(request, timeout=5) as found:  # noqa: S310 - loopback
            return found.status, found.read().decode()
    except HTTPError as problem:
        with problem:
            return problem.code, json.load(problem)["error"]


@pytest.fixture
def pressed(client: WebClient, drive: Any, app: Any) -> dict[str, Any]:
    """The payload of a press in Anton's direct message."""
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    posted = client.chat_postMessage(channel="U0ANTON", text="press", blocks=blocks)
    drive.post("interact", channel=posted["channel"], messageTs=posted["ts"], user="U0ANTON", action="go")
    return app.of("block_actions")[0]


def test_it_answers_to_one_person_or_to_all(pressed: dict[str, Any], drive: Any) -> None:
    assert answer(pressed["response_url"], text="for you") == (200, "ok")
    assert answer(pressed["response_url"], text="for all", response_type="in_channel") == (200, "ok")
    shown = [(one["text"], one["ephemeral"]) for one in drive.messages("U0ANTON")[1:]]
    assert shown == [("for you", True), ("for all", False)]


def test_it_replaces_and_deletes_the_original(pressed: dict[str, Any], drive: Any) -> None:
    answer(pressed["response_url"], text="done", replace_original=True)
    (message,) = drive.messages("U0ANTON")
    assert (message["text"], "blocks" in message) == ("done", False)
    answer(pressed["response_url"], delete_original=True)
    assert drive.messages("U0ANTON") == []


def test_it_is_good_five_times(pressed: dict[str, Any]) -> None:
    codes = [answer(pressed["response_url"], text=str(number)) for number in range(6)]
    assert codes == [(200, "ok")] * 5 + [(404, "used_url")]


def test_it_expires_after_half_an_hour(start: Any, connect: Any, driver: Any, clock: Any) -> None:
    emulator = start(clock)
    app = connect(emulator)
    driver(emulator.url).post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    response_url = app.of("slash_commands")[0]["response_url"]
    clock.advance(30 * 60)
    assert answer(response_url, text="just in time") == (200, "ok")
    clock.advance(1)
    assert answer(response_url, text="late") == (404, "expired_url")


def test_nonsense_is_refused(emulator: Any, pressed: dict[str, Any]) -> None:
    assert answer(f"{emulator.url}response/nothing", text="x") == (404, "invalid_url")
    assert answer(pressed["response_url"]) == (400, "no_text")
    assert answer(pressed["response_url"], blocks=[{"type": "banner"}]) == (400, "invalid_blocks")
