"""Doubtful and impossible dates of cohorts are refused or need confirmation."""

from datetime import date, datetime, timedelta

import pytest

from allybot.domain.people import Program
from allybot.errors import DoubtfulDatesError, UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.programs import changing, enrolment, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.programs.workspaces import save_workspace

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def workspace(context: Context) -> None:
    with context.database.transaction() as tx:
        save_workspace(tx, "T1", name="Practice", bot_user="B1", state="active")


def create(context: Context, now: datetime, *ended: date, **more: object) -> Program:
    cohorts = [(f"c{place}", day) for place, day in enumerate(ended)]
    return programs.create(context, "T1", "Allies", "Kim", cohorts, zone="UTC", now=now, **more)  # type: ignore[arg-type]


def crowd(cohort: str = "") -> list[Enrolee]:
    return [Enrolee(f"U{number}", f"Man {number}", "UTC", "en-GB", cohort) for number in range(3)]


def people_of(context: Context, program: Program) -> int:
    with context.database.reading() as tx:
        return len(trainees.trainees_of_program(tx, program.id))


def test_a_training_of_last_year_is_refused_with_what_would_happen(context: Context, now: datetime) -> None:
    ended = now.date() - 300 * DAY
    with pytest.raises(DoubtfulDatesError) as refused:
        create(context, now, ended)
    said = str(refused.value)
    for words in (
        "c0: its training ended on 12 March 2025, 300 days ago",
        "the first check-in would have been due on 15 March 2025 and the last on 10 June 2025",
        "its last window would have closed on 25 June 2025",
        "everybody in it would have been deleted on 26 July 2025",
        "nobody could be enrolled",
        "--confirm-dates",
    ):
        assert words in said
    assert "\n" not in said
    assert programs.list_programs(context) == []


@pytest.mark.parametrize(
    ("days", "left"), [(136, "that is today"), (135, "that is tomorrow"), (133, "in 3 days")]
)
def test_deletion_within_days_needs_confirmation(
    context: Context, now: datetime, days: int, left: str
) -> None:
    with pytest.raises(DoubtfulDatesError, match=left):
        create(context, now, now.date() - days * DAY)


def test_a_training_with_no_check_in_left_needs_confirmation(context: Context, now: datetime) -> None:
    with pytest.raises(DoubtfulDatesError, match="the last on 5 January 2026"):
        create(context, now, now.date() - 91 * DAY)


@pytest.mark.parametrize("days", [-90, -14, 0, 1, 300, 365])
def test_plausible_dates_need_no_confirmation(context: Context, now: datetime, days: int) -> None:
    program = create(context, now, now.date() + days * DAY)
    assert len(enrolment.enrol(context, program.id, crowd(), now).added) == 3


def test_a_training_over_a_year_away_needs_confirmation(context: Context, now: datetime) -> None:
    with pytest.raises(DoubtfulDatesError) as refused:
        create(context, now, date(2027, 1, 9))
    assert "its training ends on 9 January 2027, in 368 days" in str(refused.value)
    assert "the first check-in would be due on 12 January 2027" in str(refused.value)
    assert "would be deleted on 25 May 2027" in str(refused.value)


@pytest.mark.parametrize("day", [date.min, date(16, 1, 9), date(2015, 1, 9), date(2037, 1, 9), date.max])
@pytest.mark.parametrize("more", [{}, {"dates_confirmed": True}])
def test_a_training_over_ten_years_away_is_refused(
    context: Context, now: datetime, day: date, more: dict[str, bool]
) -> None:
    with pytest.raises(UserError, match="more than ten years away"):
        create(context, now, day, **more)
    assert programs.list_programs(context) == []


def test_confirmed_dates_are_stored(context: Context, now: datetime) -> None:
    create(context, now, date(2027, 1, 9), dates_confirmed=True)
    assert programs.show(context, "Allies").cohorts[0].training_ended_on == date(2027, 1, 9)


def test_one_doubtful_cohort_among_good_ones_is_named(context: Context, now: datetime) -> None:
    with pytest.raises(DoubtfulDatesError) as refused:
        create(context, now, now.date(), date(2025, 1, 9))
    assert "Cohort c1: its training ended on 9 January 2025" in str(refused.value)
    assert "c0" not in str(refused.value)


def test_a_cohort_added_later_is_checked_too(context: Context, now: datetime) -> None:
    program, long_ago = create(context, now, now.date()), date(2020, 1, 9)
    seen = changing.add_cohort(context, None, program.id, "late", long_ago, now, confirmed=False)
    assert seen.is_doubtful
    assert len(programs.show(context, "Allies").cohorts) == 1
    changing.add_cohort(context, None, program.id, "late", long_ago, now, confirmed=True)
    assert len(programs.show(context, "Allies").cohorts) == 2


def test_nobody_is_enrolled_into_a_program_that_is_over(context: Context, now: datetime) -> None:
    program = create(context, now, now.date())
    for later, confirmed in ((106, False), (106, True), (400, True)):
        then = now + later * DAY
        with pytest.raises(WrongStateError, match="Allies is over: its last window closed on 21 April 2026"):
            enrolment.enrol(context, program.id, crowd(), then, dates_confirmed=confirmed)
        with pytest.raises(WrongStateError, match="is over"):
            enrolment.dry_run(context, program.id, crowd(), then)
    assert people_of(context, program) == 0


def test_enrolling_into_a_cohort_with_no_check_in_left_needs_confirmation(
    context: Context, now: datetime
) -> None:
    program = create(context, now, now.date())
    late = now + 100 * DAY
    planned = enrolment.dry_run(context, program.id, crowd(), late)
    assert not planned.good
    assert "the last on 6 April 2026" in planned.in_words()
    with pytest.raises(DoubtfulDatesError, match="--confirm-dates"):
        enrolment.enrol(context, program.id, crowd(), late)
    assert people_of(context, program) == 0
    assert enrolment.dry_run(context, program.id, crowd(), late, dates_confirmed=True).good
    enrolment.enrol(context, program.id, crowd(), late, dates_confirmed=True)
    assert people_of(context, program) == 3


def test_only_the_cohorts_on_the_list_are_checked(context: Context, now: datetime) -> None:
    program = create(context, now, now.date(), date(2025, 1, 9), dates_confirmed=True)
    assert enrolment.dry_run(context, program.id, crowd("c0"), now).good
    assert not enrolment.dry_run(context, program.id, crowd("C1"), now).good


def test_a_trainee_is_not_deleted_on_the_day_after_enrolment(context: Context, now: datetime) -> None:
    """Not even when enrolled on the last possible evening."""
    program = create(context, now, now.date())
    closes = programs.show(context, "Allies").closing[-1][1]
    last = datetime.combine(closes, now.timetz()) - DAY
    enrolment.enrol(context, program.id, crowd(), last, dates_confirmed=True)
    assert consent.delete_expired(context, last + 7 * DAY) == 0
    assert people_of(context, program) == 3


def test_a_dry_run_reports_the_dates_of_each_cohort(context: Context, now: datetime) -> None:
    program = create(context, now, now.date() - 2 * DAY, now.date() + 10 * DAY)
    said = enrolment.dry_run(context, program.id, crowd("c0"), now).in_words()
    assert (
        "Cohort c0: training ended on 4 January 2026; first check-in from 7 January 2026; everybody is "
        "deleted on 1 June 2026, whoever chooses to keep going some weeks later." in said
    )
    assert "c1" not in said
