"""What `allybot setup` asks to be pasted: where each value stands, and its check as soon as it is there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from allybot.content import bot_scopes, default_directory
from allybot.doctor import requests, tokens
from allybot.doctor.finding import Finding
from allybot.settings import Settings
from allybot.slack.gateway import SlackGateway

_SIGNING_SECRET, _CLIENT_ID = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9]{5,}\.[0-9]{5,}")
"""Our own observation of what Slack's pages of apps show; only said of Slack itself, not of an emulator."""


@dataclass(frozen=True)
class Pasted:
    """One value from the app's page.

    Attributes:
        setting: the name under which it is kept.
        field: of `Settings`.
        where: the clicks that lead to it.
        check: says of settings that hold it whether it is right.
    """

    setting: str
    field: str
    name: str
    where: str
    check: Callable[[Settings], Finding]


def needed(*, over_http: bool, many_workspaces: bool) -> tuple[Pasted, ...]:
    """What an installation needs: at most three values."""
    if many_workspaces:
        return _SECRET, _ID, _CLIENT
    return (_BOT, _SECRET) if over_http else (_BOT, _APP)


def _bot_token(settings: Settings) -> Finding:
    own = [settings.config] if settings.config else []
    scopes = frozenset(bot_scopes(*own, default_directory(), optional=False))
    token = settings.required("slack_bot_token")
    return tokens.bot_token(_slack(settings), token, scopes)[1]


def _app_token(settings: Settings) -> Finding:
    settings.required("slack_app_token")
    return tokens.app_token(settings)[0]


def _signing_secret(settings: Settings) -> Finding:
    secret, what = settings.required("slack_signing_secret"), "signing secret"
    other = tokens.other_kind(secret, "")
    if other:
        say = f"SLACK_SIGNING_SECRET holds {other}. {_SECRET.where}"
        return Finding(what, good=False, say=say)
    if settings.is_slack_itself and not _SIGNING_SECRET.fullmatch(secret):
        say = (
            f"A signing secret has 32 characters, digits and a to f; this has {len(secret)}. {_SECRET.where}"
        )
        return Finding(what, good=False, say=say)
    return Finding(what, good=True, say="it has the right form; Slack's first request will prove it")


def _client_id(settings: Settings) -> Finding:
    given, what = settings.slack_client_id or "", "client id"
    if not given or (settings.is_slack_itself and not _CLIENT_ID.fullmatch(given)):
        say = f"A client id is two numbers with a dot between them. {_ID.where}"
        return Finding(what, good=False, say=say)
    return Finding(what, good=True, say="it has the right form; it is tried with the client secret")


def _client_secret(settings: Settings) -> Finding:
    settings.required("slack_client_secret")
    return requests.client_secret(settings, _slack(settings))[0]


def _slack(settings: Settings) -> SlackGateway:
    return SlackGateway.without_token(settings.slack_api_url)


_BOT = Pasted(
    "SLACK_BOT_TOKEN",
    "slack_bot_token",
    "bot token",
    "Install App, “Install to” your workspace, Allow; copy the Bot User OAuth Token (xoxb-…).",
    _bot_token,
)
_APP = Pasted(
    "SLACK_APP_TOKEN",
    "slack_app_token",
    "app token",
    "Basic Information, App-Level Tokens, Generate; any name, the scope connections:write, Generate; copy it "
    "(xapp-…).",
    _app_token,
)
_SECRET = Pasted(
    "SLACK_SIGNING_SECRET",
    "slack_signing_secret",
    "signing secret",
    "Basic Information, App Credentials, Signing Secret, Show; copy it.",
    _signing_secret,
)
_ID = Pasted(
    "SLACK_CLIENT_ID",
    "slack_client_id",
    "client id",
    "Basic Information, App Credentials, Client ID; copy it.",
    _client_id,
)
_CLIENT = Pasted(
    "SLACK_CLIENT_SECRET",
    "slack_client_secret",
    "client secret",
    "Basic Information, App Credentials, Client Secret, Show; copy it.",
    _client_secret,
)
