"""Says in one line why a database cannot be used and what to do about it, without user or password.

libpq reports failed connections as text only, so they are told apart by its wording.
"""

import re
from sqlite3 import Error as SqliteError

from sqlalchemy import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError, InternalError, NotSupportedError, ProgrammingError

from allybot.store.engine.address import file_of, place

# PostgreSQL's codes.
_NO_PRIVILEGE, _NO_SCHEMA, _READ_ONLY, _LOCK_NOT_FREE = "42501", "3F000", "25006", "55P03"
_IN_RECOVERY = "during recovery"
"""A standby says so to a transaction that wants to write."""
_BUSY = "Somebody else is writing, and it did not end in time; nothing was changed. Try again."
_FULL = "The disk is full; nothing was changed. Free some space on it."
_DAMAGED = (
    "The file is not an SQLite database, or is damaged. Name another one in {setting}, or restore a backup."
)
_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_FULL": _FULL,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_READONLY": "This user may only read it. Run allybot as the owner of the file and its folder.",
    "SQLITE_IOERR": "The disk cannot be read or written. Look at the disk and at the system's log.",
}
"""Texts by the beginning of SQLite's name of the error."""
_POSTGRESQL = (
    (
        r"closed unexpectedly|terminating connection|connection is lost|server closed|is closed",
        "The connection broke; nothing was changed. Try again.",
    ),
    (
        r"could not translate host name|failed to resolve host|name or service not known|no address assoc",
        "There is no host of that name. Correct the host in {setting}.",
    ),
    (
        r"password|role .* does not exist|no such user|sasl|authentication failed",
        "Its user or password is wrong. Correct them in {setting}.",
    ),
    (
        r"database .* does not exist|no such database",
        "There is no database of that name. Make it with `createdb`, or correct the name in {setting}.",
    ),
    (
        r"no pg_hba.conf entry",
        "The server does not let this user in from here. Add a line to its pg_hba.conf.",
    ),
    (
        r"too many clients|too many connections|connection slots",
        "It takes no more connections. Raise its max_connections, or run fewer processes.",
    ),
    (
        r"starting up|shutting down|in recovery",
        "It is starting or stopping. Wait a moment and try again.",
    ),
    (
        r"connection refused|no such file or directory",
        "Nothing listens there. Start the server, or correct host and port in {setting}.",
    ),
    (
        r"timeout expired|timed out|no route to host|network is unreachable",
        "The host does not answer. Correct the host in {setting}, or let its firewall pass this machine.",
    ),
    (
        r"no space left|could not extend file|disk full",
        "The server's disk is full; nothing was changed. Free some space on it.",
    ),
    (
        r"ssl",
        "The server wants another encryption. Set `?sslmode=` in {setting} as it says.",
    ),
)
_QUOTED = re.compile(r'"[^"]*"')  # names of hosts, users and databases
_OPTION = (
    "{setting} has an option that PostgreSQL's library does not know. Look at what follows its `?`; a ? in "
    "the password is written %3F."
)
_OTHER = "It cannot be reached, or is too busy; nothing was changed. Check {setting}."
_PRIVILEGES = (
    "The database's user may not create or use its tables. Grant it the rights, or name their owner."
)
_STANDBY = (
    "The server takes no writing: it is a standby, or was made read-only; nothing was changed. Name the "
    "primary in {setting}, or several hosts and `?target_session_attrs=read-write`."
)
_NO_SCHEMA_THERE = (
    "The search_path of its user or database names no schema that exists. Correct it with ALTER ROLE or "
    "ALTER DATABASE."
)
_BY_CODE = {_NO_PRIVILEGE: _PRIVILEGES, _NO_SCHEMA: _NO_SCHEMA_THERE, _LOCK_NOT_FREE: _BUSY}


def leave_a_standby(context: ExceptionContext) -> None:
    """Close all pooled connections when the server takes no writing: another one does since a failover."""
    if _is_read_only(context.original_exception):
        context.is_disconnect = True


def _is_read_only(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) == _READ_ONLY or _IN_RECOVERY in str(error)


def busy(url: URL) -> str:
    """For a writer that has waited long enough for another one."""
    return f"{place(url)}: {_BUSY}"


def full_or_broken(url: URL) -> str:
    """For a commit that the disk did not take."""
    return f"{place(url)}: The disk does not take it. Free some space on it, or look at the system's log."


def explain(error: DBAPIError, url: URL, setting: str) -> str | None:
    """The line about an error of a database; None where the error is about one statement only.

    Args:
        error: SQLAlchemy's.
        url: of the database.
        setting: the environment variable that names it.
    """
    text = _sqlite(error.orig, url) if isinstance(error.orig, SqliteError) else _postgresql(error)
    return None if text is None else f"{place(url)}: {text.format(setting=setting)}"


def _sqlite(error: SqliteError, url: URL) -> str | None:
    name = getattr(error, "sqlite_errorname", "")
    if not name:
        return None  # a value that SQLite does not take
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return _cannot_open(url)
    return next((text for start, text in _SQLITE.items() if name.startswith(start)), _OTHER)


def _cannot_open(url: URL) -> str:
    file = file_of(url)
    if file.is_dir():
        return "That is a folder. Name a file in {setting}."
    if not file.parent.is_dir():
        return f"There is no folder {file.parent}. Make it, or correct {{setting}}."
    return "This user may not open or create it. Give it the rights to file and folder, or correct {setting}."


def _postgresql(error: DBAPIError) -> str | None:
    code = getattr(error.orig, "sqlstate", None)
    if code in _BY_CODE:
        return _BY_CODE[code]
    if error.orig is not None and _is_read_only(error.orig):
        return _STANDBY
    said = _QUOTED.sub("", str(error.orig).casefold())
    if isinstance(error, ProgrammingError):
        return _OPTION if "connection option" in said or "invalid dsn" in said else None
    about_one_statement = isinstance(error, InternalError | NotSupportedError)
    otherwise = None if about_one_statement else _OTHER
    return next((text for pattern, text in _POSTGRESQL if re.search(pattern, said)), otherwise)
