"""The Home tab: what somebody does next, in the state they are in, and nothing that makes no sense there."""

import pytest

from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, until, words
from tests.journeys.test_check_ins import asked


def test_home_offers_another_plan_only_while_there_is_room(jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    page = jonas.home("Your plan in focus")
    assert labels(page) == [
        "Mend it",
        "Call it done",
        "Ask the circle",
        "Write another plan",
        "Less often, pause or stop",
        "More",
    ]
    jonas.presses_at_home("Write another plan")
    jonas.modal("Write a plan")
    jonas.closes()
    for kind in ("Active listening", "Facing a fear"):
        jonas.writes_plan(f"{kind} is called for", "do it", kind)
    page = jonas.home("Facing a fear")
    assert "Write another plan" not in labels(page)
    assert labels(page).count("Ask about this next") == 2


def test_the_last_answer_is_changed_from_home(journey: Journey) -> None:
    jonas = asked(journey, 0)
    assert "Change my last answer" not in labels(jonas.home("Your plan in focus"))
    jonas.presses("I did it")
    jonas.modal("Your check-in")
    jonas.closes()
    jonas.home("Your plan in focus")
    jonas.looks_at_home("", lambda page: "Change my last answer" in labels(page))
    jonas.presses_at_home("Change my last answer")
    assert jonas.modal("Change my answer")


@pytest.mark.parametrize(
    ("button", "told", "on_home", "left"),
    [
        ("Ask less often", "every other check-in", "Next check-in", "Less often, pause or stop"),
        ("Two weeks", "Paused until 26 January 2026", "Paused until Monday 26 January", "Resume check-ins"),
        (
            "A month",
            "Paused until 11 February 2026",
            "Paused until Wednesday 11 February",
            "Resume check-ins",
        ),
        ("Until I come back", "Paused until you resume", "Paused until you resume", "Resume check-ins"),
        ("Stop the check-ins", "No more check-ins", "You asked for silence", "Resume check-ins"),
    ],
)
def test_how_often_is_chosen_behind_one_button(
    jonas: Person, button: str, told: str, on_home: str, left: str
) -> None:
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.home("Your plan in focus")
    jonas.presses_at_home("Less often, pause or stop")
    jonas.modal("How often")
    jonas.presses_in_modal(button)
    answer = jonas.modal("allybot")
    assert told in words(answer)
    assert "/allybot" not in words(answer)
    jonas.closes()
    page = jonas.looks_at_home(on_home)
    assert left in labels(page)
    assert "Ask about this next" not in labels(page)


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("All my plans", "allybot"),
        ("Lines to say", "Words to say"),
        ("Practise it once", "Practise it once"),
        ("My notes", "My notes"),
        ("My own why", "Your own why"),
        ("Who sees what", "Who sees what"),
        ("What leads see", "What leads see"),
        ("What is held about me", "What is held about you"),
        ("Forget me", "Forget me"),
        ("Quiet days and hour", "Quiet days and hour"),
        ("Help", "allybot"),
    ],
)
def test_everything_behind_more_opens_in_its_place(jonas: Person, label: str, title: str) -> None:
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.home("Your plan in focus")
    jonas.presses_under_more(label)
    assert jonas.modal(title)


def test_a_pause_that_outlives_the_program_says_so_and_brings_the_plans(
    journey: Journey, jonas: Person
) -> None:
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish", coping="breathe")
    told = jonas.asks("/allybot pause until 3 Aug")
    assert "Paused until 3 August 2026" in told
    assert "The program is over before that: your plans are deleted on 25 May 2026" in told
    jonas.presses("Send me my plans")
    journey.run_worker()
    copy = words(jonas.reads("to keep"))
    assert "If a colleague is talked over, then I will ask her to finish." in copy
    assert "If it goes badly, then I will breathe." in copy


def test_a_short_pause_speaks_of_no_end_and_a_stop_says_what_still_comes(jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    assert "deleted" not in jonas.asks("/allybot pause 2 weeks")
    told = jonas.asks("/allybot stop")
    assert "Your plans and notes stay until 25 May 2026" in told
    assert "One message still comes: a week before, both as a file" in told


def test_the_overview_shows_a_lead_and_whoever_left_what_home_shows_them(journey: Journey) -> None:
    def overview(person: Person) -> list[str]:
        person.asks("/allybot help")
        before = len(person.messages())
        person.presses("Overview")
        return labels(until(lambda: person.messages()[before:], "the overview")[0])

    at_home = labels(journey.lead.home("Allies at Northwind"))
    assert "Change" in at_home
    assert overview(journey.lead) == at_home
    jonas = journey.people[0]
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    assert overview(jonas) == ["Invite me again"]
