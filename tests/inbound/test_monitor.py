"""Each process says by itself how it is; and the Procfile's processes start together and stay."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from slack_emulator import Emulator
from tests.inbound import load_data
from tests.inbound.conftest import ROOT, WebProcess, soon, status, three_free_ports
from tests.support.ports import free_port

Start = Callable[..., "subprocess.Popen[bytes]"]
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts a command that stays, such as `worker`; all are ended after the test."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin(command: str, **more: str) -> "subprocess.Popen[bytes]":
        with (tmp_path / f"{command}.log").open("wb") as log:
            begun.append(
                subprocess.Popen(  # noqa: S603 - our own interpreter
                    [sys.executable, "-m", "allybot", command], env=environment | more, cwd=ROOT, stderr=log
                )
            )
        return begun[-1]

    yield begin
    for each in begun:
        each.terminate()
        each.wait(30)


def read(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as other:
        with other:
            return other.code, other.read().decode()
    except OSError:
        return 0, ""


def test_run_web_and_worker_each_serve_their_own_counters_on_the_next_free_port(
    start: Start, start_web: Callable[..., WebProcess], emulator: Emulator
) -> None:
    first = three_free_ports()
    monitor = {"ALLYBOT_MONITOR_ADDRESS": f"127.0.0.1:{first}"}
    web = start_web(**monitor)
    web.listens()
    start("worker", **monitor)
    soon(lambda: read(first + 1, "/healthz") == (200, "ok"), 40)
    start("run", **monitor)
    soon(lambda: read(first + 2, "/healthz") == (200, "ok"), 40)
    assert read(first, "/healthz") == (200, "ok")
    assert status(web.port, b"", "GET", "/metrics", {}) == 404, "not where Slack comes in"
    assert read(first, "/slack/events")[0] == 404
    for port in range(first, first + 3):
        metrics = read(port, "/metrics")[1].splitlines()
        assert "allybot_messages_sent_total 0.0" in metrics
        assert 'allybot_put_aside{what="messages"} 0.0' in metrics
        assert 'allybot_put_aside{what="rows"} 0.0' in metrics
    emulator.stop()
    soon(lambda: read(first + 2, "/healthz") == (503, "not well"), 20)
    assert read(first + 1, "/healthz")[0] == 200, "a worker without Slack waits, and is well"


def test_what_the_procfile_names_starts_together_on_empty_databases_and_stays(
    start: Start, environment: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """As honcho or foreman do it: whatever ends takes the others with it."""
    if environment["DATABASE_URL"].startswith("sqlite"):
        fresh = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/new.db",
            "ALLYBOT_VAULT_URL": f"sqlite:///{tmp_path}/v.db",
        }
    else:
        make = request.getfixturevalue("postgres_database")
        fresh = {"DATABASE_URL": make("runner"), "ALLYBOT_VAULT_URL": make("runner_vault")}
    first = three_free_ports()
    more = {
        **fresh,
        "ALLYBOT_MONITOR_ADDRESS": f"127.0.0.1:{first}",
        "PORT": str(free_port()),
        "SLACK_SIGNING_SECRET": load_data.SIGNING_SECRET,
    }
    assert {"web", "worker"} <= set(PROCFILE)
    running = [start(line.removeprefix("python -m allybot "), **more) for line in PROCFILE.values()]
    soon(
        lambda: (
            any(each.poll() is not None for each in running)
            or all(read(first + number, "/healthz")[0] == 200 for number in range(len(running)))
        ),
        60,
    )
    assert [each.poll() for each in running] == [None] * len(running), [
        (tmp_path / f"{name}.log").read_text()[-600:] for name in PROCFILE
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # its kind says nothing of an address
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense", "it must be an address and a port"),
        ("192.0.2.1:9464", "this process cannot listen there"),
        ("no.such.host.invalid:9464", "this process cannot listen there"),
    ],
)
def test_a_monitor_address_that_cannot_be_used_is_said_in_one_line(
    start: Start, tmp_path: Path, address: str, said: str
) -> None:
    process = start("worker", ALLYBOT_MONITOR_ADDRESS=address)
    assert process.wait(40) == 1
    *_, last = (tmp_path / "worker.log").read_text().splitlines()
    assert last.startswith("allybot: ALLYBOT_MONITOR_ADDRESS: ")
    assert said in last
