"""What people type to the bot: never ignored, never acted upon, and answered with the buttons that fit."""

import pytest

from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, words
from tests.journeys.test_check_ins import SNOOZES, TAPS, asked, ballots, said, taps
from tests.journeys.test_old_buttons import everything

ANSWERS = [*TAPS, *SNOOZES]
REST = ["Pause for two weeks", "Stop the check-ins"]
TYPED = (
    ("yes I did", ANSWERS),
    ("not yet", ANSWERS),
    ("no chance", ANSWERS),
    ("I didn\u2019t", ANSWERS),
    ("haven't had the chance", ANSWERS),
    ("noch nicht", ANSWERS),
    ("busy, next week", ANSWERS),
    ("im Urlaub", REST),
    ("stop", [*reversed(REST)]),
    ("help", ["Write a plan", "All my plans", "Help"]),
    ("show my plans", ["Write a plan", "All my plans"]),
    ("thanks!", []),
    ("she said something lovely today", ["All my plans", "Write a plan", *REST, "Help"]),
)


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody whose first check-in has just come."""
    return asked(journey, 0)


def test_each_gets_an_answer_with_the_buttons_that_fit_and_changes_nothing(
    journey: Journey, jonas: Person
) -> None:
    before = everything(journey)
    for typed, buttons in TYPED:
        answer = journey.answer_to(jonas, typed)
        assert labels(answer) == buttons, typed
    assert everything(journey) == before
    assert ballots(journey) == []


def test_a_yes_and_a_no_are_answered_with_the_same_words(journey: Journey, jonas: Person) -> None:
    told = {words(journey.answer_to(jonas, typed)) for typed in ("yes I did", "no chance", "not yet")}
    (one,) = told
    assert "A typed answer is not recorded, because Slack keeps what is typed" in one


def test_the_buttons_of_the_answer_seal_it_and_give_way_to_the_thanks(
    journey: Journey, jonas: Person
) -> None:
    answer = journey.answer_to(jonas, "nope")
    taps(jonas, "A moment came, I did not", answer)
    jonas.closes()
    journey.run_worker()
    assert len(ballots(journey)) == 1
    assert said(jonas).count("Your answer is sealed") == 2  # the question and the answer to what he typed
    assert TAPS[0] not in said(jonas)


def test_where_no_check_in_waits_a_typed_answer_is_told_so(journey: Journey, jonas: Person) -> None:
    taps(jonas, "I did it")
    jonas.closes()
    journey.run_worker()
    answer = journey.answer_to(jonas, "yes I did")
    assert labels(answer) == []
    assert "No check-in is waiting for you now" in words(answer)


def test_a_request_is_done_only_by_its_button(journey: Journey, jonas: Person) -> None:
    offer = journey.answer_to(jonas, "please stop")
    assert "Next check-in" in words(jonas.home())
    jonas.presses("Stop the check-ins", offer)
    assert jonas.reads("No more check-ins")
    assert "Resume check-ins" in labels(jonas.home("Resume check-ins"))
