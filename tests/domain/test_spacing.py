import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given
from hypothesis import strategies as st

from allybot.domain.calendar import Away, Calendar
from allybot.domain.plans import Intention, Plan, PlanKind, PlanState
from allybot.domain.spacing import (
    Due,
    Ladder,
    LadderProgress,
    back_from_pause,
    first_day,
    follow_up_at,
    next_due,
    next_working_moment,
    plan_to_ask,
    stale_at,
)
from allybot.domain.step_messages import StepMessage, ladder_due, messages_due
from allybot.domain.trainee import Pace

LADDER = Ladder(
    (3, 10, 17, 28, 42, 56, 70), 90, frozenset({1, 2, 3}), time(10), 7, 2, 2, 2, 56, (120, 150, 180)
)
BERLIN = Calendar(ZoneInfo("Europe/Berlin"), frozenset(range(5)), time(9), time(17))
FRIDAY = date(2026, 1, 2)
AT_START = LadderProgress(FRIDAY, FRIDAY)
END = datetime(2027, 12, 31, tzinfo=UTC)


def no_jitter(_step: int) -> int:
    return 0


def berlin(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN.zone).astimezone(UTC)


def a_plan(name: str, moment: date | None = None, asked: datetime | None = None) -> Plan:
    return Plan(
        name,
        PlanKind.FEAR,
        Intention("a", "b"),
        PlanState.ACTIVE,
        datetime(2026, 1, 1, tzinfo=UTC),
        last_asked_at=asked,
        next_moment_on=moment,
    )


def test_the_whole_ladder_falls_on_midweek_at_ten():
    found = ladder_due(LADDER, BERLIN, AT_START, END)
    assert [step for step, _ in found] == [3, 10, 17, 28, 42, 56, 70, 90]
    assert found[0][1] == berlin(1, 6)  # Monday the 5th moves forward to Tuesday
    assert found[-1][1] == datetime(2026, 4, 2, 8, tzinfo=UTC)  # summer time has begun


def test_a_holiday_moves_a_step_forward_and_the_week_between_two_steps_is_kept():
    vienna = replace(BERLIN, country="AT")  # Epiphany, Tuesday the 6th
    first, second, third = (at for _, at in ladder_due(LADDER, vienna, AT_START, END)[:3])
    assert first == berlin(1, 7)
    assert second == berlin(1, 14)
    assert third == berlin(1, 21)


def test_leave_stretches_the_ladder_and_loses_no_step():
    leave = replace(BERLIN, away=(Away(date(2026, 1, 10), date(2026, 2, 8)),))
    usual = dict(ladder_due(LADDER, BERLIN, AT_START, END))
    stretched = dict(ladder_due(LADDER, leave, AT_START, END))
    assert list(stretched) == list(usual)
    assert stretched[3] == usual[3]
    assert stretched[10] == berlin(2, 10)
    assert stretched[90] - usual[90] == timedelta(days=28)


def test_a_quiet_day_moves_a_step_to_the_next_day_that_is_none_and_the_others_stay():
    quiet = replace(BERLIN, quiet=frozenset({1}))
    usual, found = (dict(ladder_due(LADDER, each, AT_START, END)) for each in (BERLIN, quiet))
    assert found[3] == berlin(1, 7)
    assert found[90] == usual[90]  # a Thursday
    assert list(found) == list(usual)


def test_with_all_midweek_days_quiet_check_ins_come_on_the_remaining_days():
    found = ladder_due(LADDER, replace(BERLIN, quiet=frozenset({1, 2, 3})), AT_START, END)
    assert [step for step, _ in found] == list(LADDER.all_steps)
    assert {at.astimezone(BERLIN.zone).weekday() for _, at in found} <= {0, 4}


def test_one_day_left_and_a_holiday_on_it_move_the_rest_along_and_lose_no_step():
    mondays = replace(BERLIN, country="DE", quiet=frozenset({1, 2, 3, 4}))
    progress = LadderProgress(date(2026, 3, 27), date(2026, 3, 27))  # Easter Monday is the tenth day
    found = ladder_due(LADDER, mondays, progress, END)
    assert [step for step, _ in found] == list(LADDER.all_steps)
    assert [at.astimezone(BERLIN.zone).date() for _, at in found[:3]] == [
        date(2026, 3, 30),
        date(2026, 4, 13),
        date(2026, 4, 20),
    ]


def test_a_follow_up_and_not_today_pass_over_a_quiet_day():
    quiet = replace(BERLIN, quiet=frozenset({4}))
    assert follow_up_at(LADDER, quiet, berlin(1, 8), 3, no_jitter) == berlin(1, 13)
    assert next_working_moment(LADDER, quiet, berlin(1, 8), 3, no_jitter) == berlin(1, 12)


def test_leave_between_two_steps_changes_nothing():
    leave = replace(BERLIN, away=(Away(date(2026, 1, 7), date(2026, 1, 9)),))
    assert ladder_due(LADDER, leave, AT_START, END) == ladder_due(LADDER, BERLIN, AT_START, END)


def test_a_slower_pace_asks_every_other_step_but_never_leaves_out_the_replan():
    for after in (None, *LADDER.all_steps):
        progress = replace(AT_START, after=after, asked_on=FRIDAY if after else None, pace=Pace.SLOWER)
        steps = [step for step, _ in ladder_due(LADDER, BERLIN, progress, END)]
        assert after == 90 or steps[-1] == 90
    slower = replace(AT_START, pace=Pace.SLOWER)
    assert [step for step, _ in ladder_due(LADDER, BERLIN, slower, END)] == [3, 17, 42, 70, 90]


def test_after_a_late_consent_only_the_newest_step_is_asked():
    late = LadderProgress(FRIDAY, date(2026, 1, 25))
    steps = ladder_due(LADDER, BERLIN, late, END)
    assert steps[0] == (17, berlin(1, 28))
    assert [step for step, _ in steps[1:]] == [28, 42, 56, 70, 90]
    very_late = LadderProgress(FRIDAY, date(2026, 6, 1))
    assert [step for step, _ in ladder_due(LADDER, BERLIN, very_late, END)] == [90]


CHECK_IN, SLOWED, FRESH = StepMessage.CHECK_IN, StepMessage.SLOWED, StepMessage.FRESH_START


def said(untapped: set[int], progress: LadderProgress = AT_START) -> list[tuple[int, StepMessage]]:
    found = messages_due(LADDER, BERLIN, progress, END, untapped=untapped)
    return [(step, what) for step, _, what in found]


def test_two_steps_in_silence_make_the_ladder_slower_and_end_nothing():
    assert said({3, 10}) == [
        (3, CHECK_IN),
        (10, CHECK_IN),
        (17, SLOWED),
        (42, CHECK_IN),
        (56, CHECK_IN),
        (90, StepMessage.REPLAN),
    ]
    one_at_a_time = {3, 17, 56}
    assert [what for _, what in said(one_at_a_time)] == [CHECK_IN] * 7 + [StepMessage.REPLAN]


def test_whoever_is_silent_throughout_gets_one_word_of_the_slower_pace_and_one_fresh_start():
    assert said(set(LADDER.all_steps)) == [
        (3, CHECK_IN),
        (10, CHECK_IN),
        (17, SLOWED),
        (42, CHECK_IN),
        (56, FRESH),
        (90, StepMessage.REPLAN),
    ]


def test_two_silent_steps_just_before_day_56_bring_the_fresh_start_alone():
    assert said({28, 42})[4:] == [(42, CHECK_IN), (56, FRESH), (90, StepMessage.REPLAN)]


def test_a_slower_pace_of_ones_own_is_not_announced_and_its_silence_still_gets_the_fresh_start():
    slower = replace(AT_START, pace=Pace.SLOWER)
    assert said({17, 42}, slower) == [
        (3, CHECK_IN),
        (17, CHECK_IN),
        (42, CHECK_IN),
        (70, CHECK_IN),
        (90, StepMessage.REPLAN),
    ]
    assert said({3, 17, 42}, slower)[2:] == [(42, CHECK_IN), (56, FRESH), (90, StepMessage.REPLAN)]


def test_who_keeps_going_hears_on_days_120_150_and_180_at_any_pace():
    for pace in Pace:
        after = replace(AT_START, after=90, asked_on=date(2026, 4, 2), pace=pace, keeps_going=True)
        found = messages_due(LADDER, BERLIN, after, END)
        assert [(step, at.astimezone(BERLIN.zone).date()) for step, at, _ in found] == [
            (120, date(2026, 5, 5)),  # day 120 is a Saturday
            (150, date(2026, 6, 2)),
            (180, date(2026, 7, 1)),
        ]
        assert {what for _, _, what in found} == {StepMessage.KEEP_GOING}
    assert next_due(LADDER, BERLIN, replace(after, keeps_going=False), END.date(), no_jitter) is None


def test_back_from_a_pause_the_step_comes_first_and_the_rest_moves_along():
    progress = replace(AT_START, after=3, asked_on=date(2026, 1, 6))
    due = back_from_pause(LADDER, BERLIN, progress, 10, berlin(1, 13), date(2026, 2, 2), no_jitter)
    assert due == Due(10, berlin(2, 3), 21)
    short = back_from_pause(LADDER, BERLIN, progress, 10, berlin(1, 13), date(2026, 1, 12), no_jitter)
    assert short == Due(10, berlin(1, 13), 0)


def test_a_step_goes_stale_at_the_end_of_the_second_working_day():
    assert stale_at(LADDER, BERLIN, berlin(1, 8)) == berlin(1, 12, 17)


def test_the_follow_up_comes_after_two_working_days_and_not_today_means_the_next_one():
    assert follow_up_at(LADDER, BERLIN, berlin(1, 8), 3, no_jitter) == berlin(1, 12)
    assert next_working_moment(LADDER, BERLIN, berlin(1, 9), 3, no_jitter) == berlin(1, 12)


def test_after_ten_the_first_day_to_ask_is_tomorrow():
    assert first_day(LADDER, BERLIN, berlin(1, 6, 9)) == date(2026, 1, 6)
    assert first_day(LADDER, BERLIN, berlin(1, 6, 10)) == date(2026, 1, 7)


def test_a_plan_whose_named_day_has_passed_is_asked_about_first():
    today = date(2026, 2, 10)
    passed = a_plan("passed", date(2026, 2, 9), datetime(2026, 2, 1, tzinfo=UTC))
    other = a_plan("other")
    assert plan_to_ask([other, passed], None, today) == passed
    assert plan_to_ask([other, passed], "other", today) == other


def test_a_plan_that_waits_for_its_day_is_asked_about_only_when_it_is_the_only_one():
    today = date(2026, 2, 10)
    waiting, other = a_plan("a", date(2026, 2, 20)), a_plan("b")
    assert plan_to_ask([waiting, other], None, today) == other
    assert plan_to_ask([waiting], None, today) == waiting
    assert plan_to_ask([], None, today) is None


def test_a_named_day_that_was_asked_about_already_does_not_come_first_again():
    asked = a_plan("asked", date(2026, 2, 1), datetime(2026, 2, 5, tzinfo=UTC))
    assert plan_to_ask([asked, a_plan("never")], None, date(2026, 2, 10)) == a_plan("never")


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, LadderProgress, random.Random]:
    ended = draw(st.dates(date(2025, 9, 1), date(2026, 9, 1)))
    pauses = draw(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 60)), max_size=3))
    away = tuple(
        Away(ended + timedelta(days=begin), ended + timedelta(days=begin + length))
        for begin, length in pauses
    )
    zone = ZoneInfo(draw(st.sampled_from(sorted(available_timezones()))))
    country = draw(st.sampled_from(["", "DE", "AT", "GB", "US", "JP", "NP"]))
    quiet = frozenset(draw(st.sets(st.integers(0, 4), max_size=4)))
    calendar = Calendar(zone, frozenset(range(5)), time(9), time(17), country, away, quiet)
    consented = ended + timedelta(days=draw(st.integers(0, 30)))
    progress = LadderProgress(ended, consented, pace=draw(st.sampled_from(Pace)))
    return calendar, progress, random.Random(draw(st.integers()))  # noqa: S311 - jitter


FRIDAYS_ONLY_IN_NEPAL = Calendar(
    ZoneInfo("Africa/Abidjan"),
    frozenset(range(5)),
    time(9),
    time(17),
    country="NP",
    quiet=frozenset({0, 1, 2, 3}),
)
"""19 September and 3 October 2025 are Fridays and public holidays."""


def test_two_holidays_on_the_only_open_weekday_skip_no_step():
    trained = date(2025, 9, 10)
    found = ladder_due(LADDER, FRIDAYS_ONLY_IN_NEPAL, LadderProgress(trained, trained), END)
    assert [step for step, _ in found] == list(LADDER.all_steps)
    assert [at.date() for _, at in found[:3]] == [date(2025, 9, 26), date(2025, 10, 10), date(2025, 10, 17)]


def test_an_outage_after_a_late_step_still_asks_only_the_newest():
    progress = LadderProgress(date(2025, 9, 10), date(2025, 9, 10), after=3, asked_on=date(2025, 9, 26))
    for earliest, step in ((date(2025, 10, 10), 10), (date(2025, 10, 11), 28)):
        due = next_due(LADDER, FRIDAYS_ONLY_IN_NEPAL, progress, earliest, no_jitter)
        assert due is not None
        assert due.step == step


@given(cases())
@example(
    (
        FRIDAYS_ONLY_IN_NEPAL,
        LadderProgress(date(2025, 9, 10), date(2025, 9, 10)),
        random.Random(0),  # noqa: S311 - jitter
    )
)
def test_in_every_zone_and_through_every_pause_the_ladder_is_kept(case):
    calendar, progress, rng = case
    found = ladder_due(
        LADDER,
        calendar,
        progress,
        datetime(2028, 12, 31, tzinfo=UTC),
        jitter=lambda _step: rng.randrange(46),
    )
    steps = [step for step, _ in found]
    for step, at in found:
        local = at.astimezone(calendar.zone)
        assert calendar.is_open(at)
        assert local.weekday() not in calendar.quiet
        assert local.weekday() in LADDER.weekdays or calendar.quiet >= LADDER.weekdays
        assert time(10) <= local.time() <= time(10, 45)
        assert local.date() >= progress.training_ended_on + timedelta(days=step)
        assert local.date() >= progress.consented_on + timedelta(days=3)
    assert steps == sorted(set(steps))
    assert steps[-1] == 90
    for (_, earlier), (_, later) in pairwise(found):
        assert calendar.local_day(later) - calendar.local_day(earlier) >= timedelta(days=7)
    if progress.pace is Pace.NORMAL:  # only steps before the first may be missing: before consent
        assert steps == [step for step in LADDER.all_steps if step >= steps[0]]
    for (left_out, _), (step, _) in pairwise(zip(LADDER.all_steps, LADDER.all_steps[1:], strict=False)):
        if left_out not in steps and step not in steps:
            assert step < steps[0]


@given(cases(), st.datetimes(datetime(2025, 9, 1), datetime(2027, 9, 1)))  # noqa: DTZ001 - made aware below
def test_nothing_that_is_asked_again_or_claimed_late_falls_on_a_quiet_day(case, moment):
    calendar, _, _ = case
    now = moment.replace(tzinfo=UTC)
    for found in (
        follow_up_at(LADDER, calendar, now, 3, no_jitter),
        next_working_moment(LADDER, calendar, now, 3, no_jitter),
        calendar.open_from(now, LADDER.hour),
    ):
        assert found >= now
        assert found.astimezone(calendar.zone).weekday() not in calendar.quiet
        assert calendar.is_open(found)


@given(cases(), st.integers(0, 7), st.integers(0, 400))
def test_the_next_step_is_never_in_the_past_nor_on_a_free_day(case, passed, days_later):
    calendar, progress, _ = case
    after = LADDER.all_steps[passed]
    asked_on = calendar.working_day_from(progress.training_ended_on + timedelta(days=after))
    progress = replace(progress, after=after, asked_on=asked_on)
    earliest = asked_on + timedelta(days=days_later)
    due = next_due(LADDER, calendar, progress, earliest, no_jitter)
    assert (due is None) == (after == 90)
    if due:
        assert due.step > after
        assert calendar.local_day(due.at) >= earliest
        assert calendar.is_open(due.at)


@given(cases(), st.integers(1, 7), st.integers(0, 200))
def test_a_pause_moves_the_ladder_by_exactly_what_the_next_step_had_to_wait(case, passed, length):
    calendar, progress, _ = case
    calendar = replace(calendar, away=())
    earlier, step = LADDER.all_steps[passed - 1], LADDER.all_steps[passed]
    asked_on = calendar.working_day_from(
        progress.consented_on + timedelta(days=earlier), LADDER.weekdays - calendar.quiet or None
    )
    progress = replace(progress, after=earlier, asked_on=asked_on, pace=Pace.NORMAL)
    planned = next_due(LADDER, calendar, progress, asked_on, no_jitter)
    assert planned is not None
    back = asked_on + timedelta(days=length)
    due = back_from_pause(LADDER, calendar, progress, planned.step, planned.at, back, no_jitter)
    assert due.step == planned.step
    assert due.at >= planned.at
    assert due.moved_days == (calendar.local_day(due.at) - calendar.local_day(planned.at)).days
    assert step <= planned.step


@given(
    cases(),
    st.sets(st.sampled_from(LADDER.all_steps)),
    st.sets(st.sampled_from((3, 17, 28, 56, 70, 90, 120, 150, 180))),
)
def test_whatever_is_answered_and_however_long_it_goes_on_no_two_messages_come_within_a_week(
    case, untapped, stops
):
    calendar, progress, rng = case
    progress = replace(progress, keeps_going=True)
    until = calendar.at(progress.training_ended_on + timedelta(days=min(stops, default=999)), time())
    found = messages_due(
        LADDER, calendar, progress, until, untapped=untapped, jitter=lambda _step: rng.randrange(46)
    )
    steps = [step for step, _, _ in found]
    assert steps == sorted(set(steps))
    assert all(at < until for _, at, _ in found)
    for (_, earlier, _), (_, later, _) in pairwise(found):
        assert calendar.local_day(later) - calendar.local_day(earlier) >= timedelta(days=7)
    for step, at, what in found:
        local = at.astimezone(calendar.zone)
        assert calendar.is_open(at)
        assert local.weekday() not in calendar.quiet
        assert local.weekday() in LADDER.weekdays or calendar.quiet >= LADDER.weekdays
        assert local.date() >= progress.training_ended_on + timedelta(days=step)
        assert (what is StepMessage.KEEP_GOING) == (step in LADDER.keep_going)
    told = [what for _, _, what in found]
    assert told.count(SLOWED) <= 1
    assert told.count(FRESH) <= 1
    if not stops:
        assert steps[-4:] == [90, 120, 150, 180]
