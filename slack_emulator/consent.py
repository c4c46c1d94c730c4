"""OAuth: the page on which an admin installs the app, and the redirect with a code."""

from html import escape
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from slack_emulator.errors import RefusedError
from slack_emulator.slack import Slack

_PATH = "/oauth/v2/authorize"


class Consent:
    """`/oauth/v2/authorize`. Browsers get a page to confirm; other clients consent at once."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def register(self, routes: web.UrlDispatcher) -> None:
        """Add the route."""
        routes.add_get(_PATH, self.authorize)

    async def authorize(self, request: web.Request) -> web.Response:
        """Show the page, or redirect with a `code` (or `error=access_denied`) and the given `state`."""
        query = dict(request.query)
        try:
            team, target = self._team(query), self._target(query)
            self._check_scopes(query)
        except RefusedError as refusal:
            return web.Response(status=400, text=refusal.code)
        decision = query.get("decision")
        if decision is None and "text/html" in request.headers.get("Accept", ""):
            return web.Response(text=self._page(query), content_type="text/html")
        words = {"state": query.get("state", "")}
        if decision == "deny":
            words = {"error": "access_denied", **words}
        else:
            words = {"code": self._slack.capabilities.give_code(team, query.get("redirect_uri")), **words}
        location = f"{target}{'&' if urlsplit(target).query else '?'}{urlencode(words)}"
        return web.Response(status=302, headers={"Location": location, "Referrer-Policy": "no-referrer"})

    def _team(self, query: dict[str, str]) -> str:
        if query.get("client_id") != self._slack.app.client_id:
            raise RefusedError("invalid_client_id")
        team = query.get("team") or next(iter(self._slack.workspaces))
        if team not in self._slack.workspaces:
            raise RefusedError("invalid_team")
        if self._slack.workspaces[team].is_organisation and not self._slack.manifest.organisation_ready:
            raise RefusedError("org_deploy_not_enabled")
        return team

    def _target(self, query: dict[str, str]) -> str:
        """The redirect target: below one of the app's redirect URLs, or any if the app has none."""
        allowed = self._slack.app.redirect_urls
        target = query.get("redirect_uri") or next(iter(allowed), "")
        below = any(target == url or target.startswith((f"{url.rstrip('/')}/", f"{url}?")) for url in allowed)
        if urlsplit(target).scheme not in ("http", "https") or (allowed and not below):
            raise RefusedError("bad_redirect_uri")
        return target

    def _check_scopes(self, query: dict[str, str]) -> None:
        asked, granted = query.get("scope", "").replace(",", " ").split(), self._slack.manifest.scopes
        if granted is not None and set(asked) - granted:
            raise RefusedError("invalid_scope")

    def _page(self, query: dict[str, str]) -> str:
        slack = self._slack
        name = escape(slack.manifest.name or slack.app.name)
        hidden = "\n".join(
            f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">'
            for key, value in query.items()
            if key != "team"
        )
        chosen = query.get("team")
        teams = "\n".join(
            f'<option value="{escape(team.id)}"{" selected" if team.id == chosen else ""}>'
            f"{escape(team.config.name)}</option>"
            for team in slack.workspaces.values()
        )
        scopes = slack.manifest.scope_list or query.get("scope", "")
        return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name} asks to be let in</title>
</head>
<body>
<main>
<h1>{name} asks to be let into a workspace of the emulator</h1>
<p>It asks for: {escape(scopes) or "everything"}.</p>
<form method="get" action="{_PATH}">
{hidden}
<p><label>Workspace <select name="team">{teams}</select></label></p>
<p>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Cancel</button>
</p>
</form>
</main>
</body>
</html>
"""
