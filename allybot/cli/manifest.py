"""`allybot manifest`: what the Slack app of this installation is made from."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from allybot.errors import UserError

if TYPE_CHECKING:
    from allybot.content import Addresses

_NOT_AN_ARGUMENT = "Never as an argument: that would stay in the shell's history."
_CONFIG_TOKENS = "api.slack.com/apps, below the list of apps, under Your App Configuration Tokens"
Secret = Annotated[
    Path | None, typer.Option(help="File with the value; `-` reads standard input. " + _NOT_AN_ARGUMENT)
]
ConfigToken = Annotated[
    Path | None,
    typer.Option(
        help="File with an app configuration token, by which Slack judges the manifest; it is kept nowhere. "
        "`-` reads standard input, and at a terminal asks for it, unseen."
    ),
]
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
Url = Annotated[
    str, typer.Option(help="Public address of `allybot web`, for HTTP; without it for Socket Mode.")
]


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(manifest)


def manifest(
    *,
    url: Url = "",
    organisation: Annotated[
        bool, typer.Option("--organisation/--one-workspace", help="Whether an organisation may install it.")
    ] = True,
    optional_scopes: Annotated[
        str, typer.Option(help="Optional scopes to ask for, with commas between them; `none`, or `all`.")
    ] = "all",
    config_token_file: ConfigToken = None,
) -> None:
    """Print the manifest that the Slack app is made from: api.slack.com/apps, “From a manifest”.

    Example: allybot manifest --url https://allybot.example.org --optional-scopes groups:write
    """
    from allybot.content import default_directory, manifest_of
    from allybot.settings import from_environment

    own = from_environment().config
    scopes = None if optional_scopes == "all" else optional_scopes.replace(" ", "").split(",")
    made = manifest_of(
        *([own] if own else []),
        default_directory(),
        addresses=addresses_at(url) if url else None,
        organisation=organisation,
        optional_scopes=[] if optional_scopes == "none" else scopes,
    )
    typer.echo(json.dumps(made, indent=2))
    if config_token_file is not None:
        judge(made, config_token_file)


def judge(made: dict[str, Any], config_token_file: Path) -> None:
    """Let Slack judge a manifest; the token is neither stored nor written anywhere.

    Raises:
        UserError: Slack would not take it, or not the token, or gave no answer.
    """
    from allybot.errors import SlackError
    from allybot.settings import from_environment
    from allybot.slack.gateway import SlackGateway

    token = _token(config_token_file)
    slack = SlackGateway.without_token(from_environment().slack_api_url)
    try:
        faults = slack.faults_of_manifest(token, made)
    except SlackError as error:
        if not error.permanent:
            raise UserError(
                f"Slack gave no answer ({error.reason}), so the manifest was not judged."
            ) from None
        raise UserError(
            f"Slack did not accept the app configuration token ({error.reason}). It begins with xoxe.xoxp- "
            f"and is good for twelve hours: make one at {_CONFIG_TOKENS}."
        ) from None
    if faults:
        raise UserError("Slack would not take this manifest. " + "; ".join(faults))
    typer.echo("ok  manifest: Slack would take it", err=True)


def _token(file: Path) -> str:
    if str(file) == "-" and sys.stdin.isatty():
        asked: str = typer.prompt(f"Paste the token of {_CONFIG_TOKENS}", hide_input=True, err=True)
        return asked.strip()
    return read_secret(file, "the app configuration token")


def read_secret(file: Path, name: str) -> str:
    """The value in a file, or on standard input where the file is `-`.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return (sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")).strip()
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{file} cannot be read, so {name} is not known.") from None


def addresses_at(url: str) -> "Addresses":
    """What an installation at this public address serves.

    Raises:
        UserError: Slack would not take the address: it is no HTTPS one.
    """
    from allybot.content import Addresses
    from allybot.slack_app.http import EVENTS_PATH
    from allybot.slack_app.installation import BACK_PATH

    try:
        parts = urlsplit(url.strip())
        secure = parts.scheme == "https" or parts.hostname in _LOOPBACK
        whole = bool(parts.hostname) and secure and not (parts.query or parts.fragment)
    except ValueError:
        whole = False
    if not whole:
        raise UserError("The address must begin with https:// and name a host: https://allybot.example.org.")
    base = url.strip().rstrip("/")
    return Addresses(f"{base}{EVENTS_PATH}", f"{base}{BACK_PATH}")
