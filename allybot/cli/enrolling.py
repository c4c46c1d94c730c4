"""`allybot enrol`, and how a list of people is read."""

import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from allybot.cli.programs import ConfirmDates, Workspace
from allybot.cli.session import opened
from allybot.errors import UserError

if TYPE_CHECKING:
    from allybot.app import Allybot


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(enrol)


def enrol(
    people: Annotated[
        Path | None, typer.Argument(help="CSV with the columns person, cohort, circle.")
    ] = None,
    *,
    program: Annotated[str, typer.Option(help="The program.")],
    group: Annotated[str, typer.Option(help="A user group in place of a list: name, or id.")] = "",
    cohort: Annotated[str, typer.Option(help="The cohort of the user group's people.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Enrol; without it nothing is changed.")] = False,
    confirm_dates: ConfirmDates = False,
    workspace: Workspace = None,
) -> None:
    """Enrol the people of a CSV file or of a user group; a dry run unless --yes is given.

    Example: allybot enrol people.csv --program "Spring 2026"
    """
    from allybot.services.programs import enrolment, programs

    if (people is None) == (not group):
        raise UserError("Name either a file or a user group with --group.")
    listed = text_of(people) if people else None
    with opened() as allybot:
        found = programs.find(allybot.context, program, workspace)
        text = _text_of_group(allybot, found.workspace_id, group, cohort) if listed is None else listed
        report = enrolment.enrol_csv(
            allybot.context,
            allybot.slack,
            found,
            text,
            now=allybot.clock(),
            commit=yes,
            dates_confirmed=confirm_dates,
            progress=lambda each: track(each, "Looking people up in Slack", console=Console(stderr=True)),
        )
    for complaint in report.complaints():
        typer.echo(complaint, err=True)
    for line in report.lines():
        typer.echo(line)
    if not report.good:
        raise typer.Exit(1)


def _text_of_group(allybot: "Allybot", workspace_id: str, group: str, cohort: str) -> str:
    """The people of a user group as a list."""
    from allybot.services.programs import directory

    sheet = StringIO()
    rows = csv.writer(sheet)
    rows.writerow(["person", "cohort"])
    rows.writerows((user, cohort) for user in directory.people_of_group(allybot.slack, workspace_id, group))
    return sheet.getvalue()


def text_of(people: Path) -> str:
    """The text of a list in a file.

    Raises:
        UserError: it cannot be read, or is no text file.
    """
    from allybot.services.programs.roster import decoded

    try:
        return decoded(people.read_bytes())
    except OSError as error:
        raise UserError(f"{people} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{people} cannot be read as a UTF-8 text file. Save it as CSV (UTF-8).") from error
