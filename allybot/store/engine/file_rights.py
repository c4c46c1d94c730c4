"""SQLite's files are for the user that runs allybot, and for nobody else on the machine.

SQLite makes a database with the rights of the shell (0644 mostly), and its log and index with those of the
database. So the database is made here, with 0600, before SQLite opens it; files that are there already are
closed to others. The directory is the operator's.
"""

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600


class OwnerOnly:
    """Called before each connection to one database; acts before the first.

    Args:
        database: the file of the database.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._turn = threading.Lock()
        self._done = False

    def __call__(self, *_of_the_connection: object) -> None:
        """Make the file, or take the rights of others from it and its companions.

        What cannot be done is left: SQLite says what keeps it from opening the file, and `allybot doctor`
        names files that others can read.
        """
        # A file that this process opens and closes while SQLite has it open loses SQLite's locks.
        with self._turn:
            if self._done:
                return
            with suppress(OSError):
                os.close(os.open(self._database, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
            for path in open_to_others(self._database):
                with suppress(OSError):
                    path.chmod(OWNER_ONLY)
            self._done = True


def open_to_others(database: Path) -> list[Path]:
    """Which of the files of an SQLite database somebody else on the machine may read or write."""
    files = [database, *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm"))]
    return [path for path in files if _is_open_to_others(path)]


def _is_open_to_others(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:  # not there, or no longer: SQLite removes log and index when the last one leaves
        return False
