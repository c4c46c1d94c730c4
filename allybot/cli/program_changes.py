"""`allybot program change`, `end`, `delete`, `log` and `allow`: what leads can do in Slack, and more."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from allybot.cli.programs import ConfirmDates, Workspace, named_day
from allybot.cli.session import opened
from allybot.domain.calendar import Away
from allybot.domain.people import Actor
from allybot.domain.program_changes import SHOWN
from allybot.errors import DoubtfulDatesError, UserError

if TYPE_CHECKING:
    from allybot.app import Allybot
    from allybot.services.programs.change_run import Effects

Name = Annotated[str, typer.Argument(help="The program.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without it nothing is changed.")]
Change = Callable[..., "Effects"]


def register(program: typer.Typer) -> None:
    """Add these commands to `allybot program`."""
    for command in (change, end, delete, log, allow):
        program.command()(command)


def change(
    program_name: Name,
    *,
    name: Annotated[str | None, typer.Option(help="A new name.")] = None,
    support_contact: Annotated[str | None, typer.Option(help="A human to turn to.")] = None,
    emergency_number: Annotated[str | None, typer.Option(help="Named to people in danger.")] = None,
    country: Annotated[str | None, typer.Option(help="Name or two letters; empty for none.")] = None,
    zone: Annotated[str | None, typer.Option(help="IANA time zone of circle posts.")] = None,
    training: Annotated[
        list[str] | None, typer.Option(help="COHORT=YYYY-MM-DD, the right last day of a training.")
    ] = None,
    add_cohort: Annotated[list[str] | None, typer.Option(help="NAME=YYYY-MM-DD, a later cohort.")] = None,
    remove_cohort: Annotated[list[str] | None, typer.Option(help="A cohort no list has named.")] = None,
    days_off: Annotated[
        list[str] | None, typer.Option(help="YYYY-MM-DD..YYYY-MM-DD: nothing is sent to anybody.")
    ] = None,
    no_days_off: Annotated[
        list[str] | None, typer.Option(help="YYYY-MM-DD, the first of days off that are taken back.")
    ] = None,
    yes: Yes = False,
    confirm_dates: ConfirmDates = False,
    workspace: Workspace = None,
) -> None:
    """Correct a program; says what would move, and changes nothing without --yes.

    Example: allybot program change "Spring 2026" --training "A=2026-01-09" --yes
    """
    from allybot.services.programs import changing, correcting, programs
    from allybot.services.programs.correcting import Corrections

    days = [_days(each) for each in days_off or []]
    taken_back = [_day(each) for each in no_days_off or []]
    trainings = [named_day(each) for each in training or []]
    cohorts = [named_day(each) for each in add_cohort or []]
    with opened() as allybot:
        found = programs.find(allybot.context, program_name, workspace)
        context, now = allybot.context, allybot.clock()
        today = now.astimezone(found.zone).date()
        given = Corrections(name, support_contact, emergency_number, country, zone)
        about = context, None, found.id
        changes: list[Change] = [
            *([partial(correcting.correct, *about, given, now)] if given != Corrections() else []),
            *(partial(changing.move_training, *about, of, day or today, now) for of, day in trainings),
            *(partial(changing.add_cohort, *about, called, day or today, now) for called, day in cohorts),
            *(partial(changing.remove_cohort, *about, gone, now) for gone in remove_cohort or []),
            *(partial(changing.add_closure, *about, each, now) for each in days),
            *(partial(changing.remove_closure, *about, first, now) for first in taken_back),
        ]
        if not changes:
            raise UserError("Nothing to change. `allybot program change --help` shows what can be.")
        if len(changes) > 1 and not yes:
            typer.echo("Each of these is shown as if the others were not made.")
        for each in changes:
            _run(each, yes=yes, dates_confirmed=confirm_dates)


def end(
    program_name: Name,
    *,
    yes: Yes = False,
    workspace: Workspace = None,
) -> None:
    """End a program early: people say goodbye, windows are counted or deleted unopened; figures stay.

    Example: allybot program end "Spring 2026" --yes
    """
    from allybot.services.programs import ending, programs

    with opened() as allybot:
        found = programs.find(allybot.context, program_name, workspace)
        seen = ending.look(allybot.context, None, found.id, allybot.clock())
        ending.check(allybot.context, None, found.id, found.name, allybot.clock(), deletes=False)
        if not yes:
            typer.echo(
                f"From today no check-in and no scenario. Windows {', '.join(seen.open_windows) or 'none'} "
                f"are counted if {found.minimum_respondents} answered, else deleted unopened. People and "
                f"their plans are deleted on {seen.deleted_on}. Nothing was changed; add --yes."
            )
            return
        ending.end(allybot.context, None, found.id, found.name, allybot.clock())
        typer.echo(f"{found.name} is ended.")


def delete(
    program_name: Name,
    *,
    confirm_name: Annotated[
        str, typer.Option(help="The program's name once more; without it nothing is deleted.")
    ] = "",
    workspace: Workspace = None,
) -> None:
    """Delete a program with its people, plans, circles and uncounted answers, at once and for good.

    Example: allybot program delete "Spring 2026" --confirm-name "Spring 2026"
    """
    from allybot.services.programs import ending, programs

    with opened() as allybot:
        found = programs.find(allybot.context, program_name, workspace)
        ending.check(allybot.context, None, found.id, found.name, allybot.clock(), deletes=True)
        if not confirm_name:
            typer.echo(
                "At once, and without a word to anybody: its list, everybody's plans and notes, its circles "
                "(not their channels), leads and log are deleted, and answers that are not counted yet are "
                f'deleted unopened. Nothing was changed; add --confirm-name "{found.name}".'
            )
            return
        ending.delete(allybot.context, None, found.id, confirm_name)
        typer.echo(f"{found.name} is deleted.")


def log(
    program_name: Name,
    *,
    most: Annotated[int, typer.Option(min=1, help="How many changes to show.")] = SHOWN,
    workspace: Workspace = None,
) -> None:
    """Show what was changed in a program, newest first; its leads see the newest 50.

    Example: allybot program log "Spring 2026"
    """
    from allybot.i18n import ENGLISH
    from allybot.prompts.programs.change_log import line
    from allybot.services.programs import change_log, programs

    with opened() as allybot:
        found = programs.find(allybot.context, program_name, workspace)
        _, changes = change_log.changes_of(allybot.context, None, found.id, most)
        for each in changes:
            typer.echo(line(ENGLISH, each))


def allow(
    person: Annotated[str, typer.Argument(help="Slack user id or e-mail.")] = "",
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Take it back.")] = False,
    workspace: Workspace = None,
) -> None:
    """Let somebody set up programs in Slack, besides the workspace's admins; without a person, list them.

    Example: allybot program allow ada@example.org
    """
    from allybot.services.programs import creators, workspaces

    with opened() as allybot:
        team = workspaces.only_one(allybot.context, workspace)
        if not person:
            named = creators.named(allybot.context, team)
            typer.echo(", ".join(named) or "Only admins and owners of the workspace.")
            return
        who = Actor(team, _slack_user(allybot, team, person, remove=remove))
        (creators.disallow if remove else creators.allow)(allybot.context, who)
        typer.echo(f"{person} {'may not set up programs any more' if remove else 'may set up programs'}.")


def _slack_user(allybot: "Allybot", team: str, person: str, *, remove: bool) -> str:
    """Also of who has left Slack, where it is taken back from them."""
    from allybot.services.programs import directory

    if remove and "@" not in person:
        return person
    return directory.person(allybot.slack, team, person).slack_user


def _run(change: Change, *, yes: bool, dates_confirmed: bool) -> None:
    from allybot.i18n import ENGLISH
    from allybot.prompts.programs.program_dates import moved

    seen = change(confirmed=False)
    typer.echo(moved(ENGLISH, seen.before, seen.after))
    if not yes:
        typer.echo("Nothing was changed; add --yes.")
        return
    if seen.is_doubtful and not dates_confirmed:
        raise DoubtfulDatesError(
            "These dates are hardly meant: the training is over a year away, or so long ago that no check-in "
            "is left or people are deleted within a month. If they are meant, add --confirm-dates."
        )
    change(confirmed=True)
    typer.echo("Changed.")


def _days(text: str) -> Away:
    first, separator, last = text.partition("..")
    if not separator:
        raise UserError(f'Days off are written YYYY-MM-DD..YYYY-MM-DD, not "{text}".')
    return Away(_day(first), _day(last))


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UserError(f'A day is written YYYY-MM-DD, not "{text}".')
