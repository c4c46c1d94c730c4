"""Several workers, killed, drained and disconnected: every message still appears exactly once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from allybot.clock import real_now
from allybot.errors import DatabaseUnavailableError
from allybot.services.context import Context
from allybot.services.delivery.sender import deliver
from allybot.services.isolation import ScheduledJob
from allybot.slack.gateway import SlackGateway
from allybot.store import tables
from allybot.store.delivery import outbox
from allybot.store.delivery.claims import claim
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Database, Transaction
from allybot.telemetry import LOOP_ERRORS
from allybot.worker import Worker
from tests.workers.delivery_harness import HERE, THERE, Office, fast, render, wait_until

ROOT = Path(__file__).parent.parent.parent


def job(handle: Callable[[Context, str, datetime], int]) -> ScheduledJob:
    """A job with one row that is always due."""
    return ScheduledJob("test", RowKind.CHORE, lambda _tx, _now, _limit: ("row",), handle)


@contextmanager
def worker_process(
    office: Office, database_url: str, vault_url: str, *, lease: float = 3, deadly: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [database_url, vault_url, office.emulator.api_url, office.now.isoformat(), str(lease)]
    process = subprocess.Popen(  # noqa: S603 - our own worker
        [
            sys.executable,
            "-m",
            "tests.workers.worker_process",
            *arguments,
            *(["post-and-die"] if deadly else []),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def queue(office: Office, number: int) -> list[str]:
    people = [(HERE, "UA"), (THERE, "UB")]
    return [
        office.put(
            f"number {each}", workspace=people[each % 2][0], to_user=f"{people[each % 2][1]}{each % 8 + 1}"
        )
        for each in range(number)
    ]


def everyone_saw(office: Office, number: int) -> bool:
    return dict(office.seen()) == {f"about number {each}": 1 for each in range(number)}


def test_two_worker_processes_never_send_twice(office: Office, database_url: str, vault_url: str) -> None:
    rows = queue(office, 60)
    with worker_process(office, database_url, vault_url), worker_process(office, database_url, vault_url):
        wait_until(lambda: all(office.state(row) is MessageState.SENT for row in rows), seconds=60)
    assert everyone_saw(office, 60)
    assert office.calls("chat.postMessage") == 60


def test_a_worker_killed_between_posting_and_noting_it_leaves_one_message(
    office: Office, database_url: str, vault_url: str
) -> None:
    rows = queue(office, 2)
    with worker_process(office, database_url, vault_url, lease=1, deadly=True) as dying:
        assert dying.wait(30) == -signal.SIGKILL
    assert office.calls("chat.postMessage") >= 1
    with worker_process(office, database_url, vault_url, lease=1):
        wait_until(lambda: all(office.state(row) is MessageState.SENT for row in rows), seconds=60)
    assert everyone_saw(office, 2)
    assert office.calls("conversations.history") >= 1


def test_a_claim_that_was_never_begun_is_simply_due_again(office: Office) -> None:
    office.put("one")
    with office.context.database.transaction() as tx:
        assert claim(tx, HERE, "dead", office.now, office.real(), timedelta(seconds=1), 5)
    assert office.deliver() == 0
    office.ahead += timedelta(seconds=1)
    office.deliver()
    assert office.seen() == {"about one": 1}
    assert office.calls("conversations.history") == 0


def test_many_workers_at_once_claim_each_row_once(office: Office) -> None:
    rows = queue(office, 40)
    threads = [threading.Thread(target=office.deliver, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    wait_until(
        lambda: office.deliver() >= 0 and all(office.state(row) is MessageState.SENT for row in rows), 30
    )
    assert everyone_saw(office, 40)
    assert office.calls("chat.postMessage") == 40


def test_the_same_key_queued_by_many_at_once_is_queued_once(office: Office, database_url: str) -> None:
    results: list[bool] = []
    ready = threading.Barrier(4)

    def put(number: int) -> None:
        database = Database(database_url)
        draft = OutboxMessage("same", HERE, MessageKind.CHECK_IN, "one", office.now, to_user="UA1")
        ready.wait(10)
        with database.transaction() as tx:
            results.append(outbox.put(tx, f"row-{number}", draft))
        database.close()

    threads = [threading.Thread(target=put, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == [False, False, False, True]


def test_sigterm_finishes_what_is_claimed_and_leaves_with_nothing_in_flight(
    office: Office, database_url: str, vault_url: str
) -> None:
    queue(office, 6)
    office.fault("slow", seconds=1.0, times=6)
    with worker_process(office, database_url, vault_url, lease=30) as process:
        wait_until(lambda: office.calls("users.info") >= 2, seconds=30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with office.context.database.reading() as tx:
        states = {row.state for row in tx.execute(select(tables.outbox.c.state))}
    assert states <= {MessageState.SENT, MessageState.DUE}
    assert max(office.seen().values(), default=1) == 1


class Patchy(Database):
    """A database that can be taken away."""

    away = False

    def transaction(self):
        if self.away:
            raise DatabaseUnavailableError
        return super().transaction()

    def reading(self):
        if self.away:
            raise DatabaseUnavailableError
        return super().reading()


def test_a_worker_outlives_a_database_that_goes_and_comes_back(office: Office, database_url: str) -> None:
    patchy = Patchy(database_url)
    context = Context(patchy, office.context.vault, office.context.keyring, office.context.content)
    told: list[datetime] = []

    def tell(_context: Context, _row: str, now: datetime) -> int:
        told.append(now)
        return 0

    worker = Worker(context, office.slack, lambda: office.now, render, [job(tell)], rules=fast())
    errors = LOOP_ERRORS.labels("delivery")._value.get()
    worker.start()
    try:
        wait_until(lambda: len(told) >= 1)
        patchy.away = True
        wait_until(lambda: LOOP_ERRORS.labels("delivery")._value.get() > errors)
        row = office.put("one")
        patchy.away = False
        wait_until(lambda: office.state(row) is MessageState.SENT)
    finally:
        assert worker.stop(10)
        patchy.close()


def test_a_worker_that_is_told_to_leave_while_the_database_is_away_still_finishes_what_it_has_begun(
    office: Office, database_url: str
) -> None:
    patchy = Patchy(database_url)
    context = Context(patchy, office.context.vault, office.context.keyring, office.context.content)
    rules = fast(lease=timedelta(seconds=0.3))
    patient = SlackGateway(office.slack._token_of, office.emulator.api_url)
    worker = Worker(context, patient, lambda: office.now, render, [], rules=rules)
    office.fault("slow", method="users.info", seconds=2)
    row = office.put("one")
    worker.start()
    wait_until(lambda: office.calls("users.info") == 1)
    patchy.away = True
    back = threading.Timer(1.5, setattr, (patchy, "away", False))
    back.start()
    assert worker.stop(10)
    back.join()
    patchy.close()
    assert office.state(row) is MessageState.SENT
    assert office.seen() == {"about one": 1}


def test_a_new_direct_message_is_written_although_its_channel_cannot_be_kept(
    office: Office, database_url: str, circle_of: Callable[..., object]
) -> None:
    circle_of()
    patchy = Patchy(database_url)
    context = Context(patchy, office.context.vault, office.context.keyring, office.context.content)

    class Interrupting(SlackGateway):
        def open_dm(self, workspace_id: str, slack_user: str) -> str:
            patchy.away = True
            threading.Timer(0.3, setattr, (patchy, "away", False)).start()
            return super().open_dm(workspace_id, slack_user)

    gateway = Interrupting(office.slack._token_of, office.emulator.api_url)
    office.put("one", trainee_id="trainee-UA1")
    deliver(context, gateway, render, "worker", office.now, office.real, office.rules)
    assert office.seen() == {"about one": 1}
    patchy.close()


def test_a_story_that_fails_does_not_keep_the_others_from_being_told(office: Office) -> None:
    told: list[str] = []

    def broken(_context: Context, _row: str, _now: datetime) -> int:
        raise DatabaseUnavailableError

    def sound(_context: Context, _row: str, _now: datetime) -> int:
        told.append("sound")
        return 0

    worker = Worker(office.context, office.slack, lambda: office.now, render, [job(broken), job(sound)])
    worker.start()
    try:
        wait_until(lambda: bool(told))
    finally:
        assert worker.stop(10)


def test_a_job_that_cannot_look_for_its_rows_stops_no_other(office: Office) -> None:
    def broken(tx: Transaction, _now: datetime, _limit: int) -> Sequence[str]:
        return list(tx.exec_driver_sql("SELECT nothing FROM nowhere").scalars())

    told: list[str] = []

    def tell(_context: Context, row: str, _now: datetime) -> int:
        told.append(row)
        return 0

    jobs = [ScheduledJob("broken", RowKind.CHORE, broken, tell), job(tell)]
    worker = Worker(office.context, office.slack, lambda: office.now, render, jobs)
    failed = LOOP_ERRORS.labels("jobs")._value.get()
    worker.start()
    try:
        wait_until(lambda: bool(told))
    finally:
        assert worker.stop(10)
    assert set(told) == {"row"}
    assert LOOP_ERRORS.labels("jobs")._value.get() > failed


def test_a_job_sees_what_the_one_before_it_did_in_the_same_tick(office: Office) -> None:
    def queued(tx: Transaction, _now: datetime, _limit: int) -> Sequence[str]:
        return [row.about_id for row in outbox.rows_in(tx, MessageState.DUE)]

    told: list[str] = []

    def looking(name: str) -> ScheduledJob:
        return ScheduledJob(
            name, RowKind.CHORE, queued, lambda _context, row, _now: told.append(f"{name} {row}") or 1
        )

    def put(_context: Context, row: str, _now: datetime) -> int:
        return int(bool(office.put(row)))

    jobs = [looking("early"), job(put), looking("late")]
    worker = Worker(office.context, office.slack, lambda: office.now, render, jobs)
    assert worker.run_jobs(office.now) == 2
    assert told == ["late row"]


def test_a_nudge_is_delivered_at_once_and_a_worker_at_rest_takes_nudges_in_its_stride(office: Office) -> None:
    worker = Worker(office.context, office.slack, lambda: office.now, render, [], rules=fast())
    worker.nudge()
    worker.start()
    try:
        row = office.put("one")
        worker.nudge()
        wait_until(lambda: office.state(row) is MessageState.SENT)
    finally:
        assert worker.stop(10)
    worker.nudge()


def test_one_pass_tells_every_story_and_delivers_until_nothing_is_due(office: Office) -> None:
    def queue(_context: Context, _row: str, _now: datetime) -> int:
        office.put("one")
        office.put("two")
        return 2

    worker = Worker(
        office.context,
        office.slack,
        lambda: office.now,
        render,
        [job(queue)],
        real=real_now,
        rules=fast(seconds_between=0.2),
    )
    assert worker.is_idle()
    began = time.monotonic()
    assert worker.run_once(20)
    assert time.monotonic() - began < 20
    assert worker.is_idle()
    assert office.seen() == {"about one": 1, "about two": 1}
    worker.stop(5)
