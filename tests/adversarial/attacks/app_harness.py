"""A whole bot without a Slack behind it: payloads go in as Slack sends them, acknowledgements come out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from allybot.app import Allybot, assemble
from allybot.domain.people import Actor
from allybot.prompts import ids
from allybot.services.context import new_id
from allybot.settings import Settings
from allybot.slack_app.dispatch import Dispatcher
from tests.adversarial.attacks.databases import SECRET, Ground

NOWHERE = "http://127.0.0.1:9/"
"""Nobody listens there; what is attacked here needs no call to Slack."""


@contextmanager
def bot(ground: Ground, clock: Callable[[], datetime]) -> Iterator[Allybot]:
    """A bot on databases of its own."""
    database, vault = ground.urls()
    settings = Settings(
        SLACK_BOT_TOKEN=None,
        SLACK_APP_TOKEN=None,
        SLACK_SIGNING_SECRET=None,
        SLACK_CLIENT_ID=None,
        SLACK_CLIENT_SECRET=None,
        SLACK_API_URL=f"{NOWHERE}api/",
        DATABASE_URL=SecretStr(database),
        ALLYBOT_VAULT_URL=SecretStr(vault),
        ALLYBOT_SECRET_KEY=SecretStr(SECRET),
        ALLYBOT_CLOCK_OFFSET=None,
    )
    allybot = assemble(settings, clock=clock)
    try:
        yield allybot
    finally:
        allybot.close()


def dispatch(allybot: Allybot, body: dict[str, Any]) -> Any:
    """What Bolt acknowledges a payload with."""
    return Dispatcher(allybot.bolt).take({"trigger_id": new_id(), **body})


def command(allybot: Allybot, actor: Actor, text: str, response_url: str = NOWHERE) -> bytes:
    """What `/allybot text` answers."""
    body = {
        "command": ids.COMMAND,
        "text": text,
        "team_id": actor.workspace_id,
        "user_id": actor.slack_user,
        "channel_id": "D1",
        "response_url": response_url,
    }
    return str(dispatch(allybot, body).body).encode()
