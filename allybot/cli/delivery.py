"""`allybot outbox`: parked messages and rows parked, with reason and remedy."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from allybot.cli.session import opened

outbox = typer.Typer(
    help="What is parked: messages, and rows of people or circles.\n\nExample: allybot outbox list",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(outbox, name="outbox")


@outbox.command("list")
def list_parked() -> None:
    """List what is parked, messages and rows: the kind, why, and what would help. Never words.

    A message waits for `retry`; a row is tried again every hour as well.

    Example: allybot outbox list
    """
    from allybot.services.delivery import parked as parked_rows

    with opened() as allybot:
        parked, rows = parked_rows.parked(allybot.context), parked_rows.parked_rows(allybot.context)
        if not parked and not rows:
            typer.echo("Nothing is parked.")
            return
        table = Table("id", "kind", "workspace", "reason", "what to do")
        for each in parked:
            table.add_row(each.id, each.kind, each.workspace_id, each.meaning, each.remedy)
        for row in rows:
            table.add_row(row.id, row.row.kind, "", row.meaning, row.remedy)
        Console().print(table)


@outbox.command()
def retry(
    parked: Annotated[str, typer.Argument(help="The id that `allybot outbox list` shows.")] = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that is parked and not too late.")] = False,
) -> None:
    """Try what is parked again.

    Example: allybot outbox retry 3f2a...
    """
    from allybot.services.delivery import parked as parked_rows

    if bool(parked) == everything:
        raise typer.BadParameter("Name one id, or say --all.")
    with opened() as allybot:
        if everything:
            typer.echo(f"Due again: {parked_rows.retry_all(allybot.context, allybot.clock())}.")
            return
        parked_rows.retry(allybot.context, parked, allybot.clock())
    typer.echo("It is due again.")
