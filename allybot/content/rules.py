"""The tunable rules (`allybot.toml`), with their limits and how they must fit together."""

from datetime import time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from allybot.content.words import Frozen, Label
from allybot.domain.plans import MAX_ACTIVE_PLANS, Outcome, PlanKind
from allybot.domain.private_record import LONGEST_OPEN

Days = Annotated[int, Field(ge=1, le=366)]
WorkingDays = Annotated[int, Field(ge=1, le=10)]
Votes = Annotated[int, Field(ge=3, le=10)]
"""At least three: with two votes, either voter would know the other's. Our own choice."""


class Weekday(StrEnum):
    """A day of the week as written in the file."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        """Monday is 0, as in `datetime.date.weekday`."""
        return list(Weekday).index(self)


def _grow(days: tuple[int, ...]) -> bool:
    return all(earlier < later for earlier, later in pairwise(days))


class Ladder(Frozen):
    """The days of the check-ins, counted from the end of the training.

    Attributes:
        fresh_start_day: the step at which whoever is silent gets a fresh start instead.
        keep_going_days: days after the re-plan, for whoever chooses them; empty for nobody.
    """

    steps_days: tuple[Days, ...] = Field(min_length=1)
    replan_day: Days
    fresh_start_day: Days
    keep_going_days: tuple[Days, ...]

    @model_validator(mode="after")
    def _steps_grow(self) -> Self:
        if not _grow((*self.steps_days, self.replan_day)):
            raise ValueError(
                "each step must be later than the one before it, and replan_day later than all steps"
            )
        if not _grow((self.replan_day, *self.keep_going_days)):
            raise ValueError(
                "keep_going_days must be later than replan_day, and each later than the one before it"
            )
        if self.fresh_start_day not in self.steps_days:
            raise ValueError("fresh_start_day must be one of steps_days")
        return self


class CheckIns(Frozen):
    """The days and local times of check-ins, and when they become rarer for want of answers."""

    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    local_time: time
    jitter_minutes: int = Field(ge=0, le=240)
    working_days: tuple[Weekday, ...] = Field(min_length=1)
    working_hours_start: time
    working_hours_end: time
    min_days_between: Days
    follow_up_after_working_days: WorkingDays
    silent_steps_before_slower: int = Field(ge=1, le=5)
    stale_after_working_days: WorkingDays

    @model_validator(mode="after")
    def _within_working_hours(self) -> Self:
        if not set(self.weekdays) <= set(self.working_days):
            raise ValueError("weekdays holds a day that is not among working_days")
        start, end = _since_midnight(self.working_hours_start), _since_midnight(self.working_hours_end)
        first = _since_midnight(self.local_time)
        last = first + timedelta(minutes=self.jitter_minutes)
        if not start <= first <= last <= end:
            raise ValueError("local_time and its jitter_minutes must lie within the working hours")
        return self


class Window(Frozen):
    """A period of the program whose answers are counted and published together.

    Attributes:
        steps_days: the ladder's steps whose answers it counts.
        ends_on_day: its nominal end, in days after the training of the program's last cohort.
    """

    name: Label
    steps_days: tuple[Days, ...] = Field(min_length=1)
    ends_on_day: Days

    @model_validator(mode="after")
    def _ends_after_its_steps(self) -> Self:
        if not _grow(self.steps_days) or self.steps_days[-1] > self.ends_on_day:
            raise ValueError("each step must be later than the one before it, and none after ends_on_day")
        return self


class Windows(Frozen):
    """All windows of a program, in order."""

    grace_days: int = Field(ge=0, le=60)
    parts: tuple[Window, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len({part.name for part in self.parts}) < len(self.parts):
            raise ValueError("two windows have the same name")
        if not _grow(tuple(part.ends_on_day for part in self.parts)):
            raise ValueError("each window must end later than the one before it")
        if len(self.parts) > 1 and self.whole.name in {part.name for part in self.parts}:
            raise ValueError(f"{self.whole.name} is the name of the window over all weeks, and of no part")
        return self

    @property
    def whole(self) -> Window:
        """The one window of a program that also counts how many had a moment: all parts together."""
        last = self.parts[-1].ends_on_day
        steps = tuple(day for part in self.parts for day in part.steps_days)
        return Window(name=f"1-{last // 7}", steps_days=steps, ends_on_day=last)

    def of(self, *, counts_moments: bool) -> tuple[Window, ...]:
        """The windows of a program, in order."""
        return (self.whole,) if counts_moments else self.parts

    def of_step(self, day: int) -> tuple[Window, ...]:
        """The windows that count the ladder's step on `day`: the part that holds it, and `whole`.

        A program has only one of them, see `of`. Empty for the re-plan or an unknown day.
        """
        return tuple(part for part in (*self.parts, self.whole) if day in part.steps_days)


class Publishing(Frozen):
    """The fewest respondents for published figures, and the noise that protects them.

    The limits are in code so that no content can undercut them: at least five respondents, twelve in a pool,
    reasons from fifty, at most epsilon 2 for one person in one program.
    """

    default_respondents: int
    min_respondents: int = Field(ge=5)
    max_respondents: int = Field(le=1000)
    reasons_from_respondents: int = Field(ge=50)
    epsilon_per_release: float = Field(gt=0, le=2)
    epsilon_budget: float = Field(gt=0, le=2)
    pool_respondents: int = Field(default=12, ge=12, le=1000)
    pool_waits_months: int = Field(default=18, ge=1, le=24)

    @model_validator(mode="after")
    def _default_is_allowed(self) -> Self:
        if not self.min_respondents <= self.default_respondents <= self.max_respondents:
            raise ValueError("default_respondents must lie between min_respondents and max_respondents")
        return self


class Circles(Frozen):
    """The size of a circle, its weekly times in the program's zone, and limits of what members write.

    Attributes:
        stories_for: kinds of stories that come every other week where figures name this reason most.
    """

    min_members: int = Field(ge=3)
    max_members: int = Field(le=50)
    scenario_weekday: Weekday
    scenario_time: time
    vote_opens_weekday: Weekday
    vote_opens_time: time
    min_votes: Votes
    ask_working_days_before: WorkingDays
    answer_working_days: WorkingDays
    kit_working_days_before: WorkingDays
    kit_time: time
    days_between_own_questions: int = Field(ge=1, le=30)
    max_questions_a_week: int = Field(ge=1, le=20)
    days_question_is_open: int = Field(ge=1, le=LONGEST_OPEN.days)
    max_own_answers_a_day: int = Field(ge=1, le=20)
    stories_for: dict[Outcome, tuple[PlanKind, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_members > self.max_members:
            raise ValueError("min_members is more than max_members")
        posted = (self.scenario_weekday.number, self.scenario_time)
        opened = (self.vote_opens_weekday.number, self.vote_opens_time)
        if posted >= opened:
            raise ValueError("the vote must open later in the week than the scenario is posted")
        if self.ask_working_days_before < self.kit_working_days_before:
            raise ValueError("ask_working_days_before must not be less than kit_working_days_before")
        return self


class Plans(Frozen):
    """The most active plans of a trainee; the most characters of a why and of a text for a circle."""

    max_active: int = Field(ge=1, le=MAX_ACTIVE_PLANS)
    max_why_characters: int = Field(ge=20, le=2000)
    max_question_characters: int = Field(ge=20, le=2000)


class Holidays(Frozen):
    """Which country's public holidays are no working days, if any."""

    enabled: bool
    country: str = Field(pattern=r"^([A-Z]{2})?$")

    @model_validator(mode="after")
    def _a_country_is_named(self) -> Self:
        if self.enabled and not self.country:
            raise ValueError("is switched on, but no country is named")
        return self


class Retention(Frozen):
    """How long trainees' rows and window keys are kept."""

    trainee_rows_days: Days
    vault_keys_days: int = Field(ge=1, le=30)


class Support(Frozen):
    """Help in an emergency, besides the program's contact."""

    emergency_number: str = Field(default="112", pattern=r"^[0-9][0-9 ]{1,19}$")


class Rules(Frozen):
    """Everything in `allybot.toml`."""

    ladder: Ladder
    check_ins: CheckIns
    windows: Windows
    publishing: Publishing
    circles: Circles
    plans: Plans
    holidays: Holidays
    retention: Retention
    support: Support = Support()

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        counted = tuple(day for part in self.windows.parts for day in part.steps_days)
        if counted != self.ladder.steps_days:
            raise ValueError("windows: together they must hold every step of the ladder once, in order")
        least = self.check_ins.min_days_between
        days = (*self.ladder.steps_days, self.ladder.replan_day, *self.ladder.keep_going_days)
        if any(later - earlier < least for earlier, later in pairwise(days)):
            raise ValueError(f"ladder: two days are closer than check_ins, min_days_between ({least})")
        spent = len(self.windows.parts) * self.publishing.epsilon_per_release
        if spent > self.publishing.epsilon_budget:
            raise ValueError(
                f"publishing: all windows together would spend {spent:g}, more than epsilon_budget"
            )
        return self


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
