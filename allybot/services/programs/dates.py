"""What follows from the day on which a cohort's training ends, and which days are hardly meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allybot.domain.people import Cohort, Program
from allybot.errors import DoubtfulDatesError, UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.programs.terms import closing, kept_until
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots

FARTHEST = timedelta(days=366)
"""A training that lies farther from today is asked about; our own choice, as are the two below."""
NO_TRAINING = timedelta(days=3653)
"""Ten years: what lies farther away is a slip of the finger, and confirming it does not help."""
MIN_KEPT = timedelta(days=30)
"""People who would be deleted sooner are asked about."""


@dataclass(frozen=True)
class CohortDates:
    """What follows for one cohort; every day in the program's zone.

    Attributes:
        first_check_in_on, last_check_in_on: by the ladder; a weekend or a holiday moves them on.
        closes_on: when the program's last window closes, after which nobody can be enrolled.
        deleted_on: when everybody in the program is deleted.
    """

    cohort: str
    training_ended_on: date
    first_check_in_on: date
    last_check_in_on: date
    closes_on: date
    deleted_on: date
    today: date

    @property
    def doubtful(self) -> bool:
        """Whether it is hardly meant: over a year away, no check-in left, or deleted within days."""
        return (
            abs(self.training_ended_on - self.today) > FARTHEST
            or self.last_check_in_on < self.today
            or self.deleted_on - self.today < MIN_KEPT
        )

    def doubt(self) -> str:
        """What would happen to whoever was enrolled today, in one sentence."""
        closed = "would have closed" if self.closes_on < self.today else "would close"
        over = ", so nobody could be enrolled" if self.closes_on < self.today else ""
        return (
            f"Cohort {self.cohort}: its training {self._ended} on {in_words(self.training_ended_on)}, "
            f"{self._away(self.training_ended_on)}; the first check-in {self._would(self.first_check_in_on)} "
            f"due on {in_words(self.first_check_in_on)} and the last on {in_words(self.last_check_in_on)}, "
            f"its last window {closed} on {in_words(self.closes_on)}{over}, and everybody in it "
            f"{self._would(self.deleted_on)} deleted on {in_words(self.deleted_on)}, that is "
            f"{self._away(self.deleted_on)}."
        )

    def summary(self) -> str:
        """What is to come for people of this cohort, in one sentence."""
        first = "from" if self.first_check_in_on >= self.today else "was due on"
        return (
            f"Cohort {self.cohort}: training {self._ended} on {in_words(self.training_ended_on)}; first "
            f"check-in {first} {in_words(self.first_check_in_on)}; everybody is deleted on "
            f"{in_words(self.deleted_on)}."
        )

    @property
    def _ended(self) -> str:
        return "ended" if self.training_ended_on < self.today else "ends"

    def _would(self, day: date) -> str:
        return "would have been" if day < self.today else "would be"

    def _away(self, day: date) -> str:
        days = (day - self.today).days
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
        return near.get(days, f"in {days} days" if days > 0 else f"{-days} days ago")


def in_words(day: date) -> str:
    """A day for whoever runs commands, such as 9 January 2026."""
    return f"{day.day} {day:%B %Y}"


def check_day(cohort: str, training_ended_on: date, today: date) -> None:
    """Refuse a day that cannot be the end of a training, before anything is worked out from it.

    Raises:
        UserError: it lies more than ten years away.
    """
    if abs(training_ended_on - today) > NO_TRAINING:
        raise UserError(
            f"Cohort {cohort}: the end of its training, {training_ended_on.isoformat()}, lies more than ten "
            "years away. Check the year."
        )


def dates_of(
    context: Context, tx: Transaction, program: Program, cohort: Cohort, now: datetime
) -> CohortDates:
    """What follows for a cohort as the program stands at `now` (aware UTC)."""
    ladder, ended = context.content.rules.ladder, cohort.training_ended_on
    return CohortDates(
        cohort=cohort.name,
        training_ended_on=ended,
        first_check_in_on=ended + timedelta(days=ladder.steps_days[0]),
        last_check_in_on=ended + timedelta(days=ladder.replan_day),
        closes_on=closing(tx, program)[-1][1],
        deleted_on=kept_until(context, tx, program).astimezone(program.zone).date(),
        today=now.astimezone(program.zone).date(),
    )


def require_meant(dates: Sequence[CohortDates], *, confirmed: bool) -> None:
    """Refuse dates that are hardly meant, unless somebody has confirmed them.

    Raises:
        DoubtfulDatesError: naming each such cohort and what would happen.
    """
    doubts = [each.doubt() for each in dates if each.doubtful]
    if doubts and not confirmed:
        raise DoubtfulDatesError(
            f"{' '.join(doubts)} Check the dates; if they are meant, add --confirm-dates."
        )


def require_running(tx: Transaction, program: Program, now: datetime) -> None:
    """Refuse to go on when a program is over at `now` (aware UTC).

    Raises:
        WrongStateError: its last window has closed; no answer of anybody could be counted any more.
    """
    last = ballots.windows_of(tx, program.id)[-1].closes_at
    if last is not None and last <= now:
        day = in_words(last.astimezone(program.zone).date())
        raise WrongStateError(
            f"{program.name} is over: its last window closed on {day}, and soon everybody in it is deleted. "
            "Create a new edition of it with `allybot program create`."
        )
