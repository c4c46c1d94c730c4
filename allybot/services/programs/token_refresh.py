"""Bot tokens that expire (Slack's token rotation), refreshed by one process at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allybot import telemetry
from allybot.clock import Clock
from allybot.errors import SlackError, SlackUnavailableError
from allybot.services.context import Context
from allybot.services.programs import workspaces
from allybot.services.programs.workspaces import BotToken
from allybot.slack.answers import Granted
from allybot.store.programs.workspaces import claim_refresh, finish_refresh

Refresh = Callable[[str], Granted]
BEFORE_EXPIRY = timedelta(hours=2)
"""How long before its end a token is refreshed; slack_sdk's own figure. The old one works until then."""
CLAIM = timedelta(minutes=1)
"""How long one process has for it; longer than any call to Slack takes."""
METHOD = "oauth.v2.access"
log = telemetry.logger()


class TokenSource:
    """The bot token of a workspace, refreshed in time. Safe to share between threads.

    Slack revokes a refresh token when it is used, so a claim in the database lets one process do it; the
    others go on with the old token. A process that dies between Slack's answer and its commit loses the new
    token: the old one works until it expires, and then the app has to be installed again.

    Args:
        refresh: exchanges a refresh token; None where the app's id and secret are not set.
        real: the host's clock.
    """

    def __init__(self, context: Context, refresh: Refresh | None, real: Clock) -> None:
        self._context = context
        self._refresh = refresh
        self._real = real

    def __call__(self, workspace_id: str) -> str:
        """The token.

        Raises:
            NotFoundError, DecryptionError: see `workspaces.bot_token`.
            SlackUnavailableError: it has expired, and is being refreshed or could not be.
        """
        token, now = workspaces.bot_token(self._context, workspace_id), self._real()
        if token.expires_at is None or token.expires_at - now > BEFORE_EXPIRY:
            return token.text
        try:
            fresh = self._refreshed(workspace_id, token, now)
        except SlackError as problem:
            log.warning("a token was not refreshed", workspace_id=workspace_id, reason=problem.reason)
            if problem.permanent:
                return token.text  # until it expires; then Slack's refusal stops the workspace
            fresh = None
        if fresh is None and token.expires_at <= now:
            raise SlackUnavailableError(METHOD, "token_expired_and_not_refreshed_yet")
        return token.text if fresh is None else fresh

    def _refreshed(self, workspace_id: str, token: BotToken, now: datetime) -> str | None:
        """The new token; None while another process has the claim, or nobody can refresh it."""
        context = self._context
        if self._refresh is None or token.refresh_token is None:
            return None
        with context.database.transaction() as tx:
            if not claim_refresh(tx, workspace_id, token.wrapped, now, now + CLAIM):
                return None
        granted = self._refresh(token.refresh_token)
        expires_at = granted.expires_at(now)
        fresh = workspaces.wrapped(context, granted.token, granted.refresh_token, expires_at)
        with context.database.transaction() as tx:
            finish_refresh(tx, workspace_id, now + CLAIM, fresh)
        log.info("a token was refreshed", workspace_id=workspace_id)
        return granted.token
