"""The emulator's README matches its behaviour."""

import re
from pathlib import Path
from typing import Any

import slack_emulator
from slack_emulator import Emulator

README = (Path(slack_emulator.__file__).parent / "README.md").read_text(encoding="utf-8")
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "1"}


def test_every_control_route_is_in_its_table_and_nothing_else(emulator: Emulator) -> None:
    told = {
        tuple(each) for each in re.findall(r"`(GET|POST|DELETE) ([a-z/{}-]+)`", README.partition("|---|")[2])
    }
    served = {
        (route.method, route.resource.canonical.removeprefix("/_control/"))
        for route in emulator._application().router.routes()
        if route.resource and route.resource.canonical.startswith("/_control/") and route.method != "HEAD"
    }
    assert told == served


def test_an_ephemeral_message_is_listed_as_such_and_pressed_by_whoever_sees_it(
    client: Any, drive: Any, app: Any
) -> None:
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    client.chat_postEphemeral(channel="C0GENERAL", user="U0ANTON", text="only you see this", blocks=blocks)
    message = drive.last("C0GENERAL")
    assert (message["text"], message["ephemeral"]) == ("only you see this", True)
    press = {"channel": "C0GENERAL", "messageTs": message["ts"], "action": "go"}
    assert drive.post("interact", user="U0BRUNO", **press)["error"] == "message_not_found"
    assert drive.post("interact", user="U0ANTON", **press)["acknowledged"]
    assert app.first("block_actions")["container"]["is_ephemeral"] is True
