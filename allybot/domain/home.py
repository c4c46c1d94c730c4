"""The data of the Home tab."""

from dataclasses import dataclass
from datetime import date, datetime

from allybot.domain.notes import Note
from allybot.domain.people import Program
from allybot.domain.plans import Plan
from allybot.domain.trainee import Trainee


@dataclass(frozen=True)
class HomeFacts:
    """The data of a trainee's Home tab.

    Attributes:
        focus: the plan the next check-in asks about.
        other_plans: the other active plans.
        next_check_in_at: aware UTC; None while paused, stopped or finished.
        circle_channel: the Slack channel of the trainee's ally circle; None without a circle.
        circle_open: whether allybot can post in it.
        may_find_circle: whether they have no circle and may ask one to let them in.
        today: the trainee's local day.
        remind_on: the local day of the focus plan's next reminder; None when none is due.
        may_write: whether there is room for one more plan.
        last_answered: id of the latest check-in, if its answer can still be changed.
        notes: the trainee's notes to themselves, oldest first.
        counted_on: when answers are counted, in the program's zone, in order.
        deleted_on: the day on which the trainee's row and plans are deleted.
        keeps_going: whether they go on after the re-plan, with messages that ask nothing.
    """

    trainee: Trainee
    program: Program
    focus: Plan | None
    other_plans: tuple[Plan, ...]
    next_check_in_at: datetime | None
    circle_channel: str | None
    circle_open: bool
    may_find_circle: bool
    today: date
    remind_on: date | None
    may_write: bool
    last_answered: str | None
    notes: tuple[Note, ...]
    counted_on: tuple[date, ...]
    deleted_on: date
    keeps_going: bool
