"""Installs allybot into a workspace: each OAuth state counts once, and only workspaces on the list may."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot.errors import NotAllowedError, SlackError
from allybot.services.context import Context
from allybot.slack.answers import Granted
from allybot.slack.gateway import SlackGateway
from allybot.store.programs import installations

LIFETIME = timedelta(minutes=10)
"""How long an installation may take; Slack's code is valid for as long."""
MAX_USED = 1000
"""Used states that are kept; our own figure. What an older one would still allow is a second try by the same
browser, with a code that Slack takes only once."""


@dataclass(frozen=True)
class SlackApp:
    """The Slack app to install.

    Attributes:
        authorize_url: Slack's consent page.
        scopes: the bot's scopes, from the manifest.
        allowed: ids of the workspaces that may install it; None for any.
    """

    client_id: str
    client_secret: str
    authorize_url: str
    scopes: tuple[str, ...]
    allowed: frozenset[str] | None = None


def use_state(context: Context, state: str, expires_at: datetime, real: datetime) -> bool:
    """Use up the `state` that Slack sent back; False when it was used before.

    Nothing is stored before a state comes back, so whoever only begins installations fills nothing.

    Args:
        expires_at: when the state itself runs out, aware UTC.
        real: the host's clock, aware UTC.
    """
    digest = hashlib.sha256(state.encode()).hexdigest()
    with context.database.transaction() as tx:
        return installations.use(tx, digest, expires_at, real, MAX_USED)


def exchange(slack: SlackGateway, app: SlackApp, code: str, redirect_uri: str | None) -> Granted:
    """Exchange Slack's code for the workspace and its bot token.

    Args:
        redirect_uri: as passed to Slack when it began.

    Raises:
        NotAllowedError: the workspace is not on the list; its token has been given back.
        SlackError: Slack refuses the code or does not answer.
    """
    granted = slack.exchange(app.client_id, app.client_secret, code, redirect_uri)
    if app.allowed is not None and granted.who.workspace_id not in app.allowed:
        with suppress(SlackError):
            slack.revoke(granted.token)
        raise NotAllowedError
    return granted
