"""The two pages of an installation. No answer, header or log line holds a code, a word or a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus

from allybot import telemetry
from allybot.clock import Clock, real_now
from allybot.errors import DatabaseUnavailableError, SlackError, WrongStateError
from allybot.i18n import Say
from allybot.prompts.programs import installation as prompts
from allybot.prompts.programs.installation import Page
from allybot.services.context import Context
from allybot.services.programs import installation as service
from allybot.services.programs.installation import SlackApp
from allybot.slack.gateway import SlackGateway

BEGIN_PATH, BACK_PATH = "/slack/install", "/slack/oauth_redirect"
_MAX_LENGTH = 1000
"""Characters of a code or word; Slack's are far shorter."""
_WRONG_CODE = {"invalid_code", "code_already_used", "code_expired"}
log = telemetry.logger()


@dataclass(frozen=True)
class Answer:
    """What the browser gets: a page or a redirect."""

    status: HTTPStatus
    html: str = ""
    location: str = ""


class Installation:
    """Begins and ends installations.

    Args:
        real: the machine's clock.
    """

    def __init__(self, context: Context, slack: SlackGateway, app: SlackApp, real: Clock = real_now) -> None:
        self._context = context
        self._slack = slack
        self._app = app
        self._real = real
        self._say = Say()  # nobody is known yet, so English

    def begin(self, redirect_uri: str | None) -> Answer:
        """Send the browser to Slack.

        Args:
            redirect_uri: where Slack sends it back; None for the address the app's page names.
        """
        try:
            location = service.begin(self._context, self._app, redirect_uri, self._real())
        except (WrongStateError, DatabaseUnavailableError):
            return self._page(HTTPStatus.SERVICE_UNAVAILABLE, prompts.busy(self._say))
        return Answer(HTTPStatus.FOUND, location=location)

    def end(self, query: Mapping[str, str], redirect_uri: str | None) -> Answer:
        """What Slack sent the browser back with: `state` and `code`, or `error`."""
        say, word, code = self._say, query.get("state", ""), query.get("code", "")
        if not word or len(word) > _MAX_LENGTH or len(code) > _MAX_LENGTH:
            return self._page(HTTPStatus.BAD_REQUEST, prompts.link_invalid(say))
        try:
            service.end(self._context, word, self._real())
            if "error" in query:
                return self._page(HTTPStatus.FORBIDDEN, prompts.declined(say))
            if not code:
                return self._page(HTTPStatus.BAD_REQUEST, prompts.link_invalid(say))
            name = service.finish(self._context, self._slack, self._app, code, redirect_uri)
        except WrongStateError:
            return self._page(HTTPStatus.BAD_REQUEST, prompts.link_invalid(say))
        except DatabaseUnavailableError:
            return self._page(HTTPStatus.SERVICE_UNAVAILABLE, prompts.busy(say))
        except SlackError as error:
            log.warning("an installation failed", method=error.method, reason=error.reason)
            return self._failed(error)
        log.info("a workspace was installed")
        return self._page(HTTPStatus.OK, prompts.done(say, name))

    def _failed(self, error: SlackError) -> Answer:
        if error.reason in _WRONG_CODE:
            return self._page(HTTPStatus.BAD_REQUEST, prompts.code_refused(self._say))
        if error.permanent:
            return self._page(HTTPStatus.BAD_GATEWAY, prompts.not_possible(self._say, error.reason))
        return self._page(HTTPStatus.BAD_GATEWAY, prompts.no_answer(self._say))

    def _page(self, status: HTTPStatus, page: Page) -> Answer:
        return Answer(status, html=_as_html(page, self._say))


def _as_html(page: Page, say: Say) -> str:
    """A plain page that needs no style, script or picture; everything is escaped."""
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in page.paragraphs)
    again = f'<p><a href="{BEGIN_PATH}">{escape(page.again)}</a></p>' if page.again else ""
    return f"""<!doctype html>
<html lang="{escape(say.locale)}">
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
