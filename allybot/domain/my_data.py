"""Everything that is held about one person, gathered in one value. Datetimes are aware UTC."""

from dataclasses import dataclass
from datetime import date, datetime

from allybot.domain.trainee import Trainee


@dataclass(frozen=True)
class HeldWording:
    """An earlier wording of a plan, and the day it was replaced."""

    cue: str
    response: str
    replaced_on: date


@dataclass(frozen=True)
class HeldNote:
    """A note to oneself, and the day it was written."""

    text: str
    written_on: date


@dataclass(frozen=True)
class HeldPlan:
    """A plan; `cue` and `response` are None when the trainee's key is gone.

    Attributes:
        coping: what they do if it goes badly; None when not given, or when the key is gone.
        cue_object: a thing that reminds of the plan; None likewise.
        earlier: earlier wordings, oldest first; empty when the key is gone.
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
    cue_object: str | None = None
    earlier: tuple[HeldWording, ...] = ()
    remind: bool = False
    reminders_sent: int = 0


@dataclass(frozen=True)
class HeldCheckIn:
    """One check-in and whether it was answered; the answer is sealed."""

    step: int
    due_at: datetime
    state: str
    window: str | None


@dataclass(frozen=True)
class HeldCircle:
    """A circle membership; `sealed_votes` counts unopened votes."""

    name: str
    channel: str
    turns: int
    weeks_facilitated: int
    sealed_votes: int


@dataclass(frozen=True)
class HeldCircleText:
    """A question, an answer or a recap for the circle.

    Attributes:
        waits: whether it is not posted yet.
        text: while it waits; None for one that cannot be read.
        author_until: of a posted question, the day (UTC) until which it is kept that it is theirs.
    """

    kind: str
    written_on: date
    waits: bool = False
    text: str | None = None
    author_until: date | None = None


@dataclass(frozen=True)
class HeldWaiting:
    """Sealed answers that wait in a pool, until a day in the program's zone."""

    program: str
    pool: str
    window: str
    answers: int
    until: date


@dataclass(frozen=True)
class HeldMessage:
    """A message to the person and its state; never its text."""

    kind: str
    due_at: datetime
    state: str


@dataclass(frozen=True)
class HeldStory:
    """A story they were asked for, and what they told so far.

    Attributes:
        asked_by: Slack id of the lead who asked.
        parts: what was told; empty before, and where its key is gone.
        delete_on: the day (UTC) of its deletion.
    """

    program: str
    asked_by: str
    named: bool
    parts: tuple[str, ...]
    delete_on: date


@dataclass(frozen=True)
class HeldInProgram:
    """Where somebody's Slack id stands in what a program's leads can read.

    Attributes:
        changes: entries of its log that they made, or that say they became or were a lead.
        suggestions: those they answered or hid.
    """

    program: str
    changes: int
    suggestions: int


@dataclass(frozen=True)
class HeldTrainee:
    """What is held about a trainee.

    Attributes:
        why: their personal why; None when not given, or when the key is gone.
        sealed: number of sealed answers in each window, by its name.
        words_readable: whether their personal key is in the vault.
        asked_circle_on: local day of their latest question to the circle, while it bars the next one.
        circle_texts: what they wrote to the circle and is not posted yet, or is still known to be theirs.
        notes: their notes to themselves, oldest first; empty when the key is gone.
        left_circles: names of circles they left by the button and in whose channel they may still be.
        deeds: what they told their circle and is not posted yet; None for one that cannot be read.
        suggestion: what waits to go to the leads; None when nothing does, or when the key is gone.
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
    asked_circle_on: date | None = None
    circle_texts: tuple[HeldCircleText, ...] = ()
    notes: tuple[HeldNote, ...] = ()
    left_circles: tuple[str, ...] = ()
    deeds: tuple[str | None, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True)
class Held:
    """Everything held about one Slack user; `trainee` is None when they are no trainee.

    Attributes:
        leads: names of the programs they lead.
        messages: the outbox's rows for messages to them.
        suppressed: whether they are on the suppression list, as a digest.
        waiting: sealed answers of theirs that wait in a pool, also once they are no trainee any more.
        stories: those for circles that they were asked for.
        in_programs: where their name stands in programs they lead, led or set up, by name. For how many
            stories they asked is left out: the number would fall when somebody says no, which nobody is told.
        may_create: whether the operator lets them create programs.
    """

    workspace_id: str
    slack_user: str
    leads: tuple[str, ...]
    trainee: HeldTrainee | None
    messages: tuple[HeldMessage, ...]
    suppressed: bool = False
    waiting: tuple[HeldWaiting, ...] = ()
    stories: tuple[HeldStory, ...] = ()
    in_programs: tuple[HeldInProgram, ...] = ()
    may_create: bool = False

    @property
    def has_led(self) -> bool:
        """Whether they lead a program, led one or changed something in one."""
        return bool(self.leads or self.in_programs)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is held."""
        held = (self.has_led, self.may_create, self.messages, self.suppressed, self.waiting, self.stories)
        return self.trainee is None and not any(held)
