"""`allybot transfers` and `allybot window`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from allybot.cli.session import opened
from allybot.errors import AllybotError, UserError
from allybot.reports import as_csv, as_html, as_json, as_table
from allybot.services.outcomes import summaries as service
from allybot.services.outcomes import windows

window = typer.Typer(
    help='Keys and state of windows.\n\nExample: allybot window show --program "Spring 2026"',
    no_args_is_help=True,
    rich_markup_mode=None,
)
Workspace = Annotated[str | None, typer.Option(help="Slack team id; needed only with several workspaces.")]
ProgramOption = Annotated[str, typer.Option(help="The program.")]


class Format(StrEnum):
    """How figures are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(transfers)
    app.add_typer(window, name="window")


def transfers(
    *,
    program: Annotated[str | None, typer.Option(help="One program; all by default.")] = None,
    workspace: Workspace = None,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
) -> None:
    """Print the published transfer outcomes. Nothing that was not published can be shown.

    Example: allybot transfers --program "Spring 2026" --format json
    """
    with opened() as allybot:
        if program is None:
            found = service.summaries(allybot.context)
        else:
            found = [service.summary_for_program(allybot.context, program, workspace, allybot.clock())]
    if form is Format.TABLE:
        as_table.print_to(Console(), found)
        return
    write = {Format.JSON: as_json.write, Format.CSV: as_csv.write, Format.HTML: as_html.write}[form]
    typer.echo(write(found).rstrip())


@window.command()
def keygen(
    *,
    private_key: Annotated[Path, typer.Option(help="File for the private key; must not exist yet.")],
    program: Annotated[str, typer.Option(help="Hand the public key to this program at once.")] = "",
    name: Annotated[str, typer.Option(help="Its window, such as 1-6.")] = "",
    workspace: Workspace = None,
) -> None:
    """Make a window's key pair on the custodian's machine; the host is given the public key only.

    Example: allybot window keygen --private-key window-1-6.key
    """
    if bool(program) != bool(name):
        raise typer.BadParameter("--program and --name go together.")
    private, public = windows.keygen()
    try:
        private_key.touch(mode=0o600, exist_ok=False)
        private_key.write_text(private + "\n", encoding="ascii")
    except OSError as error:
        raise UserError(f"{private_key} cannot be written, or exists already.") from error
    if program:
        try:
            with opened() as allybot:
                windows.hand_in_public_key(allybot.context, program, name, public, workspace)
        except AllybotError:
            private_key.unlink()  # a key that belongs to no window is useless
            raise
    typer.echo(public)


@window.command()
def publish(
    name: Annotated[str, typer.Argument(help="The window, such as 1-6.")],
    *,
    program: ProgramOption,
    key: Annotated[Path, typer.Option(help="The custodian's private key file.")],
    workspace: Workspace = None,
) -> None:
    """Publish a closed window with the custodian's key, once.

    Example: allybot window publish 1-6 --program "Spring 2026" --key window-1-6.key
    """
    try:
        private = key.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{key} cannot be read as a key file.") from error
    with opened() as allybot:
        state = service.publish_with_key(allybot.context, program, name, private, allybot.clock(), workspace)
    typer.echo(f"Window {name} is {state}. Delete every copy of its private key now.")


@window.command()
def hand_in(
    name: Annotated[str, typer.Argument(help="The window, such as 1-6.")],
    public: Annotated[str, typer.Argument(help="The public key that keygen printed.")],
    *,
    program: ProgramOption,
    workspace: Workspace = None,
) -> None:
    """Give a window the public key its custodian made.

    Example: allybot window hand-in 1-6 PUBLIC-KEY --program "Spring 2026"
    """
    with opened() as allybot:
        windows.hand_in_public_key(allybot.context, program, name, public, workspace)
    typer.echo(f"Window {name} has its key.")


@window.command()
def show(*, program: ProgramOption, workspace: Workspace = None) -> None:
    """Show a program's windows: state, closing day, where the key is.

    Example: allybot window show --program "Spring 2026"
    """
    with opened() as allybot:
        table = Table("window", "state", "closes on", "key")
        for each in windows.show(allybot.context, program, workspace):
            table.add_row(each.name, each.state, str(each.closes_on or ""), each.key)
        Console().print(table)
