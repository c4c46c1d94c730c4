"""One half of the demo's bot in a process of its own, to be killed by tests. SIGTERM ends it well.

Arguments: `listen` for Socket Mode, or `work` for the worker, which does what is due for each line on its
standard input and answers with a line; the file that says what time it is; the demo's seed. The environment
is that of `allybot run`. It ends, too, when nobody can write to it any more.
"""

import signal
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from allybot import telemetry
from allybot.app import Allybot, assemble, prepare
from allybot.demo.session import DELIVERY_RULES
from allybot.demo.workspace import APP_TOKEN
from allybot.settings import from_environment
from allybot.slack_app.socket_mode import Sockets
from tests.support.later_allybot import be_the_version_asked_for

RULES = replace(DELIVERY_RULES, lease=timedelta(seconds=3), look_up_after=timedelta(0))
"""What a killed worker held is free after three seconds, and its heartbeat forgotten."""


def main() -> None:
    role, clock, seed = sys.argv[1:]
    be_the_version_asked_for()
    telemetry.configure()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    shows = Path(clock)
    allybot = assemble(
        from_environment(),
        clock=lambda: datetime.fromisoformat(shows.read_text(encoding="utf-8")),
        seed=seed,
        rules=RULES,
    )
    try:
        prepare(allybot)
        {"listen": listen, "work": work}[role](allybot)
    finally:
        allybot.worker.stop()
        allybot.close()


def listen(allybot: Allybot) -> None:
    sockets = Sockets(allybot.bolt, APP_TOKEN, allybot.settings.slack_api_url)
    sockets.connect()
    try:
        say("ready")
        sys.stdin.read()
    finally:
        sockets.close()


def work(allybot: Allybot) -> None:
    say("ready")
    for _ in sys.stdin:
        say("done" if allybot.worker.run_once() else "not everything was done")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
