"""`allybot circle`: what leads do with circles in Slack, by command."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from allybot.cli.programs import Workspace
from allybot.cli.session import opened
from allybot.errors import SlackRefusedError, UserError, WrongStateError

if TYPE_CHECKING:
    from allybot.app import Allybot
    from allybot.domain.circles import Circle
    from allybot.domain.people import Program

circle = typer.Typer(
    help='Look after circles.\n\nExample: allybot circle list --program "Spring 2026"',
    no_args_is_help=True,
    rich_markup_mode=None,
)
ProgramName = Annotated[str, typer.Option("--program", help="The program.")]
CircleName = Annotated[str, typer.Argument(help="The circle's name, or its channel's id.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(circle, name="circle")


@circle.command("list")
def list_circles(*, program: ProgramName, workspace: Workspace = None) -> None:
    """List the circles of a program: scenarios so far, and what comes next.

    Example: allybot circle list --program "Spring 2026"
    """
    from allybot.services.circles import pages

    with _found(program, workspace) as (allybot, found):
        table = Table("circle", "channel", "scenarios", "next")
        for page in pages.of_program(allybot.context, found, allybot.clock()):
            of = page.circle
            coming = f"{page.next_on}, after a pause" if page.paused else str(page.next_on or "none")
            posted = f"{of.weeks_posted} of {of.last_week}"
            table.add_row(of.name, of.channel, posted, coming)
        Console().print(table)


@circle.command()
def new(
    name: Annotated[str, typer.Argument(help="As its members will know it.")],
    *,
    program: ProgramName,
    person: Annotated[
        list[str] | None, typer.Option(help="Slack user id or e-mail of whom to invite.")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Make a circle with a private channel of its own, and invite people of the program who have none.

    Example: allybot circle new Oak --program "Spring 2026" --person ada@example.org
    """
    from allybot.services.programs import directory, founding

    with _found(program, workspace) as (allybot, found):
        users = [
            directory.person(allybot.slack, found.workspace_id, each).slack_user for each in person or ()
        ]
        name = founding.checked_name(name)
        try:
            done = founding.make(allybot.context, allybot.slack, None, found.id, name, users, allybot.clock())
        except SlackRefusedError as refused:
            if not founding.is_not_granted(refused):
                raise
            raise UserError(
                "allybot may not make channels: the app has no scope groups:write. Make a private channel, "
                "invite its people and allybot to it, and type /allybot circle here in it as a lead, or put "
                "its id on the list of `allybot enrol`."
            ) from refused
        typer.echo(f"{done.circle.name} is made, with the channel {done.circle.channel}.")
        _say_who_is_missing(done.circle, done.not_invited)


@circle.command()
def pause(
    name: CircleName,
    *,
    program: ProgramName,
    weeks: Annotated[int, typer.Option(min=1, max=4, help="For how many weeks.")],
    workspace: Workspace = None,
) -> None:
    """Pause a circle; its scenarios move on, and its channel is told.

    Example: allybot circle pause Oak --weeks 2 --program "Spring 2026"
    """
    from allybot.services.circles import going_on, pauses

    with _found(program, workspace) as (allybot, found):
        circle = going_on.circle_named(allybot.context, found, name)
        with _as_it_stands(circle, "is paused already, or has no scenario to come"):
            pauses.pause(allybot.context, None, circle.id, weeks, allybot.clock())
        _say_next(allybot, found, name)


@circle.command()
def resume(name: CircleName, *, program: ProgramName, workspace: Workspace = None) -> None:
    """End a pause early; the channel is told.

    Example: allybot circle resume Oak --program "Spring 2026"
    """
    from allybot.services.circles import going_on, pauses

    with _found(program, workspace) as (allybot, found):
        circle = going_on.circle_named(allybot.context, found, name)
        with _as_it_stands(circle, "is not paused"):
            pauses.resume(allybot.context, None, circle.id, allybot.clock())
        _say_next(allybot, found, name)


@circle.command()
def end(
    name: CircleName,
    *,
    program: ProgramName,
    yes: Annotated[bool, typer.Option("--yes", help="End it; without it nothing is changed.")] = False,
    workspace: Workspace = None,
) -> None:
    """End a circle early: no more scenarios, open votes are opened, and its channel is thanked.

    Example: allybot circle end Oak --program "Spring 2026" --yes
    """
    from allybot.services.circles import endings, going_on

    with _found(program, workspace) as (allybot, found):
        circle = going_on.circle_named(allybot.context, found, name)
        if not yes:
            typer.echo(f"{circle.name} would end. Add --yes to end it.")
            return
        with _as_it_stands(circle, "has no scenario to come"):
            endings.end(allybot.context, None, circle.id, allybot.clock())
        typer.echo(f"{circle.name} has ended; its channel is thanked.")


@circle.command()
def merge(
    into: Annotated[str, typer.Argument(help="The circle that goes on.")],
    ending: Annotated[str, typer.Argument(help="The circle whose members join it.")],
    *,
    program: ProgramName,
    yes: Annotated[bool, typer.Option("--yes", help="Merge; without it nothing is changed.")] = False,
    workspace: Workspace = None,
) -> None:
    """Let the members of one circle join another; they are invited where the app may, and both are told.

    Example: allybot circle merge Oak Elm --program "Spring 2026" --yes
    """
    from allybot.services.circles import endings, going_on, inviting

    with _found(program, workspace) as (allybot, found):
        stays = going_on.circle_named(allybot.context, found, into)
        ends = going_on.circle_named(allybot.context, found, ending)
        if not yes:
            what = f"The members of {ends.name} would join {stays.name}, and {ends.name} would end."
            typer.echo(f"{what} Add --yes to merge.")
            return
        with _as_it_stands(ends, "or the other has no scenario to come, or both are one"):
            done = endings.merge(allybot.context, None, stays.id, ends.id, allybot.clock())
        missing = [
            who.slack_user
            for who in done.moving
            if not inviting.invite(allybot.context, allybot.slack, who, done.into.channel)
        ]
        typer.echo(f"The members of {ends.name} are asked into {stays.name}; both channels are told.")
        _say_who_is_missing(done.into, missing)


@contextmanager
def _found(program: str, workspace: str | None) -> Iterator[tuple["Allybot", "Program"]]:
    from allybot.services.programs import programs

    with opened() as allybot:
        yield allybot, programs.find(allybot.context, program, workspace)


@contextmanager
def _as_it_stands(circle: "Circle", why_not: str) -> Iterator[None]:
    """Say why a circle's state does not permit it."""
    try:
        yield
    except WrongStateError as wrong:
        raise UserError(f"{circle.name} {why_not}.") from wrong


def _say_who_is_missing(circle: "Circle", users: Sequence[str]) -> None:
    if users:
        what = f"allybot could not invite {', '.join(users)}."
        typer.echo(f"{what} Let somebody in {circle.channel} type /invite and their names.")


def _say_next(allybot: "Allybot", program: "Program", name: str) -> None:
    from allybot.services.circles import going_on

    circle = going_on.circle_named(allybot.context, program, name)
    at = circle.next_post_at
    day = at.astimezone(program.zone).date() if at else "never"
    typer.echo(f"{circle.name}: the next scenario comes on {day}. Its channel is told.")
