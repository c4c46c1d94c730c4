"""`allybot manifest`: what the Slack app of this installation is made from."""

import json
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from allybot.errors import UserError

if TYPE_CHECKING:
    from allybot.content import Addresses

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
) -> None:
    """Print the manifest that the Slack app is made from: api.slack.com/apps, “From a manifest”.

    Example: allybot manifest --url https://allybot.example.org --optional-scopes groups:write
    """
    from allybot.content import default_directory, manifest_of  # noqa: PLC0415 - not for `--help`
    from allybot.settings import from_environment  # noqa: PLC0415 - the same

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


def addresses_at(url: str) -> "Addresses":
    """What an installation at this public address serves.

    Raises:
        UserError: Slack would not take the address: it is no HTTPS one.
    """
    from allybot.content import Addresses  # noqa: PLC0415 - as in `manifest`
    from allybot.slack_app.http import EVENTS_PATH  # noqa: PLC0415 - the same
    from allybot.slack_app.installation import BACK_PATH  # noqa: PLC0415 - the same

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
