"""A reminder before a known moment: asked for beside its day, three at most, apart from the check-in."""

import itertools
from datetime import date

import pytest

from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, options, stands_in, words
from tests.journeys.test_check_ins import MOMENT, PLAN, QUESTION, TAPS, asked, more

REMINDER = "you expect the moment of your plan:"
BOX = "Remind me that morning"


def reminders(person: Person) -> list[dict]:
    return [one for one in person.messages() if REMINDER in words(one)]


def test_asked_for_in_the_help_it_comes_that_morning_and_quotes_his_plan(journey: Journey) -> None:
    jonas = asked(journey, 0)
    view = more(jonas, "No moment yet")
    assert options(view, "remind") == [BOX]
    assert stands_in(view, "remind") == ""
    answer = jonas.submits(view, remind=[BOX], **{MOMENT: date(2026, 1, 19)})
    assert answer["response_action"] == "update"
    assert "A short reminder comes on the morning of Monday 19 January" in words(jonas.modal("Thank you"))
    jonas.closes()
    journey.run_worker()
    journey.go_to(1, 16)  # whoever facilitates gets the kit
    journey.go_to(1, 19, 8, 59)
    assert reminders(jonas) == []
    journey.go_to(1, 19, 9, 20)
    (message,) = reminders(jonas)
    assert words(message).startswith("Today you expect the moment of your plan:")
    assert f"> {PLAN}" in words(message)
    assert labels(message) == ["Practise it once", "No more reminders"]
    journey.go_to(1, 19, 16)
    assert len(reminders(jonas)) == 1
    journey.go_to(1, 22)
    assert jonas.reads(QUESTION)


@pytest.mark.parametrize("tap", TAPS)
def test_the_box_stands_beside_the_day_after_every_answer(journey: Journey, tap: str) -> None:
    view = more(asked(journey, 0), tap)
    assert options(view, "remind") == [BOX]


def test_it_is_asked_for_and_taken_back_on_the_home_tab(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish", **{MOMENT: date(2026, 1, 14)})
    jonas.home("You expect the moment on Wednesday 14 January")
    jonas.presses_at_home(BOX)
    jonas.looks_at_home("A short reminder comes on the morning of Wednesday 14 January")
    jonas.presses_at_home("No reminder")
    jonas.looks_at_home("You expect the moment", lambda view: BOX in labels(view))
    jonas.presses_at_home(BOX)
    jonas.looks_at_home("A short reminder comes")
    journey.run_worker()
    journey.go_to(1, 14, 9, 30)
    assert len(reminders(jonas)) == 1


def test_no_more_reminders_means_none(journey: Journey) -> None:
    jonas = asked(journey, 0)
    jonas.submits(more(jonas, "I did it"), remind=[BOX], **{MOMENT: date(2026, 1, 19)})
    jonas.closes()
    journey.run_worker()
    journey.go_to(1, 19, 9, 20)
    jonas.presses("No more reminders")
    assert jonas.reads("no more reminders for this plan")
    jonas.presses("Mend it", on_home(jonas))
    view = jonas.modal("Mend a plan")
    assert jonas.submits(view, **{MOMENT: date(2026, 1, 23)})["response_action"] == "update"
    jonas.closes()
    journey.go_to(1, 23, 11)
    assert len(reminders(jonas)) == 1


def on_home(jonas: Person) -> dict:
    """The list of their plans, whose buttons stand in a message."""
    jonas.asks("/allybot plans")
    return jonas.messages()[-1]


def test_after_three_it_stops_by_itself_and_says_so(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish", **{MOMENT: date(2026, 1, 14)})
    jonas.home("You expect the moment")
    jonas.presses_at_home(BOX)
    jonas.looks_at_home("A short reminder comes")
    for before, moment in itertools.pairwise((12, 14, 20, 26, 30)):
        jonas.presses("Mend it", on_home(jonas))
        jonas.submits(jonas.modal("Mend a plan"), **{MOMENT: date(2026, 1, moment)})
        jonas.closes()
        for day in range(before + 1, moment + 1):
            journey.go_to(1, day)
    seen = reminders(jonas)
    assert len(seen) == 3
    assert ["last of 3 reminders" in words(one) for one in seen] == [False, False, True]
    assert labels(seen[-1]) == ["Practise it once"]
    home = jonas.home("You expect the moment on Friday 30 January")
    assert BOX not in labels(home)


def test_a_restart_before_the_morning_loses_none_and_doubles_none(journey: Journey) -> None:
    jonas = asked(journey, 0)
    jonas.submits(more(jonas, "I did it"), remind=[BOX], **{MOMENT: date(2026, 1, 19)})
    jonas.closes()
    journey.run_worker()
    journey.restart()
    journey.go_to(1, 19, 9, 20)
    journey.restart()
    journey.go_to(1, 19, 12)
    assert len(reminders(jonas)) == 1
    jonas.types("/allybot my-data")
    assert jonas.reads("you want a reminder of its moment")
