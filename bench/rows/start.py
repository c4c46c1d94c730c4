"""Starting, standing by and being installed."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.bots import environment, over_sockets, settle
from bench.measured_row import Row
from bench.options import Options
from bench.parts import MOST_MB, parts
from bench.surroundings import ROOT, Slack, Surroundings

START, HELP, MEMORY, SIZE = (
    "`allybot run` until connected",
    "`allybot --help`",
    "private memory of `allybot run`",
    "installed size",
)
_START_BAR = 1.5
_HELP_BAR = 1.9
"""At 5eabb74 it took 1,120 ms beside 291 ms for importing Bolt and SQLAlchemy: half of 3.85."""
_MEMORY_MB = 64.0
_MEGABYTE = 1_000_000
_BARE = ["-m", "bench.peers.bare_bolt", "socket", "--imports"]


def rows(around: Surroundings, options: Options) -> Iterator[Row]:
    """On SQLite, with databases that are there already."""
    slack = around.slack()
    urls = around.urls("sqlite", "start")
    settle(urls, 10)
    started: dict[str, list[float]] = {"ours": [], "theirs": []}
    memory: dict[str, list[float]] = {"ours": [], "theirs": []}
    helped: dict[str, list[float]] = {"ours": [], "theirs": []}
    for turn in range(2 * options.rounds):
        for name, command, given, connections in (
            ("ours", ["-m", "allybot", "run"], environment(slack, urls), 2),
            ("theirs", _BARE, environment(slack), 1),
        ):
            seconds, megabytes = _started(
                around,
                slack,
                command,
                given,
                connections,
                options.standing_seconds if turn < options.rounds else 0,
            )
            started[name].append(seconds)
            if megabytes:
                memory[name].append(megabytes)
        helped["ours"].append(_took(around, "-m", "allybot", "--help"))
        helped["theirs"].append(_took(around, "-c", "import slack_bolt, sqlalchemy"))
    peer = "bare Bolt with the same imports"
    yield Row(START, peer, "SQLite", "s", started["ours"], started["theirs"], _START_BAR)
    yield Row(MEMORY, peer, "SQLite", "MB", memory["ours"], memory["theirs"], allowed=_MEMORY_MB)
    yield Row(HELP, "importing Bolt and SQLAlchemy", "-", "s", helped["ours"], helped["theirs"], _HELP_BAR)
    yield Row(SIZE, "what is allowed", "without tools", "MB", [installed_megabytes()], [float(MOST_MB)], 1.0)


def _started(
    around: Surroundings,
    slack: Slack,
    command: list[str],
    settings: dict[str, str],
    connections: int,
    standing: float,
) -> tuple[float, float]:
    """Seconds until the last connection was open, and private megabytes after standing by."""
    slack.begin()
    began = time.time()
    with over_sockets(around, slack, command, settings, connections) as bot:
        time.sleep(standing)
        connected = max(slack.seen()["connected_at"])
        return connected - began, _private_megabytes(bot.process.pid) if standing else 0.0


def _private_megabytes(pid: int) -> float:
    """What the process would give back if it ended; pages shared with others are left out."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    kilobytes = (int(found) for found in re.findall(r"^Private_\w+: +(\d+) kB", rollup, re.MULTILINE))
    return sum(kilobytes) * 1024 / _MEGABYTE


def _took(around: Surroundings, *command: str) -> float:
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *command],
        cwd=around.folder,
        check=True,
        capture_output=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    return time.perf_counter() - began


def installed_megabytes() -> float:
    """What requirements/runtime.txt installs here and allybot's own package; no compiled Python files."""
    own = [
        path.stat().st_size
        for folder in ("allybot", "slack_emulator", "config")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    return sum(each.megabytes for each in parts()) + sum(own) / _MEGABYTE
