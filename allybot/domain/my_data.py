"""Everything that is held about one person, gathered in one value. Datetimes are aware UTC."""

from dataclasses import dataclass
from datetime import date, datetime

from allybot.domain.trainee import Trainee


@dataclass(frozen=True)
class HeldWording:
    """How a plan read before, and the day on which he changed it."""

    cue: str
    response: str
    replaced_on: date


@dataclass(frozen=True)
class HeldPlan:
    """A plan; `cue` and `response` are None when the key to his words is gone.

    Attributes:
        coping: what he does if it goes badly, None when he named nothing or the key is gone.
        earlier: how it read before, oldest first; empty when the key is gone.
    """

    kind: str
    cue: str | None
    response: str | None
    state: str
    created_at: datetime
    times_asked: int
    last_asked_at: datetime | None
    next_moment_on: date | None
    coping: str | None = None
    earlier: tuple[HeldWording, ...] = ()
    remind: bool = False
    reminders_sent: int = 0


@dataclass(frozen=True)
class HeldCheckIn:
    """That he was asked, and whether he answered; what he answered is sealed."""

    step: int
    due_at: datetime
    state: str
    window: str | None


@dataclass(frozen=True)
class HeldCircle:
    """His place in a circle; `sealed_votes` are not opened yet."""

    name: str
    channel: str
    turns: int
    weeks_facilitated: int
    sealed_votes: int


@dataclass(frozen=True)
class HeldMessage:
    """That something was or will be said to him, and where it stands in Slack; never the words."""

    kind: str
    due_at: datetime
    state: str


@dataclass(frozen=True)
class HeldTrainee:
    """What is held because he is on a program's list.

    Attributes:
        why: his personal why, None when he wrote none or its key is gone.
        sealed: how many sealed answers each window still holds, by its name.
        words_readable: whether the key to his words is in the vault.
        questions: what he asked his circle and is not posted yet; None where its key is gone.
    """

    row: Trainee
    program: str
    cohort: str
    support_contact: str
    words_readable: bool
    why: str | None
    plans: tuple[HeldPlan, ...]
    check_ins: tuple[HeldCheckIn, ...]
    sealed: tuple[tuple[str, int], ...]
    circles: tuple[HeldCircle, ...]
    questions: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Held:
    """Everything held about one Slack user; `trainee` None when he is on no list.

    Attributes:
        leads: names of the programs he leads.
        messages: the outbox's notes about messages to him.
    """

    workspace_id: str
    slack_user: str
    leads: tuple[str, ...]
    trainee: HeldTrainee | None
    messages: tuple[HeldMessage, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is held."""
        return self.trainee is None and not self.leads and not self.messages
