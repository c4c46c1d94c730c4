"""Group commit for SQLite: one fsync for many transactions.

With `synchronous = FULL` every commit does its own fsync while other writers wait: at 4 ms each, 200 a second
are not possible. So SQLite commits to its write-ahead log without fsync, the next writer starts, and the
committing thread waits here until the log is on disk; one fsync serves every commit before it. A transaction
returns only then, as with FULL. Until then others can already see its changes, and a power cut could undo
them.

SQLite's locks are on the database and its index, never on the log, so opening and closing the log here does
not release them.
"""

import os
import threading
from pathlib import Path


class Flusher:
    """Flushes the write-ahead log of one database to disk.

    Args:
        database: the file of the database.
    """

    def __init__(self, database: Path) -> None:
        self._log = database.with_name(f"{database.name}-wal")
        self._condition = threading.Condition()
        self._wanted = 0
        self._done = 0
        self._flushing = False

    def flush(self) -> None:
        """Return when everything committed before the call is on disk.

        Raises:
            OSError: the fsync failed.
        """
        with self._condition:
            self._wanted += 1
            mine = self._wanted
            while self._flushing and self._done < mine:
                self._condition.wait()
            if self._done >= mine:
                return
            self._flushing, until = True, self._wanted
        flushed = False
        try:
            self._fsync_log()
            flushed = True
        finally:
            with self._condition:
                self._flushing = False
                if flushed:
                    self._done = max(self._done, until)
                self._condition.notify_all()

    def _fsync_log(self) -> None:
        try:
            file = os.open(self._log, os.O_RDWR)
        except FileNotFoundError:
            return  # already checkpointed into the database, after an fsync of SQLite's own
        try:
            os.fsync(file)
        finally:
            os.close(file)
