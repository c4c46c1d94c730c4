"""The bot without a Slack: takes payloads as Slack sends them and returns acknowledgements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from allybot.app import Allybot, assemble
from allybot.demo.session import DELIVERY_RULES
from allybot.domain.people import Actor
from allybot.prompts import ids
from allybot.services.context import new_id
from allybot.settings import Settings
from allybot.slack_app.dispatch import Dispatcher
from tests.adversarial.attacks.databases import SECRET, DatabaseFactory

NOWHERE = "http://127.0.0.1:9/"
"""An unused address: these attacks need no call to Slack."""


@contextmanager
def assembled_app(
    databases: DatabaseFactory, clock: Callable[[], datetime], slack_url: str = NOWHERE
) -> Iterator[Allybot]:
    """The bot on new databases, with as many calls to Slack as it likes."""
    database, vault = databases.urls()
    settings = Settings(
        SLACK_BOT_TOKEN=None,
        SLACK_APP_TOKEN=None,
        SLACK_SIGNING_SECRET=None,
        SLACK_CLIENT_ID=None,
        SLACK_CLIENT_SECRET=None,
        SLACK_API_URL=f"{slack_url}api/",
        DATABASE_URL=SecretStr(database),
        ALLYBOT_VAULT_URL=SecretStr(vault),
        ALLYBOT_SECRET_KEY=SecretStr(SECRET),
        ALLYBOT_CLOCK_OFFSET=None,
    )
    allybot = assemble(settings, clock=clock, rules=DELIVERY_RULES)
    try:
        yield allybot
    finally:
        allybot.close()


def dispatch(allybot: Allybot, body: dict[str, Any]) -> Any:
    """Bolt's acknowledgement of a payload."""
    return Dispatcher(allybot.bolt).take({"trigger_id": new_id(), **body})


def command(allybot: Allybot, actor: Actor, text: str) -> bytes:
    """The answer to `/allybot text`; without a response_url all of it stands in the acknowledgement."""
    body = {
        "command": ids.COMMAND,
        "text": text,
        "team_id": actor.workspace_id,
        "user_id": actor.slack_user,
        "channel_id": "D1",
    }
    return str(dispatch(allybot, body).body).encode()
