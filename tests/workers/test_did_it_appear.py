"""The buttons of the question, pressed through Bolt."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from allybot.domain.people import Actor
from allybot.handlers.delivery.did_it_appear import register
from allybot.prompts import ids
from allybot.slack_app.replies import Desk
from allybot.store.delivery.outbox import MessageKind, MessageState
from tests.workers.delivery_harness import CIRCLE_CHANNEL, HERE, Office


@pytest.fixture
def press(office: Office) -> Callable[[str, str, str], int]:
    nudges: list[str] = []
    client = WebClient(token="xoxb-emulator-A", base_url=office.emulator.api_url, retry_handlers=[])
    bolt = App(client=client, signing_secret="of a test", process_before_response=True)
    desk = Desk(office.context, office.slack, lambda: office.now, lambda: nudges.append("nudge"))
    register(bolt, desk)

    def do(user: str, action: str, value: str) -> int:
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": HERE},
            "user": {"id": user},
            "api_app_id": "A0EMULATOR",
            "response_url": f"{office.emulator.url}response/none",
            "actions": [{"type": "button", "block_id": "b", "action_id": action, "value": value}],
        }
        answer = bolt.dispatch(BoltRequest(body=json.dumps(body), mode="socket_mode"))
        assert answer.status == 200
        return len(nudges)

    return do


def ephemeral_replies(office: Office) -> int:
    return len(office.emulator.slack.log.read(kind="response_url"))


def test_a_press_counts_once_and_a_strangers_never(
    office: Office, circle_of: Callable[..., Actor], press: Callable[[str, str, str], int]
) -> None:
    circle_of()
    row = office.put("week-1", kind=MessageKind.SCENARIO, to_user=None, to_channel=CIRCLE_CHANNEL)
    office.fault("drop_after_accept")
    office.deliver()
    value = ids.OutboxValue(outbox=row).pack()
    assert press("UA3", ids.IT_DID_NOT_APPEAR, value) == 0
    assert press("UA1", ids.IT_DID_NOT_APPEAR, "not ours") == 0
    assert (office.state(row), ephemeral_replies(office)) == (MessageState.ASKED, 2)
    assert press("UA1", ids.IT_APPEARED, value) == 1
    assert (office.state(row), ephemeral_replies(office)) == (MessageState.SENT, 2)
    assert press("UA1", ids.IT_DID_NOT_APPEAR, value) == 1
    assert (office.state(row), ephemeral_replies(office)) == (MessageState.SENT, 3)
    office.deliver()
    assert office.seen()["about week-1"] == 1
