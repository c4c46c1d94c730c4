"""The error of a change that cannot be made; its message is what the operator reads."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from allybot.domain.program_changes import Refusal
from allybot.errors import FieldError, UserError, WrongStateError
from allybot.i18n import ENGLISH
from allybot.prompts.programs.refusals import said

T = TypeVar("T")


class ChangeRefusedError(WrongStateError):
    """This change cannot be made.

    Attributes:
        reason, name, day: as for `prompts.programs.refusals.said`.
    """

    def __init__(self, reason: Refusal, name: str = "", day: date | None = None) -> None:
        super().__init__(said(ENGLISH, reason, name, day))
        self.reason, self.name, self.day = reason, name, day


def or_refuse(check: Callable[[], T], reason: Refusal, name: str = "") -> T:
    """The result of a check.

    Raises:
        ChangeRefusedError: the check failed; a field's error says itself why, where its reason is known.
    """
    try:
        return check()
    except FieldError as error:
        raise ChangeRefusedError(Refusal(error.reason), name) from error
    except UserError as error:
        raise ChangeRefusedError(reason, name) from error
