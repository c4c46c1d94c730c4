"""What the answer to a typed message may depend on, besides its meaning."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.meanings import Meaning
from allybot.domain.trainee import TraineeState

WITH_CONTACT = frozenset({Meaning.HELP, Meaning.UNKNOWN, Meaning.BOT, Meaning.PERSON, Meaning.ANGRY})
"""What is answered with the support contact below."""


@dataclass(frozen=True)
class Asker:
    """A trainee who has typed something.

    Attributes:
        support_contact: the program's.
        language: of what was typed, two letters.
        waiting_id: the check-in that waits for its answer.
        answered_id: the latest check-in, if its answer can be changed.
        next_on: the local day of the next check-in; None when none is planned.
        back_on: the first day after the pause; None without one, or where it has no end.
        pause_until: the day that was typed as the end of a pause.
        is_slower: whether they are asked at every other step.
    """

    state: TraineeState
    support_contact: str
    language: str = "en"
    waiting_id: str | None = None
    answered_id: str | None = None
    next_on: date | None = None
    back_on: date | None = None
    pause_until: date | None = None
    is_slower: bool = False
