"""Serves `allybot web`: gunicorn keeps the processes, waitress reads the requests in each of them."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # no types
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]  # the same

from allybot.errors import UserError
from allybot.slack_app.http import Application
from allybot.slack_app.request_reader import RequestReader

THREADS = 16
DRAIN_SECONDS = 20
_IN_MEMORY = "/dev/shm"  # noqa: S108 - files there have random names
_ON_THE_WAY_SECONDS = 1.0
"""After SIGTERM: connections that were made before it, and their requests, are still taken."""


def serve(
    load: Callable[[], AbstractContextManager[Application]], address: str, port: int, processes: int
) -> None:
    """Serve until SIGTERM; requests that are there as a whole by then are answered.

    Args:
        load: opens the application, in each process.
        address: as for `request_reader.listen`.
    """
    _Processes(load, f"[{address}]:{port}" if ":" in address else f"{address}:{port}", processes).run()


def _folder_for_signs_of_life() -> str:
    """Where gunicorn's processes touch a file of their own: in memory, also where all disks are read-only.

    Raises:
        UserError: this process may write nowhere.
    """
    if os.access(_IN_MEMORY, os.W_OK):
        return _IN_MEMORY
    try:
        return tempfile.gettempdir()
    except FileNotFoundError as error:
        raise UserError(
            "There is no folder for temporary files. Mount one at /tmp or /dev/shm, or name one in TMPDIR."
        ) from error


class _Processes(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, configured in code: it starts the processes, replaces dead ones and passes signals on."""

    def __init__(
        self, load: Callable[[], AbstractContextManager[Application]], bind: str, processes: int
    ) -> None:
        self._load = load
        self._options = {
            "bind": bind,
            "workers": processes,
            "worker_class": _WaitressWorker,
            "graceful_timeout": DRAIN_SECONDS,
            "worker_tmp_dir": _folder_for_signs_of_life(),
            "accesslog": None,
            "control_socket_disable": True,  # newer ones write a socket into the home directory
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Application:
        opened = ExitStack()
        self.cfg.set("worker_exit", lambda _arbiter, _worker: opened.close())
        return opened.enter_context(self._load())


class _WaitressWorker(Worker):  # type: ignore[misc]  # gunicorn ships no types
    """One process of gunicorn that lets waitress serve its sockets."""

    def run(self) -> None:
        """Serve until gunicorn asks to end or is gone, then finish what is being answered."""
        reader = RequestReader(self.wsgi, THREADS, self.sockets[0].sock)
        while self.alive and os.getppid() == self.ppid:
            self.notify()
            reader.turn()
        asked = time.monotonic()
        while (passed := time.monotonic() - asked) < DRAIN_SECONDS:
            self.notify()
            reader.turn()
            if passed > _ON_THE_WAY_SECONDS and not reader.is_answering():
                break
        reader.close()
