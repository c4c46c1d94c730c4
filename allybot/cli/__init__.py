"""The command line: parse, call, print. A user's mistake is one line and exit code 1, never a traceback."""

import sys
from typing import NoReturn

import typer

from allybot import telemetry
from allybot.cli import delivery, demo, figures, programs, running, upkeep
from allybot.errors import AllybotError, DatabaseUnavailableError, SlackError

app = typer.Typer(
    name="allybot",
    help="A Slack bot that carries an allyship training into the workplace.\n\nExample: allybot demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
running.add_to(app)
demo.add_to(app)
programs.add_to(app)
figures.add_to(app)
delivery.add_to(app)
upkeep.add_to(app)


def main() -> None:
    """Run one command. Exit codes: 0 done, 1 it failed and one line says why, 2 wrong use."""
    telemetry.configure("CRITICAL", as_json=False)  # commands that keep running say more
    try:
        app()
    except SlackError as error:
        what = f"{_OF_SLACK[error.permanent]} ({error.method}: {error.reason})"
        setting = _SETTING_OF.get(error.method) if error.permanent else None
        _fail(f"{what}: look at {setting}, or ask `allybot doctor`." if setting else f"{what}. {_ASK}")
    except DatabaseUnavailableError as error:
        _fail(f"{error} Check DATABASE_URL and ALLYBOT_VAULT_URL, or ask `allybot doctor`.")
    except AllybotError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


_ASK = "Ask `allybot doctor`."
_SETTING_OF = {"apps.connections.open": "SLACK_APP_TOKEN", "auth.test": "SLACK_BOT_TOKEN"}
_OF_SLACK = {True: "Slack refused", False: "Slack could not be reached, or was too busy"}


def _fail(why: str) -> NoReturn:
    sys.stderr.write(f"allybot: {why}\n")
    sys.exit(1)
