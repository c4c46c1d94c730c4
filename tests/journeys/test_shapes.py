"""The same program in three shapes of Slack, by Socket Mode and by HTTP, on both databases."""

import re
from collections.abc import Callable, Iterator

import pytest

from allybot.prompts import ids
from allybot.services.delivery import parked
from allybot.services.programs import workspaces
from tests.journeys.conftest import CIRCLE
from tests.journeys.people import Person, words
from tests.journeys.shapes import ORGANISATION, SHARED, WEST, WORKSPACE, ShapedJourney
from tests.journeys.test_check_ins import QUESTION, ballots, taps
from tests.journeys.test_facilitating import asked

StartShaped = Callable[..., ShapedJourney]
WAYS = [
    (WORKSPACE, "HTTP"),  # all other journeys go by Socket Mode in one workspace
    (ORGANISATION, "Socket Mode"),
    (ORGANISATION, "HTTP"),
    (SHARED, "Socket Mode"),
    (SHARED, "HTTP"),
]


@pytest.fixture
def start(database_url: str, vault_url: str) -> Iterator[StartShaped]:
    """Starts the bot in a shape of Slack, with people whose welcome was sent; it is Monday morning."""
    running: list[ShapedJourney] = []

    def begin(shape: str, people: int, transport: str = "Socket Mode") -> ShapedJourney:
        running.append(ShapedJourney(database_url, vault_url, people, shape, transport))
        return running[-1]

    yield begin
    for each in running:
        each.close()


def writes_plan(journey: ShapedJourney, person: Person) -> None:
    """Say yes and write a plan, by buttons alone: people of another organisation have no commands."""
    person.begins()
    journey.run_worker()
    person.presses("Write a plan")
    view = person.chooses(person.modal("Write a plan"), ids.PLAN_KIND, "Bystander action")
    view = person.goes_on(view)
    answer = person.submits(
        person.goes_on(view, cue="a colleague is talked over", response="ask her to finish")
    )
    assert answer["response_action"] == "update"
    person.modal("Your plan")
    person.closes()


@pytest.mark.parametrize(("shape", "transport"), WAYS)
def test_from_the_yes_to_the_first_sealed_answer(start: StartShaped, shape: str, transport: str) -> None:
    journey = start(shape, 2, transport)
    for person in journey.people:
        writes_plan(journey, person)
    journey.go_to(1, 15)
    for person in journey.people:
        taps(person, "I did it", person.reads(QUESTION))
        person.presses_in_modal("More")
        person.modal("Your check-in")
        journey.run_worker()
        assert person.reads("Your answer is sealed")
        assert "Your plans" in words(person.home("Your plans"))
    assert len({row[0] for row in ballots(journey)}) == 2


@pytest.mark.parametrize(("shape", "transport"), WAYS)
def test_a_week_of_a_circle(start: StartShaped, shape: str, transport: str) -> None:
    journey = start(shape, 6, transport)
    for person in journey.people:
        person.begins()
    for day in (12, 19, 26):
        journey.go_to(1, day, 12)
    (first,) = asked(journey)
    first.presses("Swap: next week")
    assert first.reads("Somebody else has it or has been asked")
    journey.run_worker()
    (second,) = asked(journey)
    second.presses("Yes, I will")
    journey.go_to(2, 2, 12)
    scenario = first.reads(f"<@{second.user}> facilitates this week", CIRCLE)
    for number, person in enumerate(journey.people[:4]):
        person.presses(f"Vote {'AB'[number % 2]}", scenario, CIRCLE)
        assert person.reads("Your vote is sealed", CIRCLE)
    journey.go_to(2, 5, 13)
    result = first.messages(CIRCLE)[-1]
    assert "4 voted" in words(result)
    for person in (journey.ours[0], journey.others[0]):
        person.presses("Make it my plan", result, CIRCLE)
        view = person.goes_on(person.modal("Write a plan"))
        assert person.submits(view)["response_action"] == "update"
        assert person.modal("Your plan")


@pytest.mark.parametrize("shape", [ORGANISATION, SHARED])
def test_a_lead_reads_what_was_published(start: StartShaped, shape: str) -> None:
    journey = start(shape, 10)
    for person in journey.people:
        writes_plan(journey, person)
    journey.go_to(1, 15)
    for number, person in enumerate(journey.people):
        person.presses("I did it" if number % 2 else "No moment yet")
        person.modal("Your check-in")
        person.closes()
    journey.run_worker()
    journey.go_to(3, 9)
    journey.lead.presses("Show the outcomes", journey.lead.reads("are out"))
    shown = words(journey.lead.reads("Nearly all of the 10 people who were asked have answered"))
    assert re.search(r"acted at least once \(\d to \d+( people)?\)", shown)
    assert "Nearly all of the 10" in journey.lead.asks("/allybot transfers")


def test_a_workspace_that_loses_allybot_keeps_nobody_else_waiting(start: StartShaped) -> None:
    journey = start(ORGANISATION, 2)
    for person in journey.people:
        writes_plan(journey, person)
    east, west = journey.people
    journey.remote.post("team-access", team=WEST, added=False)
    journey.go_to(1, 15)
    assert east.reads(QUESTION)
    (waiting,) = parked.parked(journey.context)
    assert waiting.reason == "team_access_not_granted"
    assert [each.state for each in workspaces.known(journey.context)] == ["active"]
    journey.remote.post("team-access", team=WEST, added=True)
    parked.retry(journey.context, waiting.id, journey.now)
    journey.run_worker()
    assert west.reads(QUESTION)


def test_what_slack_refuses_to_people_of_elsewhere_they_reach_by_messages(start: StartShaped) -> None:
    journey = start(SHARED, 2)
    (other,) = journey.others
    assert Person.types(other, "/allybot why")["error"] == "unknown_command"
    journey.remote.post("open-home", user=other.user)
    assert "Once you say yes" in other.asks("/allybot help")
    other.begins()
    other.types("/allybot why")
    assert other.modal("Your own why")
    other.closes()
    other.home("Your first plan")
    other.reads("neither these commands nor my Home tab")
    other.presses_at_home("Write a plan")
    assert other.modal("Write a plan")
    assert journey.remote.get(f"view/{other.user}?home=1")["view"] is None
    assert "That sounds serious" in words(journey.answer_to(other, " /allybot help, I want to die"))
    assert journey.acts_elsewhere > 5
