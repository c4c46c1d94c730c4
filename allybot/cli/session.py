"""The application and progress display of one command."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from allybot import telemetry
from allybot.errors import UserError

if TYPE_CHECKING:
    from allybot.app import Allybot

_TABLES_WAIT_S = 20.0
"""The processes of a Procfile start together; making the tables takes a second or two. Our own choice."""


@contextmanager
def opened(*, any_key: bool = False, create: bool = False, logs: bool = False) -> Iterator["Allybot"]:
    """The application with its schema up to date and its workspace connected; closed afterwards.

    Says which databases it works with: at the end on standard error, or in the line about a mistake.

    Args:
        any_key: for commands that need no stored secret, such as erasing a person.
        create: whether a new database and a new vault get their first tables.
        logs: a process that stays: it says in its log which databases it works with, see `log_start`, and
            waits a moment for the tables that another one may be making.

    Raises:
        SettingsError, ContentError, SlackError, DatabaseUnavailableError: as `assemble` and `prepare`.
        WrongStateError: a database is new where it must not be.
    """
    from allybot.app import assemble, prepare
    from allybot.settings import from_environment

    allybot = assemble(from_environment())
    database, vault = allybot.context.database.place, allybot.context.vault.place
    try:
        prepare(allybot, any_key=any_key, create=create, wait_s=_TABLES_WAIT_S if logs else 0.0)
        yield allybot
    except UserError as error:
        if database not in str(error):
            error.add_note(f"(On the {database}.)")
        raise
    finally:
        allybot.close()
    if not logs:
        typer.echo(f"On the {database}; vault: {vault}.", err=True)


def log_start(allybot: "Allybot") -> None:
    """Log which databases a long-running command works with, and what `doctor` would find at once."""
    from allybot.doctor import found_at_start

    log = telemetry.logger()
    places = allybot.context.database.place, allybot.context.vault.place
    log.info("uses these databases", database=places[0], vault=places[1])
    for name in allybot.workspace_names():
        said = f"connected to {name}"
        log.info(said)
    for finding in found_at_start(allybot.settings, allybot.context, allybot.slack):
        said = f"{finding.what}: {finding.say}"
        log.warning(said)


@contextmanager
def cleaning_up_when_ended() -> Iterator[None]:
    """Leave every `with` block inside when the process is told to end, which else would end at once.

    To be called in the main thread.

    Raises:
        SystemExit: it was told to, by SIGTERM or because its terminal was closed.
    """

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)  # as shells report it

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show a spinner on standard error, if it is a terminal."""
    with Console(stderr=True).status(what):
        yield
