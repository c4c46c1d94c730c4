"""What came of it: everybody a figure is about gets it in the same words, and each circle hears it once."""

import re
from datetime import date
from typing import Any

from sqlalchemy import insert

from allybot.domain.plans import Outcome, PlanKind
from allybot.services.context import new_id
from allybot.services.outcomes import casting
from allybot.store import tables
from allybot.store.outcomes import ballots
from allybot.store.programs import programs as stored
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, words
from tests.journeys.test_check_ins import QUESTION
from tests.journeys.test_reminders import BOX, MOMENT, on_home, reminders
from tests.support import builders

TITLE = "What came of it: weeks 1\u20136 of Allies at Northwind"
NO_FIGURES = "There are no figures for weeks 1\u20136 of *Allies at Northwind*"
KIT = "Your kit for the circle"


def told(person: Person, part: str = TITLE, channel: str | None = None) -> list[dict[str, Any]]:
    """The messages with these words."""
    return [each for each in person.messages(channel) if part in words(each)]


def whoever_is_asked_facilitates(journey: Journey) -> None:
    """They say yes, so that their kit comes on Friday and nobody is reminded."""
    for person in journey.people:
        if "Yes, I will" in labels(person.messages()[-1]):
            person.presses("Yes, I will")


def asked_on_15_january(start_journey: StartJourney, people: int, answering: int) -> Journey:
    """People who said yes and wrote a plan; so many have answered their first check-in."""
    journey = start_journey(people)
    for person in journey.people:
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    for number, person in enumerate(journey.people[:answering]):
        person.presses("I did it" if number % 3 else "No moment yet")
        person.modal("Your check-in")
        person.closes()
    journey.run_worker()
    return journey


def test_everybody_gets_the_figure_in_the_same_words_on_the_day_it_is_published(
    start_journey: StartJourney,
) -> None:
    journey = asked_on_15_january(start_journey, 12, answering=10)
    stopped, paused, *others = journey.people
    silent = others[-1]
    stopped.asks("/allybot stop")
    paused.asks("/allybot pause until 20 March")
    journey.go_to(3, 5)
    whoever_is_asked_facilitates(journey)
    assert not any(told(person) for person in journey.people)
    journey.go_to(3, 6)
    kits = [each for each in others if KIT in words(each.messages()[-1])]
    assert len(kits) == 1
    assert [len(told(person)) for person in others if person not in kits] == [1] * 9
    assert not any(told(person) for person in (*kits, stopped, paused))
    journey.go_to(3, 9)
    assert len(told(kits[0])) == 1
    journey.go_to(3, 19)
    assert not told(paused)
    for day in (20, 23, 24, 25):
        before = len(paused.messages())
        journey.go_to(3, day)
        assert len(paused.messages()) <= before + 1
    assert not told(stopped)
    seen = [told(person) for person in (paused, *others)]
    assert [len(each) for each in seen] == [1] * 11
    assert len({str((each[0]["text"], bare(each[0]["blocks"]))) for each in seen}) == 1
    message = seen[0][0]
    assert re.search(r"of the 10 who answered acted at least once \(\d+ to \d+( people)?\)", words(message))
    assert "Depending on the 2 who did not answer" in words(message)
    assert "every answer was sealed when it was given" in words(message)
    assert labels(message) == ["All my plans", "What leads see"]
    (post,) = told(others[0], channel=CIRCLE)
    assert headline(post) == headline(message)
    assert "It does not say who did what" in words(post)
    silent.presses("What leads see", told(silent)[0])
    assert headline(message).strip("*") in words(silent.modal("What leads see"))
    assert [line for line in journey.lead.messages() if TITLE in words(line)] == []


def bare(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks without the ids that Slack gives them."""
    return [{name: value for name, value in block.items() if name != "block_id"} for block in blocks]


def headline(message: dict[str, Any]) -> str:
    """The line in bold under the title."""
    return words(message).splitlines()[1]


def test_it_comes_on_another_day_than_a_check_in(start_journey: StartJourney) -> None:
    journey = asked_on_15_january(start_journey, 2, answering=2)
    journey.go_to(3, 5)
    before = {person.user: len(person.messages()) for person in journey.people}
    journey.go_to(3, 10)  # the worker was down when the window closed, and step 56 is due
    journey.go_to(3, 11)
    is_asked = [each for each in journey.people if "Could you facilitate" in words(each.messages()[-1])]
    (jonas,) = [each for each in journey.people if each not in is_asked]
    asked_today, told_today = jonas.messages()[before[jonas.user] :]
    assert QUESTION in words(asked_today)
    assert NO_FIGURES in words(told_today)
    assert len(jonas.messages()) == before[jonas.user] + 2


def test_with_too_few_answers_people_are_told_kindly_and_circles_nothing(journey: Journey) -> None:
    for person in journey.people:
        person.begins()
    journey.go_to(3, 5)
    whoever_is_asked_facilitates(journey)
    journey.go_to(3, 6)
    assert sorted(len(told(person, NO_FIGURES)) for person in journey.people) == [0, 1]  # one has a kit
    journey.go_to(3, 9)
    (first,), (second,) = (told(person, NO_FIGURES) for person in journey.people)
    assert first["text"] == second["text"]
    assert "fewer than 10 people's answers could be counted" in words(first)
    assert "deleted without being opened" in words(first)
    assert "This says nothing about how much was done" in words(first)
    assert labels(first) == ["All my plans"]
    assert not told(journey.leyla, "no figures", CIRCLE)
    journey.go_to(3, 13)
    assert [len(told(person, NO_FIGURES)) for person in journey.people] == [1, 1]


def test_fifty_and_more_get_the_same_headline_and_circles_do_too(start_journey: StartJourney) -> None:
    journey = asked_on_15_january(start_journey, 4, answering=4)
    with journey.context.database.transaction() as tx:
        (made,) = stored.programs(tx)
        cohort = stored.cohorts(tx, made.id)[0].id
        window = ballots.window_named(tx, made.id, "1-6")
        assert window
        more = {f"more-{number}": f"U0MORE{number}" for number in range(60)}
        builders.trainees(
            tx, more, workspace_id=made.workspace_id, program_id=made.id, cohort_id=cohort, state="stopped"
        )
        for number, each in enumerate(more):
            asked = {"id": new_id(), "trainee_id": each, "step": 3, "window_id": window.id}
            tx.execute(
                insert(tables.check_in).values(**asked, due_at=journey.now, state="asked", times_put_off=0)
            )
            if number < 56:
                outcome = Outcome.ACTED if number % 2 else Outcome.FORGOT
                casting.cast(journey.context, tx, window.id, each, 3, outcome, PlanKind.FEAR)
    for day in (6, 9, 10, 11, 12, 13):  # who is asked to facilitate on one of these days hears it on another
        journey.go_to(3, day)
        whoever_is_asked_facilitates(journey)
    seen = [told(person) for person in journey.people]
    assert [len(each) for each in seen] == [1] * 4
    assert len({each[0]["text"] for each in seen}) == 1
    assert "acted at least once" in headline(seen[0][0])
    (post,) = told(journey.people[0], channel=CIRCLE)
    assert headline(post) == headline(seen[0][0])


def test_a_circle_hears_it_once_and_on_a_day_without_a_vote(
    start_journey: StartJourney,
) -> None:
    journey = asked_on_15_january(start_journey, 10, answering=10)
    journey.go_to(3, 9)  # the worker was down since January; on Monday a vote begins
    assert not told(journey.leyla, channel=CIRCLE)
    journey.go_to(3, 12, 16)
    assert not told(journey.leyla, channel=CIRCLE)
    journey.go_to(3, 13)
    assert len(told(journey.leyla, channel=CIRCLE)) == 1
    journey.go_to(3, 20)
    assert len(told(journey.leyla, channel=CIRCLE)) == 1


def test_a_reminder_of_that_day_comes_the_working_day_before(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(2, 24)
    journey.go_to(2, 25)
    jonas.presses("I did it")
    jonas.modal("Your check-in")
    jonas.closes()
    journey.go_to(3, 3)
    jonas.presses("Mend it", on_home(jonas))
    jonas.submits(jonas.modal("Mend a plan"), **{MOMENT: date(2026, 3, 6)})
    jonas.closes()
    jonas.home("You expect the moment on Friday 6 March")
    jonas.presses_at_home(BOX)
    jonas.looks_at_home("A short reminder comes on the morning of Thursday 5 March")
    journey.go_to(3, 5, 9, 30)
    assert len(reminders(jonas)) == 1
    before = len(jonas.messages())
    journey.go_to(3, 6)
    assert len(jonas.messages()) == before + 1
    assert len(told(jonas, NO_FIGURES)) == len(reminders(jonas)) == 1
