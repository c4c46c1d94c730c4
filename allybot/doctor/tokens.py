"""Checks of the environment's Slack settings, and of tokens and their scopes against Slack."""

from urllib.parse import urlsplit

from allybot.doctor.finding import Finding
from allybot.errors import SlackError
from allybot.settings import SLACK_ITSELF, Settings
from allybot.slack.answers import Identity
from allybot.slack.gateway import SlackGateway
from allybot.slack.proxy import proxy_of

_KIND_OF_PREFIX = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a person's token",
    "xoxe": "a token that expires",
}
_WHERE_BOT_TOKENS_ARE = "Copy it anew from the app's page, under OAuth & Permissions."
_WHERE_APP_TOKENS_ARE = (
    "Make one on the app's page, under Basic Information, App-Level Tokens, with the scope connections:write."
)
_SOCKET_MODE_OFF = (
    "Switch on Socket Mode on the app's page for `allybot run`; for `allybot web` leave SLACK_APP_TOKEN "
    "unset."
)


def slack_settings(settings: Settings) -> list[Finding]:
    """Settings that are missing or contradict each other, and those meant for the emulator."""
    found = []
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        say = "Set SLACK_APP_TOKEN for `allybot run`, or SLACK_SIGNING_SECRET for `allybot web`."
        found.append(Finding("the way in from Slack", good=False, say=say))
    if (settings.slack_client_id is None) != (settings.slack_client_secret is None):
        say = "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both, or neither."
        found.append(Finding("installing", good=False, say=say))
    elif settings.slack_client_id is not None and settings.slack_signing_secret is None:
        say = "/slack/install is served by `allybot web`, which needs SLACK_SIGNING_SECRET."
        found.append(Finding("installing", good=False, say=say))
    if settings.settings_file is not None:
        say = f"what the environment does not set is read from {settings.settings_file}"
        found.append(Finding("settings file", good=True, say=say))
    if not settings.is_slack_itself:
        found.append(Finding("Slack", good=True, say="SLACK_API_URL points at an emulator, not at Slack"))
    elif settings.slack_api_url != SLACK_ITSELF:
        say = f"SLACK_API_URL points at Slack's {urlsplit(settings.slack_api_url).hostname}"
        found.append(Finding("Slack", good=True, say=say))
    if settings.clock_offset:
        found.append(Finding("clock", good=True, say=f"offset by {settings.clock_offset}, for the emulator"))
    return found


def app_token(settings: Settings) -> list[Finding]:
    """Whether SLACK_APP_TOKEN, if set, can open a Socket Mode connection."""
    if settings.slack_app_token is None:
        return []
    token = settings.slack_app_token.get_secret_value()
    what, other = "app token", other_kind(token, "xapp-")
    if other:
        say = f"SLACK_APP_TOKEN holds {other}, not an app-level token (xapp-…). {_WHERE_APP_TOKENS_ARE}"
        return [Finding(what, good=False, say=say)]
    try:
        SlackGateway.without_token(settings.slack_api_url).try_app_token(token)
    except SlackError as error:
        if not error.permanent:
            return [Finding(what, good=False, say=no_answer(error))]
        say = f"Slack did not accept SLACK_APP_TOKEN ({error.reason}). "
        off = error.reason == "socket_mode_not_enabled"
        return [Finding(what, good=False, say=say + (_SOCKET_MODE_OFF if off else _WHERE_APP_TOKENS_ARE))]
    return [Finding(what, good=True, say="Slack knows it")]


def bot_token(slack: SlackGateway, token: str, needed: frozenset[str]) -> tuple[str, Finding]:
    """The workspace id of SLACK_BOT_TOKEN, empty if Slack does not accept the token, and the finding."""
    other = other_kind(token, "xoxb-")
    if other:
        say = f"SLACK_BOT_TOKEN holds {other}, not a bot token (xoxb-…). {_WHERE_BOT_TOKENS_ARE}"
        return "", Finding("bot token", good=False, say=say)
    try:
        who = slack.identify(token)
    except SlackError as error:
        say = f"Slack did not accept SLACK_BOT_TOKEN ({error.reason}). {_WHERE_BOT_TOKENS_ARE}"
        return "", Finding("bot token", good=False, say=say if error.permanent else no_answer(error))
    return who.workspace_id, scopes_granted(f"workspace {who.workspace_name}", who, needed)


def scopes_granted(what: str, who: Identity, needed: frozenset[str]) -> Finding:
    """Whether a token has every scope of the manifest; a changed manifest needs a new installation."""
    missing = sorted(needed - (needed if who.scopes is None else who.scopes))
    if not missing:
        return Finding(what, good=True, say="Slack knows the bot token, with every scope it needs")
    say = (
        f"The scopes {', '.join(missing)} are missing. Add them on the app's page, under OAuth & "
        "Permissions, and install the app again; where SLACK_BOT_TOKEN is set, copy the new token into it."
    )
    return Finding(what, good=False, say=say)


def no_answer(error: SlackError) -> str:
    """What to do when Slack cannot be reached."""
    return f"Slack gave no answer ({error.reason}). Check SLACK_API_URL and the network."


def no_way_to_slack(error: SlackError, settings: Settings) -> str:
    """The same before anything else is tried: it names the proxy, or how to set one."""
    proxy = proxy_of(settings.slack_api_url)
    host = urlsplit(settings.slack_api_url).netloc
    if proxy:
        through = urlsplit(proxy if "://" in proxy else f"//{proxy}")
        where = (
            f"through the proxy {through.hostname}:{through.port}" if through.port else "through the proxy"
        )
        say = f"{host} gave no answer {where} ({error.reason})."
        return f"{say} Check HTTPS_PROXY, or list the host in NO_PROXY."
    return f"{host} gave no answer ({error.reason}). Check the network; behind a proxy, set HTTPS_PROXY."


def other_kind(token: str, wanted: str) -> str | None:
    """The kind of a token by its prefix, if it is not the wanted one; None for an unknown prefix."""
    return next(
        (kind for start, kind in _KIND_OF_PREFIX.items() if start != wanted and token.startswith(start)), None
    )
