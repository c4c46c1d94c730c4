"""A change of dates or days off moves circles by what was planned for them, whoever is seated there."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from allybot.domain.calendar import Away
from allybot.domain.people import Actor, Program
from allybot.services.circles import membership
from allybot.services.context import Context
from allybot.services.programs import changing, enrolment, programs
from allybot.services.programs.directory import Enrolee
from allybot.store.circles import circles
from allybot.store.programs.workspaces import save_workspace

NOW = datetime(2026, 1, 7, 10, tzinfo=UTC)  # a Wednesday
EARLY, LATE, LATER = date(2026, 1, 9), date(2026, 2, 6), date(2026, 2, 20)
AFTER_EARLY, AFTER_LATE, AFTER_LATER = date(2026, 1, 12), date(2026, 2, 9), date(2026, 2, 23)
Change = Callable[[Context, Program], object]


@pytest.fixture
def program(context: Context) -> Program:
    """With a circle of the early cohort, one of the late cohort, and one of both."""
    with context.database.transaction() as tx:
        save_workspace(tx, "T1", name="N", bot_user="B1", state="active", token_wrapped=None)
    cohorts = [("early", EARLY), ("late", LATE)]
    made = programs.create(context, "T1", "Allies", "Kim", cohorts, zone="UTC", now=NOW)
    people = [("UE", "early", "CE"), ("UL", "late", "CL"), ("UB", "early", "CB"), ("UC", "late", "CB")]
    for user, cohort, circle in people:
        enrolment.enrol(context, made.id, [Enrolee(user, user, "UTC", "en-GB", cohort, circle)], NOW)
    return made


def plans(context: Context, program: Program) -> dict[str, tuple[date, int]]:
    """The day of the next scenario and the number of the last one, by channel."""
    with context.database.reading() as tx:
        return {
            each.channel: (each.next_post_at.date(), each.last_week)
            for each in circles.circles_of_program(tx, program.id)
            if each.next_post_at
        }


def move(cohort: str, day: date) -> Change:
    return lambda context, program: changing.move_training(
        context, None, program.id, cohort, day, NOW, confirmed=True
    )


def close_days(first: date, last: date) -> Change:
    return lambda context, program: changing.add_closure(
        context, None, program.id, Away(first, last), NOW, confirmed=True
    )


def open_again(context: Context, program: Program) -> None:
    close_days(AFTER_EARLY, AFTER_EARLY + timedelta(days=4))(context, program)
    changing.remove_closure(context, None, program.id, AFTER_EARLY, NOW, confirmed=True)


CHANGES = {
    "the early cohort later": (
        move("early", date(2026, 1, 16)),
        date(2026, 1, 19),
        AFTER_LATE,
        date(2026, 1, 19),
    ),
    "the late cohort later": (move("late", LATER), AFTER_EARLY, AFTER_LATER, AFTER_EARLY),
    "the late cohort before the other": (
        move("late", date(2026, 1, 8)),
        AFTER_EARLY,
        AFTER_EARLY,
        AFTER_EARLY,
    ),
    "days off at once": (
        close_days(AFTER_EARLY, AFTER_EARLY + timedelta(days=4)),
        date(2026, 1, 19),
        AFTER_LATE,
        date(2026, 1, 19),
    ),
    "days off and none after all": (open_again, AFTER_EARLY, AFTER_LATE, AFTER_EARLY),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_circle_follows_the_cohort_it_was_opened_for(
    context: Context, program: Program, change: str
) -> None:
    before = plans(context, program)
    assert before == {"CE": (AFTER_EARLY, 13), "CL": (AFTER_LATE, 13), "CB": (AFTER_EARLY, 17)}
    work, *days = CHANGES[change]
    work(context, program)
    assert [plans(context, program)[channel][0] for channel in ("CE", "CL", "CB")] == days


def test_a_circle_of_two_cohorts_lasts_for_the_later_one(context: Context, program: Program) -> None:
    move("late", LATER)(context, program)
    assert {channel: last for channel, (_, last) in plans(context, program).items()} == {
        "CE": 13,
        "CL": 13,
        "CB": 19,
    }


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("user", "channel"), [("UL", "CL"), ("UE", "CE"), ("UB", "CB"), ("UC", "CB")])
def test_the_dates_do_not_tell_whether_somebody_is_seated(
    context: Context, program: Program, change: str, user: str, channel: str
) -> None:
    """Leads read the next date; it is what it is where everybody stays, see the test above."""
    assert membership.leave_circle(context, Actor("T1", user), channel)
    work, *days = CHANGES[change]
    work(context, program)
    assert [plans(context, program)[each][0] for each in ("CE", "CL", "CB")] == days
