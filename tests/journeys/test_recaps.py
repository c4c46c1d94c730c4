"""The recap of a circle's week: one tap under Thursday's result, posted under the writer's name."""

from typing import Any

from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, words
from tests.journeys.test_circle import monday

MODAL = "Write a recap"
LINES = "We differed about asking first.\nWorth trying: one line in the thread."


def thursday(start_journey: StartJourney, *, facilitated: bool) -> tuple[Journey, dict[str, Any]]:
    """It is Thursday afternoon and the result is there, of a week that the first facilitates, or nobody."""
    journey = monday(start_journey)
    jonas = journey.people[0]
    scenario = jonas.reads("I will facilitate this week", CIRCLE)
    if facilitated:
        jonas.presses("I will facilitate this week", scenario, CIRCLE)
        assert jonas.reads("this week is yours", CIRCLE)
    journey.go_to(1, 22, 13)
    return journey, scenario


def writes(person: Person, lines: str = LINES) -> None:
    person.presses(MODAL, channel=CIRCLE)
    view = person.modal(MODAL)
    assert "Three to five lines" in words(view)
    assert "turn to Noor Rahman" in words(view)
    assert person.submits(view, question=lines)["response_action"] == "update"
    shown = person.modal(MODAL, lambda now: "This is what your circle will read" in words(now))
    assert "> We differed about asking first." in words(shown)
    assert person.submits(shown)["response_action"] == "update"
    assert "in the thread" in words(person.modal(MODAL, lambda now: not now.get("submit")))
    person.closes()


def recaps(journey: Journey, scenario: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        one
        for one in journey.people[0].thread(scenario, CIRCLE)
        if any(block.get("block_id") == "circle_recap" for block in one.get("blocks") or [])
    ]


def test_the_facilitator_writes_it_and_it_stands_in_the_scenarios_thread(start_journey: StartJourney) -> None:
    journey, scenario = thursday(start_journey, facilitated=True)
    jonas, other = journey.people[:2]
    other.presses(MODAL, channel=CIRCLE)
    assert other.reads("This week's recap is written by who facilitates it", CIRCLE)
    assert other.has_no_modal()
    writes(jonas)
    journey.restart()
    journey.run_worker()
    (recap,) = recaps(journey, scenario)
    assert f"as written by <@{jonas.user}>" in words(recap)
    assert "> Worth trying: one line in the thread." in words(recap)


def test_in_a_week_that_runs_by_itself_anybody_writes_it_and_another_one(start_journey: StartJourney) -> None:
    journey, scenario = thursday(start_journey, facilitated=False)
    jonas, other = journey.people[:2]
    writes(other)
    journey.run_worker()
    jonas.presses(MODAL, channel=CIRCLE)
    assert "This week has a recap already. You can post one more." in words(jonas.modal(MODAL))
    jonas.closes()
    writes(jonas)
    journey.run_worker()
    assert [
        f"<@{each.user}>" in words(recap)
        for each, recap in zip((other, jonas), recaps(journey, scenario), strict=True)
    ] == [
        True,
        True,
    ]


def test_who_is_not_in_the_circle_writes_none(start_journey: StartJourney) -> None:
    journey, _ = thursday(start_journey, facilitated=False)
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    journey.leyla.presses(MODAL, channel=CIRCLE)
    assert journey.leyla.reads("Only the members of its circle can do that", CIRCLE)
    assert journey.leyla.has_no_modal()
