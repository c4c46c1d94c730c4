"""The buttons of the question, pressed through Bolt."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from allybot.domain.people import Actor
from allybot.handlers.delivery.did_it_appear import routes
from allybot.prompts import ids
from allybot.slack_app.dispatch import Dispatcher
from allybot.slack_app.replies import HandlerContext
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from tests.workers.delivery_harness import CIRCLE_CHANNEL, HERE, Office


@pytest.fixture
def press(office: Office) -> Callable[[str, str, str], int]:
    wakes: list[str] = []
    client = WebClient(token="xoxb-emulator-A", base_url=office.emulator.api_url, retry_handlers=[])
    bolt = App(client=client, signing_secret="of a test", process_before_response=True)
    bot = HandlerContext(office.context, office.slack, lambda: office.now, lambda: wakes.append("wake"))
    routes.connect(bolt, bot)

    def do(user: str, action: str, value: str) -> int:
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": HERE},
            "user": {"id": user},
            "trigger_id": "",
            "response_url": f"{office.emulator.url}response/none",
            "actions": [{"type": "button", "block_id": "b", "action_id": action, "value": value}],
        }
        answer = Dispatcher(bolt).take(body)
        assert answer.status == 200
        return len(wakes)

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
