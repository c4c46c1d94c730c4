"""The command line: parse, call, print. A user's mistake is one line and exit code 1, never a traceback."""

import sys

import typer
from rich.console import Console

from allybot.cli import delivery, figures, programs, running, upkeep
from allybot.errors import AllybotError

app = typer.Typer(
    name="allybot",
    help="A Slack bot that carries an allyship training into the workplace.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
running.add_to(app)
programs.add_to(app)
figures.add_to(app)
delivery.add_to(app)
upkeep.add_to(app)


def main() -> None:
    """Run one command. Exit codes: 0 done, 1 it failed and one line says why, 2 wrong use."""
    try:
        app()
    except AllybotError as error:
        Console(stderr=True, highlight=False).print(f"allybot: {error}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
