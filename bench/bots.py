"""allybot as its operator starts it, and the bare Bolt app, in processes of their own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import update

from allybot.content import load_content
from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.store import tables
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate
from bench.surroundings import Slack, Surroundings, wait_for_port
from tests.inbound import load_data
from tests.support.ports import free_port

PEOPLE = 500
PATH = "/slack/events"
_CONNECTED_SECONDS = 180


@dataclass(frozen=True)
class Bot:
    """A process that runs; `url` takes presses, empty with Socket Mode."""

    process: "subprocess.Popen[str]"
    url: str


def settle(urls: list[str], people: int = PEOPLE) -> None:
    """Fill new databases with active people, each with seven check-ins to answer."""
    database, vault = map(Database, urls)
    context = Context(database, vault, Keyring(load_data.SECRET), load_content(None))
    migrate(context.database, context.vault)
    load_data.settle(context, people)
    with context.database.transaction() as tx:
        tx.execute(update(tables.trainee).values(state="active", consented_at=load_data.NOW))
    context.database.close()
    context.vault.close()


def environment(slack: Slack, urls: list[str] | None = None) -> dict[str, str]:
    """The settings of allybot or the bare app. The program's clock stands in the week of the check-ins."""
    ahead = int((load_data.NOW - datetime.now(UTC)).total_seconds())
    found = {
        "SLACK_BOT_TOKEN": f"xoxb-{load_data.TEAM}",
        "SLACK_APP_TOKEN": load_data.APP_TOKEN,
        "SLACK_API_URL": slack.api_url,
        "SLACK_SIGNING_SECRET": load_data.SIGNING_SECRET,
    }
    if urls is None:
        return found
    return found | {
        "DATABASE_URL": urls[0],
        "ALLYBOT_VAULT_URL": urls[1],
        "ALLYBOT_SECRET_KEY": load_data.SECRET,
        "ALLYBOT_MONITOR_ADDRESS": f"127.0.0.1:{free_port()}",
        "ALLYBOT_CLOCK_OFFSET": f"{'-' if ahead < 0 else ''}PT{abs(ahead)}S",
    }


@contextmanager
def over_http(around: Surroundings, command: list[str], settings: dict[str, str]) -> Iterator[Bot]:
    """Start a command that listens on PORT."""
    port = free_port()
    with around.short_process(*command, **settings, ALLYBOT_ADDRESS="127.0.0.1", PORT=str(port)) as process:
        wait_for_port(port, process)
        time.sleep(1)  # each process of it makes itself ready before it takes requests
        yield Bot(process, f"http://127.0.0.1:{port}{PATH}")


@contextmanager
def over_sockets(
    around: Surroundings, slack: Slack, command: list[str], settings: dict[str, str], connections: int
) -> Iterator[Bot]:
    """Start a command that connects to Slack so many times.

    Raises:
        RuntimeError: it did not in time.
    """
    before = slack.seen()["sockets"]
    with around.short_process(*command, **settings) as process:
        until = time.monotonic() + _CONNECTED_SECONDS
        while slack.seen()["sockets"] < before + connections:
            if process.poll() is not None or time.monotonic() > until:
                message = f"not connected: {command}\n{around.errors()}"
                raise RuntimeError(message)
            time.sleep(0.02)
        yield Bot(process, "")
