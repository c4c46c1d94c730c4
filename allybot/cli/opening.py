"""Opening the house for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from allybot.app import Allybot


@contextmanager
def opened(*, any_key: bool = False) -> Iterator["Allybot"]:
    """A whole allybot with its schema up to date and its workspace connected; closed afterwards.

    Args:
        any_key: for what needs none of the stored secrets, such as erasing somebody.

    Raises:
        SettingsError, ContentError, SlackError, DatabaseUnavailableError: as `assemble` and `prepare`.
    """
    from allybot.app import assemble, prepare  # noqa: PLC0415 - the whole bot; `--help` needs none of it
    from allybot.settings import from_environment  # noqa: PLC0415 - the same

    allybot = assemble(from_environment())
    try:
        prepare(allybot, any_key=any_key)
        yield allybot
    finally:
        allybot.close()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on standard error, at a terminal, that something is under way."""
    with Console(stderr=True).status(what):
        yield
