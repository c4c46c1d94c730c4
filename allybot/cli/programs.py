"""`allybot program` and `allybot enrol`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from allybot.cli.opening import opened
from allybot.errors import UserMistake
from allybot.services import directory, enrolment, programs, roster, workspaces
from allybot.services.programs import ProgramFacts
from allybot.slack_gateway import SlackPerson

program = typer.Typer(
    help="Set up and look after programs.\n\nExample: allybot program list",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Workspace = Annotated[str | None, typer.Option(help="Slack team id; needed only with several workspaces.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(program, name="program")
    app.command()(enrol)


@program.command()
def create(
    name: Annotated[str, typer.Argument(help="As leads and trainees know it.")],
    *,
    support_contact: Annotated[
        str, typer.Option(help="A human to turn to, named in every help text; better none of the leads.")
    ],
    cohort: Annotated[list[str], typer.Option(help="NAME=YYYY-MM-DD, the last day of its training.")],
    lead: Annotated[list[str] | None, typer.Option(help="Slack user id or e-mail of a lead.")] = None,
    zone: Annotated[str, typer.Option(help="IANA time zone of circle posts.")] = "Europe/London",
    country: Annotated[str, typer.Option(help="Two letters, for public holidays.")] = "",
    minimum_respondents: Annotated[
        int | None, typer.Option(help="Figures need so many people; 5 to 50, fixed for good.")
    ] = None,
    custodian: Annotated[bool, typer.Option(help="Somebody else holds the window keys.")] = False,
    workspace: Workspace = None,
) -> None:
    """Create a program; small cohorts share one, since figures need enough respondents.

    Example: allybot program create "Spring 2026" --support-contact "Noor, HR" --cohort "A=2026-01-09"
    """
    cohorts = [_cohort(each) for each in cohort]
    with opened() as allybot:
        house = allybot.house
        team = workspaces.only_one(house, workspace)
        leads = [directory.person(allybot.slack, team, each) for each in lead or []]
        made = programs.create(
            house,
            team,
            name,
            support_contact,
            cohorts,
            zone=zone,
            country=country,
            minimum_respondents=minimum_respondents,
            key_holder="custodian" if custodian else "vault",
            now=allybot.clock(),
        )
        for each in leads:
            programs.appoint_lead(house, made.name, made.workspace_id, each.slack_user)
            _note_if_the_contact_leads(made.support_contact, each)
        _show(programs.show(house, made.name, made.workspace_id))


@program.command("list")
def list_programs(*, workspace: Workspace = None) -> None:
    """List the programs.

    Example: allybot program list
    """
    with opened() as allybot:
        found = programs.list_programs(allybot.house, workspace)
        if not found:
            typer.echo("There is no program yet. `allybot program create --help` shows how to make one.")
            return
        table = Table("program", "workspace", "cohorts", "enrolled", "taking part", "minimum")
        for facts in found:
            table.add_row(
                facts.program.name,
                facts.program.workspace_id,
                str(len(facts.cohorts)),
                str(facts.enrolled),
                str(facts.taking_part),
                str(facts.program.minimum_respondents),
            )
        Console().print(table)


@program.command()
def show(name: Annotated[str, typer.Argument(help="The program.")], *, workspace: Workspace = None) -> None:
    """Show one program: cohorts, people, windows. Never an answer.

    Example: allybot program show "Spring 2026"
    """
    with opened() as allybot:
        _show(programs.show(allybot.house, name, workspace))


@program.command()
def lead(
    name: Annotated[str, typer.Argument(help="The program.")],
    person: Annotated[str, typer.Argument(help="Slack user id or e-mail.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Take the appointment back.")] = False,
    workspace: Workspace = None,
) -> None:
    """Appoint a lead, who may pull the published figures.

    Example: allybot program lead "Spring 2026" ada@example.org
    """
    with opened() as allybot:
        found = programs.find(allybot.house, name, workspace)
        someone = directory.person(allybot.slack, found.workspace_id, person)
        change = programs.dismiss_lead if remove else programs.appoint_lead
        change(allybot.house, found.name, found.workspace_id, someone.slack_user)
        if not remove:
            _note_if_the_contact_leads(found.support_contact, someone)
        typer.echo(f"{person} {'no longer leads' if remove else 'leads'} {found.name}.")


def enrol(
    people: Annotated[Path, typer.Argument(help="CSV with the columns person, cohort, circle.")],
    *,
    program: Annotated[str, typer.Option(help="The program.")],
    yes: Annotated[bool, typer.Option("--yes", help="Enrol; without it nothing is changed.")] = False,
    workspace: Workspace = None,
) -> None:
    """Enrol the people of a CSV file; a dry run unless --yes is given.

    Example: allybot enrol people.csv --program "Spring 2026"
    """
    try:
        text = people.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserMistake(f"{people} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserMistake(f"{people} cannot be read as a UTF-8 text file. Save it as CSV (UTF-8).") from error
    rows = roster.parse(text)
    with opened() as allybot:
        found_program = programs.find(allybot.house, program, workspace)
        found, problems = directory.look_up(
            allybot.slack,
            found_program.workspace_id,
            rows,
            progress=lambda each: track(each, "Looking people up in Slack", console=Console(stderr=True)),
        )
        if yes:
            report = enrolment.enrol(allybot.house, found_program.id, found, allybot.clock())
        else:
            report = enrolment.dry_run(allybot.house, found_program.id, found)
    for problem in (*problems, *report.refused):
        typer.echo(f"Left out: {problem}", err=True)
    for warning in report.warnings:
        typer.echo(f"Note: {warning}", err=True)
    verb = "Enrolled" if yes else "Would enrol"
    typer.echo(
        f"{verb} {len(report.added)} in {report.program.name}; {len(report.already)} were there already."
    )
    if not yes:
        typer.echo("This was a dry run and nothing was changed. Add --yes to enrol them.")
    if problems or report.refused:
        raise typer.Exit(1)


def _cohort(text: str) -> tuple[str, date]:
    name, _, day = text.rpartition("=")
    try:
        ended_on = date.fromisoformat(day)
    except ValueError:
        name = ""
        ended_on = date.min
    if not name:
        raise UserMistake(f'A cohort is written NAME=YYYY-MM-DD, not "{text}".')
    return name, ended_on


def _note_if_the_contact_leads(support_contact: str, lead: SlackPerson) -> None:
    if directory.seems_to_be(support_contact, lead):
        typer.echo(
            f"Note: the support contact “{support_contact}” seems to be {lead.name}, who leads the program. "
            "Somebody in distress may have to speak about a lead: better name a person who is none.",
            err=True,
        )


def _show(facts: ProgramFacts) -> None:
    table = Table(show_header=False, title=facts.program.name)
    table.add_row("support contact", facts.program.support_contact)
    table.add_row("figures need", f"{facts.program.minimum_respondents} respondents")
    table.add_row("window keys", facts.program.key_holder)
    for cohort in facts.cohorts:
        table.add_row("cohort", f"{cohort.name}, training ended {cohort.training_ended_on}")
    table.add_row("leads", ", ".join(facts.leads) or "none yet")
    for name, day in facts.closing:
        table.add_row(f"window {name}", f"closes {day}")
    for state, count in sorted(facts.people.items()):
        table.add_row(f"people, {state}", str(count))
    table.add_row("deleted from", str(facts.deleted_on))
    Console().print(table)
    for warning in facts.warnings:
        typer.echo(f"Note: {warning}", err=True)
