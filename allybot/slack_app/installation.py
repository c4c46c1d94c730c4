"""The two pages of an installation, by Bolt's OAuth flow with a state store and pages of our own.

No answer, header or log line holds a code, a state or a token, but for the cookie that binds a state to the
browser that began.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store import InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore

from allybot import telemetry
from allybot.clock import Clock, real_now
from allybot.domain.people import is_organisation
from allybot.errors import DatabaseUnavailableError, NotAllowedError, SlackError
from allybot.i18n import Say
from allybot.prompts.programs import installation as prompts
from allybot.prompts.programs.installation import Page
from allybot.services.context import Context
from allybot.services.programs import installation as service
from allybot.services.programs import workspaces
from allybot.services.programs.installation import LIFETIME, SlackApp
from allybot.slack.gateway import SlackGateway

BEGIN_PATH, BACK_PATH = "/slack/install", "/slack/oauth_redirect"
_MAX_LENGTH = 1000
"""Characters of a code or state; Slack's are far shorter."""
_WRONG_CODE = {"invalid_code", "code_already_used", "code_expired"}
_LINK_INVALID = {"invalid_browser", "invalid_state", "missing_code"}
log = telemetry.logger()


@dataclass(frozen=True)
class Installation:
    """Begins and ends installations.

    Args:
        real: the machine's clock.
    """

    context: Context
    slack: SlackGateway
    app: SlackApp
    real: Clock = real_now

    def begin(self, request: BoltRequest, redirect_uri: str | None) -> BoltResponse:
        """Send the browser to Slack, with a new state and the cookie that binds it.

        Args:
            redirect_uri: where Slack sends it back; None for the address the app's page names.
        """
        return self._flow(redirect_uri).handle_installation(request)

    def end(self, request: BoltRequest, redirect_uri: str | None) -> BoltResponse:
        """Take what Slack sent the browser back with: `state` and `code`, or `error`."""
        if any(len(value) > _MAX_LENGTH for values in request.query.values() for value in values):
            return _page(HTTPStatus.BAD_REQUEST, prompts.link_invalid(_SAY))
        try:
            return self._flow(redirect_uri).handle_callback(request)
        except NotAllowedError:
            log.warning("a workspace was refused: it is not in ALLYBOT_WORKSPACES")
            return _page(HTTPStatus.FORBIDDEN, prompts.not_allowed(_SAY))
        except DatabaseUnavailableError:
            return _page(HTTPStatus.SERVICE_UNAVAILABLE, prompts.busy(_SAY))
        except SlackError as error:
            log.warning("an installation failed", method=error.method, reason=error.reason)
            return _failed(error)

    def _flow(self, redirect_uri: str | None) -> "_Flow":
        settings = OAuthSettings(
            client_id=self.app.client_id,
            client_secret=self.app.client_secret,
            scopes=self.app.scopes,
            user_scopes=[],
            redirect_uri=redirect_uri,
            authorization_url=self.app.authorize_url,
            install_page_rendering_enabled=False,
            installation_store=_Workspaces(self.context),
            state_store=States(self.context, self.app.client_secret, self.real),
            state_expiration_seconds=int(LIFETIME.total_seconds()),
            callback_options=CallbackOptions(success=_done, failure=_not_done),
        )
        return _Flow(settings, self.slack, self.app, self.real)


class States(OAuthStateStore):
    """States that carry their expiry and a signature, and count once; none is stored before it comes back.

    slack_sdk's own stores insert a row for whoever asks, and look before they delete, which lets two through.

    Args:
        secret: of the app; the same in all processes.
        real: the machine's clock.
    """

    def __init__(self, context: Context, secret: str, real: Clock = real_now) -> None:
        self._context = context
        self._key = hashlib.blake2b(secret.encode(), person=b"allybot oauth").digest()
        self._real = real

    def issue(self, *_: Any, **__: Any) -> str:
        """A new state."""
        words = f"{secrets.token_urlsafe(24)}.{int((self._real() + LIFETIME).timestamp())}"
        return f"{words}.{self._signature(words)}"

    def consume(self, state: str) -> bool:
        """Whether it is ours, in time and used for the first time; it is used up then."""
        words, _, signature = state.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(words).encode()):
            return False
        expires_at, real = datetime.fromtimestamp(int(words.rpartition(".")[2]), UTC), self._real()
        return real < expires_at and service.use_state(self._context, state, expires_at, real)

    def _signature(self, words: str) -> str:
        return hmac.new(self._key, words.encode(), hashlib.sha256).hexdigest()


class _Workspaces(InstallationStore):
    """Keeps an installation as a workspace, its token encrypted."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def save(self, installation: SlackInstallation) -> None:
        """Store it; a stopped workspace becomes active."""
        expires = installation.bot_token_expires_at
        workspaces.connect(
            self._context,
            installation.team_id or "",
            installation.team_name or "",
            installation.bot_user_id or "",
            installation.bot_token or "",
            installation.bot_refresh_token,
            None if expires is None else datetime.fromtimestamp(expires, UTC),
        )
        log.info("a workspace was installed")


class _Flow(OAuthFlow):
    """Bolt's flow; its own exchange of the code hides why Slack refused, and asks any workspace in."""

    def __init__(self, settings: OAuthSettings, slack: SlackGateway, app: SlackApp, real: Clock) -> None:
        super().__init__(settings=settings)
        self._real = real
        self._slack = slack
        self._app = app

    def run_installation(self, code: str) -> SlackInstallation:
        """The installation that a code stands for.

        Raises:
            NotAllowedError, SlackError: see `service.exchange`.
        """
        granted = service.exchange(self._slack, self._app, code, self.settings.redirect_uri)
        expires_at = granted.expires_at(self._real())
        return SlackInstallation(
            user_id="",
            team_id=granted.who.workspace_id,
            team_name=granted.who.workspace_name,
            bot_user_id=granted.who.bot_user,
            bot_token=granted.token,
            bot_refresh_token=granted.refresh_token,
            bot_token_expires_at=None if expires_at is None else int(expires_at.timestamp()),
        )


_SAY = Say()  # nobody is known yet, so English


def _done(args: SuccessArgs) -> BoltResponse:
    name = args.installation.team_name or ""
    org_wide = is_organisation(args.installation.team_id or "")
    page = prompts.done_for_organisation(_SAY, name) if org_wide else prompts.done(_SAY, name)
    return _page(HTTPStatus.OK, page)


def _not_done(args: FailureArgs) -> BoltResponse:
    if args.reason in _LINK_INVALID:
        return _page(HTTPStatus.BAD_REQUEST, prompts.link_invalid(_SAY))
    return _page(HTTPStatus.FORBIDDEN, prompts.declined(_SAY))


def _failed(error: SlackError) -> BoltResponse:
    if error.reason in _WRONG_CODE:
        return _page(HTTPStatus.BAD_REQUEST, prompts.code_refused(_SAY))
    if error.permanent:
        return _page(HTTPStatus.BAD_GATEWAY, prompts.not_possible(_SAY, error.reason))
    return _page(HTTPStatus.BAD_GATEWAY, prompts.no_answer(_SAY))


def _page(status: HTTPStatus, page: Page) -> BoltResponse:
    """A plain page that needs no style, script or picture; everything is escaped."""
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in page.paragraphs)
    again = f'<p><a href="{BEGIN_PATH}">{escape(page.again)}</a></p>' if page.again else ""
    html = f"""<!doctype html>
<html lang="{escape(_SAY.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.heading)}</title>
</head>
<body>
<main>
<h1>{escape(page.heading)}</h1>
{paragraphs}
{again}
</main>
</body>
</html>
"""
    return BoltResponse(status=status, body=html, headers={"Content-Type": "text/html; charset=utf-8"})
