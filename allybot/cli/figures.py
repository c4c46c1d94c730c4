"""`allybot transfers` and `allybot window`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from allybot.cli.session import opened
from allybot.errors import AllybotError, UserError

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
    from allybot.reports import as_csv, as_html, as_json, as_table
    from allybot.services.outcomes import summaries as service

    with opened() as allybot:
        today = allybot.clock().date()
        if program is None:
            found = service.summaries(allybot.context)
        else:
            found = [service.summary_for_program(allybot.context, program, workspace, allybot.clock())]
    if form is Format.TABLE:
        as_table.print_to(Console(), found)
        return
    if form is Format.HTML:
        typer.echo(as_html.write(found, today).rstrip())
        return
    write = as_json.write if form is Format.JSON else as_csv.write
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
    from allybot.services.outcomes import windows

    if bool(program) != bool(name):
        raise typer.BadParameter("--program and --name go together.")
    private, public = windows.keygen()
    _write_secret(private_key, private)
    if program:
        try:
            with opened() as allybot:
                windows.hand_in_public_key(allybot.context, program, name, public, workspace)
        except AllybotError:
            private_key.unlink()  # a key that belongs to no window is useless
            raise
    typer.echo(public)


@window.command()
def split(
    *,
    custodian_part: Annotated[Path, typer.Option(help="File for the custodian's part; must not exist yet.")],
    host_part: Annotated[
        Path | None, typer.Option(help="File for the host's part, when this is the custodian's machine.")
    ] = None,
    program: Annotated[str, typer.Option(help="Put the host's part into this program's vault at once.")] = "",
    name: Annotated[str, typer.Option(help="Its window, such as 1-6.")] = "",
    workspace: Workspace = None,
) -> None:
    """Make a window's key pair, its private key split between host and custodian: neither part opens answers.

    Example: allybot window split --program "Spring 2026" --name 1-6 --custodian-part window-1-6.part
    """
    from allybot.services.outcomes import split_keys

    if bool(program) != bool(name) or bool(program) == bool(host_part):
        raise typer.BadParameter("Name either --program and --name, or --host-part.")
    made = split_keys.split()
    _write_secret(custodian_part, made.custodians_part)
    try:
        if host_part:
            _write_secret(host_part, made.hosts_part)
        else:
            with opened() as allybot:
                split_keys.hand_in_split(
                    allybot.context, program, name, made.public, made.hosts_part, workspace
                )
    except AllybotError:
        custodian_part.unlink()  # a part that belongs to no window is useless
        raise
    typer.echo(made.public)


@window.command()
def publish(
    name: Annotated[str, typer.Argument(help="The window, such as 1-6.")],
    *,
    program: ProgramOption,
    key: Annotated[
        Path, typer.Option(help="The custodian's file, a whole key or a part; - reads standard input.")
    ],
    workspace: Workspace = None,
) -> None:
    """Publish a closed window with the custodian's key, or with the custodian's part and the vault's, once.

    Example: allybot window publish 1-6 --program "Spring 2026" --key window-1-6.key
    """
    from allybot.services.outcomes import summaries as service

    private = _read_secret(key)
    with opened() as allybot:
        state = service.publish_with_key(allybot.context, program, name, private, allybot.clock(), workspace)
    typer.echo(f"Window {name} is {state}. Delete every copy of its key or part now.")


@window.command()
def hand_in(
    name: Annotated[str, typer.Argument(help="The window, such as 1-6.")],
    public: Annotated[str, typer.Argument(help="The public key that keygen printed.")],
    *,
    program: ProgramOption,
    host_part: Annotated[
        Path | None,
        typer.Option(help="The host's part of a split key, for the vault; - reads standard input."),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Give a window the public key its custodian made, and the vault the host's part if it is split.

    Example: allybot window hand-in 1-6 PUBLIC-KEY --program "Spring 2026"
    """
    from allybot.services.outcomes import split_keys, windows

    part = _read_secret(host_part) if host_part else None
    with opened() as allybot:
        if part is None:
            windows.hand_in_public_key(allybot.context, program, name, public, workspace)
        else:
            split_keys.hand_in_split(allybot.context, program, name, public, part, workspace)
    typer.echo(f"Window {name} has its key.")


@window.command()
def show(*, program: ProgramOption, workspace: Workspace = None) -> None:
    """Show a program's windows: state, closing day, where the key is.

    Example: allybot window show --program "Spring 2026"
    """
    from allybot.services.outcomes import windows

    with opened() as allybot:
        table = Table("window", "state", "closes on", "key")
        for each in windows.show(allybot.context, program, workspace):
            state = f"{each.state} until {each.waits_until}" if each.waits_until else each.state
            table.add_row(each.name, state, str(each.closes_on or ""), each.key)
        Console().print(table)


def _write_secret(file: Path, secret: str) -> None:
    """Write a key to a new file that only its owner may read.

    Raises:
        UserError: it cannot be written, or exists already.
    """
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(secret + "\n", encoding="ascii")
    except OSError as error:
        raise UserError(f"{file} cannot be written, or exists already.") from error


def _read_secret(file: Path) -> str:
    """The key in a file, or on standard input where the file is named `-`.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return (sys.stdin.read() if file == Path("-") else file.read_text(encoding="ascii")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read as a key file.") from error
