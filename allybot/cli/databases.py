"""`allybot database move`, `daily-backup` and `restore-drill`."""

import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from allybot.cli.session import cleaning_up_when_ended, opened, working
from allybot.clock import real_now, shifted
from allybot.errors import UserError

database = typer.Typer(
    help="Move the database and the vault.\n\nExample: allybot database move --to postgresql://db/allybot "
    "--vault-to postgresql://keys/vault",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@database.callback()
def _several() -> None:
    """Keep `move` a word of its own while it is the only one."""


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(database, name="database")
    app.command()(daily_backup)
    app.command()(restore_drill)


@database.command()
def move(
    *,
    to: Annotated[str, typer.Option(help="The new, empty database: postgresql://... or sqlite:///...")] = "",
    vault_to: Annotated[str, typer.Option(help="The new, empty vault; best in a cluster of its own.")] = "",
    stopped: Annotated[
        bool, typer.Option("--stopped", help="The workers are dead, whatever their last heartbeat says.")
    ] = False,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="End a move that was cut off, and go on in the old place.")
    ] = False,
) -> None:
    """Copy database and vault elsewhere, compare every table, and close the old ones. Stop allybot first.

    allybot stands still from the moment you stop it until it starts in the new place. No process can write
    into the old databases any more, and at the end the keys in the old vault are deleted, so that nobody can
    open plans or answers there. A move that was cut off is repeated by the same command. Passwords are better
    left out of the addresses: ~/.pgpass or PGPASSWORD is read.

    Example: allybot database move --to postgresql://me@one/allybot --vault-to postgresql://me@two/vault
    """
    from allybot.app import assemble_context, move_databases
    from allybot.services.data import database_move
    from allybot.settings import from_environment

    settings = from_environment()
    if give_up:
        context = assemble_context(settings)
        with closing(context.database), closing(context.vault):
            found = database_move.give_up(context)
        typer.echo(
            "The old databases are open again. Empty the new ones before you try again."
            if found
            else "No move had begun."
        )
        return
    if not to or not vault_to:
        raise UserError("Name both: --to for the database, and --vault-to for the vault.")
    began = time.monotonic()
    with working("Copying and comparing"):
        done = move_databases(settings, to, vault_to, stopped=stopped)
    seconds = time.monotonic() - began
    typer.echo(
        f"{done.database_rows} rows of the database and {done.vault_rows} of the vault are in their new "
        f"places, and every table was compared ({seconds:.0f} s)."
    )
    typer.echo("Now put the new addresses into DATABASE_URL and ALLYBOT_VAULT_URL, and start allybot.")
    typer.echo(
        "Once it runs, make a backup and delete the old databases, within 7 days. The old vault holds no "
        "keys any more; the old database still names everybody who asks to be forgotten from now on."
    )
    if not done.keys_wiped:
        typer.echo("A process still reads the old vault. Until it ends, SQLite's log keeps the keys: end it.")


Folder = Annotated[Path, typer.Argument(help="Where the backups are, each in a folder named by its date.")]
KeysFolder = Annotated[
    Path, typer.Option("--keys", help="Where the files of people's keys are; another disk.")
]


def daily_backup(
    folder: Folder,
    *,
    keys: KeysFolder,
    days: Annotated[int, typer.Option(help="Keep no backup longer than this; at most 30.")] = 30,
    keys_days: Annotated[int, typer.Option(help="Keep no keys' file longer than this; at most 7.")] = 7,
) -> None:
    """Make a backup named by its date, then delete those that are too old. Run it every day.

    The words of whoever asks to be forgotten are unreadable in every backup once the keys' files from before
    are deleted, after 7 days at most; their place on the list is gone from all of them after 30, as long
    as it runs every day. What would be too old by tomorrow is deleted today, also if the new backup fails.

    Example: allybot daily-backup /backups --keys /elsewhere
    """
    from allybot.services.data import daily_backups
    from allybot.services.data.known_databases import require_programs

    with opened(any_key=True) as allybot, working("Copying"):
        require_programs(allybot.context)
        done = daily_backups.make(allybot.context, folder, keys, real_now(), days=days, keys_days=keys_days)
    typer.echo(f"{done.made.database}: {done.made.database_lines} lines.")
    typer.echo(f"{done.made.keys}: {done.made.keys_lines} lines.")
    typer.echo(f"Deleted as too old: {done.old_backups} backups and {done.old_keys} files of keys.")


def restore_drill(folder: Folder, *, keys: KeysFolder) -> None:
    """Restore the newest backup into a temporary place, read everybody's words there, and delete it again.

    Neither the database nor the vault is touched. Ends with code 1 if the backup cannot be relied on.

    Example: allybot restore-drill /backups --keys /elsewhere
    """
    from allybot.app import assemble_context
    from allybot.services.data import daily_backups
    from allybot.settings import from_environment

    settings = from_environment()
    context = assemble_context(settings)
    with (
        closing(context.database),
        closing(context.vault),
        working("Restoring into a temporary place"),
        cleaning_up_when_ended(),
    ):
        done = daily_backups.drill(context, folder, keys, real_now(), shifted(settings.offset)())
    typer.echo(f"{done.backup}, with {done.keys}:")
    typer.echo(
        f"{done.restored.rows} rows and {done.restored.keys} lines of keys came back, and the words of "
        f"{done.words_read} people could be read."
    )
    for problem in done.problems:
        typer.echo(f"!! {problem}")
    if done.problems:
        raise typer.Exit(1)
    typer.echo(
        "This backup can be relied on; sealed answers would be lost with the vault, as they have to be."
    )
