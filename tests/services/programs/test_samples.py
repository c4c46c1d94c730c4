"""A test message is sent at the pace that Slack takes, and round everything that counts."""

from datetime import datetime

import pytest

from allybot.demo.workspace import Remote
from allybot.errors import SlackUnavailableError
from allybot.services.context import Context
from allybot.services.programs import samples
from allybot.slack.gateway import SlackGateway
from slack_emulator import Emulator
from tests.shell import LEAD, TEAM

TO = samples.Recipient(TEAM, LEAD, "en-GB")


def test_slack_that_asks_to_slow_down_is_waited_for(slack: Emulator, context: Context, now: datetime) -> None:
    waited: list[float] = []
    busy(slack, times=2, seconds=2)
    samples.send(context, gateway(slack), TO, now, wait=waited.append)
    assert waited == [2.0, 2.0]
    assert len(Remote(slack.url).get(f"messages/{LEAD}")["messages"]) == 4


def test_one_that_is_busier_than_that_is_left_alone(slack: Emulator, context: Context, now: datetime) -> None:
    busy(slack, times=1, seconds=30)
    with pytest.raises(SlackUnavailableError):
        samples.send(context, gateway(slack), TO, now, wait=lambda _seconds: pytest.fail("it waits"))


def gateway(slack: Emulator) -> SlackGateway:
    return SlackGateway(lambda _workspace: "xoxb-office", slack.api_url)


def busy(slack: Emulator, times: int, seconds: int) -> None:
    Remote(slack.url).post(
        "faults", method="chat.postMessage", mode="rate_limited", times=times, retry_after=seconds
    )
