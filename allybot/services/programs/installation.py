"""Installing into a workspace by Slack's OAuth: from a one-time word to the workspace's wrapped token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from allybot.errors import WrongStateError
from allybot.services.context import Context
from allybot.services.programs import workspaces
from allybot.slack.gateway import SlackGateway
from allybot.store.programs import installations

STAYS = timedelta(minutes=10)
"""How long an installation may take: as long as Slack's code is good."""
MAX_UNDER_WAY = 1000
"""Anybody may begin one, so there is an end to how many are remembered. Our own figure."""


@dataclass(frozen=True)
class SlackApp:
    """The app that is installed.

    Attributes:
        authorize_url: Slack's page on which an admin agrees.
        scopes: what the manifest asks for.
    """

    client_id: str
    client_secret: str
    authorize_url: str
    scopes: tuple[str, ...]


def begin(context: Context, app: SlackApp, redirect_uri: str | None, real: datetime) -> str:
    """Where to send somebody who wants to install: Slack's page, with a word that is good once.

    Args:
        redirect_uri: where Slack is to send him back; None for the address the app's own page names.
        real: the machine's clock, aware UTC.

    Raises:
        WrongStateError: too many are under way.
    """
    word = secrets.token_urlsafe(32)
    with context.database.transaction() as tx:
        if installations.under_way(tx, real) >= MAX_UNDER_WAY:
            raise WrongStateError("Too many installations are under way.")
        installations.begin(tx, _digest(word), real + STAYS)
    asked = {"client_id": app.client_id, "scope": ",".join(app.scopes), "state": word}
    back = {"redirect_uri": redirect_uri} if redirect_uri else {}
    return f"{app.authorize_url}?{urlencode(asked | back)}"


def end(context: Context, word: str, real: datetime) -> None:
    """Use up the word Slack gave back.

    Raises:
        WrongStateError: it is unknown, too old or used already.
    """
    with context.database.transaction() as tx:
        if not installations.end(tx, _digest(word), real):
            raise WrongStateError


def finish(context: Context, slack: SlackGateway, app: SlackApp, code: str, redirect_uri: str | None) -> str:
    """Exchange Slack's code and keep the workspace with its token, wrapped; the workspace's name.

    Args:
        redirect_uri: as it was when the installation began.

    Raises:
        SlackError: Slack does not take the code, or gives no answer.
    """
    who, token = slack.exchange(app.client_id, app.client_secret, code, redirect_uri)
    workspaces.connect(context, who.workspace_id, who.workspace_name, who.bot_user, token)
    return who.workspace_name


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
