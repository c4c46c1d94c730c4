"""What the Home tab shows, gathered in one value."""

from dataclasses import dataclass
from datetime import date, datetime

from allybot.domain.people import Program
from allybot.domain.plans import Plan
from allybot.domain.trainee import Trainee


@dataclass(frozen=True)
class HomeFacts:
    """What a trainee's Home tab is made of.

    Attributes:
        focus: the plan the next check-in asks about.
        other_plans: his other active plans.
        next_check_in_at: aware UTC; None while paused, stopped or through.
        circle_channel: the Slack channel of his ally circle, if he is in one.
        circle_open: whether allybot can post there.
        today: his local day.
        remind_on: the local day of the reminder he wants of the focus plan's moment, None when none comes.
    """

    trainee: Trainee
    program: Program
    focus: Plan | None
    other_plans: tuple[Plan, ...]
    next_check_in_at: datetime | None
    circle_channel: str | None
    circle_open: bool
    today: date
    remind_on: date | None
