"""`allybot backup`, `restore`, `rotate-keys` and `person`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allybot.cli.session import opened, working
from allybot.clock import real_now, shifted
from allybot.domain.people import Actor
from allybot.errors import UserError

if TYPE_CHECKING:
    from allybot.app import Allybot

person = typer.Typer(
    help="What is held about one person, and its erasure.\n\nExample: allybot person export ada@example.org",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Workspace = Annotated[str | None, typer.Option(help="Slack team id; needed only with several workspaces.")]
Who = Annotated[str, typer.Argument(help="Slack user id, or e-mail address.")]
Keys = Annotated[Path | None, typer.Option(help="File of people's keys; best on another disk.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(backup)
    app.command()(restore)
    app.command()(rotate_keys)
    app.add_typer(person, name="person")


def backup(
    folder: Annotated[Path, typer.Argument(help="A new directory for this backup.")], *, keys: Keys = None
) -> None:
    """Copy the database, and people's keys into a file of their own; window keys are never copied.

    Works on SQLite and PostgreSQL while allybot runs. Keep the database's file at most 30 days and the keys'
    at most 7, on another disk: the words of whoever asks to be forgotten are then unreadable in every backup
    after 7 days, and their place on the list is gone after 30.

    Example: allybot backup /backups/2026-03-01 --keys /keys/2026-03-01.jsonl
    """
    from allybot.services.data import backups
    from allybot.services.data.known_databases import require_programs

    with opened(any_key=True) as allybot, working("Copying"):
        require_programs(allybot.context)
        made = backups.backup(allybot.context, folder, keys, real_now())
    typer.echo(f"{made.database}: {made.database_lines} lines.")
    typer.echo(f"{made.keys}: {made.keys_lines} lines. Keep it apart from the database, and not as long.")


def restore(
    folder: Annotated[Path, typer.Argument(help="The directory of a backup.")], *, keys: Keys = None
) -> None:
    """Put a backup back into an empty database; whoever was erased since does not come back.

    A vault that has keys is left as it is. Stop allybot first, and name an empty database in DATABASE_URL.

    Example: DATABASE_URL=sqlite:///new.db allybot restore /backups/2026-03-01
    """
    from allybot.app import assemble_context
    from allybot.services.data import backups
    from allybot.settings import from_environment

    settings = from_environment()
    context = assemble_context(settings)
    typer.echo(f"Into the {context.database.place}; vault: {context.vault.place}.", err=True)
    try:
        with working("Restoring"):
            done = backups.restore(context, folder, keys, shifted(settings.offset)())
    finally:
        context.database.close()
        context.vault.close()
    typer.echo(f"{done.rows} rows are back.")
    if done.keys is None:
        typer.echo("The vault had keys and was left as it is.")
    else:
        typer.echo(f"{done.keys} lines of keys are back; the vault was empty.")
    if done.erased_again:
        typer.echo(f"{done.erased_again} people had been erased since and were erased again.")
    if done.without_key:
        typer.echo(f"The words of {done.without_key} people cannot be read: the vault has no key of theirs.")
    for name in done.lost_windows:
        typer.echo(f"Window {name} has no key in the vault; unless a custodian holds it, it becomes void.")
    if done.doubtful:
        typer.echo(f"{done.doubtful} messages are looked up in Slack before they would be sent again.")
    if done.wraps.unreadable:
        typer.echo(
            f"Warning: {done.wraps.unreadable} of {done.wraps.total} keys and tokens cannot be opened with "
            "ALLYBOT_SECRET_KEY. Set the key they were wrapped with before you start allybot.",
            err=True,
        )


def rotate_keys() -> None:
    """Wrap every stored secret with the first key of ALLYBOT_SECRET_KEY; nobody has to stop for it.

    In order: put the new key last and restart everything, one process after the other; put it first and
    restart again; run this; then take the old one away. With one process begin at the second step.

    Example: ALLYBOT_SECRET_KEY="new...,old..." allybot rotate-keys
    """
    from allybot.services.data import key_rotation

    with opened() as allybot, working("Wrapping"):
        found = key_rotation.rotate(allybot.context)
    for each in found:
        typer.echo(f"{each.what}: {each.anew} wrapped anew, {each.already} were already.")
    lost = sum(each.unreadable for each in found)
    if lost:
        typer.echo(f"{lost} can be opened by none of the keys. Add the key they were wrapped with.", err=True)
        raise typer.Exit(1)


@person.command()
def export(who: Who, *, workspace: Workspace = None) -> None:
    """Print everything held about a person as JSON. It holds their plans: hand it to them and to nobody else.

    Example: allybot person export ada@example.org > for-ada-only.json
    """
    from allybot.services.data import my_data

    with opened() as allybot:
        typer.echo(my_data.as_json(my_data.held(allybot.context, _actor(allybot, who, workspace))))


@person.command()
def erase(
    who: Who,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it nothing is changed.")] = False,
    workspace: Workspace = None,
) -> None:
    """Erase a person at once, as `/allybot forget-me` does; a dry run unless --yes is given.

    Example: allybot person erase U024BE7LH --yes
    """
    from allybot.services.data import erasure, forget_me, suppression

    with opened(any_key=True) as allybot:
        actor = _actor(allybot, who, workspace)
        found = forget_me.what_is_there(allybot.context, actor)
        if yes:
            forget_me.forget(allybot.context, actor)
            erasure.wipe(allybot.context)
        left_alone = suppression.is_suppressed(allybot.context, actor)
    if not found.is_something:
        typer.echo(f"{who} is on no program's list; there is nothing to erase.")
    elif yes and not found.on_a_list:
        typer.echo(
            f"What was held about {who} is deleted: {found.open_answers} sealed answers that waited to be "
            "counted, and a story for circles if they were asked for one."
        )
    elif yes:
        typer.echo(
            f"{who} is erased. Backups hold their Slack id and unreadable text until you replace them."
        )
        if left_alone:
            typer.echo(
                "No list brings them a message again, unless they type “start” to allybot and press “Invite "
                "me again”."
            )
        else:
            typer.echo(
                "Keep them off later lists yourself: ALLYBOT_SECRET_KEY does not fit, so allybot could not "
                "note that they want no messages."
            )
    else:
        typer.echo(
            f"{who} would be erased, with {found.open_answers} sealed answers that are not counted yet."
        )
        typer.echo("This was a dry run and nothing was changed. Add --yes to erase.")
    for program in found.leads:
        typer.echo(f'They lead {program}; `allybot program lead "{program}" {who} --remove` ends that.')
    if found.may_create:
        typer.echo(f"They may create programs; `allybot program allow {who} --remove` ends that.")
    if found.named_in_programs:
        typer.echo(
            "What they changed in programs stays noted, with their Slack id, for those programs' leads."
        )


def _actor(allybot: "Allybot", who: str, workspace: str | None) -> Actor:
    """A Slack id is not looked up, so that people who have left Slack can be erased, too."""
    from allybot.services.programs import directory, workspaces

    workspace_id = workspaces.only_one(allybot.context, workspace)
    if not who.strip():
        raise UserError("Name the person by Slack user id or e-mail address.")
    user = directory.slack_user(allybot.slack, workspace_id, who) if "@" in who else who.strip()
    return Actor(workspace_id, user)
