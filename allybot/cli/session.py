"""The application and progress display of one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from allybot.app import Allybot


@contextmanager
def opened(*, any_key: bool = False) -> Iterator["Allybot"]:
    """The application with its schema up to date and its workspace connected; closed afterwards.

    Args:
        any_key: for commands that need no stored secret, such as erasing a person.

    Raises:
        SettingsError, ContentError, SlackError, DatabaseUnavailableError: as `assemble` and `prepare`.
    """
    from allybot.app import assemble, prepare  # noqa: PLC0415 - slow to import; not for `--help`
    from allybot.settings import from_environment  # noqa: PLC0415 - the same

    allybot = assemble(from_environment())
    try:
        prepare(allybot, any_key=any_key)
        yield allybot
    finally:
        allybot.close()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show a spinner on standard error, if it is a terminal."""
    with Console(stderr=True).status(what):
        yield
