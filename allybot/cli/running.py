"""Long-running commands, `migrate` and `doctor`."""

import errno
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from allybot import telemetry
from allybot.cli.session import log_start, opened, working
from allybot.errors import SettingsError, UserError


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(run)
    app.command()(web)
    app.command()(worker)
    app.command()(migrate)
    app.command()(doctor)


def run() -> None:
    """Socket Mode and worker in one process.

    Example: SLACK_BOT_TOKEN=xoxb-... SLACK_APP_TOKEN=xapp-... ALLYBOT_SECRET_KEY=... allybot run
    """
    from allybot.app import healthy
    from allybot.cli.monitor import monitored
    from allybot.settings import from_environment
    from allybot.slack_app.socket_mode import Sockets

    telemetry.configure()
    settings = from_environment()
    app_token = settings.required("slack_app_token")
    settings.required("slack_bot_token")
    with opened(create=True, logs=True) as allybot:
        allybot.warm_up()
        sockets = Sockets(allybot.bolt, app_token, settings.slack_api_url)
        stop = _stop_on_signal()
        sockets.connect()  # first, so that a token Slack refuses is the one thing said
        with monitored(settings.monitor, lambda: sockets.is_connected and healthy(allybot)):
            log_start(allybot)
            allybot.worker.start()
            # With a timeout: a signal just before the wait is only handled after it.
            while not stop.wait(1.0):
                pass
            sockets.close()
            allybot.worker.stop()


def web() -> None:
    """Receive Slack's signed HTTP events on PORT; on PostgreSQL in WEB_CONCURRENCY processes.

    With SLACK_CLIENT_ID and SLACK_CLIENT_SECRET it also installs into more workspaces, at /slack/install.

    Example: PORT=3000 SLACK_BOT_TOKEN=xoxb-... SLACK_SIGNING_SECRET=... ALLYBOT_SECRET_KEY=... allybot web
    """
    from allybot.app import assemble, healthy, installation
    from allybot.cli.monitor import monitored
    from allybot.services.delivery.signatures import SignatureCounter
    from allybot.settings import from_environment
    from allybot.slack_app.http import Application, application

    telemetry.configure()
    settings = from_environment()
    from allybot.slack_app.web_server import serve  # gunicorn reads the environment, too

    secret = settings.required("slack_signing_secret")
    with opened(create=True, logs=True) as checked:
        installation(checked)
        processes = 1 if checked.context.database.is_sqlite else settings.web_processes
        # One line instead of a traceback.
        _check_can_listen("ALLYBOT_ADDRESS", settings.address, settings.port)
        _check_can_listen("ALLYBOT_MONITOR_ADDRESS", settings.monitor[0], 0)
        log_start(checked)

    @contextmanager
    def load() -> Iterator[Application]:
        allybot = assemble(settings)
        allybot.warm_up()
        with closing(allybot), monitored(settings.monitor, lambda: healthy(allybot)):
            signatures, pages = SignatureCounter(allybot.context), installation(allybot)
            yield application(allybot.bolt, lambda: healthy(allybot), secret, pages, signatures)

    serve(load, settings.address, settings.port, processes)


def worker() -> None:
    """Send what is due; run as many of these as you like.

    Example: DATABASE_URL=postgresql://... ALLYBOT_SECRET_KEY=... allybot worker
    """
    from allybot.app import healthy
    from allybot.cli.monitor import monitored

    telemetry.configure()
    with opened(logs=True) as allybot, monitored(allybot.settings.monitor, lambda: healthy(allybot)):
        log_start(allybot)
        allybot.worker.run_forever()


def migrate() -> None:
    """Make the database and the vault, or bring them to the newest schema; twice is once.

    Example: allybot migrate
    """
    from allybot.app import migrate_databases
    from allybot.settings import from_environment

    with working("Migrating"):
        found = migrate_databases(from_environment())
    for place, new in found.items():
        typer.echo(f"{place}: {'made anew' if new else 'was there already'}.")
    typer.echo("The database and the vault are up to date.")
    if len(set(found.values())) > 1:
        typer.echo(
            "Note: only one of the two is new. Unless that is meant, name the one that belongs to the other.",
            err=True,
        )


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    screens: Annotated[
        bool, typer.Option("--screens", help="Let Slack judge every screen, too; it takes some minutes.")
    ] = False,
) -> None:
    """Say what is wrong with this installation and what to do about it.

    With --screens, examples of every message, modal and Home tab go to Slack's `blocks.validate`, which shows
    them to nobody. They are made up; nothing of any person is in them.

    Example: allybot doctor --json
    """
    from allybot.doctor import examine_environment

    with working("Looking"):
        findings = examine_environment(with_screens=screens)
    if as_json:
        typer.echo(json.dumps({"findings": [vars(finding) for finding in findings]}, indent=1))
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.good else '!! '} {finding.what}: {finding.say}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def _check_can_listen(setting: str, address: str, port: int) -> None:
    from allybot.slack_app.request_reader import listen

    try:
        listen(address, port).close()
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise UserError(
                f"Port {port} cannot be used: {error.strerror}. Set PORT to another one."
            ) from error
        raise SettingsError(f"{setting}: this machine cannot listen there.") from error


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return stop
