"""What a typed message may mean, and in which situation it is typed."""

from enum import StrEnum
from typing import Literal

Language = Literal["en", "de"]


class Meaning(StrEnum):
    """What a typed message seems to say or to ask for.

    New ones are appended, since their place is what `typed_packing` stores.
    """

    SERIOUS = "serious"
    """Distress, misconduct, somebody in danger; in a message of any length."""
    FORGET = "forget"
    """Delete my data."""
    WHO_SEES = "who_sees"
    MY_DATA = "my_data"
    """What is kept about me."""
    ACTED = "acted"
    """It came up and I did it; also a bare "yes"."""
    NOT_ACTED = "not_acted"
    """It came up and I did not; also a bare "no"."""
    FORGOT = "forgot"
    NO_TIME = "no_time"
    NOT_MY_PLACE = "not_my_place"
    UNSURE_HOW = "unsure_how"
    FEARED_REACTION = "feared_reaction"
    LESS_MOTIVATED = "less_motivated"
    NO_MOMENT = "no_moment"
    """It did not come up."""
    NOD = "nod"
    """A thumb or a tick alone: an answer while a check-in is open."""
    LATER = "later"
    START = "start"
    DECLINE = "decline"
    RESUME = "resume"
    PAUSE = "pause"
    SLOWER = "slower"
    STOP = "stop"
    QUIET_DAYS = "quiet_days"
    CHANGE_ANSWER = "change_answer"
    NEXT = "next"
    """When the next check-in comes, or how many are left."""
    PLANS = "plans"
    WRITE_PLAN = "write_plan"
    DONE = "done"
    """Done with this plan."""
    HELP = "help"
    BOT = "bot"
    """Is this a bot?"""
    PERSON = "person"
    """To talk to a person."""
    LINES = "lines"
    """What to say in a situation."""
    ANGRY = "angry"
    THANKS = "thanks"
    GREETING = "greeting"
    UNKNOWN = "unknown"
    CIRCLE = "circle"
    """About the circle: who facilitates, what was voted, how to leave."""
    TELL_LEADS = "tell_leads"
    """To tell the leads something: by its beginning alone, the classifier does not know it."""
    REHEARSE = "rehearse"
    """This and the following by their command alone, see `typed_commands`."""
    NOTES = "notes"
    WHY = "why"
    ASK_CIRCLE = "ask_circle"
    LEADING = "leading"


ANSWERS = frozenset({
    Meaning.ACTED, Meaning.NOT_ACTED, Meaning.FORGOT, Meaning.NO_TIME, Meaning.NOT_MY_PLACE,
    Meaning.UNSURE_HOW, Meaning.FEARED_REACTION, Meaning.LESS_MOTIVATED, Meaning.NO_MOMENT,
})  # fmt: skip
"""What answers a check-in."""
ACTS = frozenset(
    {Meaning.FORGET, Meaning.START, Meaning.DECLINE, Meaning.RESUME, Meaning.PAUSE, Meaning.STOP}
)
"""What begins, ends or deletes something once its button is pressed."""
WORDS_ALONE = frozenset({Meaning.BOT, Meaning.ANGRY, Meaning.THANKS, Meaning.GREETING, Meaning.UNKNOWN})
"""What has no button of its own, so that it is no use as a second meaning."""


class Situation(StrEnum):
    """Where somebody stands who types: how likely each meaning is depends on it."""

    UNDECIDED = "undecided"
    """Has not said yes, or has said no."""
    WAITING = "waiting"
    """A check-in waits for its answer."""
    ACTIVE = "active"
    """Is asked now and then; no check-in waits."""
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
