"""What leads correct and propose in Slack, by command: `allybot person move`, `allybot circle make`."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from allybot.cli.circles import ProgramName, circle
from allybot.cli.enrolling import text_of
from allybot.cli.programs import Workspace
from allybot.cli.session import opened, working
from allybot.cli.upkeep import Who, person
from allybot.domain.circle_proposals import LARGEST, SMALLEST, USUAL, unfit
from allybot.errors import UserError

if TYPE_CHECKING:
    from allybot.app import Allybot
    from allybot.domain.people import Program

Listed = Annotated[Path, typer.Argument(help="CSV with the column person, and others.")]


def register(_app: typer.Typer) -> None:
    """Add these commands to `allybot person` and `allybot circle`."""
    person.command()(move)
    person.command()(remove)
    circle.command()(propose)
    circle.command()(make)


def move(
    who: Who,
    *,
    program: ProgramName,
    cohort: Annotated[str, typer.Option(help="The cohort they belong to.")],
    workspace: Workspace = None,
) -> None:
    """Put somebody into another cohort of their program.

    Their seat in a circle follows its channel: take them out of one in Slack, and invite them into another.

    Example: allybot person move ada@example.org --program "Spring 2026" --cohort B
    """
    from allybot.services.programs import corrections, programs
    from allybot.services.programs.corrections import NotOnTheListError
    from allybot.services.programs.eligibility import cohort_named

    with opened() as allybot:
        found = programs.find(allybot.context, program, workspace)
        user = _user(allybot, found, who)
        there = cohort_named(programs.show(allybot.context, found.name, found.workspace_id).cohorts, cohort)
        if there is None:
            raise UserError(f"{found.name} has no cohort {cohort}.")
        try:
            corrections.move_to_cohort(allybot.context, None, found.id, user, there.id, allybot.clock())
        except NotOnTheListError as absent:
            raise UserError(f"{who} is not on the list of {found.name}.") from absent
        typer.echo(f"{who} is in the cohort {there.name} now.")


def remove(
    who: Who,
    *,
    program: ProgramName,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it nothing is changed.")] = False,
    workspace: Workspace = None,
) -> None:
    """Take somebody off a program's list who is on it by mistake; everything of theirs is erased.

    Another list can enrol them again. Whoever has had a message from allybot is told.

    Example: allybot person remove ada@example.org --program "Spring 2026" --yes
    """
    from allybot.services.data import erasure
    from allybot.services.programs import corrections, programs
    from allybot.services.programs.corrections import NotOnTheListError

    with opened() as allybot:
        found = programs.find(allybot.context, program, workspace)
        user = _user(allybot, found, who)
        try:
            corrections.require_on_list(allybot.context, None, found.id, user, allybot.clock())
        except NotOnTheListError as absent:
            raise UserError(f"{who} is not on the list of {found.name}.") from absent
        if not yes:
            typer.echo(
                f"{who} would be off the list of {found.name}, with everything allybot holds about them."
            )
            typer.echo("Nothing was changed. Add --yes to take them off.")
            return
        corrections.take_off(allybot.context, None, found.id, user, allybot.clock())
        erasure.wipe(allybot.context)
        typer.echo(f"{who} is off the list of {found.name}.")


def propose(
    people: Listed,
    *,
    program: ProgramName,
    size: Annotated[int, typer.Option(min=SMALLEST, max=LARGEST, help="People in a circle.")] = USUAL,
    balance: Annotated[str, typer.Option(help="Heading of a column, so that no circle is all of one.")] = "",
    workspace: Workspace = None,
) -> None:
    """Propose circles of a list, as CSV to look over and change; `allybot circle make` makes them.

    What circles were balanced by is kept nowhere.

    Example: allybot circle propose people.csv --program "Spring 2026" --balance Team > circles.csv
    """
    from allybot.services.programs import programs, proposing
    from allybot.services.programs.adding import Entered

    text = text_of(people)
    with opened() as allybot:
        found = programs.find(allybot.context, program, workspace)
        first = programs.show(allybot.context, found.name, found.workspace_id).cohorts[0]
        entered = Entered(program=found.id, cohort=first.id, text=text)
        proposal = proposing.proposed(
            allybot.context,
            allybot.slack,
            None,
            entered,
            size,
            balance,
            progress=lambda rows: track(rows, "Looking people up in Slack", console=Console(stderr=True)),
        )
    if balance and balance not in proposal.columns:
        raise UserError(f"The list has no column {balance}.")
    if not proposal.circles:
        raise UserError(f"Circles can be proposed for {SMALLEST} to {proposing.MOST_PEOPLE} people at once.")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["person", "circle_name"])
    for number, users in enumerate(proposal.circles, start=1):
        table.writerows([user, f"Circle {number}"] for user in users)


def make(
    people: Listed,
    *,
    program: ProgramName,
    yes: Annotated[bool, typer.Option("--yes", help="Make them; without it nothing is changed.")] = False,
    workspace: Workspace = None,
) -> None:
    """Make the circles of a list with the columns person and circle_name, each with a private channel.

    Example: allybot circle make circles.csv --program "Spring 2026" --yes
    """
    from allybot.services.programs import directory, programs, proposing
    from allybot.services.programs.proposing import Planned
    from allybot.services.programs.roster import parse

    rows = parse(text_of(people))
    with opened() as allybot:
        found = programs.find(allybot.context, program, workspace)
        enrolees, problems = directory.look_up(allybot.slack, found.workspace_id, rows)
        if problems:
            raise UserError("\n".join(map(str, problems)))
        names = list(dict.fromkeys(each.circle_name for each in enrolees))
        groups = tuple(
            tuple(each.slack_user for each in enrolees if each.circle_name == name) for name in names
        )
        if "" in names or unfit(groups):
            raise UserError(
                f"Every person needs a circle_name, and every circle {SMALLEST} to {LARGEST} people."
            )
        for name, users in zip(names, groups, strict=True):
            typer.echo(f"{name} ({len(users)}): {', '.join(users)}")
        if not yes:
            typer.echo("Nothing was made. Add --yes to make these circles.")
            return
        planned = [Planned(*each) for each in zip(names, groups, strict=True)]
        with working("Making channels"):
            done = proposing.make(allybot.context, allybot.slack, None, found.id, planned, allybot.clock())
    for made in done.circles:
        typer.echo(f"{made.name} is made, with the channel {made.channel}.")
    for left in done.by_hand:
        typer.echo(
            f"{left.name}: allybot may not make channels (scope groups:write). Make a private channel, "
            f"invite allybot and {', '.join(left.users)}, and let a lead type /allybot circle here in it."
        )
    for left in done.failed:
        typer.echo(f"{left.name}: Slack did not make its channel. Try again with these lines only.", err=True)
    if done.failed or done.by_hand:
        raise typer.Exit(1)


def _user(allybot: "Allybot", program: "Program", who: str) -> str:
    """A Slack id is not looked up, so that people who have left Slack can be corrected, too."""
    from allybot.services.programs import directory

    return directory.slack_user(allybot.slack, program.workspace_id, who) if "@" in who else who.strip()
