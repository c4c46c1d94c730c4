"""All errors. A class's docstring is its default message; details for callers are attributes."""

from collections.abc import Mapping
from typing import ClassVar


class AllybotError(Exception):
    """Something went wrong in allybot."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class UserError(AllybotError):
    """That cannot be done as asked."""


class SettingsError(UserError):
    """A setting is missing or wrong."""


class ContentError(UserError):
    """A file of the content cannot be used."""


class NotFoundError(UserError):
    """There is nothing of that name."""


class NotALeadError(UserError):
    """Only a lead of the program may do this."""


class NotAllowedError(UserError):
    """This workspace is not among those that may install allybot here."""


class WrongStateError(UserError):
    """This is no longer possible."""


class DoubtfulDatesError(UserError):
    """These dates are hardly meant, and nobody has confirmed them."""


class SupersededError(AllybotError):
    """A newer question is waiting for an answer.

    Attributes:
        newest: its id.
    """

    def __init__(self, newest: str) -> None:
        super().__init__()
        self.newest = newest


class FieldError(UserError):
    """What was written in one field of a form cannot be kept as it is.

    Attributes:
        field: the name of the form's field.
        reason: a code from the domain; prompts choose the words for it.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class FormError(UserError):
    """Several fields of a form cannot be kept as they are.

    Attributes:
        problems: a reason for each field's name, from the domain or a service; prompts choose the words.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {reason}" for field, reason in problems.items()))
        self.problems = dict(problems)


class DecryptionError(AllybotError):
    """A stored secret cannot be opened with the keys at hand."""


class UnknownZoneError(AllybotError):
    """A row names a time zone that this host does not know. Install the newest tzdata, or correct the row."""


class DatabaseUnavailableError(AllybotError):
    """The database cannot be reached, or is too busy; nothing was changed."""


class SlackError(AllybotError):
    """Slack did not do what was asked.

    Attributes:
        method: the Web API method, such as `chat.postMessage`.
        reason: Slack's error code or the kind of transport failure; never message text.
    """

    permanent: ClassVar[bool] = False

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"{method}: {reason}")
        self.method = method
        self.reason = reason


class SlackRefusedError(SlackError):
    """Slack refused for good: asking again unchanged will not help.

    Attributes:
        needed: the scopes it asks for, separated by commas, where it refused for want of one.
    """

    permanent = True

    def __init__(self, method: str, reason: str, needed: str = "") -> None:
        super().__init__(method, reason)
        self.needed = needed


class SlackUnavailableError(SlackError):
    """Slack did nothing and says to try again.

    Attributes:
        retry_after: seconds Slack asked us to wait, or None where it did not say.
    """

    def __init__(self, method: str, reason: str, retry_after: float | None = None) -> None:
        super().__init__(method, reason)
        self.retry_after = retry_after


class SlackUncertainError(SlackError):
    """Slack may or may not have done it: a time-out, a drop after sending, a 5xx, `fatal_error`."""
