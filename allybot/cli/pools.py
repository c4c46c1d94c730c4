"""`allybot program pool`, and what is said before a program is created."""

from typing import Annotated

import typer

from allybot.cli.session import opened
from allybot.i18n import ENGLISH
from allybot.prompts.programs import publishable as words
from allybot.services.programs import publishable
from allybot.services.programs.dates import in_words
from allybot.services.trainees import pool_consent

Workspace = Annotated[str | None, typer.Option(help="Slack team id; needed only with several workspaces.")]


def name_pool(
    name: Annotated[str, typer.Argument(help="The program.")],
    pool: Annotated[str, typer.Argument(help="The pool's name, the same for all its programs.")],
    *,
    workspace: Workspace = None,
) -> None:
    """Name the pool of a program that has none; people who have said yes already are asked anew.

    Example: allybot program pool "Spring 2026" "Leadership courses"
    """
    with opened() as allybot:
        made = pool_consent.name_pool(allybot.context, name, workspace, pool, allybot.clock())
        typer.echo(
            f"{made.name} shares the pool {made.pool}. Whoever takes part is asked in their working hours; "
            "the answers of those who do not agree are deleted as before."
        )


def show_ahead(ahead: publishable.Ahead) -> None:
    """Print what will be published when, by how many answer."""
    days = ", ".join(f"weeks {name} on {in_words(day)}" for name, day in ahead.closing)
    typer.echo(f"Counted: {days}. Each time:")
    for each in ahead.forecasts:
        typer.echo(f"  {words.line(ENGLISH, ahead.people, each, ahead.minimum)}")
    typer.echo(f"Everybody is deleted on {in_words(ahead.deleted_on)}.")
