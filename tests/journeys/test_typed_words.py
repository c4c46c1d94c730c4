"""What people type to the bot: never ignored, never acted upon, and answered with the buttons that fit."""

from typing import Any

import pytest

from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, until, words
from tests.journeys.test_check_ins import QUESTION, SNOOZES, TAPS, asked, ballots, taps
from tests.journeys.test_old_buttons import everything

COUNT = ["Yes, count that", "Something else"]
REST = ["Pause for two weeks", "Pause until I come back", "Stop the check-ins"]
TYPED = (
    ("yes I did", COUNT),
    ("no chance", COUNT),
    ("haven't had the chance", COUNT),
    ("noch nicht", ["Ja, so zählen", "Etwas anderes"]),
    ("tomorrow", list(SNOOZES)),
    (":+1:", [*TAPS, *SNOOZES]),
    ("pause please", REST),
    ("stop", ["Stop the check-ins", "Pause for two weeks"]),
    ("help", ["Answer the check-in", "Write a plan", "All my plans", "Help"]),
    ("who is my facilitator?", ["Your circle"]),
    ("show my plans", ["All my plans", "Write a plan"]),
    ("thanks!", []),
    (
        "qwertz uiop asdf",
        [*TAPS, "All my plans", "Pause for two weeks", "Stop the check-ins", "Help"],
    ),
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


def test_what_is_typed_in_a_thread_is_answered_in_that_thread(journey: Journey, jonas: Person) -> None:
    asked_in = jonas.reads(QUESTION)["ts"]
    for typed, thread in (("yes I did", asked_in), ("qwertz uiop asdf", asked_in), ("thanks!", None)):
        more = {"thread_ts": thread} if thread else {}
        seen = {each["ts"] for each in jonas.messages()}
        journey.remote.post("message", channel=jonas.user, user=jonas.user, text=typed, **more)

        def look(seen: set[str] = seen) -> list[dict[str, Any]]:
            journey.run_worker()
            return [
                each for each in jonas.messages() if each["ts"] not in seen and each["user"] != jonas.user
            ]

        line = until(look, f"an answer to “{typed}”")[0]
        assert line["ephemeral"]
        assert line.get("thread_ts") == thread


def test_where_no_check_in_waits_a_typed_answer_leads_to_the_last_one(
    journey: Journey, jonas: Person
) -> None:
    taps(jonas, "I did it")
    jonas.closes()
    journey.run_worker()
    answer = journey.answer_to(jonas, "yes I did")
    assert labels(answer) == ["Change my answer"]
    assert "No check-in is waiting for you now" in words(answer)


def test_a_request_is_done_only_by_its_button(journey: Journey, jonas: Person) -> None:
    offer = journey.answer_to(jonas, "please stop")
    assert "Next check-in" in words(jonas.home())
    jonas.presses("Stop the check-ins", offer)
    assert jonas.reads("No more check-ins")
    assert "Resume check-ins" in labels(jonas.home("Resume check-ins"))
