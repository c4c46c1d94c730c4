"""How often the people of `population` do what; our own assumption, made before anything was measured."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allybot.clock import aware
from allybot.domain.check_ins import Pick
from allybot.domain.plans import Outcome

ZONE = ZoneInfo("Europe/Berlin")
FIRST_DAY = date(2026, 1, 12)
"""A Monday, after trainings that ended on the Friday before, or in one of the weeks after."""
CIRCLE, LATEST_TRAINING_WEEKS = 12, 3
ANSWERS, PUTS_OFF, VOTES, CHANGES = 0.85, 0.04, 0.05, 0.08
JOINS_LATE, DECLINES, PAUSES, STOPS, FORGETS, LEAVES_CIRCLE = 0.08, 0.03, 0.08, 0.02, 0.02, 0.02
KEEPS_RHYTHM, KEEPS_GOING = 0.6, 0.3
AFTER: dict[str, tuple[tuple[str, float], ...]] = {
    Outcome.ACTED: ((Pick.SAME, 0.75), (Pick.BOLDER, 0.25)),
    Outcome.NO_MOMENT: ((Pick.WIDEN, 0.45), (Pick.WAIT, 0.55)),
}
FINISHES = {Outcome.ACTED: 0.5}
NAMES_DAY, WANTS_REMINDER, REWORDS = {Outcome.NO_MOMENT: 0.6}, 0.6, 0.6
"""How often a day is named, a reminder is wanted with it, and an offered way to mend the plan is picked."""
NAMES_DAY_ANYWAY = 0.08
SLOWS_DOWN, STOPS_HERE = {Outcome.LESS_MOTIVATED: 0.2}, {Outcome.LESS_MOTIVATED: 0.04}
WRITES_NOTE = {Outcome.ACTED: 0.5, Outcome.NO_MOMENT: 0.1, Outcome.FEARED_REACTION: 0.4}
WRITES_NOTE_ANYWAY = 0.2
"""How often a note to oneself goes with the help: people write down what went well or frightened them."""
ADDS_NOTE_NEXT_DAY, DELETES_NOTE = {Outcome.ACTED: 0.2}, 0.05
ADDS_ANSWER, MARKS_ANSWERED, WRITES_RECAP = 0.1, 0.08, 0.4
"""Of each member who sees a question in the circle, and of who may write a week's recap."""
SWAPS_NEXT_DAY, ASKS_CIRCLE = {Outcome.NOT_MY_PLACE: 0.3}, {Outcome.UNSURE_HOW: 0.3}
TELLS_DEED_NEXT_DAY, WITH_NAME = {Outcome.ACTED: 0.5}, 0.4
"""How often whoever acted tells the circle so, and how often with their name."""
SUGGESTS_NEXT_DAY, SUGGESTS_ANYWAY = {Outcome.NOT_MY_PLACE: 0.2}, 0.02
"""How often whoever found that it was not their place sends the leads a suggestion."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time as aware UTC."""
    return aware(datetime.combine(day, time(hour, minute), ZONE))


def working_days(weeks: int) -> Iterator[date]:
    """The working days of so many weeks from `FIRST_DAY`."""
    days = (FIRST_DAY + timedelta(days=number) for number in range(7 * weeks))
    return (day for day in days if day.weekday() < 5)
