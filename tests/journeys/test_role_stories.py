"""A lead asks somebody for a story; they tell one, decline, or take it back; a circle reads it."""

from typing import Any

from sqlalchemy import select

from allybot.domain.people import Actor
from allybot.services.data.forget_me import forget
from allybot.services.delivery import parked
from allybot.store import tables
from allybot.store.vault.vault import person_key
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, stands_in, words
from tests.journeys.test_nothing_in_clear import in_clear, rows
from tests.journeys.test_scenarios import four_who_said_yes

STORY = {
    "happened": "I laughed at a joke about a zebra & a colleague.",
    "did": "Nothing, for a week.",
    "learnt": "A week is late, and still in time to say *sorry*.",
    "asks": "What is the latest you ever said sorry?",
}
FORM = "A story of yours"


def asks(journey: Journey, person: Person) -> None:
    """The lead asks somebody, who gets a message in their working hours."""
    lead = journey.lead
    lead.types("/allybot scenarios")
    lead.modal("Scenarios")
    lead.presses_in_modal("Stories of people")
    lead.modal("Stories of people")
    lead.presses_in_modal("Ask somebody for a story")
    view = lead.modal("Ask for a story")
    assert lead.submits(view, person=[person.user])["response_action"] == "update"
    page = lead.modal("Stories of people")
    assert "They are asked in their working hours" in words(page)
    assert person.user not in words(page)
    lead.closes()
    journey.pass_hours(1)


def tells(person: Person, *, named: bool = False, **changed: str) -> dict[str, Any]:
    """Write the story, look at it, and send it; the page that showed it."""
    person.presses("Tell a story")
    how = "With my name" if named else "Without my name: “somebody of this company”"
    answer = person.submits(person.modal(FORM), **(STORY | changed), name=how)
    assert answer == {"ok": True, "response_action": "update"}, answer
    shown = person.modal(FORM, lambda view: "every circle of the program will read" in words(view))
    assert person.submits(shown) == {"ok": True, "response_action": "update"}
    person.modal(FORM, lambda view: not view.get("submit"))
    person.closes()
    return shown


def stored(journey: Journey) -> list[Any]:
    with journey.context.database.reading() as tx:
        return list(tx.execute(select(tables.role_story)).all())


def post(journey: Journey) -> dict[str, Any] | None:
    """The story in the circle's channel."""
    found = [one for one in journey.people[0].messages(CIRCLE) if "A story from one of us" in words(one)]
    assert len(found) <= 1
    return found[0] if found else None


def begin(start_journey: StartJourney) -> Journey:
    """Four in a circle after its first Monday."""
    journey = four_who_said_yes(start_journey)
    journey.go_to(1, 19, 12)
    return journey


def test_somebody_senior_tells_a_story_without_a_name_and_a_circle_reads_it(
    start_journey: StartJourney,
) -> None:
    journey = begin(start_journey)
    lead, leyla = journey.lead, journey.leyla
    asks(journey, leyla)
    invited = leyla.reads("would like to hear a story of yours")
    assert f"<@{lead.user}>" in words(invited)
    assert labels(invited) == ["Tell a story", "No, thanks", "No, and let them know"]
    asks(journey, leyla)
    assert len([one for one in leyla.messages() if "a story of yours" in words(one)]) == 1, "asked once"
    leyla.presses("Tell a story")
    answer = leyla.submits(leyla.modal(FORM), **(STORY | {"did": "…"}))
    assert set(answer["errors"]) == {"did"}
    leyla.closes()
    shown = tells(leyla)
    assert in_clear(rows(journey), ("zebra", "sorry", leyla.user)) == ["U0LEYLA"], "in notes about messages"
    lead.types("/allybot scenarios")
    lead.modal("Scenarios")
    lead.presses_in_modal("Stories of people")
    page = lead.modal("Stories of people", lambda view: "zebra" in words(view))
    assert leyla.user not in words(page)
    lead.presses_in_modal("Leave it out")
    lead.modal("Stories of people", lambda view: "no circle gets it" in words(view))
    journey.go_to(1, 26, 12)
    journey.go_to(1, 28, 12)
    assert post(journey) is None
    lead.presses_in_modal("Let it come again")
    lead.modal("Stories of people", lambda view: "no circle gets it" not in words(view))
    journey.restart()
    journey.go_to(2, 2, 12)
    assert post(journey) is None, "Monday has enough"
    journey.go_to(2, 3, 14)
    found = post(journey)
    assert found
    assert leyla.user not in words(found)
    assert "Somebody of this company tells:" in words(found)
    assert "a zebra &amp; a colleague" in words(found)
    seen = words(shown)
    assert all(block["text"]["text"] in seen for block in found["blocks"] if block["type"] == "section")
    assert "zebra" not in found["text"][:120]
    journey.go_to(2, 10, 14)
    assert post(journey) == found, "once"
    journey.go_to(2, 12, 12)
    assert stored(journey) == []
    leyla.presses("Tell a story", invited)
    assert leyla.reads("This is over")
    journey.pass_days(2)
    assert keys_of(journey) == len(journey.people)


def keys_of(journey: Journey) -> int:
    with journey.context.vault.reading() as vault_tx:
        return len(vault_tx.execute(select(person_key)).all())


def test_declining_is_told_to_nobody_unless_they_press_so(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    lead, leyla = journey.lead, journey.leyla
    before = [words(one) for one in lead.messages()]
    asks(journey, leyla)
    leyla.presses("No, thanks")
    assert leyla.reads("Nobody is told, and nothing is kept")
    journey.pass_hours(3)
    assert [words(one) for one in lead.messages()] == before
    assert stored(journey) == []
    asks(journey, journey.people[0])
    journey.people[0].presses("No, and let them know")
    assert journey.people[0].reads("They read “not this time”")
    journey.go_to(1, 20, 12)
    assert f"<@{journey.people[0].user}> lets you know: not this time." in words(lead.messages()[-1])
    assert stored(journey) == []
    assert parked.parked_rows(journey.context) == []


def test_a_story_is_changed_named_and_taken_back(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    leyla = journey.leyla
    asks(journey, leyla)
    tells(leyla)
    shown = tells(leyla, named=True, did="I said sorry.")
    assert f"<@{leyla.user}> tells:" in words(shown)
    leyla.presses("Tell a story")
    form = leyla.modal(FORM)
    assert stands_in(form, "did") == "I said sorry."
    assert stands_in(form, "name") == "With my name"
    held = leyla.asks("/allybot my-data")
    assert "I said sorry." in held
    journey.go_to(1, 26, 12)
    leyla.presses_in_modal("Take it back")
    assert leyla.modal(FORM, lambda view: "Nobody is told" in words(view))
    journey.go_to(1, 28, 12)
    assert post(journey) is None
    assert stored(journey) == []
    assert keys_of(journey) == len(journey.people)


def test_whoever_is_forgotten_takes_the_story_along_and_is_not_asked_again(
    start_journey: StartJourney,
) -> None:
    journey = begin(start_journey)
    leyla, jonas = journey.leyla, journey.people[0]
    for person in (leyla, jonas):
        asks(journey, person)
        tells(person)
    assert len(stored(journey)) == 2
    leyla.asks("/allybot forget-me")
    leyla.presses("Forget me now")
    assert leyla.reads("allybot has forgotten you")
    forget(journey.context, Actor(journey.workspace, jonas.user))
    assert stored(journey) == []
    assert keys_of(journey) == len(journey.people) - 1
    before = len(jonas.messages())
    asks(journey, jonas)
    assert len(jonas.messages()) == before, "who left for good is left alone"
    journey.go_to(1, 26, 12)
    journey.go_to(1, 28, 12)
    assert post(journey) is None
