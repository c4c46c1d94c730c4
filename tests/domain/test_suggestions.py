"""Suggestions go in threes, the longest waiting first; each of other people, and none for ever."""

# ruff: noqa: S311 - a seeded generator makes a test repeatable

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allybot.domain.suggestions import (
    MAX_ANSWER_LENGTH,
    MAX_LENGTH,
    Waiting,
    answer_text,
    going_with_round,
    next_round,
    said_to_leads,
    suggestion_text,
    waits_no_longer,
)
from allybot.errors import FieldError

MONDAY = date(2026, 1, 26)
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def waiting(number: int, first_on: date = MONDAY, name: str = "w") -> list[Waiting]:
    return [Waiting(f"{name}{each}", first_on) for each in range(number)]


@pytest.mark.parametrize(
    ("number", "going"), [(0, 0), (1, 0), (2, 0), (3, 3), (4, 3), (5, 3), (6, 6), (8, 6), (9, 9), (40, 9)]
)
def test_they_go_in_threes_and_at_most_nine(number: int, going: int) -> None:
    found = going_with_round(waiting(number), random.Random(1))
    assert len(set(found)) == len(found) == going


def test_whoever_has_waited_longest_goes_first_and_chance_decides_between_the_others() -> None:
    rng, last = random.Random(1), Counter[str]()
    older = waiting(2, MONDAY - timedelta(days=7), "old")
    places = Counter[int]()
    for _ in range(3000):
        found = going_with_round([*waiting(3), *older], rng)
        assert {"old0", "old1"} < set(found)
        last.update(set(found) - {"old0", "old1"})
        places[found.index("old0")] += 1
    assert all(abs(last[f"w{each}"] - 1000) < 120 for each in range(3))
    assert all(abs(places[each] - 1000) < 120 for each in range(3))


def test_after_eight_mondays_it_waits_no_longer() -> None:
    one = Waiting("w", MONDAY)
    assert [waits_no_longer(one, MONDAY + timedelta(weeks=week)) for week in (0, 6, 7, 8)] == [
        False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "zone", "at"),
    [
        ("2026-01-25T23:59", BERLIN, "2026-01-26T11:00"),
        ("2026-01-26T10:59", BERLIN, "2026-01-26T11:00"),
        ("2026-01-26T11:00", BERLIN, "2026-02-02T11:00"),
        ("2026-03-27T11:00", BERLIN, "2026-03-30T10:00"),  # the clocks change in between
        ("2026-01-25T22:59", AUCKLAND, "2026-01-25T23:00"),
    ],
)
def test_a_round_is_at_noon_of_a_monday_in_the_programs_zone(now: str, zone: ZoneInfo, at: str) -> None:
    moment, expected = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (now, at))
    assert next_round(moment, zone) == expected


def test_texts_are_one_line_of_limited_length() -> None:
    assert suggestion_text(" a\n room  ") == "a room"
    assert len(suggestion_text("x" * MAX_LENGTH)) == MAX_LENGTH
    assert len(answer_text("\U00020000" * MAX_ANSWER_LENGTH)) == MAX_ANSWER_LENGTH
    for text, reason in (
        ("", "empty"),
        (None, "empty"),
        ("...", "empty"),
        ("x" * (MAX_LENGTH + 1), "too_long"),
    ):
        with pytest.raises(FieldError) as error:
            suggestion_text(text)
        assert error.value.reason == reason
    with pytest.raises(FieldError):
        answer_text("x" * (MAX_ANSWER_LENGTH + 1))


@pytest.mark.parametrize(
    "text",
    [
        "tell the leads",
        "Tell the leads that we need a room",
        "please tell my lead: a room",
        "I want to tell our leads something",
        "A suggestion for the leads!",
        "Bitte sag der Leitung, dass wir einen Raum brauchen",
        "Vorschlag für die Leitung",
    ],
)
def test_what_begins_as_something_for_the_leads_is_recognised(text: str) -> None:
    assert said_to_leads(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please do not tell the leads",
        "who sees this, do you tell the leads?",
        "I told the leader",
        "the leads",
        "tell the leadsman",
    ],
)
def test_other_messages_are_not(text: str) -> None:
    assert said_to_leads(text) is None


def test_what_follows_the_beginning_is_looked_at_for_distress() -> None:
    assert said_to_leads("I'd like to tell the leads: he hit me. I am afraid") == "he hit me. I am afraid"
    assert said_to_leads("tell the leads") == ""
