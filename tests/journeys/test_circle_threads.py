"""The talk about a scenario has a place, and votes are opened as soon as there is nothing to wait for."""

import pytest

from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import words


def monday_noon(start_journey: StartJourney, people: int = 4) -> Journey:
    """So many people said yes; it is Monday noon, and the scenario stands in their channel."""
    journey = start_journey(people)
    for person in journey.people:
        person.begins()
    journey.go_to(1, 19, 12)
    journey.run_worker()
    return journey


def newest_post(journey: Journey) -> str:
    """The ts of the newest post that everyone in the channel sees."""
    return str(
        [each["ts"] for each in journey.people[0].messages(CIRCLE) if not each.get("ephemeral_to")][-1]
    )


def test_the_thread_opens_with_one_question_that_a_line_answers(start_journey: StartJourney) -> None:
    journey = monday_noon(start_journey)
    reader = journey.people[0]
    scenario = reader.messages(CIRCLE)[-1]
    (opener,) = reader.thread(scenario, CIRCLE)
    asked = words(opener).splitlines()[0].strip("*")
    assert asked.endswith("?")
    assert f"in the thread:* {asked}" in words(scenario)
    assert "One line is enough" in words(opener)
    journey.go_to(1, 20, 12)
    assert len(reader.thread(scenario, CIRCLE)) == 1, "it comes once"


def test_votes_are_opened_at_once_when_everyone_has_voted(start_journey: StartJourney) -> None:
    journey = monday_noon(start_journey)
    scenario = journey.people[0].messages(CIRCLE)[-1]
    *most, last = journey.people
    for person in most:
        person.presses("Vote A", scenario, CIRCLE)
        assert "can change yours" in words(person.reads("Your vote is sealed", CIRCLE))
    journey.run_worker()
    assert newest_post(journey) == scenario["ts"], "one vote is missing"
    last.presses("Vote B", scenario, CIRCLE)
    assert "everyone has voted" in words(last.reads("Your vote is sealed", CIRCLE))
    journey.run_worker()
    assert "4 voted" in words(last.reads("4 voted", CIRCLE))
    journey.go_to(1, 22, 13)
    opened = [each for each in last.messages(CIRCLE) if "voted. Where you differ" in words(each)]
    assert len(opened) == 1, "and not again on Thursday"


def test_votes_that_are_complete_at_night_wait_for_the_morning(start_journey: StartJourney) -> None:
    journey = monday_noon(start_journey)
    scenario = journey.people[0].messages(CIRCLE)[-1]
    journey.go_to(1, 19, 23)
    for person in journey.people:
        person.presses("Vote A", scenario, CIRCLE)
        assert person.reads("Your vote is sealed", CIRCLE)
    journey.run_worker()
    assert newest_post(journey) == scenario["ts"]
    journey.go_to(1, 20, 12)
    assert journey.people[0].reads("4 voted", CIRCLE)


@pytest.mark.parametrize(("votes", "said"), [(0, ""), (1, "2 more votes"), (2, "1 more vote,"), (3, "")])
def test_the_day_before_the_thread_says_how_many_votes_are_missing(
    start_journey: StartJourney, votes: int, said: str
) -> None:
    journey = monday_noon(start_journey, people=6)
    scenario = journey.people[0].messages(CIRCLE)[-1]
    for person in journey.people[:votes]:
        person.presses("Vote A", scenario, CIRCLE)
        assert person.reads("Your vote is sealed", CIRCLE)
    journey.go_to(1, 21, 13)
    opener, *reminders = journey.people[0].thread(scenario, CIRCLE)
    assert [words(each) for each in reminders] == (
        [f"{said.rstrip(',')}, and they can be opened on Thursday 22 January at 12:00."] if said else []
    ), words(opener)
