"""One tree of errors. A class's docstring is its default message; what a caller needs is an attribute."""

from typing import ClassVar


class AllybotError(Exception):
    """Something went wrong in allybot."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class UserMistake(AllybotError):
    """That cannot be done as asked."""


class SettingsProblem(UserMistake):
    """A setting is missing or wrong."""


class ContentProblem(UserMistake):
    """A file of the content cannot be used."""


class NotFound(UserMistake):
    """There is nothing of that name."""


class NotALead(UserMistake):
    """Only a lead of the program may do this."""


class WrongState(UserMistake):
    """This is no longer possible."""


class DoubtfulDates(UserMistake):
    """These dates are hardly meant, and nobody has confirmed them."""


class FieldProblem(UserMistake):
    """What was written in one field of a form cannot be kept as it is.

    Attributes:
        field: the name of the field, as the form's author calls it.
        reason: a code from the domain; the words for it are chosen where they are shown.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class Undecipherable(AllybotError):
    """A stored secret cannot be opened with the keys at hand."""


class UnknownZone(AllybotError):
    """A row names a time zone that this host does not know. Install the newest tzdata, or correct the row."""


class DatabaseUnavailable(AllybotError):
    """The database cannot be reached, or is too busy; nothing was changed."""


class SlackProblem(AllybotError):
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


class SlackRefused(SlackProblem):
    """Slack refused for good: asking again unchanged will not help.

    Attributes:
        needed: the scopes it asks for, separated by commas, where it refused for want of one.
    """

    permanent = True

    def __init__(self, method: str, reason: str, needed: str = "") -> None:
        super().__init__(method, reason)
        self.needed = needed


class SlackUnavailable(SlackProblem):
    """Slack did nothing and says to try again.

    Attributes:
        retry_after: seconds Slack asked us to wait, or None where it did not say.
    """

    def __init__(self, method: str, reason: str, retry_after: float | None = None) -> None:
        super().__init__(method, reason)
        self.retry_after = retry_after


class SlackUncertain(SlackProblem):
    """Slack may or may not have done it: a time-out, a drop after sending, a 5xx, `fatal_error`."""
