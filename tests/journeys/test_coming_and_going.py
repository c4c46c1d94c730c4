"""Pausing over a check-in, asking for less, leaving, and coming back."""

import pytest

from allybot.prompts import ids
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, words
from tests.journeys.test_check_ins import PLAN, QUESTION, asked, ballots, more, said, taps


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody whose first check-in has just come."""
    return asked(journey, 0)


def questions(person: Person) -> int:
    """How often they are asked, in all that stands in their direct message."""
    return said(person).count(QUESTION)


def received(person: Person) -> int:
    """How many messages stand in their direct message, besides those about the role of facilitator."""
    return sum("facilitat" not in words(one).lower() for one in person.messages())


def answers(journey: Journey, person: Person, tap: str = "I did it") -> None:
    """They tap, look at the help, close it, and are thanked."""
    taps(person, tap)
    person.closes()
    journey.run_worker()


def silent_for_two_steps(journey: Journey) -> dict:
    """What follows two steps without an answer: word that the check-ins come less often."""
    jonas = asked(journey, 0)
    journey.go_to(1, 22)
    journey.go_to(1, 29)
    return jonas.reads("From here on they come less often")


def test_a_pause_over_a_check_in_moves_it_and_resuming_early_brings_it_back(
    journey: Journey, jonas: Person
) -> None:
    answers(journey, jonas)
    assert "Paused until 12 February 2026" in jonas.asks("/allybot pause 4 weeks")
    assert "Paused until Thursday 12 February" in words(jonas.home("Paused until"))
    for day in (20, 22, 27, 29):
        journey.go_to(1, day)
    assert questions(jonas) == 0
    resumed = jonas.asks("/allybot resume")
    assert "The next check-in comes on Tuesday 3 February" in resumed
    assert "Next check-in: Tuesday 3 February" in words(jonas.home("Next check-in"))
    journey.go_to(2, 3)
    assert questions(jonas) == 1
    answers(journey, jonas)
    assert sorted(slot for _, slot, _ in ballots(journey)) == [3, 10]  # none was lost by the pause


def test_a_check_in_that_waits_can_be_answered_in_a_pause(journey: Journey, jonas: Person) -> None:
    jonas.asks("/allybot pause 2 weeks")
    answers(journey, jonas, "No moment yet")
    assert len(ballots(journey)) == 1
    journey.go_to(1, 22)
    assert questions(jonas) == 0


@pytest.mark.parametrize("way", ["/allybot stop", "Stop the check-ins", "No more check-ins"])
def test_leaving_is_silence_at_once_and_coming_back_goes_on_with_the_ladder(
    journey: Journey, jonas: Person, way: str
) -> None:
    if way.startswith("/"):
        assert "No more check-ins" in jonas.asks(way)
    elif way == "Stop the check-ins":
        jonas.presses(way, journey.answer_to(jonas, "please stop"))
        assert jonas.reads("No more check-ins")
    else:
        view = more(jonas, "No moment yet")
        assert jonas.submits(view, from_here=way)["response_action"] == "update"
        jonas.closes()
    journey.run_worker()
    before = len(jonas.messages())
    for day in (16, 19, 20, 22, 29):
        journey.go_to(1, day)
    assert [one for one in jonas.messages()[before:] if QUESTION in words(one)] == []
    assert f"> {PLAN}" in jonas.asks("/allybot plans")
    assert "Resume check-ins" in labels(jonas.home())
    jonas.presses_at_home("Resume check-ins")
    assert jonas.looks_at_home("Next check-in: Tuesday 3 February")
    before = len(jonas.messages())
    journey.go_to(2, 3)
    assert sum(QUESTION in words(one) for one in jonas.messages()[before:]) == 1


def test_after_two_silences_the_check_ins_come_less_often_and_go_on(journey: Journey) -> None:
    told, jonas = silent_for_two_steps(journey), journey.people[0]
    assert ballots(journey) == []  # silence is a state of its own, never an answer
    assert labels(told) == ["Keep the usual rhythm", "Stop the check-ins"]
    assert "The next message comes on Tuesday 24 February" in words(told)
    assert "turn to Noor Rahman" in words(told)
    assert jonas.home("Next check-in: Tuesday 24 February")
    before = received(jonas)
    for month, day in ((2, 3), (2, 10), (2, 17)):
        journey.go_to(month, day)
    assert received(jonas) == before
    journey.go_to(2, 24)
    assert questions(jonas) >= 1
    for day in (25, 26, 27):
        journey.go_to(2, day)
    assert received(jonas) == before + 1  # and no follow-up
    journey.go_to(3, 10)
    assert jonas.reads("today can be a fresh start")


def test_after_two_silences_one_tap_brings_the_usual_rhythm_back(journey: Journey) -> None:
    told, jonas = silent_for_two_steps(journey), journey.people[0]
    jonas.presses("Keep the usual rhythm", told)
    assert "The next check-in comes on Tuesday 10 February" in words(jonas.reads("the check-ins go on"))
    before = questions(jonas)
    journey.go_to(2, 10)
    assert questions(jonas) == before + 1


def the_fresh_start(journey: Journey) -> dict:
    """Somebody has left every message unanswered until day 56."""
    silent_for_two_steps(journey)
    journey.go_to(2, 24)
    journey.go_to(3, 10)
    return journey.people[0].reads("today can be a fresh start")


def test_at_the_fresh_start_the_plan_is_kept(journey: Journey) -> None:
    fresh, jonas = the_fresh_start(journey), journey.people[0]
    assert f"> {PLAN}" in words(fresh)
    assert labels(fresh) == [
        "Keep this plan", "Write a new plan", "Keep the usual rhythm", "Stop the check-ins",
    ]  # fmt: skip
    jonas.presses("Keep this plan", fresh)
    assert "The next message comes on Thursday 9 April" in words(jonas.reads("Kept as it is"))
    assert ballots(journey) == []
    before = received(jonas)
    for week in range(3):
        journey.pass_days(7)
        assert received(jonas) == before, week
    journey.go_to(4, 9)
    assert jonas.reads("This is a good day to look at yours again")


def test_at_the_fresh_start_a_plan_is_written_anew_and_the_rhythm_chosen(journey: Journey) -> None:
    fresh, jonas = the_fresh_start(journey), journey.people[0]
    jonas.presses("Write a new plan", fresh)
    view = jonas.goes_on(jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, "Facing a fear"))
    assert jonas.submits(jonas.goes_on(view, cue="a joke falls flat", response="say so"))["response_action"]
    jonas.closes()
    jonas.presses("Keep the usual rhythm", fresh)
    assert "The next check-in comes on Tuesday 24 March" in words(jonas.reads("the check-ins go on"))


def test_at_the_fresh_start_it_can_be_stopped(journey: Journey) -> None:
    fresh, jonas = the_fresh_start(journey), journey.people[0]
    jonas.presses("Stop the check-ins", fresh)
    assert jonas.reads("No more check-ins")
    before = received(jonas)
    for _ in range(5):
        journey.pass_days(7)
    assert received(jonas) == before


def test_after_two_silences_stopping_is_the_end_until_he_says_otherwise(journey: Journey) -> None:
    pace, jonas = silent_for_two_steps(journey), journey.people[0]
    jonas.presses("Stop the check-ins", pace)
    assert jonas.reads("No more check-ins")
    before = questions(jonas)
    for week in range(10):
        journey.pass_days(7)
        assert questions(jonas) == before, week
    assert "no more check-ins will come" not in said(jonas)


def test_after_two_silences_an_answer_is_a_sign_of_life_and_spares_the_fresh_start(journey: Journey) -> None:
    silent_for_two_steps(journey)
    jonas = journey.people[0]
    answers(journey, jonas, "A moment came, I did not")
    assert len(ballots(journey)) == 1
    journey.go_to(2, 24)
    answers(journey, jonas, "A moment came, I did not")
    for day in (3, 10, 17, 24):
        journey.go_to(3, day)
    assert "fresh start" not in said(jonas)
