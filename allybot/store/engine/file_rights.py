"""Restricts SQLite's files to the user that runs allybot.

SQLite creates a database with the shell's umask (mostly 0644), and its log and index with the database's
mode. So the database is created here with mode 0600 before SQLite opens it, and existing files are
restricted. The directory is left as it is.
"""

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600


class OwnerOnly:
    """Called before each connection to one database; acts only before the first.

    Args:
        database: the file of the database.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._done = False

    def __call__(self, *_connection: object) -> None:
        """Create the file, or restrict it and its log and index.

        Errors are ignored: SQLite reports what keeps it from opening the file, and `allybot doctor` names
        files that others can read.
        """
        # Only before the first connection: opening and closing a file SQLite has open drops SQLite's locks.
        with self._lock:
            if self._done:
                return
            with suppress(OSError):
                os.close(os.open(self._database, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
            for path in open_to_others(self._database):
                with suppress(OSError):
                    path.chmod(OWNER_ONLY)
            self._done = True


def open_to_others(database: Path) -> list[Path]:
    """Which files of an SQLite database other users of the host may read or write."""
    files = [database, *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm"))]
    return [path for path in files if _is_open_to_others(path)]


def _is_open_to_others(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:  # missing: SQLite removes log and index when the last connection closes
        return False
