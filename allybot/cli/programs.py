"""`allybot program`."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from allybot.cli import pools
from allybot.cli.session import opened
from allybot.errors import UserError

if TYPE_CHECKING:
    from allybot.app import Allybot
    from allybot.services.programs.facts import ProgramFacts
    from allybot.slack.answers import SlackPerson

program = typer.Typer(
    help="Set up and look after programs.\n\nExample: allybot program list",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ConfirmDates = Annotated[
    bool, typer.Option("--confirm-dates", help="Take dates that are hardly meant all the same.")
]
Workspace = Annotated[str | None, typer.Option(help="Slack team id; needed only with several workspaces.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(program, name="program")
    program.command("pool")(pools.name_pool)


@program.command()
def create(
    name: Annotated[str, typer.Argument(help="As leads and trainees know it.")],
    *,
    support_contact: Annotated[
        str, typer.Option(help="A human to turn to, named in every help text; better none of the leads.")
    ],
    cohort: Annotated[
        list[str], typer.Option(help="NAME=YYYY-MM-DD or NAME=today, the last day of its training.")
    ],
    lead: Annotated[list[str] | None, typer.Option(help="Slack user id or e-mail of a lead.")] = None,
    zone: Annotated[str, typer.Option(help="IANA time zone of circle posts.")] = "Europe/London",
    country: Annotated[str, typer.Option(help="Its name or two letters, for public holidays.")] = "",
    minimum_respondents: Annotated[
        int | None, typer.Option(help="Figures need so many people; 5 to 50, fixed for good.")
    ] = None,
    emergency_number: Annotated[
        str, typer.Option(help="Named to people in danger; the content's without it.")
    ] = "",
    custodian: Annotated[bool, typer.Option(help="Somebody else holds the window keys.")] = False,
    pool: Annotated[
        str | None,
        typer.Option(help="Where too few answer, their answers wait for later programs that name this pool."),
    ] = None,
    count_moments: pools.CountMoments = False,
    people: Annotated[
        int | None, typer.Option(min=1, help="How many there will be: prints what is published when.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Create nothing; goes with --people.")] = False,
    confirm_dates: ConfirmDates = False,
    workspace: Workspace = None,
) -> None:
    """Create a program; small cohorts share one, or name one pool, since figures need enough respondents.

    Example: allybot program create "Spring 2026" --support-contact "Noor, HR" --cohort "A=today"
    """
    from allybot.services.programs import directory, leading, programs, publishable, workspaces
    from allybot.services.programs.places import zone_named

    cohorts = [named_day(each) for each in cohort]
    if dry_run and people is None:
        raise typer.BadParameter("--dry-run goes with --people.")
    with opened() as allybot:
        context = allybot.context
        team = workspaces.only_one(context, workspace)
        if people is not None:
            trained = [day or _today(allybot, zone) for _, day in cohorts]
            pools.show_ahead(
                publishable.ahead(
                    context,
                    team,
                    people,
                    trained,
                    zone=zone_named(zone),
                    minimum_respondents=minimum_respondents,
                    key_holder="custodian" if custodian else "vault",
                    pool=pool,
                    counts_moments=count_moments,
                )
            )
        if dry_run:
            typer.echo("This was a dry run and nothing was created.")
            return
        leads = [directory.person(allybot.slack, team, each) for each in lead or []]
        made = programs.create(
            context,
            team,
            name,
            support_contact,
            [(each, day or _today(allybot, zone)) for each, day in cohorts],
            zone=zone,
            country=country,
            minimum_respondents=minimum_respondents,
            emergency_number=emergency_number,
            key_holder="custodian" if custodian else "vault",
            pool=pool,
            counts_moments=count_moments,
            dates_confirmed=confirm_dates,
            now=allybot.clock(),
        )
        for each in leads:
            leading.appoint_lead(context, made.name, made.workspace_id, each.slack_user, allybot.clock())
            _note_if_the_contact_leads(made.support_contact, each)
        _show(programs.show(context, made.name, made.workspace_id), allybot.clock())


@program.command("list")
def list_programs(*, workspace: Workspace = None) -> None:
    """List the programs.

    Example: allybot program list
    """
    from allybot.i18n import ENGLISH
    from allybot.prompts.programs.messages import people
    from allybot.services.programs import programs

    with opened() as allybot:
        found = programs.list_programs(allybot.context, workspace)
        if not found:
            typer.echo("There is no program yet. `allybot program create --help` shows how to make one.")
            return
        table = Table("program", "workspace", "cohorts", "on the list", "taking part", "minimum")
        for facts in found:
            counted = facts.counted
            table.add_row(
                facts.program.name,
                facts.program.workspace_id,
                str(len(facts.cohorts)),
                people(ENGLISH, counted.on_list) if counted else "not before Monday",
                people(ENGLISH, counted.taking_part) if counted else "not before Monday",
                str(facts.program.minimum_respondents),
            )
        Console().print(table)


@program.command()
def show(name: Annotated[str, typer.Argument(help="The program.")], *, workspace: Workspace = None) -> None:
    """Show one program: cohorts, people, windows. Never an answer.

    Example: allybot program show "Spring 2026"
    """
    from allybot.services.programs import programs

    with opened() as allybot:
        _show(programs.show(allybot.context, name, workspace), allybot.clock())


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
    from allybot.services.programs import directory, leading, programs

    with opened() as allybot:
        found = programs.find(allybot.context, name, workspace)
        someone = directory.person(allybot.slack, found.workspace_id, person)
        whom = (allybot.context, found.name, found.workspace_id, someone.slack_user, allybot.clock())
        if remove:
            leading.dismiss_lead(*whom)
        else:
            leading.appoint_lead(*whom)
            _note_if_the_contact_leads(found.support_contact, someone)
        typer.echo(f"{person} {'no longer leads' if remove else 'leads'} {found.name}.")


def named_day(text: str) -> tuple[str, date | None]:
    """Name and last day of the training; None is today, which depends on the program's zone."""
    name, _, day = text.rpartition("=")
    if not name or not re.fullmatch(r"today|\d{4}-\d\d-\d\d", day):
        raise UserError(f'A cohort is written NAME=YYYY-MM-DD or NAME=today, not "{text}".')
    if day == "today":
        return name, None
    try:
        return name, date.fromisoformat(day)
    except ValueError as error:
        raise UserError(f"Cohort {name}: there is no day {day} in the calendar.") from error


def _today(allybot: "Allybot", zone: str) -> date:
    from allybot.services.programs.places import zone_named

    return allybot.clock().astimezone(zone_named(zone)).date()


def _note_if_the_contact_leads(support_contact: str, lead: "SlackPerson") -> None:
    from allybot.services.programs import directory

    if directory.seems_to_be(support_contact, lead):
        typer.echo(
            f"Note: the support contact “{support_contact}” seems to be {lead.name}, who leads the program. "
            "Somebody in distress may have to speak about a lead: better name a person who is none.",
            err=True,
        )


def _show(facts: "ProgramFacts", now: datetime) -> None:
    from allybot.i18n import ENGLISH
    from allybot.prompts.programs.messages import people_counted
    from allybot.prompts.programs.program_dates import days_off

    today = now.astimezone(facts.program.zone).date()
    table = Table(show_header=False, title=facts.program.name)
    table.add_row("support contact", facts.program.support_contact)
    table.add_row("figures need", f"{facts.program.minimum_respondents} respondents")
    table.add_row("counted", pools.counted(facts.program))
    table.add_row("window keys", facts.program.key_holder)
    if facts.program.pool:
        table.add_row("pool", f"{facts.program.pool}; with too few respondents, answers wait for it")
    for cohort in facts.cohorts:
        ended = "ended" if cohort.training_ended_on < today else "ends"
        table.add_row("cohort", f"{cohort.name}, training {ended} {cohort.training_ended_on}")
    table.add_row("leads", ", ".join(facts.leads) or "none yet")
    for days in facts.program.closures:
        table.add_row("days off", days_off(ENGLISH, days))
    for name, day in facts.closing:
        table.add_row(f"window {name}", f"{'closed' if day < today else 'closes'} {day}")
    table.add_row("people", people_counted(ENGLISH, facts.counted))
    table.add_row(
        "people deleted" if facts.deleted_on < today else "people deleted from", str(facts.deleted_on)
    )
    Console().print(table)
