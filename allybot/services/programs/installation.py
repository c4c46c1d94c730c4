"""Installs allybot into a workspace by Slack's OAuth flow, from the one-time state to the bot token."""

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

LIFETIME = timedelta(minutes=10)
"""How long an installation may take; Slack's code is valid for as long."""
MAX_PENDING = 1000
"""Pending installations; anybody can begin one, so the number is limited. Our own figure."""


@dataclass(frozen=True)
class SlackApp:
    """The Slack app to install.

    Attributes:
        authorize_url: Slack's consent page.
        scopes: the bot's scopes, from the manifest.
    """

    client_id: str
    client_secret: str
    authorize_url: str
    scopes: tuple[str, ...]


def begin(context: Context, app: SlackApp, redirect_uri: str | None, real: datetime) -> str:
    """The URL of Slack's consent page with a new one-time `state`.

    Args:
        redirect_uri: where Slack redirects to afterwards; None for the one configured in the app.
        real: the host's clock, aware UTC.

    Raises:
        WrongStateError: too many installations are pending.
    """
    state = secrets.token_urlsafe(32)
    with context.database.transaction() as tx:
        if installations.count_pending(tx, real) >= MAX_PENDING:
            raise WrongStateError("Too many installations are under way.")
        installations.begin(tx, _digest(state), real + LIFETIME)
    query = {"client_id": app.client_id, "scope": ",".join(app.scopes), "state": state}
    redirect = {"redirect_uri": redirect_uri} if redirect_uri else {}
    return f"{app.authorize_url}?{urlencode(query | redirect)}"


def end(context: Context, state: str, real: datetime) -> None:
    """Use up the `state` that Slack sent back.

    Raises:
        WrongStateError: it is unknown, expired or already used.
    """
    with context.database.transaction() as tx:
        if not installations.end(tx, _digest(state), real):
            raise WrongStateError


def finish(context: Context, slack: SlackGateway, app: SlackApp, code: str, redirect_uri: str | None) -> str:
    """Exchange Slack's code for the bot token, store the workspace and return its name.

    Args:
        redirect_uri: as passed to `begin`.

    Raises:
        SlackError: Slack refuses the code or does not answer.
    """
    who, token = slack.exchange(app.client_id, app.client_secret, code, redirect_uri)
    workspaces.connect(context, who.workspace_id, who.workspace_name, who.bot_user, token)
    return who.workspace_name


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
