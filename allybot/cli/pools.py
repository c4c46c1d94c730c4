"""`allybot program pool`, and what is said before a program is created."""

from typing import TYPE_CHECKING, Annotated

import typer

from allybot.cli.session import opened

if TYPE_CHECKING:
    from allybot.domain.people import Program
    from allybot.services.programs.publishable import Ahead

CountMoments = Annotated[
    bool,
    typer.Option(
        "--count-moments",
        help="Count once, at the end: how many acted and how many told of a moment; else twice. For good.",
    ),
]
Workspace = Annotated[str | None, typer.Option(help="Slack team id; needed only with several workspaces.")]


def name_pool(
    name: Annotated[str, typer.Argument(help="The program.")],
    pool: Annotated[str, typer.Argument(help="The pool's name, the same for all its programs.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Name it; without it nothing is changed.")] = False,
    workspace: Workspace = None,
) -> None:
    """Name the pool of a program that has none; people who have said yes already are asked anew.

    Example: allybot program pool "Spring 2026" "Leadership courses" --yes
    """
    from allybot.i18n import ENGLISH
    from allybot.prompts.programs import publishable as words
    from allybot.services.programs import programs
    from allybot.services.trainees import pool_consent

    with opened() as allybot:
        found = programs.find(allybot.context, name, workspace)
        shared = pool_consent.name_pool(allybot.context, None, found.id, pool, allybot.clock(), confirmed=yes)
        typer.echo(words.waits_in_pool(ENGLISH, shared.pool, shared.least, shared.months))
        typer.echo(words.asked_anew(ENGLISH))
        if yes:
            typer.echo(f"{found.name} shares the pool {shared.pool}.")
        else:
            typer.echo("Nothing was changed. Add --yes to name it.")


def counted(program: "Program") -> str:
    """What a program chose to be told."""
    from allybot.i18n import ENGLISH
    from allybot.prompts.programs import publishable as words

    return words.what_is_counted(ENGLISH, counts_moments=program.counts_moments)


def show_ahead(ahead: "Ahead") -> None:
    """Print what will be published when, by how many answer."""
    from allybot.i18n import ENGLISH
    from allybot.prompts.programs import publishable as words
    from allybot.services.programs.dates import in_words

    days = ", ".join(f"weeks {name} on {in_words(day)}" for name, day in ahead.closing)
    typer.echo(f"Counted: {days}. {'Once' if len(ahead.closing) == 1 else 'Each time'}:")
    if ahead.pool is not None and ahead.pool_minimum is not None:
        typer.echo(words.waits_in_pool(ENGLISH, ahead.pool, ahead.pool_minimum, ahead.pool_months))
    for each in ahead.forecasts:
        typer.echo(f"  {words.line(ENGLISH, ahead.people, each, ahead.minimum)}")
    typer.echo(f"Everybody is deleted on {in_words(ahead.deleted_on)}.")
