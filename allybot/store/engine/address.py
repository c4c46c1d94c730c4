"""Where a database is: its URL as it is used, and its name for people, without user and password."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from allybot.errors import SettingsError

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""SQLAlchemy's driver for each accepted spelling; Heroku and others hand out `postgres://`."""
_SCHEME = re.compile(r"([a-z]+)(\+\w+)?(?=://)", re.IGNORECASE)
_SEVERAL = re.compile(r"(://(?:[^@/]*@)?)([^@/?]+,[^@/?]+)(/[^?]*)?(\?.*)?", re.DOTALL)
_PORT = 5432
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
        parsed = make_url(f"{driver}{_several_hosts(url[scheme.end() :])}") if scheme and driver else None
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


def _several_hosts(rest: str) -> str:
    """What follows the scheme, with a cluster's hosts (`host:port,host:port`) where SQLAlchemy reads them."""
    found = _SEVERAL.fullmatch(rest)
    if found is None:
        return rest
    user, listed, path, query = found.groups(default="")
    named = [urlsplit(f"//{each}") for each in listed.split(",")]
    hosts, ports = (each.hostname or "" for each in named), (str(each.port or _PORT) for each in named)
    return f"{user}{path}?host={','.join(hosts)}&port={','.join(ports)}{query.replace('?', '&', 1)}"


def place(url: URL) -> str:
    """A database's name for people: the whole path of a file, or database, host and port of PostgreSQL."""
    if _is_sqlite(url):
        return f"SQLite file {file_of(url)}"
    name = url.database or url.username or "postgres"
    return f"PostgreSQL database {name} on {host_of(url)}"


def host_of(url: URL) -> str:
    """Host and port of PostgreSQL; several where any of them may be the primary."""
    host = url.host or str(url.query.get("host", "")) or "this machine"
    return f"{host}:{url.port or url.query.get('port') or _PORT}"


def file_of(url: URL) -> Path:
    """The file of an SQLite database, as a whole path."""
    return Path(str(url.database)).absolute()


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"
