"""Where a database is: its URL as it is used, and its name for people, without user and password."""

import re
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from allybot.errors import SettingsError

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""SQLAlchemy's driver for each accepted spelling; Heroku and others hand out `postgres://`."""
_SCHEME = re.compile(r"([a-z]+)(\+\w+)?(?=://)", re.IGNORECASE)
# Some providers add this for other libraries; libpq refuses a parameter that it does not know.
_NOT_FOR_LIBPQ = ("pgbouncer",)


def usable_url(url: str) -> str:
    """A URL as SQLAlchemy takes it.

    Raises:
        SettingsError: it is no whole URL of SQLite or PostgreSQL; the message repeats nothing of it, since it
            may hold a password.
    """
    scheme = _SCHEME.match(url)
    driver = DRIVERS.get(scheme.group(1).lower()) if scheme else None
    try:
        parsed = make_url(f"{driver}{url[scheme.end() :]}") if scheme and driver else None
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        parsed = None
    if parsed is None:
        message = "A database URL must begin with sqlite:/// or postgresql:// and be a whole URL."
        raise SettingsError(message)
    if _is_sqlite(parsed):
        if parsed.database in {None, "", ":memory:"}:
            message = "An SQLite URL must name a file: sqlite:///allybot.db, or sqlite:////srv/allybot.db."
            raise SettingsError(message)
    elif "@" in (parsed.host or ""):
        message = "It has two @. One in the password must be written %40 (and % as %25)."
        raise SettingsError(message)
    without = parsed.difference_update_query(_NOT_FOR_LIBPQ)
    return without.render_as_string(hide_password=False)


def place(url: URL) -> str:
    """A database's name for people: the whole path of a file, or database, host and port of PostgreSQL."""
    if _is_sqlite(url):
        return f"SQLite file {file_of(url)}"
    host = url.host or str(url.query.get("host", "")) or "this machine"
    return f"PostgreSQL database {url.database or url.username or 'postgres'} on {host}:{url.port or 5432}"


def file_of(url: URL) -> Path:
    """The file of an SQLite database, as a whole path."""
    return Path(str(url.database)).absolute()


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"
