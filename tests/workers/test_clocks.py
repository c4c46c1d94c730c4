"""Clocks that disagree: nothing is sent twice, and a worker that does not know the time pauses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from allybot.clock import Clock, real_now
from allybot.errors import DatabaseUnavailableError
from allybot.services.context import Context
from allybot.services.delivery.clock_agreement import Reason, live_workers
from allybot.services.delivery.sender import Delivery
from allybot.services.isolation import ScheduledJob
from allybot.services.scheduled import SCHEDULED_JOBS
from allybot.slack.gateway import SlackGateway
from allybot.store.delivery import heartbeats
from allybot.store.delivery.claims import claim
from allybot.store.delivery.heartbeats import Heartbeat
from allybot.store.delivery.outbox import MessageState
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Database
from allybot.store.engine.shared_clock import SharedClock
from allybot.store.tables import outbox
from allybot.worker import Worker
from tests.support.trainee_timeline import Timeline, berlin
from tests.workers.delivery_harness import HERE, Office, fast, render, wait_until


def as_job(handle: Callable[[Context, datetime], int]) -> ScheduledJob:
    """A job with one row that is always due."""
    return ScheduledJob(
        "test",
        RowKind.CHORE,
        lambda _tx, _now, _limit: ("row",),
        lambda context, _row_id, now: handle(context, now),
    )


WEEK = timedelta(days=7)
SIX_MINUTES = timedelta(minutes=6)


@dataclass
class Host:
    """A host's clock that can be set wrong."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return real_now() + self.ahead


@contextmanager
def working(
    office: Office,
    host: Host | None = None,
    offset: timedelta | None = None,
    *,
    slack: SlackGateway | None = None,
    jobs: Any = (),
    lease: float = 3,
) -> Iterator[Worker]:
    """A worker that runs, whose program's clock shows the office's time."""
    host, began = host or Host(), real_now()
    clock: Clock = lambda: office.now + (host() - began) + (offset or timedelta())  # noqa: E731 - short
    worker = Worker(
        office.context,
        slack or office.slack,
        clock,
        render,
        jobs,
        rules=fast(lease=timedelta(seconds=lease)),
        real=SharedClock(office.context.database, host),
        host=host,
    )
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(10)


def refuses(worker: Worker, reason: Reason) -> Callable[[], bool]:
    return lambda: worker.refuses is not None and worker.refuses.reason is reason


# ---- the look-up before a second send


@pytest.mark.parametrize("minutes", [-7 * 24 * 60, -30, -6, 6, 30])
@pytest.mark.parametrize("mode", ["server_error", "drop_after_accept"])
def test_a_message_is_found_wherever_slacks_clock_stands(office: Office, minutes: int, mode: str) -> None:
    office.emulator.config.clock_ahead_seconds = minutes * 60
    row = office.put("one")
    office.fault(mode, accepted=1.0)
    for _ in range(10):
        office.deliver()
    assert office.state(row) is MessageState.SENT
    assert office.seen() == {"about one": 1}
    assert office.calls("chat.postMessage") == 1


def test_a_look_up_goes_back_to_the_first_attempt_of_all(office: Office) -> None:
    row = office.put("one")
    office.fault("server_error", times=2)
    office.deliver()
    first = office.row(row).look_up_from
    assert first is not None
    office.emulator.config.clock_ahead_seconds = 3600
    while office.calls("chat.postMessage") < 2:
        office.deliver()
    assert office.row(row).look_up_from == first


def test_a_slack_that_tells_no_time_has_its_whole_history_looked_at(office: Office) -> None:
    row = office.put("one")
    office.fault("server_error", accepted=1.0)
    office.deliver()
    with office.context.database.transaction() as tx:
        tx.execute(update(outbox).values(look_up_from=None))
    while office.state(row) is not MessageState.SENT:
        office.deliver()
    assert office.seen() == {"about one": 1}


# ---- leases


def test_the_lease_of_another_worker_lapses_by_the_databases_clock_and_not_by_a_wrong_one(
    office: Office,
) -> None:
    row = office.put("one")
    with office.context.database.transaction() as tx:
        assert claim(tx, HERE, "another", office.now, real_now(), timedelta(seconds=90), 5)
    real = SharedClock(office.context.database, Host(SIX_MINUTES))
    assert abs(real() - real_now()) < timedelta(seconds=5)
    with Delivery(office.context, office.slack, render, "ahead", real, fast()) as delivery:
        assert delivery.begin(office.now) == 0
    assert office.state(row) is MessageState.CLAIMED


def test_the_shared_clock_goes_on_without_the_database_and_asks_it_again_after_a_sleep(
    office: Office,
) -> None:
    host, steady, asked = Host(), 0.0, 0

    class Asked(Database):
        away = False

        def reading(self):
            nonlocal asked
            asked += 1
            if self.away:
                raise DatabaseUnavailableError
            return super().reading()

    database = Asked(str(office.context.database.engine.url.render_as_string(hide_password=False)))
    clock = SharedClock(database, host, lambda: steady)
    database.away = True
    with pytest.raises(DatabaseUnavailableError):
        clock()
    database.away = False
    first = clock()
    assert clock() == first
    assert asked == 2
    database.away, steady = True, 60.0
    host.ahead = timedelta(minutes=1)
    assert clock() - first == timedelta(minutes=1)
    database.away, asked = False, 0
    clock()
    host.ahead += timedelta(hours=1)
    clock()
    assert asked == 2
    database.close()


# ---- a worker and Slack


@pytest.mark.parametrize("ahead", [WEEK, -WEEK, SIX_MINUTES, -SIX_MINUTES])
def test_a_worker_whose_host_is_not_at_slacks_time_does_nothing_until_it_is(
    office: Office, ahead: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[datetime] = []
    row = office.put("one", due_at=office.now - 2 * WEEK)
    host = Host(ahead)

    def job(_context: Context, now: datetime) -> int:
        told.append(now)
        return 0

    with working(office, host, jobs=[as_job(job)]) as worker:
        wait_until(refuses(worker, Reason.SLACK_CLOCK))
        assert worker.refuses
        assert abs(worker.refuses.seconds - ahead.total_seconds()) < 10
        wait_until(lambda: len(live_workers(office.context)) == 1)
        (heartbeat,) = live_workers(office.context)
        assert heartbeat.refuses == "slack_clock"
        assert abs(heartbeat.host_ahead - ahead) < timedelta(seconds=10)
        assert office.state(row) is MessageState.DUE
        assert told == []
        assert "set it, best by NTP" in caplog.text
        host.ahead = timedelta()
        wait_until(lambda: office.state(row) is MessageState.SENT)
        wait_until(lambda: bool(told))
        assert worker.refuses is None
        (heartbeat,) = live_workers(office.context)
        assert heartbeat.refuses is None
    assert office.seen() == {"about one": 1}
    assert live_workers(office.context) == []


def test_a_clock_that_is_set_wrong_while_the_worker_runs_stops_it_before_its_next_pass(
    office: Office,
) -> None:
    host = Host()
    told: list[datetime] = []

    def job(_context: Context, now: datetime) -> int:
        told.append(now)
        return 0

    with working(office, host, jobs=[as_job(job)]) as worker:
        wait_until(lambda: bool(told))
        host.ahead = WEEK
        wait_until(refuses(worker, Reason.SLACK_CLOCK))
        host.ahead = timedelta()
        wait_until(lambda: worker.refuses is None)
    assert max(told) < office.now + timedelta(days=1)


def test_a_clock_that_is_set_right_while_it_is_looked_at_makes_no_pass_a_week_ahead(office: Office) -> None:
    told: list[datetime] = []
    wrong = iter([WEEK])

    def job(_context: Context, now: datetime) -> int:
        told.append(now)
        return 0

    def clock() -> datetime:
        return office.now + next(wrong, timedelta())

    worker = Worker(office.context, office.slack, clock, render, [as_job(job)], rules=fast())
    assert worker.run_once(20)
    worker.stop(10)
    assert told == [office.now]


def test_a_host_that_is_some_seconds_from_slack_is_borne(office: Office) -> None:
    office.emulator.config.clock_ahead_seconds = -45
    row = office.put("one")
    with working(office) as worker:
        wait_until(lambda: office.state(row) is MessageState.SENT)
        assert worker.refuses is None


def test_when_slacks_clock_is_six_minutes_from_that_of_every_host_nobody_acts(office: Office) -> None:
    office.emulator.config.clock_ahead_seconds = SIX_MINUTES.total_seconds()
    row = office.put("one")
    with working(office) as worker:
        wait_until(refuses(worker, Reason.SLACK_CLOCK))
        assert office.state(row) is MessageState.DUE
        office.emulator.config.clock_ahead_seconds = 0
        wait_until(lambda: office.state(row) is MessageState.SENT)


def test_a_worker_that_has_not_heard_from_slack_waits_for_it(office: Office) -> None:
    told: list[datetime] = []
    away = SlackGateway(lambda _: "xoxb", "http://127.0.0.1:9/api/", timeout=1)

    def job(_context: Context, now: datetime) -> int:
        told.append(now)
        return 0

    with working(office, slack=away, jobs=[as_job(job)]) as worker:
        wait_until(refuses(worker, Reason.SLACK_SILENT))
    assert told == []


def test_a_slack_whose_answers_have_no_date_stops_nobody(office: Office) -> None:
    class Undated(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response_only(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

        def log_message(self, *_: Any) -> None:
            pass

    told: list[datetime] = []

    def job(_context: Context, now: datetime) -> int:
        told.append(now)
        return 0

    server = HTTPServer(("127.0.0.1", 0), Undated)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        slack = SlackGateway(lambda _: "xoxb", f"http://127.0.0.1:{server.server_port}/api/", timeout=1)
        with working(office, Host(WEEK), slack=slack, jobs=[as_job(job)]):
            wait_until(lambda: bool(told))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_worker_that_is_a_week_ahead_moves_nobody_on(office: Office) -> None:
    life = Timeline(office.context)
    before = life.trainee()
    assert before.next_check_in_at is not None
    office.now = berlin(1, 6, 8)
    host = Host(WEEK)
    with working(office, host, jobs=SCHEDULED_JOBS) as worker:
        wait_until(refuses(worker, Reason.SLACK_CLOCK))
        wait_until(lambda: len(live_workers(office.context)) == 1)
    assert life.trainee() == before
    with office.context.database.reading() as tx:
        assert tx.execute(outbox.select()).all() == []


# ---- a worker and other workers


def test_a_worker_with_another_offset_does_nothing_while_the_first_one_acts(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    life = Timeline(office.context)
    office.now = berlin(1, 4)
    before = life.trainee()
    with working(office, jobs=SCHEDULED_JOBS) as first:
        wait_until(lambda: [heartbeat.refuses for heartbeat in live_workers(office.context)] == [None])
        with working(office, offset=WEEK, jobs=SCHEDULED_JOBS) as second:
            wait_until(refuses(second, Reason.OTHER_WORKER))
            assert "ALLYBOT_CLOCK_OFFSET" in caplog.text
            assert {heartbeat.refuses for heartbeat in live_workers(office.context)} == {None, "other_worker"}
            assert first.refuses is None
            assert life.trainee() == before
            first.stop(10)
            wait_until(lambda: second.refuses is None, seconds=20)
    assert second.refuses is None


def test_workers_with_the_same_offset_act_together(office: Office) -> None:
    rows = [office.put(f"number {each}", to_user=f"UA{each}") for each in range(1, 9)]
    with working(office, offset=WEEK) as first, working(office, offset=WEEK) as second:
        wait_until(lambda: all(office.state(row) is MessageState.SENT for row in rows), seconds=30)
        wait_until(lambda: [heartbeat.refuses for heartbeat in live_workers(office.context)] == [None, None])
        assert first.refuses is second.refuses is None
    assert set(office.seen().values()) == {1}


def test_of_two_workers_that_begin_at_once_and_disagree_one_acts(office: Office) -> None:
    with working(office) as first, working(office, offset=WEEK) as second:
        wait_until(lambda: len(live_workers(office.context)) == 2)
        assert sorted(str(heartbeat.refuses) for heartbeat in live_workers(office.context)) == [
            "None",
            "other_worker",
        ]
        wait_until(lambda: (first.refuses is None) is not (second.refuses is None))


def test_the_sign_of_a_worker_that_died_counts_for_no_longer_than_a_lease(office: Office) -> None:
    with office.context.database.transaction() as tx:
        for worker, ago in (("dead", timedelta(seconds=4)), ("long dead", timedelta(days=2))):
            moment = real_now() - ago
            heartbeats.save(tx, Heartbeat(worker, moment, moment, timedelta(), WEEK, None))
    row = office.put("one")
    with working(office, lease=3):
        wait_until(lambda: office.state(row) is MessageState.SENT)
        with office.context.database.reading() as tx:
            known = {heartbeat.worker for heartbeat in heartbeats.since(tx, datetime(2020, 1, 1, tzinfo=UTC))}
        assert "dead" in known
        assert "long dead" not in known
