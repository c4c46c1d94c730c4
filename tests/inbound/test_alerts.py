"""Every alert rule fires for the fault it is about, on what real processes serve, and none without one."""

import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import promql_parser
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert, select

from allybot.clock import real_now
from allybot.services.context import Context
from allybot.store import tables
from slack_emulator import Emulator
from slack_emulator.faults import Fault
from tests.inbound import load_data
from tests.inbound.conftest import ROOT, WebProcess, slack_headers, soon, status, three_free_ports
from tests.inbound.forged_requests import NOWHERE, encoded, signed
from tests.inbound.test_held_lock import held_lock
from tests.support import postgres
from tests.support.alert_rules import Scrape, firing, rules, scrape

DASHBOARD = ROOT / "deploy" / "dashboard.json"
ANNOTATIONS = {"summary", "action"}


def test_every_rule_says_what_to_do() -> None:
    found = rules()
    assert len({rule["alert"] for rule in found}) == len(found)
    assert [rule["alert"] for rule in found if set(rule["annotations"]) != ANNOTATIONS] == []
    assert {rule["labels"]["severity"] for rule in found} == {"page", "ticket"}


def test_rules_and_dashboard_ask_for_what_there_is_and_are_promql() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    shown = [target["expr"] for panel in panels for target in panel["targets"]]
    asked = [*(rule["expr"] for rule in rules()), *shown]
    names = {name for expression in asked for name in re.findall(r"\ballybot_\w+", expression)}
    ending = {"counter": ("_total",), "histogram": ("", "_bucket", "_count"), "gauge": ("",)}
    served = {f"{metric.name}{end}" for metric in REGISTRY.collect() for end in ending.get(metric.type, ())}
    assert names <= served
    for expression in asked:
        promql_parser.parse(expression)
    listed = re.findall(r"allybot_\w+", (ROOT / "docs" / "seeing-it-live.md").read_text(encoding="utf-8"))
    assert set(listed) <= served


def sent(context: Context) -> set[str]:
    """The welcomes that stand in Slack."""
    with context.database.reading() as tx:
        query = select(tables.outbox.c.id).where(
            tables.outbox.c.state == "sent", tables.outbox.c.kind == "welcome"
        )
        return set(tx.execute(query).scalars())


class Installation:
    """`allybot web` and workers beside an emulator, what they serve, and faults."""

    def __init__(self, environment: dict[str, str], database_url: str, folder: Path) -> None:
        self.first_port = three_free_ports()
        monitor = {"ALLYBOT_MONITOR_ADDRESS": f"127.0.0.1:{self.first_port}"}
        offset = int((load_data.NOW - real_now()).total_seconds())
        self.environment = environment | monitor | {"ALLYBOT_CLOCK_OFFSET": f"-PT{-offset}S"}
        self.now = lambda: real_now() + timedelta(seconds=offset)
        self._database, self._folder = database_url.removeprefix("sqlite:///"), folder
        self._workers: list[subprocess.Popen[bytes]] = []
        self.history: list[list[Scrape]] = []
        self.fired: set[str] = set()

    def work(self, **more: str) -> "subprocess.Popen[bytes]":
        with (self._folder / f"worker-{len(self._workers)}.log").open("wb") as log:
            self._workers.append(
                subprocess.Popen(
                    [sys.executable, "-m", "allybot", "worker"],
                    env=self.environment | more,
                    cwd=ROOT,
                    stderr=log,
                )
            )
        return self._workers[-1]

    def end(self) -> None:
        for each in self._workers:
            if each.poll() is None:
                each.kill()
                each.wait(20)

    def look(self) -> set[str]:
        """Scrape every process, and say what fires."""
        found = []
        for port in range(self.first_port, self.first_port + 3):
            try:
                with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                    found.append(scrape(answer.read().decode(), str(port)))
            except OSError:
                continue
        self.history.append(found)
        return firing(self.history)

    def fires(self, *alerts: str, seconds: float = 120.0) -> None:
        assert not self.fired & set(alerts), "fired before its fault"
        end = time.monotonic() + seconds
        while not set(alerts) <= (now := self.look()):
            assert time.monotonic() < end, f"{set(alerts) - now} do not fire, only {now}"
            time.sleep(0.3)
        self.fired = now

    def change(self, *statements: str) -> None:
        with closing(sqlite3.connect(self._database, timeout=30)) as other, other:
            for each in statements:
                other.execute(each)

    def invites(
        self, context: Context, *people: int, kind: str = "welcome", ago: timedelta = timedelta()
    ) -> None:
        with context.database.transaction() as tx:
            rows = [
                {
                    "id": f"m{kind}{number}",
                    "key": f"{kind}:t{number}",
                    "workspace_id": load_data.TEAM,
                    "kind": kind,
                    "about_id": f"t{number}",
                    "to_user": load_data.user(number),
                    "trainee_id": f"t{number}",
                    "due_at": self.now() - ago,
                    "state": "due",
                    "attempts": 0,
                }
                for number in people
            ]
            tx.execute(insert(tables.outbox), rows)


@pytest.fixture
def running(environment: dict[str, str], database_url: str, tmp_path: Path) -> Iterator[Installation]:
    made = Installation(environment, database_url, tmp_path)
    yield made
    made.end()


def presses(web: WebProcess, number: int, deed: int = 0) -> int:
    """The status of somebody's press; `deed` as in `load_data.press`."""
    body, kind = encoded(load_data.press(number, deed, f"trigger-{number}-{time.monotonic()}", NOWHERE))
    return status(web.port, body, "POST", "/slack/events", slack_headers(signed(body, kind)))


Fires = Callable[..., None]


def slack_is_at_fault(running: Installation, context: Context, slack: Emulator, fires: Fires) -> None:
    slack.slack.faults.add(Fault(mode="fatal_error", method="chat.postMessage"))
    running.invites(context, 0)
    fires("AllybotPostsUncertain")
    running.invites(context, 1, kind="of_a_later_version")
    fires("AllybotPutAside")
    slack.slack.faults.add(Fault(mode="restricted_action", method="chat.postMessage", times=7))
    running.invites(context, *range(2, 9))
    fires("AllybotSlackRefuses")
    slack.slack.faults.add(Fault(mode="rate_limited", method="chat.postMessage", retry_after=400))
    running.invites(context, 9)
    fires("AllybotSlowedBySlack")
    slack.slack.workspaces[load_data.TEAM].installed = False
    running.change("UPDATE workspace SET silent_until = NULL")
    fires("AllybotWorkspaceStopped")
    running.change("UPDATE workspace SET state = 'active', stopped_reason = NULL")
    slack.stop()
    running.invites(context, *range(10, 19))
    fires("AllybotSlackAway")


def the_installation_is_at_fault(
    running: Installation, web: WebProcess, database_url: str, fires: Fires
) -> None:
    with held_lock(database_url):
        assert presses(web, 20) == 200
        fires("AllybotSlowAcknowledgements", "AllybotHandlersFail", "AllybotTicksFail")
    forged = slack_headers(signed(b"what was signed is not what is sent"))
    for _ in range(21):
        assert status(web.port, b"payload=%7B%7D", "POST", "/slack/events", forged) == HTTPStatus.UNAUTHORIZED
    fires("AllybotRequestsRefused")
    other = running.work(ALLYBOT_CLOCK_OFFSET="PT0S")
    fires("AllybotWorkerPaused")
    other.kill()
    running.change(
        "UPDATE worker_sign SET seen_at = datetime(seen_at, '-10 minutes') WHERE refuses IS NOT NULL"
    )
    fires("AllybotWorkerDied")


@pytest.mark.timeout(600)  # a quiet machine needs a twentieth of it
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the figures are the same on both
def test_every_rule_fires_for_its_fault_and_none_before(
    running: Installation,
    context: Context,
    emulator: Emulator,
    start_web: Callable[..., WebProcess],
    database_url: str,
) -> None:
    fired: list[str] = []

    def fires(*alerts: str) -> None:
        running.fires(*alerts)
        fired.extend(alerts)

    load_data.settle(context, 40)
    web = start_web(**running.environment)
    web.listens()
    worker = running.work()
    soon(lambda: running.look() == set() and len(running.history[-1]) == 2, 40)
    running.history.clear()
    assert running.look() == set()
    assert presses(web, 30) == 200
    running.invites(context, 31)
    soon(lambda: sent(context) == {"mwelcome31"}, 120)
    assert running.look() == set(), "nothing fires for what happens every day"
    the_installation_is_at_fault(running, web, database_url, fires)
    slack_is_at_fault(running, context, emulator, fires)
    worker.terminate()
    worker.wait(40)
    fires("AllybotNoWorker")
    running.invites(context, 19, ago=timedelta(hours=1))
    fires("AllybotBehind")
    web.process.kill()
    web.process.wait()
    fires("AllybotSilent")
    elsewhere = ["AllybotDatabaseAway"]
    assert sorted(fired + elsewhere) == sorted(rule["alert"] for rule in rules())


@pytest.mark.timeout(600)  # a quiet machine needs a fiftieth of it
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite's file is on the same host
def test_a_database_that_is_away_is_told_where_no_worker_runs(
    running: Installation,
    context: Context,
    start_web: Callable[..., WebProcess],
    database_url: str,
    postgres_url: str,
) -> None:
    load_data.settle(context, 1)
    start_web(**running.environment).listens()
    soon(lambda: running.look() == {"AllybotNoWorker"}, 40)
    name = database_url.partition("?")[0].rpartition("/")[2]
    with postgres.admin_connection(postgres_url) as run:
        run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own name
            soon(lambda: running.look() == {"AllybotDatabaseAway"}, 40)
        finally:
            run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    soon(lambda: running.look() == {"AllybotNoWorker"}, 40)
