"""A circle's week, seen by its members: scenario, sealed vote, results, and a plan to take along."""

from allybot.prompts import ids
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import labels, options, stands_in, words


def monday(start_journey: StartJourney) -> Journey:
    """Six people said yes; it is Monday noon, and the scenario stands in their channel."""
    journey = start_journey(6)
    for person in journey.people:
        person.begins()
    journey.go_to(1, 19, 12)
    return journey


def test_a_scenario_is_voted_on_and_opened_on_thursday(start_journey: StartJourney) -> None:
    journey = monday(start_journey)
    first, *others = journey.people
    posts = first.messages(CIRCLE)
    scenario = posts[-1]
    votes = [label for label in labels(scenario) if label.startswith("Vote ")]
    assert len(votes) == 5
    assert "None of these is marked right" in words(scenario)
    assert "turn to Noor Rahman" in words(scenario)
    for number, person in enumerate(others):
        person.presses(votes[number % 2], scenario, CIRCLE)
        assert "Your vote is sealed" in words(person.reads("Your vote is sealed", CIRCLE))
    assert "sealed" not in words(first.messages(CIRCLE)[-1]).replace("Votes are sealed", "")
    others[0].presses(votes[2], scenario, CIRCLE)  # a change of mind replaces the vote
    journey.go_to(1, 22, 13)
    result = first.messages(CIRCLE)[-1]
    assert "5 voted" in words(result)
    assert [words(result).count(f"· {number} vote") for number in (1, 2)] == [1, 2]
    assert "What research says" in words(result)
    assert "What the person concerned might say" in words(result)
    first.presses("Make it my plan", result, CIRCLE)
    view = first.modal("Write a plan")
    assert options(view, ids.PLAN_PICK_CUE)
    cue = stands_in(view, "cue")
    view = first.goes_on(view)
    assert first.submits(view)["response_action"] == "update"
    assert cue in words(first.modal("Your plan"))


def test_a_circle_of_four_sees_what_three_of_them_would_do_first(start_journey: StartJourney) -> None:
    journey = start_journey(4)
    for person in journey.people:
        person.begins()
    journey.go_to(1, 19, 12)
    scenario = journey.people[0].messages(CIRCLE)[-1]
    assert "who chose what" in words(scenario)
    for person, letter in zip(journey.people, "AAB", strict=False):
        person.presses(f"Vote {letter}", scenario, CIRCLE)
    journey.go_to(1, 22, 13)
    result = words(journey.people[0].messages(CIRCLE)[-1])
    assert "3 voted" in result
    assert [result.count(f"· {number} vote") for number in (1, 2)] == [1, 1]


def test_too_few_votes_are_deleted_without_being_opened(start_journey: StartJourney) -> None:
    journey = monday(start_journey)
    scenario = journey.people[0].messages(CIRCLE)[-1]
    for person in journey.people[:2]:
        person.presses("Vote A", scenario, CIRCLE)
    journey.go_to(1, 22, 13)
    result = journey.people[0].messages(CIRCLE)[-1]
    assert "They open from 3 votes on" in words(result)
    assert "· 2 votes" not in words(result)
    journey.people[0].presses("Vote A", scenario, CIRCLE)
    assert journey.people[0].reads("were opened already", CIRCLE)


def test_a_colleague_in_the_channel_who_is_not_in_the_circle_cannot_vote(start_journey: StartJourney) -> None:
    journey = monday(start_journey)
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    journey.leyla.presses("Vote A", channel=CIRCLE)
    assert "Nothing was recorded" in words(journey.leyla.reads("Only the members", CIRCLE))
