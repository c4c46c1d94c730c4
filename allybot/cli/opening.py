"""Opening the house for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from allybot.app import Allybot, assemble, prepare
from allybot.settings import from_environment


@contextmanager
def opened(*, any_key: bool = False) -> Iterator[Allybot]:
    """A whole allybot with its schema up to date and its workspace connected; closed afterwards.

    Args:
        any_key: for what needs none of the stored secrets, such as erasing somebody.

    Raises:
        SettingsProblem, ContentProblem, SlackProblem, DatabaseUnavailable: as `assemble` and `prepare`.
    """
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
