"""Slack says what time it is, and its clock need not be the machine's."""

import time
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

SIX_MINUTES = 360


def said(headers: dict[str, Any]) -> float:
    """What a Date header says, in seconds since 1970."""
    value = headers["Date"]
    return parsedate_to_datetime(value[0] if isinstance(value, list) else value).timestamp()


@pytest.mark.parametrize(("way", "seconds"), [("ahead", SIX_MINUTES), ("behind", -SIX_MINUTES)])
def test_dates_and_message_ids_follow_a_clock_that_was_moved(
    client: WebClient, drive: Any, way: str, seconds: int
) -> None:
    assert drive.post("clock", **{way: SIX_MINUTES}) == {"ok": True, "ahead": seconds}
    posted = client.chat_postMessage(channel="C0GENERAL", text="hello")
    assert said(dict(posted.headers)) == pytest.approx(time.time() + seconds, abs=5)
    assert float(posted["ts"]) == pytest.approx(time.time() + seconds, abs=5)
    assert drive.post("clock") == {"ok": True, "ahead": 0}
    assert said(dict(client.api_test().headers)) == pytest.approx(time.time(), abs=5)


def test_an_answer_that_reports_a_failure_has_a_date_too(client: WebClient, drive: Any) -> None:
    drive.post("clock", ahead=SIX_MINUTES)
    for mode in ("rate_limited", "server_error", "fatal_error"):
        drive.post("faults", method="*", mode=mode, times=1)
        with pytest.raises(SlackApiError) as caught:
            client.api_test()
        assert said(dict(caught.value.response.headers)) == pytest.approx(time.time() + SIX_MINUTES, abs=5)
