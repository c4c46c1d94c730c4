"""Failures on order and Slack's posting limits."""

import http.client
import urllib.error
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError


def post(client: WebClient, text: str = "hello", channel: str = "C0GENERAL") -> Any:
    return client.chat_postMessage(channel=channel, text=text)


def failure(client: WebClient, **more: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        post(client, **more)
    return caught.value.response


def test_rate_limited_says_when_to_come_back(client: WebClient, drive: Any) -> None:
    drive.post("faults", method="chat.postMessage", mode="rate_limited", times=1, retry_after=7)
    answer = failure(client)
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "7")
    assert post(client)["ok"]
    assert len(drive.messages("C0GENERAL")) == 1


def test_a_server_error_leaves_the_result_open(client: WebClient, drive: Any) -> None:
    drive.post("faults", method="chat.postMessage", mode="server_error", times=1)
    assert failure(client, text="one").status_code == 500
    drive.post("faults", method="chat.postMessage", mode="server_error", times=1, accepted=1)
    assert failure(client, text="two").status_code == 500
    assert [one["text"] for one in drive.messages("C0GENERAL")] == ["two"]


def test_what_a_setting_of_the_workspace_forbids_is_refused(client: WebClient, drive: Any) -> None:
    drive.post("faults", method="chat.postMessage", mode="restricted_action", times=1)
    assert failure(client, text="one")["error"] == "restricted_action"
    assert drive.messages("C0GENERAL") == []


def test_a_fatal_error_leaves_the_result_open(client: WebClient, drive: Any) -> None:
    drive.post("faults", method="chat.postMessage", mode="fatal_error", times=2, accepted=0.5, seed=1)
    assert [failure(client, text=text)["error"] for text in ("one", "two")] == ["fatal_error"] * 2
    entries = drive.log("web_api", method="chat.postMessage")
    texts = [one["args"]["text"] for one in entries if one["carried_out"]]
    assert [one["text"] for one in drive.messages("C0GENERAL")] == texts
    assert {one["ok"] for one in entries} == {False}


@pytest.mark.parametrize(("mode", "count"), [("drop_before", 0), ("drop_after_accept", 1)])
def test_a_dropped_connection_hides_whether_it_was_posted(
    client: WebClient, drive: Any, mode: str, count: int
) -> None:
    drive.post("faults", method="chat.postMessage", mode=mode, times=1)
    with pytest.raises((http.client.HTTPException, urllib.error.URLError, ConnectionError)):
        post(client)
    assert len(drive.messages("C0GENERAL")) == count
    (entry,) = drive.log("web_api", fault=mode)
    assert (entry["ok"], entry["error"], entry["carried_out"]) == (False, "dropped", bool(count))


def test_a_slow_answer_outlasts_the_clients_patience(
    start: Any, client_for: Any, driver: Any, clock: Any
) -> None:
    emulator = start(clock)
    drive = driver(emulator.url)
    drive.post("faults", method="chat.postMessage", mode="slow", times=1, seconds=30)
    impatient = client_for(emulator)
    impatient.timeout = 0.2
    with pytest.raises(TimeoutError):
        post(impatient)
    assert len(drive.messages("C0GENERAL")) == 1
    clock.advance(30)


def test_one_in_ten_calls_can_fail_repeatably(client: WebClient, drive: Any) -> None:
    struck = []
    for _ in range(2):
        drive.post("faults", method="*", mode="fatal_error", times=None, probability=0.1, seed=4)
        results = [refused(client) for _ in range(60)]
        struck.append([number for number, error in enumerate(results) if error == "fatal_error"])
        drive.post("faults", clear=True)
    assert struck[0] == struck[1]
    assert 1 <= len(struck[0]) <= 15


def refused(client: WebClient) -> str:
    try:
        client.api_call("auth.test")
    except SlackApiError as problem:
        return str(problem.response["error"])
    return ""


def test_orders_can_be_read_and_cancelled_and_nonsense_is_refused(client: WebClient, drive: Any) -> None:
    drive.post("faults", method="users.info", mode="rate_limited", times=2)
    (order,) = drive.get("faults")["faults"]
    assert (order["method"], order["mode"], order["struck"]) == ("users.info", "rate_limited", 0)
    assert drive.post("faults", clear=True)["faults"] == []
    answer = drive.post("faults", method="users.info", mode="explode")
    assert (answer["ok"], answer["error"]) == (False, "invalid_arguments")
    assert post(client)["ok"]


def test_one_message_a_second_a_channel_when_switched_on(start: Any, client_for: Any, clock: Any) -> None:
    client = client_for(start(clock, limits=True))
    post(client)
    answer = failure(client)
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "1")
    assert post(client, channel="U0ANTON")["ok"]
    clock.advance(0.99)
    assert failure(client)["error"] == "ratelimited"
    clock.advance(0.01)
    assert post(client)["ok"]


def test_a_workspace_has_its_own_minute(start: Any, client_for: Any, clock: Any) -> None:
    client = client_for(start(clock, limits=True, seconds_between_posts=0, posts_per_minute=3))
    for _ in range(3):
        post(client)
    clock.advance(10)
    answer = failure(client, channel="U0ANTON")
    assert answer.headers["Retry-After"] == "50"
    clock.advance(50)
    assert post(client, channel="U0ANTON")["ok"]


def test_limits_can_be_switched_while_it_runs(client: WebClient, drive: Any) -> None:
    drive.post("limits", enabled=True)
    post(client)
    assert failure(client)["error"] == "ratelimited"
    drive.post("limits", enabled=False)
    assert post(client)["ok"]
