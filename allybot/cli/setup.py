"""`allybot setup`: from nothing to a settings file that works, asking only what is missing."""

import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.style import Style
from rich.text import Text

from allybot.cli.manifest import ConfigToken, Secret, Url, addresses_at, judge, read_secret
from allybot.cli.samples import send_samples
from allybot.cli.session import opened, working
from allybot.cli.setup_values import save, take
from allybot.errors import NotFoundError, SlackError, UserError

if TYPE_CHECKING:
    from allybot.app import Allybot
    from allybot.settings import Settings

MANIFEST = "slack-manifest.json"
_NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="
"""Opens the form of a new app with the manifest filled in (Slack, "Sharing manifests")."""
_KEPT = (
    "SLACK_API_URL",
    "DATABASE_URL",
    "ALLYBOT_VAULT_URL",
    "ALLYBOT_SECRET_KEY",
    "ALLYBOT_WORKSPACES",
    "ALLYBOT_CONFIG",
)
"""What is written down where the environment sets it, besides the tokens; the rest is the process's own."""


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(setup)


@dataclass(frozen=True)
class _Way:
    """How Slack reaches this installation, and how often it is installed."""

    url: str
    over_http: bool
    many_workspaces: bool


def setup(
    *,
    url: Url = "",
    many_workspaces: Annotated[
        bool, typer.Option("--many-workspaces", help="Workspaces install it themselves (OAuth); needs --url.")
    ] = False,
    allow: Annotated[str, typer.Option(help="With --many-workspaces: ids of those that may.")] = "",
    bot_token_file: Secret = None,
    app_token_file: Secret = None,
    signing_secret_file: Secret = None,
    client_id: Annotated[str, typer.Option(help="With --many-workspaces: it is no secret.")] = "",
    client_secret_file: Secret = None,
    config_token_file: ConfigToken = None,
    test_message: Annotated[str, typer.Option(help="E-mail or Slack id of who gets a test message.")] = "",
    questions: Annotated[
        bool, typer.Option(help="Ask for what is missing; without a terminal nothing is asked.")
    ] = True,
) -> None:
    """Set allybot up: makes the app's manifest, takes its tokens, checks each, and writes `allybot.env`.

    Asks what is missing or wrong, and nothing else; run it again at any time. What the environment sets is
    taken without asking, and written down as well. ALLYBOT_SETTINGS names another file.

    Example: allybot setup --bot-token-file bot.txt --app-token-file app.txt --test-message ada@example.org
    """
    from allybot.doctor.pasted import needed
    from allybot.settings import begin_file, from_environment

    begin_file()
    settings, asks = from_environment(), questions and sys.stdin.isatty()
    given = _read(
        {
            "SLACK_BOT_TOKEN": bot_token_file,
            "SLACK_APP_TOKEN": app_token_file,
            "SLACK_SIGNING_SECRET": signing_secret_file,
            "SLACK_CLIENT_SECRET": client_secret_file,
        },
        config_token_file,
    ) | ({"SLACK_CLIENT_ID": client_id} if client_id else {})
    way = _way(settings, url, given, asks=asks, many=many_workspaces)
    _require_slack(settings)
    wanted = needed(over_http=way.over_http, many_workspaces=way.many_workspaces)
    if config_token_file is not None:
        judge(_manifest(settings, way), config_token_file)
    if any(getattr(settings, each.field) is None and each.setting not in given for each in wanted):
        _say_how_to_make_the_app(settings, way)
    for each in wanted:
        take(each, given.get(each.setting, ""), asks=asks)
    if allow:
        from_environment(ALLYBOT_WORKSPACES=allow)  # refuses what are no ids
        save(ALLYBOT_WORKSPACES=allow)
    _make_key()
    _keep_the_rest()
    with opened(create=True) as allybot:
        for name in allybot.workspace_names():
            typer.echo(f"ok  connected to {name}")
        if not way.many_workspaces:
            _send_test(allybot, test_message, asks=asks)
    _say_what_is_next(way)


def _read(files: dict[str, Path | None], config_token: Path | None) -> dict[str, str]:
    """The values of the files that were named.

    Raises:
        UserError: one cannot be read, or two are to come from standard input.
    """
    named = {name: file for name, file in files.items() if file is not None}
    piped = [str(file) for file in (*named.values(), config_token)].count("-")
    if piped > 1 and not (str(config_token) == "-" and sys.stdin.isatty()):  # at a terminal it is asked for
        raise UserError("Only one value can be read from standard input.")
    return {name: read_secret(file, name) for name, file in named.items()}


def _way(settings: "Settings", url: str, given: dict[str, str], *, asks: bool, many: bool) -> _Way:
    """As asked for, else as it was set up before; Socket Mode where nobody says anything else.

    Raises:
        UserError: the address is none.
    """
    many = many or settings.slack_client_id is not None or "SLACK_CLIENT_ID" in given
    secret = settings.slack_signing_secret is not None or "SLACK_SIGNING_SECRET" in given
    token = settings.slack_app_token is not None or "SLACK_APP_TOKEN" in given
    if asks and not (url or many or secret or token):
        typer.echo("Slack reaches allybot by Socket Mode: nothing has to be reachable from outside.")
        url = typer.prompt(
            "Press Enter for that, or type the public https address of this server",
            default="",
            show_default=False,
        )
    over_http = bool(url) or many or (secret and not token)
    if url:
        addresses_at(url)
    elif many and settings.slack_client_id is None:
        raise UserError("For many workspaces name the public address: --url https://allybot.example.org.")
    return _Way(url.strip().rstrip("/"), over_http, many)


def _require_slack(settings: "Settings") -> None:
    from allybot.doctor.tokens import no_way_to_slack
    from allybot.slack.gateway import SlackGateway

    try:
        with working("Asking Slack"):
            SlackGateway.without_token(settings.slack_api_url).ask_time()
    except SlackError as error:
        raise UserError(no_way_to_slack(error, settings)) from None


def _manifest(settings: "Settings", way: _Way) -> dict[str, Any]:
    from allybot.content import default_directory, manifest_of

    own = [settings.config] if settings.config else []
    addresses = addresses_at(way.url) if way.url else None
    return manifest_of(*own, default_directory(), addresses=addresses)


def _say_how_to_make_the_app(settings: "Settings", way: _Way) -> None:
    """Save the manifest and name the clicks that make an app from it."""
    manifest = _manifest(settings, way)
    file = Path(MANIFEST).absolute()
    try:
        file.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror}.") from error
    typer.echo(
        "Make the app, if there is none yet: open api.slack.com/apps, press Create New App, From a manifest, "
        f"choose your workspace, and paste {file} as JSON; Next, Create."
    )
    if sys.stdout.isatty() and settings.is_slack_itself:
        link = _NEW_APP + quote(json.dumps(manifest, separators=(",", ":")))
        Console().print(Text("Or follow this link, with all of it filled in.", Style(link=link)))


def _make_key() -> None:
    """A secret key of one's own, where there is none and nothing was stored with another.

    Raises:
        SettingsError, WrongStateError: the databases that are there were made with a key that is not known.
    """
    from allybot.app import assemble_context, migrate_databases
    from allybot.services.data.key_rotation import check_key
    from allybot.services.data.known_databases import require_known_databases
    from allybot.settings import from_environment

    if from_environment().secret_key is not None:
        return
    key = secrets.token_hex(32)
    settings = from_environment(ALLYBOT_SECRET_KEY=key)
    context = assemble_context(settings)
    try:
        require_known_databases(context, create=True)
        migrate_databases(settings)
        check_key(context)
    finally:
        context.database.close()
        context.vault.close()
    file = save(ALLYBOT_SECRET_KEY=key)
    typer.echo(
        f"ok  secret key: made. Keep a copy of {file} in a safe place: without it plans cannot be read"
    )


def _keep_the_rest() -> None:
    """Write down what else the environment says, and the default databases by their whole path.

    So every shell and every folder finds the same ones.
    """
    from allybot.settings import from_environment, of_the_environment

    settings, outside = from_environment(), of_the_environment()
    defaults = {
        "DATABASE_URL": ("database_url", "allybot.db"),
        "ALLYBOT_VAULT_URL": ("vault_url", "allybot-vault.db"),
    }
    found = {
        name: f"sqlite:///{Path(file).absolute()}"
        for name, (field, file) in defaults.items()
        if field not in settings.model_fields_set
    }
    found |= {name: outside[name].strip() for name in _KEPT if name in outside}
    if found:
        save(**found)


def _send_test(allybot: "Allybot", to: str, *, asks: bool) -> None:
    """Send a test to whoever is named, or to nobody."""
    question = "\nWhose direct message gets a test now? E-mail or Slack id; Enter for nobody"
    while True:
        to = to or (typer.prompt(question, default="", show_default=False) if asks else "")
        if not to.strip():
            return
        try:
            send_samples(allybot, to)
        except NotFoundError as unknown:
            if not asks:
                raise
            typer.echo(f"!!  {unknown}")
            to = ""
        else:
            return


def _say_what_is_next(way: _Way) -> None:
    if not way.over_http:
        typer.echo("\nallybot is set up. Start it with `allybot run`.")
        return
    typer.echo(
        "\nallybot is set up. Start `allybot web` and `allybot worker`; then press Retry beside the address, "
        "on the app's page under Event Subscriptions. Slack signs that request, and `allybot doctor` says "
        "whether the signing secret is right."
    )
    if way.many_workspaces:
        at = f"{way.url or 'https://your.host'}/slack/install"
        typer.echo(f"Let an administrator of each workspace open {at}.")
