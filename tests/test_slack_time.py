"""What Slack's answers tell about Slack's clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from allybot.errors import SlackError
from allybot.slack.gateway import SlackGateway
from allybot.slack.time import SlackTime
from slack_emulator import Emulator, EmulatorConfig
from slack_emulator.faults import Fault

NOON = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", ["Tue, 06 Jan 2026 12:00:00 GMT", ["Tue, 06 Jan 2026 12:00:00 GMT"]])
@pytest.mark.parametrize("name", ["Date", "date", "DATE"])
def test_a_date_is_carried_on_by_a_clock_that_nobody_can_set(name: str, value: Any) -> None:
    steady = 100.0
    slack = SlackTime(lambda: steady)
    assert slack.now() is None
    slack.note({"Content-Type": "application/json", name: value})
    assert slack.now() == NOON
    steady += 90
    assert slack.now() == NOON + timedelta(seconds=90)


@pytest.mark.parametrize("headers", [{}, {"Date": ""}, {"Date": "soon"}, {"Date": []}, {"Date": "Tue, 99"}])
def test_an_answer_without_a_date_changes_nothing(headers: dict[str, Any]) -> None:
    slack = SlackTime(lambda: 100.0)
    slack.note({"Date": "Tue, 06 Jan 2026 12:00:00 GMT"})
    slack.note(headers)
    assert slack.now() == NOON


@pytest.mark.parametrize("mode", ["", "rate_limited", "server_error", "fatal_error"])
def test_slack_is_asked_for_its_time_without_a_token_and_a_failure_has_a_date_too(mode: str) -> None:
    slack = Emulator(EmulatorConfig(clock_ahead_seconds=-3600))
    slack.start()
    try:
        if mode:
            slack.slack.faults.add(Fault(mode=mode, method="api.test", times=1))
        shown = SlackGateway(lambda _: "", slack.api_url, timeout=1).ask_time()
    finally:
        slack.stop()
    assert shown is not None
    assert abs(shown - (datetime.now(UTC) - timedelta(hours=1))) < timedelta(seconds=10)


def test_a_slack_that_does_not_answer_tells_no_time() -> None:
    gateway = SlackGateway(lambda _: "", "http://127.0.0.1:9/api/", timeout=1)
    with pytest.raises(SlackError):
        gateway.ask_time()
    assert gateway.time() is None
