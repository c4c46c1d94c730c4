"""The command line. A user's error is one line and exit code 1, never a traceback.

Modules of commands import the services inside the commands, so that `--help` loads none of them.
"""

import sys
from typing import NoReturn

import typer

from allybot import telemetry
from allybot.cli import (
    circles,
    corrections,
    databases,
    delivery,
    demo,
    enrolling,
    figures,
    manifest,
    program_changes,
    programs,
    running,
    samples,
    setup,
    upkeep,
)
from allybot.errors import AllybotError, SlackError

app = typer.Typer(
    name="allybot",
    help="A Slack bot that carries an allyship training into the workplace.\n\nExample: allybot demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
setup.register(app)
manifest.register(app)
samples.register(app)
running.register(app)
demo.register(app)
programs.register(app)
enrolling.register(app)
program_changes.register(programs.program)
circles.register(app)
figures.register(app)
delivery.register(app)
upkeep.register(app)
databases.register(app)
corrections.register(app)


def main() -> None:
    """Run one command. Exit codes: 0 success, 1 failure with a line on stderr, 2 wrong usage."""
    telemetry.configure("CRITICAL", as_json=False)  # long-running commands configure their own level
    try:
        app()
    except SlackError as error:
        what = f"{_SLACK_ERROR[error.permanent]} ({error.method}: {error.reason})"
        setting = _SETTING_OF_METHOD.get(error.method) if error.permanent else None
        _fail(f"{what}: look at {setting}, or ask `allybot doctor`." if setting else f"{what}. {_ASK_DOCTOR}")
    except AllybotError as error:
        _fail(" ".join((str(error), *getattr(error, "__notes__", ()))))
    except KeyboardInterrupt:
        sys.exit(130)


_ASK_DOCTOR = "Ask `allybot doctor`."
_SETTING_OF_METHOD = {"apps.connections.open": "SLACK_APP_TOKEN", "auth.test": "SLACK_BOT_TOKEN"}
_SLACK_ERROR = {True: "Slack refused", False: "Slack could not be reached, or was too busy"}


def _fail(why: str) -> NoReturn:
    sys.stderr.write(f"allybot: {why}\n")
    sys.exit(1)
