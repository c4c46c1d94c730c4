"""The result of one check."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One check's result.

    Attributes:
        what: what was checked.
        good: whether it is in order.
        say: what was found, or what to do about it; never a secret.
    """

    what: str
    good: bool
    say: str
