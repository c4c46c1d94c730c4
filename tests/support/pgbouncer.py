"""PgBouncer in transaction mode in front of a PostgreSQL database, where the program is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def transaction_pooler(database_url: str, folder: Path, size: int = 2) -> Iterator[str]:
    """The URL of a pooler whose server connections change hands after each transaction.

    Args:
        database_url: the database behind it.
        folder: for its configuration and log; other users must be able to enter it.
        size: how many server connections it has.
    """
    url = make_url(database_url)
    host = url.host or str(url.query["host"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "users.txt").write_text(f'"{url.username}" ""\n')
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"""[databases]
{url.database} = host={host} port={url.port or 5432} user={url.username} pool_size={size}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder / "users.txt"}
pool_mode = transaction
max_client_conn = 200
server_round_robin = 1
"""
    )
    command = [str(PROGRAM), str(config)]
    if os.geteuid() == 0:  # it does not run as root: it takes the user whose socket it must open
        owner = pwd.getpwuid(Path(host).stat().st_uid).pw_name if host.startswith("/") else "nobody"
        command[1:1] = ["--user", owner]
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - a program found by name
    try:
        _wait_for(port, process, folder / "pgbouncer.log")
        yield f"postgresql://{url.username}@127.0.0.1:{port}/{url.database}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
