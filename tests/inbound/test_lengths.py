"""Whatever the answer was, all that goes over the wire for it is equally long."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from pydantic import SecretStr

from allybot.app import assemble, healthy
from allybot.domain.check_ins import Tap
from allybot.domain.meanings import ANSWERS
from allybot.domain.plans import BARRIERS
from allybot.prompts import ids
from allybot.prompts.check_ins import help as help_prompts
from allybot.prompts.check_ins import messages
from allybot.services.context import Context
from allybot.settings import Settings
from allybot.slack.padding import PADDED_BYTES
from allybot.slack_app.http import application
from tests.inbound import forged_requests, load_data
from tests.inbound.conftest import soon

ME, STEP = 3, 3
CHECK_IN = f"asked-{ME}-{STEP}"
LONG = "\N{GREEK SMALL LETTER LAMDA}" * 300
"""The longest half of a plan, in letters that take six bytes each in JSON."""


class Wire:
    """The bot served over HTTP, a Slack that notes how long each call is, and a person who presses."""

    def __init__(self, port: int, calls: dict[str, list[int]]) -> None:
        self.calls = calls
        self._port = port
        self._count = 0

    def sends(self, payload: dict[str, Any]) -> int:
        """The length of the acknowledgement, in bytes."""
        self._count += 1
        body, kind = forged_requests.encoded(payload | {"trigger_id": f"{self._count}.1"})
        request = forged_requests.signed(body, kind)
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": str(request.timestamp),
            "X-Slack-Signature": str(request.signature),
        }
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        assert answer.status == 200
        length = len(answer.read())
        connection.close()
        return length

    def presses(self, action: str, value: str, **instead: Any) -> int:
        place = (
            load_data.user(ME),
            action,
            value,
            f"D{ME:04}",
            "1767690000.000001",
            "1.1",
            forged_requests.NOWHERE,
        )
        return self.sends(load_data.block_action(*place) | instead)

    def submits(self, callback: str, metadata: str, values: dict[str, Any]) -> int:
        payload = load_data.block_action(load_data.user(ME), "", "", "", "", "", "")
        return self.sends(
            {name: payload[name] for name in ("user", "team", "api_app_id")}
            | {"type": "view_submission", "view": view(callback, metadata, values), "response_urls": []}
        )

    def call_lengths(self, method: str, count: int) -> list[int]:
        """How long the first calls of a method were, once there are so many of them."""
        soon(lambda: len(self.calls[method]) >= count)
        return self.calls[method]


def view(callback: str, metadata: str, values: dict[str, Any]) -> dict[str, Any]:
    blocks = [{"type": "input", "block_id": name, "element": {}} for name in values]
    state = {"values": {name: {name: value} for name, value in values.items()}}
    named = {"id": "V1", "type": "modal", "callback_id": callback, "hash": "1.a", "blocks": blocks}
    return named | {"private_metadata": metadata, "state": state}


def picked(value: str) -> dict[str, Any]:
    return {"type": "radio_buttons", "selected_option": {"value": value, "text": {"text": "x"}}}


@pytest.fixture
def wire(context: Context, database_url: str, vault_url: str) -> Iterator[Wire]:
    load_data.settle(context, 10)
    calls: dict[str, list[int]] = defaultdict(list)

    class Slack(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self.rfile.read(length)
            calls[self.path.rpartition("/")[2]].append(length)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    slack = HTTPServer(("127.0.0.1", 0), Slack)
    settings = Settings(
        SLACK_API_URL=f"http://127.0.0.1:{slack.server_port}/api/",
        SLACK_BOT_TOKEN=SecretStr(load_data.BOT_TOKEN),
        SLACK_SIGNING_SECRET=SecretStr(load_data.SIGNING_SECRET),
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(load_data.SECRET),
    )
    bot = assemble(settings, clock=lambda: load_data.NOW)
    served = application(bot.bolt, lambda: healthy(bot), load_data.SIGNING_SECRET)
    web = make_server("127.0.0.1", 0, served, handler_class=Quiet)
    threads = [threading.Thread(target=each.serve_forever, args=(0.02,)) for each in (slack, web)]
    for thread in threads:
        thread.start()
    found = Wire(web.server_port, calls)
    found.presses(ids.CONSENT_START, "")
    try:
        yield found
    finally:
        for each in (web, slack):
            each.shutdown()
        for thread in threads:
            thread.join()
        bot.close()
        for each in (web, slack):
            each.server_close()


def test_a_changed_answer_is_acknowledged_in_the_same_length_whichever_it_is(wire: Wire) -> None:
    asked = ids.CheckInValue(check_in=CHECK_IN).pack()
    lengths = {
        tap: wire.submits(ids.CHECK_IN_CHANGE_FORM, asked, {messages.ANSWER: picked(tap.value)})
        for tap in Tap
    }
    assert set(lengths.values()) == {PADDED_BYTES}


def test_a_tap_is_acknowledged_and_its_modal_opened_in_the_same_length_whichever_it_is(wire: Wire) -> None:
    asked = ids.CheckInValue(check_in=CHECK_IN).pack()
    assert {wire.presses(action, asked) for action in load_data.TAPS} == {0}
    assert set(wire.call_lengths("views.open", 3)) == {PADDED_BYTES}


def test_a_typed_answer_is_counted_in_the_same_length_whatever_it_was(wire: Wire) -> None:
    values = [ids.TypedAnswerValue.of(CHECK_IN, meaning, "en").pack() for meaning in sorted(ANSWERS)]
    assert len({len(value) for value in values}) == 1
    assert {wire.presses(ids.TYPED_COUNT, value) for value in values} == {0}
    assert set(wire.call_lengths("views.open", len(values))) == {PADDED_BYTES}


def test_every_branch_of_the_help_is_shown_and_sent_in_the_same_length(wire: Wire) -> None:
    lengths = set()
    branches = [outcome.value for outcome in BARRIERS]
    for branch in branches:
        metadata = ids.HelpFormValue(check_in=CHECK_IN, tap=Tap.NOT_ACTED.value).pack()
        chosen = picked(branch)
        action = {"action_id": ids.CHECK_IN_BRANCH, "block_id": help_prompts.BRANCH, **chosen}
        typed = {
            name: {"type": "plain_text_input", "value": LONG}
            for name in (help_prompts.CUE, help_prompts.RESPONSE)
        }
        shown = view(ids.CHECK_IN_HELP_FORM, metadata, typed)
        wire.presses(ids.CHECK_IN_BRANCH, "", actions=[action], view=shown, container={"type": "view"})
        lengths.add(wire.submits(ids.CHECK_IN_HELP_FORM, metadata, typed | {help_prompts.BRANCH: chosen}))
    assert lengths == {PADDED_BYTES}
    assert set(wire.call_lengths("views.update", len(branches))) == {PADDED_BYTES}
