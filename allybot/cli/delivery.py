"""`allybot outbox`: messages that were given up on, with the reason and what to do."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from allybot.cli.opening import opened
from allybot.services import parking

outbox = typer.Typer(
    help="Messages that could not be delivered.\n\nExample: allybot outbox list",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(outbox, name="outbox")


@outbox.command("list")
def list_parked() -> None:
    """List parked messages: their kind, why, and what would help. Never their words.

    Example: allybot outbox list
    """
    with opened() as allybot:
        parked = parking.parked(allybot.house)
        if not parked:
            typer.echo("Nothing is parked.")
            return
        table = Table("id", "kind", "workspace", "reason", "what to do")
        for each in parked:
            table.add_row(each.id, each.kind, each.workspace_id, each.meaning, each.remedy)
        Console().print(table)


@outbox.command()
def retry(message: Annotated[str, typer.Argument(help="The id that `allybot outbox list` shows.")]) -> None:
    """Try a parked message again.

    Example: allybot outbox retry 3f2a...
    """
    with opened() as allybot:
        parking.retry(allybot.house, message, allybot.clock())
    typer.echo("It is due again.")
