"""Whose turn it is, and when a circle's week happens."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allybot.domain.calendar import Calendar
from allybot.domain.circle_weeks import (
    Rhythm,
    answer_due,
    ask_due,
    first_after,
    first_after_training,
    free_of_votes,
    kit_due,
    moments,
    reminder_at,
    running,
    weeks_until,
)
from allybot.domain.circles import (
    Member,
    gone_by_then,
    next_facilitator,
    not_to_be_asked,
    rota,
    silent_lately,
    turns_after,
    turns_of_a_newcomer,
)
from allybot.domain.trainee import TraineeState

BERLIN = ZoneInfo("Europe/Berlin")
RHYTHM = Rhythm(0, time(10), 3, time(12), 1, 5)
WORKING = frozenset(range(5))


def calendar(zone: ZoneInfo = BERLIN, country: str = "") -> Calendar:
    return Calendar(zone, WORKING, time(9), time(17), country)


def circle(*turns: int) -> list[Member]:
    return [
        Member(f"t{place}", f"U{place}", place, number, TraineeState.ACTIVE)
        for place, number in enumerate(turns)
    ]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_the_first_facilitator_is_the_first_in_place() -> None:
    chosen = next_facilitator(circle(0, 0, 0, 0))
    assert chosen is not None
    assert chosen.trainee_id == "t0"


def test_fewest_turns_comes_before_place() -> None:
    chosen = next_facilitator(circle(2, 2, 1, 1))
    assert chosen is not None
    assert chosen.trainee_id == "t2"


@pytest.mark.parametrize(
    "state", [TraineeState.PAUSED, TraineeState.GONE, TraineeState.STOPPED, TraineeState.DECLINED]
)
def test_a_member_who_cannot_facilitate_is_skipped_and_comes_first_when_back(state: TraineeState) -> None:
    members = circle(0, 0, 0, 0)
    members[0] = replace(members[0], state=state)
    asked = next_facilitator(members)
    assert asked is not None
    assert asked.trainee_id == "t1"
    back = [replace(members[0], state=TraineeState.ACTIVE), replace(members[1], turns=1), *members[2:]]
    returned = next_facilitator(back, previous=["t1"])
    assert returned is not None
    assert returned.trainee_id == "t0"


def test_a_long_leave_owes_one_turn_and_not_a_row_of_them() -> None:
    members = circle(0, 7, 7, 7)
    assert turns_after(members, "t0") == 7


def test_nobody_facilitates_two_weeks_in_a_row_while_another_has_as_few_turns() -> None:
    chosen = next_facilitator(circle(2, 2, 2, 2), previous=["t0"])
    assert chosen is not None
    assert chosen.trainee_id == "t1"


def test_those_asked_already_are_not_asked_again_and_then_nobody_is_left() -> None:
    assert next_facilitator(circle(0, 0), passed={"t0", "t1"}) is None
    assert next_facilitator([]) is None


def test_a_newcomer_starts_level_with_those_who_facilitated_least() -> None:
    assert turns_of_a_newcomer(circle(4, 3, 3, 4)) == 3
    assert turns_of_a_newcomer([]) == 0


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(2, 12),
    absences=st.lists(st.sets(st.integers(0, 11), max_size=10), min_size=26, max_size=26),
)
def test_the_rotation_is_fair_whoever_is_away_when(size: int, absences: list[set[int]]) -> None:
    members = circle(*[0] * size)
    previous: list[str] = []
    for away in absences:
        present = [
            replace(each, state=TraineeState.PAUSED if each.place in away else TraineeState.ACTIVE)
            for each in members
        ]
        able = [each for each in present if each.can_facilitate]
        chosen = next_facilitator(present, previous=previous)
        assert (chosen is None) == (not able)
        if chosen is None:
            continue
        assert chosen.turns == min(each.turns for each in able) or chosen.turns < max(
            each.turns for each in able
        )
        if len(able) > 1 and len({each.turns for each in able}) == 1:
            assert chosen.trainee_id not in previous
        turns = turns_after(present, chosen.trainee_id)
        members = [
            replace(each, turns=turns) if each.trainee_id == chosen.trainee_id else each for each in members
        ]
        previous = [chosen.trainee_id]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 12), st.integers(1, 4))
def test_with_everybody_there_each_has_as_many_turns(size: int, rounds: int) -> None:
    members = circle(*[0] * size)
    previous: list[str] = []
    for _ in range(size * rounds):
        chosen = next_facilitator(members, previous=previous)
        assert chosen is not None
        turns = turns_after(members, chosen.trainee_id)
        members = [
            replace(each, turns=turns) if each.trainee_id == chosen.trainee_id else each for each in members
        ]
        previous = [chosen.trainee_id]
    assert {each.turns for each in members} == {rounds}


ANSWERS = ("yes", "yes", "no", "swap", "silent")


@settings(max_examples=60, deadline=None)
@given(size=st.integers(2, 12), weeks=st.integers(13, 40), rng=st.randoms(use_true_random=False))
def test_whoever_always_says_yes_facilitates_as_often_as_others_who_do(
    size: int, weeks: int, rng: random.Random
) -> None:
    reliable = {f"t{place}" for place in range(max(1, size // 2))}
    members, previous = circle(*[0] * size), list[str]()
    facilitated: Counter[str] = Counter()
    for week in range(weeks):
        monday = date(2026, 1, 5) + timedelta(weeks=week)
        passed: set[str] = set()
        chosen = None
        while chosen is None:
            asked = next_facilitator(members, passed | silent_lately(members, monday), previous)
            if asked is None:
                break
            passed.add(asked.trainee_id)
            answer = "yes" if asked.trainee_id in reliable else rng.choice(ANSWERS)
            change: dict[str, object] = {"unanswered": monday if answer == "silent" else None}
            if answer in {"yes", "no"}:
                change["turns"] = turns_after(members, asked.trainee_id)
            members = [
                replace(each, **change) if each.trainee_id == asked.trainee_id else each for each in members
            ]
            chosen = asked if answer == "yes" else None
        assert chosen is not None, "somebody who always says yes is left"
        facilitated[chosen.trainee_id] += 1
        previous = [chosen.trainee_id]
    counts = [facilitated[each] for each in reliable]
    assert max(counts) - min(counts) <= 1
    assert max(facilitated.values()) <= 2 * max(1, min(counts))


def test_who_left_a_question_unanswered_is_left_in_peace_for_a_round_and_is_first_then() -> None:
    monday = date(2026, 1, 5)
    members = [replace(circle(0)[0], unanswered=monday), *circle(1, 1, 1, 1)[1:]]
    for weeks in (1, 2):
        assert silent_lately(members, monday + timedelta(weeks=weeks)) == {"t0"}
        asked = next_facilitator(members, silent_lately(members, monday + timedelta(weeks=weeks)))
        assert asked is not None
        assert asked.trainee_id == "t1"
    assert silent_lately(members, monday + timedelta(weeks=3)) == set()
    first = next_facilitator(members)
    assert first is not None
    assert first.trainee_id == "t0"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6])
def test_where_all_are_silent_nobody_is_asked_more_often_than_once_in_three_weeks(size: int) -> None:
    members = circle(*[0] * size)
    questions: Counter[str] = Counter()
    for monday in (date(2026, 1, 5) + timedelta(weeks=week) for week in range(12)):
        passed = silent_lately(members, monday)
        while asked := next_facilitator(members, passed):
            passed.add(asked.trainee_id)
            questions[asked.trainee_id] += 1
            members = [
                replace(each, unanswered=monday) if each.trainee_id == asked.trainee_id else each
                for each in members
            ]
    assert max(questions.values()) <= 4


def test_the_rota_counts_a_turn_for_each_week_and_leaves_out_who_is_away_or_new() -> None:
    mondays = [date(2026, 1, 12) + timedelta(weeks=number) for number in range(4)]
    members = circle(0, 0, 0, 0)
    assert [who for _, who in rota(members, mondays, {})] == [("t0",), ("t1",), ("t2",), ("t3",)]
    settled = {mondays[0]: ("t3", "t1")}
    assert [who for _, who in rota(members, mondays, settled)] == [("t3", "t1"), ("t0",), ("t2",), ("t0",)]
    away = utc(2026, 1, 20)
    members[0] = replace(members[0], state=TraineeState.PAUSED, away_until=away)
    members[1] = replace(members[1], since=utc(2026, 1, 1))
    members[2] = replace(members[2], state=TraineeState.STOPPED)
    assert [who for _, who in rota(members, mondays, {})] == [("t3",), ("t1",), ("t0",), ("t1",)]
    assert rota([], mondays[:1], {}) == [(mondays[0], ())]


def test_nobody_is_planned_for_a_week_before_whose_end_they_are_deleted() -> None:
    mondays = [date(2026, 8, 10), date(2026, 8, 17)]
    members = circle(0, 1)
    members[0] = replace(members[0], deleted_after=utc(2026, 8, 15, 22))
    assert [gone_by_then(members, monday) for monday in mondays] == [set(), {"t0"}]
    assert [who for _, who in rota(members, mondays, {})] == [("t0",), ("t1",)]


def test_a_week_is_asked_on_monday_has_its_kit_on_friday_and_opens_on_thursday() -> None:
    week = moments(date(2026, 1, 12), RHYTHM, calendar())
    assert week is not None
    assert week.ask_on == date(2026, 1, 5)
    assert week.kit_on == date(2026, 1, 9)
    assert week.post_at == utc(2026, 1, 12, 9)
    assert week.opens_at == utc(2026, 1, 15, 11)


def test_easter_monday_moves_the_post_to_tuesday_and_the_kit_to_maundy_thursday() -> None:
    week = moments(date(2026, 4, 6), RHYTHM, calendar(country="DE"))
    assert week is not None
    assert week.post_at == utc(2026, 4, 7, 8)
    assert (week.ask_on, week.kit_on) == (date(2026, 3, 27), date(2026, 4, 2))
    assert week.monday == date(2026, 4, 6)


def test_ascension_day_moves_the_opening_to_friday() -> None:
    week = moments(date(2026, 5, 11), RHYTHM, calendar(country="DE"))
    assert week is not None
    assert week.opens_at == utc(2026, 5, 15, 10)


def test_a_week_without_working_days_has_no_scenario() -> None:
    nobody_works = Calendar(BERLIN, frozenset(), time(9), time(17))
    assert moments(date(2026, 1, 12), RHYTHM, nobody_works) is None
    with pytest.raises(ValueError, match="no week"):
        first_after(utc(2026, 1, 12, 9), RHYTHM, nobody_works)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        first_after(datetime(2026, 1, 12, 9), RHYTHM, calendar())  # noqa: DTZ001 - naive on purpose


@settings(max_examples=80, deadline=None)
@given(
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(
        ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "America/New_York"]
    ),
)
def test_every_week_follows_the_last_and_keeps_its_local_hours(moment: datetime, zone: str) -> None:
    days = calendar(ZoneInfo(zone), "US")
    week = first_after(moment, RHYTHM, days)
    following = first_after(week.post_at, RHYTHM, days)
    assert moment < week.post_at < week.opens_at < following.post_at
    assert following.monday - week.monday in {timedelta(weeks=1), timedelta(weeks=2)}
    assert week.post_at.astimezone(days.zone).time() == time(10)
    assert week.opens_at.astimezone(days.zone).time() == time(12)
    assert days.is_working_day(week.kit_on)
    assert week.kit_on < week.post_at.astimezone(days.zone).date()
    assert running(week.post_at, RHYTHM, days) == week
    assert running(week.opens_at, RHYTHM, days) is None
    reminder = reminder_at(week, RHYTHM, days)
    if reminder is not None:
        assert days.local_day(week.post_at) < days.local_day(reminder) < days.local_day(week.opens_at)
        assert days.is_working_day(days.local_day(reminder))


def test_who_has_not_voted_is_reminded_on_wednesday_or_the_working_day_before() -> None:
    week = moments(date(2026, 1, 12), RHYTHM, calendar())
    assert week is not None
    assert reminder_at(week, RHYTHM, calendar()) == utc(2026, 1, 14, 11)
    with_a_holiday = moments(date(2026, 4, 27), RHYTHM, calendar(country="DE"))
    assert with_a_holiday is not None
    assert reminder_at(with_a_holiday, RHYTHM, calendar(country="DE")) == utc(2026, 4, 29, 10)
    at_once = replace(week, opens_at=week.post_at + timedelta(hours=3))
    assert reminder_at(at_once, RHYTHM, calendar()) is None


def test_the_first_scenario_comes_after_the_training_and_after_now() -> None:
    friday, days = date(2026, 1, 9), calendar()
    assert first_after_training(friday, utc(2026, 1, 2), RHYTHM, days).monday == date(2026, 1, 12)
    assert first_after_training(friday, utc(2026, 2, 2, 9), RHYTHM, days).monday == date(2026, 2, 9)
    assert first_after_training(date(2026, 1, 12), utc(2026, 1, 2), RHYTHM, days).monday == date(2026, 1, 19)


@pytest.mark.parametrize("weekday", range(7))
def test_thirteen_mondays_follow_a_training_whatever_day_it_ended(weekday: int) -> None:
    ended = date(2026, 1, 5) + timedelta(days=weekday)
    first = first_after_training(ended, utc(2026, 1, 1), RHYTHM, calendar()).monday
    assert weeks_until(ended + timedelta(weeks=13), first) == 13


def test_a_kit_comes_in_the_facilitators_own_morning_and_never_on_a_sunday() -> None:
    week = moments(date(2026, 1, 12), RHYTHM, calendar())
    assert week is not None
    tokyo = calendar(ZoneInfo("Asia/Tokyo"))
    assert kit_due(utc(2026, 1, 5, 23), week, time(10), tokyo) == utc(2026, 1, 9, 1)
    no_fridays = replace(calendar(), quiet=frozenset({4}))
    assert kit_due(utc(2026, 1, 5, 23), week, time(10), no_fridays) == utc(2026, 1, 8, 9)
    assert kit_due(utc(2026, 1, 9, 13), week, time(10), calendar()) == utc(2026, 1, 9, 13)
    assert kit_due(utc(2026, 1, 11, 13), week, time(10), calendar()) == utc(2026, 1, 11, 13)


def test_a_member_is_asked_in_their_own_morning_and_has_a_working_day_to_answer() -> None:
    week = moments(date(2026, 1, 12), RHYTHM, calendar())
    assert week is not None
    tokyo = calendar(ZoneInfo("Asia/Tokyo"))
    assert ask_due(utc(2026, 1, 4, 12), week, time(10), tokyo) == utc(2026, 1, 5, 1)
    assert ask_due(utc(2026, 1, 7, 10), week, time(10), calendar()) == utc(2026, 1, 7, 10)
    assert ask_due(utc(2026, 1, 9, 20), week, time(10), calendar()) == utc(2026, 1, 12, 9)
    assert answer_due(utc(2026, 1, 9, 9), 1, calendar()) == utc(2026, 1, 12, 9)
    assert answer_due(utc(2026, 3, 27, 9), 1, calendar()) == utc(2026, 3, 30, 8)  # the clocks change


YES = utc(2026, 1, 12, 11)


@pytest.mark.parametrize(
    ("moment", "free"),
    [
        pytest.param(utc(2026, 3, 6, 9), utc(2026, 3, 6, 9), id="Friday at ten: now"),
        pytest.param(utc(2026, 3, 6, 20), utc(2026, 3, 13, 9), id="Friday night: not on the way to a vote"),
        pytest.param(utc(2026, 3, 9, 8), utc(2026, 3, 13, 9), id="Monday before the scenario"),
        pytest.param(utc(2026, 3, 12, 15), utc(2026, 3, 13, 9), id="Thursday after the opening"),
        pytest.param(
            utc(2026, 5, 14, 9), utc(2026, 5, 22, 8), id="Ascension Day moves the opening to Friday"
        ),
        pytest.param(utc(2026, 5, 25, 9), utc(2026, 5, 29, 8), id="Whit Monday"),
    ],
)
def test_a_figure_waits_for_a_day_without_a_vote(moment: datetime, free: datetime) -> None:
    days = calendar(country="DE")
    assert free_of_votes(moment, RHYTHM, days) == free
    assert free_of_votes(free, RHYTHM, days) == free


def test_where_every_working_day_has_a_vote_a_figure_waits_for_none() -> None:
    short_week = Calendar(BERLIN, frozenset(range(4)), time(9), time(17))
    assert free_of_votes(utc(2026, 3, 6, 9), RHYTHM, short_week) == utc(2026, 3, 9, 9)


def said_yes(*moments: datetime) -> list[Member]:
    return [
        replace(member, since=since)
        for member, since in zip(circle(*[0] * len(moments)), moments, strict=True)
    ]


def test_nobody_is_asked_in_the_first_two_weeks_nor_while_away() -> None:
    members = said_yes(YES - timedelta(days=40), YES)
    for days, spared in ((1, {"t1"}), (13, {"t1"}), (14, set())):
        assert not_to_be_asked(members, YES + timedelta(days=days)) == spared
    assert not_to_be_asked(said_yes(YES, YES), YES) == {"t0", "t1"}
    members[0] = replace(members[0], away_until=YES + timedelta(days=20))
    assert not_to_be_asked(members, YES + timedelta(days=19)) == {"t0"}
    assert not_to_be_asked(members, YES + timedelta(days=20)) == set()
