"""Group commit: a transaction on SQLite returns when it is on disk, and many share one fsync."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from allybot.errors import DatabaseUnavailableError
from allybot.store.engine.database import Database


class Disk:
    """Stands before the real disk: counts waits, and lets them begin only when told."""

    def __init__(self) -> None:
        self.waits = 0
        self.full = False
        self.may_go = threading.Event()
        self.may_go.set()
        self._real = os.fsync

    def fsync(self, file: int) -> None:
        self.waits += 1
        self.may_go.wait(10)
        if self.full:
            raise OSError(28, "No space left on device")
        self._real(file)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    found = Disk()
    monkeypatch.setattr(os, "fsync", found.fsync)
    return found


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path / 'any.db'}")
    with found.transaction() as tx:
        tx.execute(text("CREATE TABLE note (word TEXT)"))
    yield found
    found.close()


def write(database: Database, word: str) -> None:
    with database.transaction() as tx:
        tx.execute(text("INSERT INTO note VALUES (:word)"), {"word": word})


def words(database: Database) -> int:
    with database.reading() as tx:
        return int(tx.execute(text("SELECT count(*) FROM note")).scalar_one())


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_transaction_ends_only_when_it_is_on_the_disk_and_writers_share_the_wait(
    database: Database, disk: Disk
) -> None:
    disk.may_go.clear()
    disk.waits = 0
    with ThreadPoolExecutor(10) as threads:
        writing: list[Future[None]] = [threads.submit(write, database, str(number)) for number in range(10)]
        until(lambda: words(database) == 10)  # all have written, none waits for another's disk
        assert not any(future.done() for future in writing)
        disk.may_go.set()
        for future in writing:
            future.result(10)
    assert disk.waits <= 2, "one under way, and one for all who came meanwhile"


def test_a_disk_that_refuses_is_said_plainly_and_the_next_writer_tries_again(
    database: Database, disk: Disk
) -> None:
    disk.full = True
    with pytest.raises(DatabaseUnavailableError):
        write(database, "lost or not")
    disk.full = False
    write(database, "kept")
    assert words(database) == 2


def test_reading_waits_for_no_disk(database: Database, disk: Disk) -> None:
    disk.waits = 0
    assert words(database) == 0
    assert disk.waits == 0
