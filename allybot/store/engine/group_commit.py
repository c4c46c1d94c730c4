"""Group commit for SQLite: many transactions, one wait for the disk.

With `synchronous = FULL` every commit waits for the disk by itself, and every other writer with it: at 4 ms,
two hundred a second are too many. So SQLite commits into its write-ahead log without waiting, the next writer
begins, and whoever committed waits here until the log is on the disk; one wait serves all who came before it
began. A transaction is over only then, which is what FULL promises. In between others can see what was
written, and only a loss of power could take it back.

SQLite's own locks are on the database and its index, never on the log, so the log may be opened and closed
here without letting go of them.
"""

import os
import threading
from pathlib import Path


class Flusher:
    """Brings the write-ahead log of one database to the disk.

    Args:
        database: the file of the database.
    """

    def __init__(self, database: Path) -> None:
        self._log = database.with_name(f"{database.name}-wal")
        self._turn = threading.Condition()
        self._wanted = 0
        self._done = 0
        self._flushing = False

    def flush(self) -> None:
        """Return when all that was committed before the call is on the disk.

        Raises:
            OSError: the disk refuses.
        """
        with self._turn:
            self._wanted += 1
            mine = self._wanted
            while self._flushing and self._done < mine:
                self._turn.wait()
            if self._done >= mine:
                return
            self._flushing, until = True, self._wanted
        flushed = False
        try:
            self._to_disk()
            flushed = True
        finally:
            with self._turn:
                self._flushing = False
                if flushed:
                    self._done = max(self._done, until)
                self._turn.notify_all()

    def _to_disk(self) -> None:
        try:
            file = os.open(self._log, os.O_RDWR)
        except FileNotFoundError:
            return  # merged into the database, which SQLite does only after a wait of its own
        try:
            os.fsync(file)
        finally:
            os.close(file)
