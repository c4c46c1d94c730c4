"""`allybot web` as it is served: on any address, by several processes, and to its end."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from allybot.services.context import Context
from allybot.slack_app.request_reader import listen
from tests.inbound import forged_requests, load_data
from tests.inbound.conftest import WebProcess, slack_headers, soon, status

HERE = "127.0.0.1"


def press(web: WebProcess, number: int, host: str = HERE) -> int:
    body, kind = forged_requests.encoded(load_data.press(number, 0, f"t{number}", forged_requests.NOWHERE))
    headers = slack_headers(forged_requests.signed(body, kind))
    return status(web.port, body, "POST", "/slack/events", headers, host)


def children(web: WebProcess) -> list[int]:
    return [
        int(each)
        for each in Path(f"/proc/{web.process.pid}/task/{web.process.pid}/children").read_text().split()
    ]


@pytest.mark.parametrize(
    ("address", "hosts"), [("::", ["::1", HERE]), ("::1", ["::1"]), ("127.0.0.2", ["127.0.0.2"])]
)
def test_it_listens_where_it_is_told(
    context: Context, start_web: Callable[..., WebProcess], address: str, hosts: list[str]
) -> None:
    load_data.settle(context, 5)
    web = start_web(ALLYBOT_ADDRESS=address)
    web.listens(hosts[0])
    assert [press(web, number, host) for number, host in enumerate(hosts)] == [200] * len(hosts)
    if HERE not in hosts:
        assert press(web, 3) == 0, "nowhere else"
    web.ends_well()


def test_health_and_metrics_on_every_ipv6_address_are_reached_by_ipv4_too() -> None:
    with listen("::", 0) as listening:
        for host in (HERE, "::1"):
            socket.create_connection((host, listening.getsockname()[1]), timeout=5).close()
    with listen("::1", 0) as listening, pytest.raises(OSError, match="refused"):
        socket.create_connection((HERE, listening.getsockname()[1]), timeout=5)


def test_an_address_that_is_not_this_machines_is_said_in_one_line(
    start_web: Callable[..., WebProcess],
) -> None:
    web = start_web(ALLYBOT_ADDRESS="192.0.2.1")
    assert web.process.wait(40) == 1
    (line,) = web.log().splitlines()
    assert line.startswith("allybot: ALLYBOT_ADDRESS: this machine cannot listen there")


def test_as_many_processes_as_are_asked_for_serve_one_port_and_a_dead_one_is_replaced(
    context: Context, start_web: Callable[..., WebProcess]
) -> None:
    load_data.settle(context, 20)
    # Quoted, as `docker --env-file` keeps it; gunicorn and prometheus_client read the environment as well.
    web = start_web(WEB_CONCURRENCY='"2"', PROMETHEUS_MULTIPROC_DIR="/nowhere")
    web.listens()
    wanted = 1 if context.database.is_sqlite else 2
    soon(lambda: len(children(web)) == wanted)
    (first, *_) = children(web)
    folders = {each.readlink().parent for each in Path(f"/proc/{first}/fd").iterdir()}
    assert Path("/dev/shm") in folders, "a disk may be read-only"  # noqa: S108 - as in the server
    assert [press(web, number) for number in range(5)] == [200] * 5
    os.kill(first, signal.SIGKILL)
    soon(lambda: first not in children(web) and len(children(web)) == wanted)
    soon(lambda: press(web, 7) == 200)
    assert [press(web, number) for number in range(10, 15)] == [200] * 5
    assert load_data.effects(context)["consents"] == 11
    web.process.send_signal(signal.SIGTERM)
    assert web.process.wait(30) == 0


def test_no_process_goes_on_when_the_one_that_keeps_them_is_killed(
    start_web: Callable[..., WebProcess],
) -> None:
    """It would hold the port against the next start."""
    web = start_web()
    web.listens()
    kept = children(web)
    assert kept
    web.process.kill()
    web.process.wait()
    soon(lambda: not any(Path(f"/proc/{each}").exists() for each in kept))


def test_what_is_there_when_it_is_asked_to_end_is_answered(
    context: Context, start_web: Callable[..., WebProcess]
) -> None:
    load_data.settle(context, 20)
    web = start_web()
    web.listens()
    answers: list[int] = []
    with context.database.transaction():  # nobody else writes meanwhile on SQLite
        presses = [threading.Thread(target=lambda n=n: answers.append(press(web, n))) for n in range(8)]
        for each in presses:
            each.start()
        soon(lambda: established(web) >= len(presses))
        web.process.send_signal(signal.SIGTERM)
    for each in presses:
        each.join(20)
    assert answers == [200] * 8
    assert web.process.wait(30) == 0
    assert "Traceback" not in web.log()


def established(web: WebProcess) -> int:
    """How many connections to its port are open."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{web.port:04X}") and row[3] == "01" for row in rows)
