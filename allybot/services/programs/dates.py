"""The dates that follow from the end of a cohort's training, and checks for doubtful ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allybot.domain.people import Cohort, Program
from allybot.errors import DoubtfulDatesError, UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.programs.terms import closing, kept_until
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots

MAX_DISTANCE = timedelta(days=366)
"""A training farther from today needs confirmation; our own choice, as are the two below."""
MAX_PLAUSIBLE_DISTANCE = timedelta(days=3653)
"""Ten years: a date farther away is refused even when confirmed."""
MIN_KEPT = timedelta(days=30)
"""Deletion sooner than this needs confirmation."""


@dataclass(frozen=True)
class CohortDates:
    """The dates of one cohort, in the program's zone.

    Attributes:
        first_check_in_on, last_check_in_on: by the ladder; weekends and holidays postpone them.
        closes_on: when the program's last window closes; nobody can be enrolled after it.
        deleted_on: when the program's trainees are deleted, besides those who keep going.
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
        """Whether it needs confirmation: over a year away, no check-in left, or deleted within `MIN_KEPT`."""
        return (
            abs(self.training_ended_on - self.today) > MAX_DISTANCE
            or self.last_check_in_on < self.today
            or self.deleted_on - self.today < MIN_KEPT
        )

    def doubt(self) -> str:
        """One sentence on what would happen to somebody enrolled today."""
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
        """One sentence with the dates ahead of this cohort."""
        first = "from" if self.first_check_in_on >= self.today else "was due on"
        return (
            f"Cohort {self.cohort}: training {self._ended} on {in_words(self.training_ended_on)}; first "
            f"check-in {first} {in_words(self.first_check_in_on)}; everybody is deleted on "
            f"{in_words(self.deleted_on)}, whoever chooses to keep going some weeks later."
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
    """A day as the operator reads it, such as 9 January 2026."""
    return f"{day.day} {day:%B %Y}"


def check_day(cohort: str, training_ended_on: date, today: date) -> None:
    """Refuse an impossible end of training.

    Raises:
        UserError: it is more than ten years away.
    """
    if abs(training_ended_on - today) > MAX_PLAUSIBLE_DISTANCE:
        raise UserError(
            f"Cohort {cohort}: the end of its training, {training_ended_on.isoformat()}, lies more than ten "
            "years away. Check the year."
        )


def dates_of(
    context: Context, tx: Transaction, program: Program, cohort: Cohort, now: datetime
) -> CohortDates:
    """The dates of a cohort as the program stands at `now` (aware UTC)."""
    deleted_on = kept_until(context, tx, program).astimezone(program.zone).date()
    return dates_with(context, program, cohort, closing(tx, program)[-1][1], deleted_on, now)


def dates_with(
    context: Context, program: Program, cohort: Cohort, closes_on: date, deleted_on: date, now: datetime
) -> CohortDates:
    """The dates of a cohort whose last window closes, and whose people are deleted, on these days.

    Args:
        closes_on, deleted_on: in the program's zone.
        now: aware UTC.
    """
    ladder, ended = context.content.rules.ladder, cohort.training_ended_on
    return CohortDates(
        cohort=cohort.name,
        training_ended_on=ended,
        first_check_in_on=ended + timedelta(days=ladder.steps_days[0]),
        last_check_in_on=ended + timedelta(days=ladder.replan_day),
        closes_on=closes_on,
        deleted_on=deleted_on,
        today=now.astimezone(program.zone).date(),
    )


def require_confirmed(dates: Sequence[CohortDates], *, confirmed: bool) -> None:
    """Refuse doubtful dates unless they are confirmed.

    Raises:
        DoubtfulDatesError: names each such cohort and what would happen.
    """
    doubts = [each.doubt() for each in dates if each.doubtful]
    if doubts and not confirmed:
        raise DoubtfulDatesError(
            f"{' '.join(doubts)} Check the dates; if they are meant, add --confirm-dates."
        )


def require_running(tx: Transaction, program: Program, now: datetime) -> None:
    """Refuse a program that is over at `now` (aware UTC).

    Raises:
        WrongStateError: its last window has closed, so no answer could be counted.
    """
    last = ballots.windows_of(tx, program.id)[-1].closes_at
    if last is not None and last <= now:
        day = in_words(last.astimezone(program.zone).date())
        raise WrongStateError(
            f"{program.name} is over: its last window closed on {day}, and soon everybody in it is deleted. "
            "Create a new edition of it with `allybot program create`."
        )
