"""`allybot test-message`: what a trainee will get, sent to one person as a test."""

from typing import TYPE_CHECKING, Annotated

import typer

from allybot.cli.session import opened, working

if TYPE_CHECKING:
    from allybot.app import Allybot


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("test-message")(message_for_one)


def message_for_one(
    person: Annotated[str, typer.Argument(help="E-mail or Slack user id of who gets it.")],
    *,
    program: Annotated[
        str, typer.Option(help="Whose name, dates and contact to show; an example otherwise.")
    ] = "",
    workspace: Annotated[
        str | None, typer.Option(help="Slack team id; needed only with several workspaces.")
    ] = None,
) -> None:
    """Send one person a welcome, a check-in, the help and a scenario, each marked as a test.

    They need not be on a list, and nothing of it is kept or counted.

    Example: allybot test-message ada@example.org
    """
    with opened() as allybot:
        send_samples(allybot, person, program=program, workspace=workspace)


def send_samples(allybot: "Allybot", to: str, *, program: str = "", workspace: str | None = None) -> None:
    """Send the test and say so.

    Raises:
        NotFoundError, UserError: there is no such person, program or workspace.
        SlackError: Slack did not take all of it.
    """
    from allybot.services.programs import directory, programs, samples, workspaces

    context = allybot.context
    found = programs.find(context, program, workspace) if program else None
    team = found.workspace_id if found else workspaces.only_one(context, workspace)
    with working("Sending"):
        person = directory.person(allybot.slack, team, to)
        samples.send(
            context,
            allybot.slack,
            samples.Recipient(team, person.slack_user, person.locale),
            allybot.clock(),
            found,
        )
    typer.echo(f"ok  sent to {person.name}: a welcome, a check-in, the help and a scenario, marked as a test")
