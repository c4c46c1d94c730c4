"""Whoever sends slowly, by halves or without end keeps nobody else waiting, and is sent away in time."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from allybot.services.context import Context
from tests.inbound import forged_requests, load_data
from tests.inbound.conftest import WebProcess, slack_headers, soon, status

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What waits in front of the application never comes to a database: one kind is enough."""
WAITING = 200
BEGUN = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SIGNED_WRONGLY = b"X-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0=0\r\n"
CHUNK = b"10000\r\n" + b"z" * 65_536 + b"\r\n"
HALVES = (
    b"",
    b"POS",
    BEGUN,
    BEGUN + SIGNED_WRONGLY + b"Content-Length: 500\r\n\r\npayload=",
    BEGUN + b"Content-Length: 999999\r\n\r\n" + b"x" * 50_000,
    BEGUN + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
)


@pytest.fixture
def web(context: Context, start_web: Callable[..., WebProcess]) -> Iterator[WebProcess]:
    load_data.settle(context, 20)
    started = start_web()
    started.listens()
    yield started
    started.ends_well()


@pytest.fixture
def wires(web: WebProcess) -> Iterator[Callable[[int], list[socket.socket]]]:
    """Opens connections, each with half a request."""
    opened: list[socket.socket] = []

    def begin(count: int) -> list[socket.socket]:
        for number in range(count):
            wire = socket.create_connection(("127.0.0.1", web.port), timeout=10)
            opened.append(wire)
            with suppress(OSError):  # it may be sent away at once, to make room
                wire.sendall(HALVES[number % len(HALVES)])
        return opened

    yield begin
    for wire in opened:
        wire.close()


def press_seconds(web: WebProcess, number: int) -> float:
    body, kind = forged_requests.encoded(load_data.press(number, 0, f"t{number}", forged_requests.NOWHERE))
    began = time.monotonic()
    answer = status(
        web.port, body, "POST", "/slack/events", slack_headers(forged_requests.signed(body, kind))
    )
    assert answer == 200
    return time.monotonic() - began


def is_closed(wire: socket.socket) -> bool:
    wire.settimeout(0)
    try:
        while wire.recv(4096):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def test_among_two_hundred_half_sent_requests_a_press_is_acknowledged_within_a_second(
    web: WebProcess, wires: Callable[[int], list[socket.socket]], context: Context
) -> None:
    waiting = wires(WAITING)
    assert max(press_seconds(web, number) for number in range(5)) < 1.0
    assert load_data.effects(context)["consents"] == 5
    soon(lambda: all(map(is_closed, waiting)), 20)


def test_a_request_that_drips_is_ended_although_something_comes_all_the_time(web: WebProcess) -> None:
    stop = threading.Event()
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as wire:
        wire.sendall(BEGUN + b"Content-Length: 500\r\n\r\n")

        def drip() -> None:
            with suppress(OSError):
                while not stop.wait(0.5):
                    wire.sendall(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        soon(lambda: not dripping.is_alive(), 20)
        stop.set()
        dripping.join()


def test_whoever_opens_ever_more_connections_loses_the_oldest_and_shuts_nobody_out(
    web: WebProcess, wires: Callable[[int], list[socket.socket]]
) -> None:
    waiting = wires(800)
    assert press_seconds(web, 1) < 3.0, "Slack's own limit"
    assert is_closed(waiting[0])


@pytest.mark.parametrize(
    ("endless", "answer"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 200_000, b"431"),
        (BEGUN + b"Content-Length: 99999999999\r\n\r\n", b"413"),
        (
            BEGUN + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 30,
            b"413",
        ),
    ],
    ids=["headers", "a length", "chunks"],
)
def test_what_is_too_long_is_refused_before_it_ends(web: WebProcess, endless: bytes, answer: bytes) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as wire:
        with suppress(OSError):
            wire.sendall(endless)
        with suppress(ConnectionResetError):  # the answer may be lost to what was still on its way
            assert wire.recv(100).split()[1] == answer
