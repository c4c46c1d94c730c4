"""What the processes have in common."""

import json
import sys
from typing import Any

from allybot.content import load_content
from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate

SECRET = "a bench secret that is long enough"  # noqa: S105 - of no real installation


def opened(database: str, vault: str) -> Context:
    """The context of two databases, brought to the newest schema."""
    context = Context(Database(database), Database(vault), Keyring(SECRET), load_content(None))
    migrate(context.database, context.vault)
    return context


def answer(measured: Any) -> None:
    """Answer every line by the method of its first word, until there is none."""
    for line in sys.stdin:
        name, *given = line.split()
        print(json.dumps(getattr(measured, name)(*map(int, given))), flush=True)
