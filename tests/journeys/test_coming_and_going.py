"""Pausing over a check-in, asking for less, leaving, and coming back."""

import pytest

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


def answers(journey: Journey, person: Person, tap: str = "I did it") -> None:
    """They tap, look at the help, close it, and are thanked."""
    taps(person, tap)
    person.closes()
    journey.run_worker()


def silent_for_two_steps(journey: Journey) -> dict:
    """The question that follows two steps without an answer."""
    jonas = asked(journey, 0)
    journey.go_to(1, 22)
    journey.go_to(1, 29)
    return jonas.reads("How would you like to go on?")


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


def test_after_two_silences_asking_less_often_leaves_out_a_step(journey: Journey) -> None:
    pace, jonas = silent_for_two_steps(journey), journey.people[0]
    assert ballots(journey) == []  # silence is a state of its own, never an answer
    before = questions(jonas)
    jonas.presses("Ask less often", pace)
    told = words(jonas.reads("Fine: every other check-in from here on"))
    assert "The next check-in comes on Tuesday 10 February" in told
    assert jonas.home("Next check-in: Tuesday 10 February")
    for day in (3, 5):
        journey.go_to(2, day)
        assert questions(jonas) == before
    journey.go_to(2, 10)
    assert questions(jonas) == before + 1


def test_after_two_silences_stopping_is_the_end_until_he_says_otherwise(journey: Journey) -> None:
    pace, jonas = silent_for_two_steps(journey), journey.people[0]
    jonas.presses("Stop the check-ins", pace)
    assert jonas.reads("No more check-ins")
    before = questions(jonas)
    for week in range(10):
        journey.pass_days(7)
        assert questions(jonas) == before, week
    assert "no more check-ins will come" not in said(jonas)


def test_after_two_silences_an_answer_is_a_sign_of_life(journey: Journey) -> None:
    silent_for_two_steps(journey)
    jonas = journey.people[0]
    answers(journey, jonas, "A moment came, I did not")
    assert len(ballots(journey)) == 1
    before = questions(jonas)
    for month, day in ((2, 3), (2, 5), (2, 10), (2, 12), (2, 17)):
        journey.go_to(month, day)
    assert questions(jonas) > before
