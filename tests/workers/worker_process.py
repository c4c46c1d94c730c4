"""A worker in its own process, to be killed by tests.

Arguments: database URL, vault URL, the Web API's address, the program's time (ISO 8601), the lease in
seconds, and `post-and-die` to be killed between Slack's answer and writing it down.
"""

import os
import signal
import sys
from datetime import datetime, timedelta

from allybot.content import load_content
from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.slack.answers import Posted
from allybot.slack.gateway import SlackGateway
from allybot.store.engine.database import Database
from allybot.worker import Worker
from tests.workers.delivery_harness import fast, render


class Deadly(SlackGateway):
    """Posts, and is killed before anybody hears of it."""

    def post(self, *arguments: object, **named: object) -> Posted:
        super().post(*arguments, **named)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    def upload_file(self, *arguments: str) -> None:
        super().upload_file(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    database, vault, api_url, now, lease, *deadly = sys.argv[1:]
    context = Context(Database(database), Database(vault), Keyring("a secret for a test"), load_content())
    gateway = (Deadly if deadly else SlackGateway)(
        lambda team: f"xoxb-emulator-{(team[2] == 'E' and 'A') or 'B'}", api_url, timeout=2
    )
    moment = datetime.fromisoformat(now)
    rules = fast(lease=timedelta(seconds=float(lease)), max_wait=timedelta(seconds=1))
    Worker(context, gateway, lambda: moment, render, [], rules=rules).run_forever()


if __name__ == "__main__":
    main()
