"""Day 90: no question, but a good day to look at the plan again."""

import pytest

from allybot.prompts import ids
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, words
from tests.journeys.test_check_ins import PLAN, QUESTION, ballots, said, taps

REPLAN = "This is a good day to look at yours again"


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody who answered at every step; it is day 90."""
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    for _ in range(12):
        if QUESTION in said(jonas):
            taps(jonas, "I did it")
            jonas.closes()
        journey.pass_days(7)
    return jonas


def test_the_plan_is_quoted_and_no_answer_is_asked_for(journey: Journey, jonas: Person) -> None:
    replan = jonas.reads(REPLAN)
    assert f"> {PLAN}" in words(replan)
    assert "90 days have passed since your training" in words(replan)
    assert "no answer is recorded" in words(replan)
    assert "turn to Noor Rahman" in words(replan)
    assert labels(replan) == [
        "My notes", "Mend this plan", "Write a new plan", "Keep things as they are", "Call it done",
        "Keep going until day 180",
    ]  # fmt: skip
    assert 90 not in {slot for _, slot, _ in ballots(journey)}


def test_it_begins_with_his_notes_which_stand_in_no_message(jonas: Person) -> None:
    jonas.types("/allybot notes")
    assert jonas.submits(jonas.modal("My notes"), note="she thanked me")["response_action"] == "update"
    jonas.closes()
    jonas.presses("My notes", jonas.reads(REPLAN))
    assert "she thanked me" in words(jonas.modal("My notes"))
    assert "she thanked me" not in said(jonas)


def test_the_plan_is_mended(jonas: Person) -> None:
    jonas.presses("Mend this plan", jonas.reads(REPLAN))
    view = jonas.modal("Mend a plan")
    assert jonas.submits(view, cue="she is cut off in the planning")["response_action"] == "update"
    jonas.closes()
    assert "If she is cut off in the planning, then I will ask her to finish." in jonas.asks("/allybot plans")


def test_the_plan_is_called_done_and_another_one_written(jonas: Person) -> None:
    replan = jonas.reads(REPLAN)
    jonas.presses("Call it done", replan)
    assert PLAN in jonas.asks("/allybot plans").partition("*Done*")[2]
    jonas.presses("Write a new plan", replan)
    view = jonas.goes_on(jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, "Bystander action"))
    view = jonas.goes_on(view, cue="a joke falls flat", response="say that I do not find it funny")
    assert jonas.submits(view)["response_action"] == "update"
    jonas.closes()
    page = jonas.asks("/allybot plans")
    assert "If a joke falls flat, then I will say that I do not find it funny." in page.partition("*Done*")[0]


def test_it_is_the_last_thing_that_is_asked(journey: Journey, jonas: Person) -> None:
    jonas.presses("Keep things as they are", jonas.reads(REPLAN))
    journey.run_worker()
    assert f"> {PLAN}" in words(jonas.reads("Kept as they are"))
    for _ in range(4):
        journey.pass_days(7)
    assert said(jonas).count("no more check-ins will come") == 1
    assert QUESTION not in said(jonas)
    assert REPLAN not in said(jonas)


def test_home_then_says_that_the_program_has_ended_and_what_becomes_of_the_plans(
    journey: Journey, jonas: Person
) -> None:
    journey.pass_days(14)
    page = jonas.home("has ended, and no more check-ins come")
    assert "Your plans are kept until 25 May 2026, and deleted then." in words(page)
    assert labels(page) == ["Mend it", "Call it done", "Ask the circle", "Write another plan", "More"]
