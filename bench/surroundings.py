"""What measurements run in: a folder, a PostgreSQL server, Slacks and other processes; all end with it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from tests.support import postgres

ROOT = Path(__file__).parents[1]
BACKENDS = ("sqlite", "postgresql")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_DIRECT = build_opener(ProxyHandler({}))
_CALL_SECONDS = 180


class Slack:
    """A process of `bench.slack`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        self.api_url = process.stdout.readline().strip()
        self._base = self.api_url.removesuffix("api/") + "bench/"

    def begin(self) -> None:
        """Forget what was called."""
        self._ask("begin", {})

    def seen(self) -> dict[str, Any]:
        """What was called since."""
        return self._ask("seen")

    def press(self, url: str, a_second: int, seconds: float) -> dict[str, Any]:
        """Send presses, see `bench.slack.presses.Presses.send`."""
        return self._ask("press", {"url": url, "a_second": a_second, "seconds": seconds})

    def _ask(self, what: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if given is None else json.dumps(given).encode()
        request = Request(self._base + what, data, {"Content-Type": "application/json"})  # noqa: S310 - our own
        with _DIRECT.open(request, timeout=_CALL_SECONDS) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


class Lines:
    """A process that answers each line on its standard input by one of JSON."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, name: str, *given: int | str) -> Any:
        """Run one measurement and return its result."""
        self.tell(name, *given)
        return self.told()

    def tell(self, name: str, *given: int | str) -> None:
        """Begin one; `told` is its result."""
        assert self._process.stdin
        self._process.stdin.write(" ".join([name, *map(str, given)]) + "\n")
        self._process.stdin.flush()

    def told(self) -> Any:
        """The result of what was begun."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            message = f"a measured process ended: {self._process.args!r}"
            raise RuntimeError(message)
        return json.loads(line)


class Surroundings:
    """See the module. `folder` is below the system's folder for temporary files unless another is given."""

    def __init__(self, stack: ExitStack, folder: Path | None) -> None:
        self._stack = stack
        self.folder = Path(tempfile.mkdtemp(prefix="allybot-bench-", dir=folder))
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self._server = ""
        self._processes = ExitStack()
        stack.callback(self.end_processes)

    def end_processes(self) -> None:
        """End every process of a group of rows, which would keep its connections otherwise."""
        self._processes.close()

    def urls(self, backend: str, name: str, like: str = "") -> list[str]:
        """New databases, (database, vault); empty, or copies of those of another name."""
        parts = [(f"{name}_{part}", f"{like}_{part}" if like else "") for part in ("database", "vault")]
        if backend == "sqlite":
            for new, other in parts:
                if other:
                    shutil.copyfile(self.folder / f"{other}.db", self.folder / f"{new}.db")
            return [f"sqlite:///{self.folder / new}.db" for new, _ in parts]
        if not self._server:
            server = postgres.start(self.folder)  # its defaults, so everything is durable
            self._stack.callback(server.cleanup)
            self._server = str(server.get_uri())
        return [postgres.create_database(self._server, new, other) for new, other in parts]

    def slack(self, *options: str) -> Slack:
        """A Slack, see `bench.slack.__main__`."""
        return Slack(self.process("-m", "bench.slack", *options))

    def lines(self, module: str, *arguments: str) -> Lines:
        """A process that is asked by lines."""
        return Lines(self.process("-m", module, *arguments))

    def process(self, *command: str, **environment: str) -> "subprocess.Popen[str]":
        """A process of this Python; its log goes to a file that is shown if it ends too early."""
        return self._processes.enter_context(self.short_process(*command, **environment))

    @contextmanager
    def short_process(self, *command: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
        """The same, ended with the context."""
        errors = self.folder / "errors.log"
        with (
            errors.open("ab") as log,
            subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, *command],
                env=_environment() | environment,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            ) as process,
        ):
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()

    def errors(self) -> str:
        """The end of what processes said on standard error."""
        log = self.folder / "errors.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""


def _environment() -> dict[str, str]:
    """This process's, without settings of allybot's and Slack's; Python files are compiled once."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(
            ("SLACK_", "ALLYBOT_", "DATABASE_URL", "PORT", "WEB_CONCURRENCY", "PYTHONDONTWRITE")
        )
    }
    return kept | {"PYTHONPATH": str(ROOT)}


def wait_for_port(port: int, process: "subprocess.Popen[str]", seconds: float = 60) -> None:
    """Wait until somebody listens.

    Raises:
        RuntimeError: the process ended, or nobody did in time.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    message = f"nobody listens: {process.args!r}"
    raise RuntimeError(message)
