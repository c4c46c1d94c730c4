"""How payloads reach an app: any one socket, retries for events only, signed HTTP, copies, interruptions."""

import asyncio
import threading
from typing import Any

import aiohttp
import pytest

RETRY_SECONDS = (0, 60, 300)
ACK_SECONDS = 3


def say(drive: Any, text: str = "hello") -> None:
    assert drive.post("message", channel="U0BOT", user="U0ANTON", text=text)["ok"]


def test_hello_tells_of_the_connection(app: Any) -> None:
    (hello,) = app.hellos
    assert (hello["num_connections"], hello["connection_info"]) == (1, {"app_id": "A0EMULATOR"})
    assert {"host", "approximate_connection_time"} <= set(hello["debug_info"])


def test_an_envelope_carries_what_the_app_needs(app: Any, drive: Any, soon: Any) -> None:
    say(drive)
    soon(lambda: app.received)
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    event, command = app.received
    assert (event["retry_attempt"], event["retry_reason"], event["accepts_response_payload"]) == (
        0,
        "",
        False,
    )
    assert command["accepts_response_payload"] is True
    assert event["envelope_id"] != command["envelope_id"]


def test_each_payload_goes_to_one_of_several_connections(
    emulator: Any, connect: Any, drive: Any, soon: Any
) -> None:
    app = connect(emulator, 3)
    for number in range(9):
        say(drive, str(number))
    soon(lambda: len(app.received) == 9)
    assert {one["connection"] for one in app.received} == {0, 1, 2}
    assert len({one["payload"]["event_id"] for one in app.received}) == 9


def test_an_eleventh_connection_is_turned_away(emulator: Any, connect: Any) -> None:
    app = connect(emulator, 11)
    assert (len(app.hellos), [one["reason"] for one in app.farewells]) == (10, ["too_many_websockets"])


def test_a_ticket_nobody_gave_out_opens_nothing(drive: Any) -> None:
    assert drive._ask("link/?ticket=nonsense", None, "GET")["error"] == "invalid_ticket"


def test_a_ticket_is_good_once(emulator: Any, client_for: Any) -> None:
    answer = client_for(emulator, emulator.config.app.app_token).apps_connections_open(
        app_token=emulator.config.app.app_token
    )

    async def connect_twice() -> int:
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(answer["url"]) as socket:
                assert (await socket.receive_json())["type"] == "hello"
            async with session.get(answer["url"].replace("ws://", "http://")) as again:
                return again.status

    assert asyncio.run(connect_twice()) == 403


def test_an_unacknowledged_event_comes_four_times_with_its_reason(
    start: Any, connect: Any, driver: Any, soon: Any, no_ack: object, clock: Any
) -> None:
    emulator = start(clock)
    app, drive = connect(emulator), driver(emulator.url)
    app.answer = lambda _kind, _payload: no_ack
    say(drive)
    for attempt, seconds in enumerate((*RETRY_SECONDS, None), start=1):
        soon(lambda attempt=attempt: len(app.received) == attempt and clock.waiting)
        clock.advance(ACK_SECONDS)
        if seconds:
            soon(lambda: clock.waiting)
            clock.advance(seconds - 1)
            assert len(app.received) == attempt
            clock.advance(1)
    assert [one["retry_attempt"] for one in app.received] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in app.received] == ["", "timeout", "timeout", "timeout"]
    assert len({one["payload"]["event_id"] for one in app.received}) == 1
    soon(lambda: drive.get("state")["waiting_deliveries"] == 0)
    assert len(app.received) == 4


def test_an_event_waits_for_a_connection_and_an_interaction_is_lost(
    start: Any, connect: Any, driver: Any, soon: Any, clock: Any
) -> None:
    emulator = start(clock)
    drive = driver(emulator.url)
    say(drive)
    answer = drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    assert (answer["acknowledged"], answer["reason"]) == (False, "dispatch_failed")
    assert "dispatch_failed" in drive.log("notice")[0]["text"]
    app = connect(emulator)
    soon(lambda: clock.waiting)
    clock.advance(RETRY_SECONDS[1])
    soon(lambda: drive.get("state")["waiting_deliveries"] == 0)
    assert [(one["kind"], one["retry_attempt"]) for one in app.received] == [("events_api", 2)]


def test_a_late_command_is_a_notice_for_the_person(
    start: Any, connect: Any, driver: Any, soon: Any, no_ack: object, clock: Any
) -> None:
    emulator = start(clock)
    app, drive = connect(emulator), driver(emulator.url)

    def too_late(_kind: str, _payload: Any) -> object:
        soon(lambda: clock.waiting)
        clock.advance(ACK_SECONDS)
        return no_ack

    app.answer = too_late
    answer = drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    assert answer["reason"] == "operation_timeout"
    assert len(app.received) == 1


@pytest.mark.parametrize("abrupt", [False, True])
def test_connections_can_be_ended(app: Any, drive: Any, soon: Any, abrupt: bool) -> None:  # noqa: FBT001 - a case
    assert drive.post("disconnect", abrupt=abrupt)["connections"] == 1
    soon(lambda: drive.get("state")["connections"] == 0)
    assert [one["reason"] for one in app.farewells] == ([] if abrupt else ["refresh_requested"])


def test_a_warning_leaves_the_connection_open(app: Any, drive: Any, soon: Any) -> None:
    drive.post("disconnect", reason="warning")
    soon(lambda: app.farewells)
    say(drive)
    assert app.first("message")


def test_copies_of_each_payload_can_be_had(app: Any, drive: Any, soon: Any) -> None:
    drive.post("deliveries", copies=3)
    say(drive)
    soon(lambda: len(app.of("message")) == 3)
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    soon(lambda: len(app.of("slash_commands")) == 3)
    assert len({one["event_id"] for one in app.of("message")}) == 1
    drive.post("deliveries", copies=1)


def test_http_deliveries_are_signed_and_the_url_is_challenged(
    start: Any, driver: Any, http_app: Any, soon: Any
) -> None:
    emulator = start()
    drive = driver(emulator.url)
    assert drive.post("request-url", url="http://127.0.0.1:9/none")["error"] == "url_verification_failed"
    assert drive.post("request-url", url=http_app.url)["ok"]
    assert drive.get("state")["app"]["mode"] == "http"
    say(drive)
    assert http_app.first("message")["event"]["text"] == "hello"
    answer = drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="a=1&b")
    assert answer["acknowledged"]
    assert http_app.of("slash_commands")[0]["text"] == "a=1&b"
    soon(lambda: len(drive.log("delivery", transport="http", acknowledged=True)) == 2)


def test_a_url_in_the_configuration_is_challenged_at_the_start(start: Any, http_app: Any, soon: Any) -> None:
    start(app={"request_url": http_app.url})
    soon(lambda: http_app.headers)


def test_a_failing_request_url_gets_three_retries_with_reason(
    start: Any, driver: Any, http_app: Any, soon: Any, clock: Any
) -> None:
    emulator = start(clock, app={"request_url": http_app.url})
    soon(lambda: http_app.headers)
    http_app.status = 500
    drive = driver(emulator.url)
    say(drive)
    for attempt, seconds in enumerate(RETRY_SECONDS[1:], start=2):
        soon(lambda attempt=attempt: len(drive.log("delivery")) == attempt and clock.waiting)
        clock.advance(seconds)
    soon(lambda: len(http_app.of("message")) == 4)
    numbers = [
        (one.get("x-slack-retry-num"), one.get("x-slack-retry-reason")) for one in http_app.headers[1:]
    ]
    assert numbers == [(None, None), *((number, "http_error") for number in "123")]


def test_an_app_can_decline_retries(start: Any, driver: Any, http_app: Any, soon: Any) -> None:
    emulator = start(app={"request_url": http_app.url})
    soon(lambda: http_app.headers)
    http_app.status, http_app.extra = 500, {"X-Slack-No-Retry": "1"}
    drive = driver(emulator.url)
    say(drive)
    soon(lambda: http_app.of("message") and drive.get("state")["waiting_deliveries"] == 0)
    assert len(http_app.of("message")) == 1


def test_a_slow_request_url_times_out(start: Any, driver: Any, http_app: Any, soon: Any, clock: Any) -> None:
    emulator = start(clock, app={"request_url": http_app.url}, retry_delays=(0.0,))
    soon(lambda: http_app.headers)
    may_answer = threading.Event()
    http_app.answer = lambda _kind, _payload: may_answer.wait(10) and None
    say(driver(emulator.url))
    soon(lambda: http_app.of("message"))
    clock.advance(ACK_SECONDS)
    soon(lambda: len(http_app.of("message")) == 2)
    may_answer.set()
    assert http_app.headers[-1]["x-slack-retry-reason"] == "http_timeout"
