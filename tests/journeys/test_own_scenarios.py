"""A lead writes a scenario of the program's own, and a circle gets it like any other."""

from typing import Any

from allybot.prompts.circles import scenario_ids
from tests.journeys.conftest import CIRCLE, StartJourney
from tests.journeys.people import Person, stands_in, words
from tests.journeys.test_nothing_in_clear import in_clear, rows
from tests.journeys.test_scenarios import four_who_said_yes

TITLE = "The whiteboard & the marker"
FORM = "A scenario of ours"
MONDAY = {
    "title": TITLE,
    "kind": "Bystander action",
    "situation": "Wren draws the plan on the board. Ola takes the marker out of her hand, and zebras follow.",
    "question": "What would you say while she still stands there?",
    "option_a": "Hand her another marker",
    "option_b": "Ask her to finish her line",
    "option_c": "Talk to Ola in the break",
}
THURSDAY = {
    "brings_a": "It gives the board back *at once*. It may look like a joke.",
    "her_view": "I only wanted to finish the line.",
    "lines": "I think she was not done.\nMay I see the end of that?",
    "cue": "somebody takes the marker from a colleague",
    "response": "ask them to let the line be finished",
    "note_1": "Somebody here may have lost a marker.",
    "warning": "Somebody is pushed aside in it.",
}


def begins(lead: Person) -> dict[str, Any]:
    """Open the empty form."""
    lead.types("/allybot scenarios")
    lead.modal("Scenarios")
    lead.presses_in_modal("Write one of your own")
    return lead.modal(FORM, lambda view: view["callback_id"].endswith("monday"))


def shows(lead: Person, view: dict[str, Any], **filled: str) -> dict[str, Any]:
    """Send a step; the page that shows the scenario as a circle will see it."""
    answer = lead.submits(view, **filled)
    assert answer == {"ok": True, "response_action": "update"}, answer
    return lead.modal(FORM, lambda now: now["callback_id"].endswith("keep"))


def text_above(post: dict[str, Any]) -> list[str]:
    """The paragraphs of a post or a page, without its buttons."""
    return [block["text"]["text"] for block in post["blocks"] if block["type"] in {"header", "section"}]


def test_a_lead_writes_one_and_a_circle_gets_it_votes_and_takes_the_plan(start_journey: StartJourney) -> None:
    journey = four_who_said_yes(start_journey)
    lead = journey.lead
    begun = begins(lead)
    assert "at most 140 words" in words(begun)
    assert stands_in(begun, "option_e") == "Probably nothing, this time"
    preview = shows(lead, begun, **MONDAY)
    assert "no circle has it yet" in words(preview)
    assert "No study known to us." in words(preview)
    lead.presses_in_modal("Thursday and the kit")
    more = lead.modal(FORM, lambda view: view["callback_id"].endswith("thursday"))
    preview = shows(lead, more, **THURSDAY)
    assert lead.submits(preview) == {"ok": True, "response_action": "update"}
    listed = lead.modal("Scenarios")
    assert "It is kept" in words(listed)
    assert "1. The whiteboard &amp; the marker" in words(listed)
    journey.go_to(1, 19, 12)
    first, *others = journey.people
    post = first.messages(CIRCLE)[-1]
    shown = text_above(preview)
    for paragraph in text_above(post):
        assert paragraph in shown, "the circle sees what the lead saw"
    for number, person in enumerate(others):
        person.presses(f"Vote {'ADA'[number]}", post, CIRCLE)
    journey.restart()
    journey.go_to(1, 22, 13)
    result = first.messages(CIRCLE)[-1]
    read = words(result)
    assert "3 voted" in read
    assert [read.count(f"· {number} vote") for number in (2, 1)] == [1, 1]
    assert "It gives the board back *\u200bat once*\u200b" in read
    assert "No study known to us. What would you expect" in read
    assert "> I only wanted to finish the line." in read
    assert "> May I see the end of that?" in read
    first.presses("Make it my plan", result, CIRCLE)
    assert stands_in(first.modal("Write a plan"), "cue") == THURSDAY["cue"]
    first.closes()
    first.presses("Try it yourself", result, CIRCLE)  # it has no talk of its own: one of its kind
    assert first.modal("Practise it once")
    first.closes()
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    journey.leyla.presses("Make it my plan", result, CIRCLE)
    assert journey.leyla.reads("no longer does anything", CIRCLE), "its words are for the program's people"
    assert in_clear(rows(journey), ("zebra", "whiteboard", "marker")) == []
    journey.go_to(1, 26, 12)
    assert "whiteboard" not in words(first.messages(CIRCLE)[-1])


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    start_journey: StartJourney,
) -> None:
    lead = four_who_said_yes(start_journey).lead
    typed = MONDAY | {
        "title": "<b>",
        "situation": "word " * 139,
        "option_c": "",
        "option_e": "",
    }
    view = begins(lead)
    answer = lead.submits(view, **typed)
    assert answer["response_action"] == "errors"
    said = answer["errors"]
    assert "without < >" in said["title"]
    assert "148 words, and 140" in said["situation"]
    assert "at least three moves" in said["option_c"]
    still = lead.modal(FORM)
    assert stands_in(still, "question") == MONDAY["question"]
    shows(lead, still, **MONDAY)
    lead.presses_in_modal("Thursday and the kit")
    more = lead.modal(FORM, lambda now: now["callback_id"].endswith("thursday"))
    answer = lead.submits(more, **(THURSDAY | {"cue": "If it rains.", "lines": "a\nb\nc\nd"}))
    assert set(answer["errors"]) == {"cue", "lines"}
    assert "small letter" in answer["errors"]["cue"]
    assert "At most three lines" in answer["errors"]["lines"]


def test_what_is_begun_waits_and_a_kept_one_is_changed_left_out_and_deleted(
    start_journey: StartJourney,
) -> None:
    journey = four_who_said_yes(start_journey)
    lead = journey.lead
    shows(lead, begins(lead), **MONDAY)
    lead.closes()
    lead.types("/allybot scenarios")
    listed = lead.modal("Scenarios")
    assert "Begun, and not kept yet: *The whiteboard &amp; the marker*" in words(listed)
    assert "1. Cut off" in words(listed)
    lead.presses_in_modal("Change it")
    again = lead.modal(FORM)
    assert stands_in(again, "situation") == MONDAY["situation"]
    preview = shows(lead, again, title="The marker")
    lead.submits(preview)
    assert "1. The marker" in words(lead.modal("Scenarios"))
    lead.presses_in_modal("Leave it out")
    assert "1. Cut off" in words(lead.modal("Scenarios", lambda page: "no circle gets it" in words(page)))
    lead.presses_in_modal("Put it first")
    lead.modal("Scenarios", lambda page: "1. The marker" in words(page))
    lead.closes()
    journey.go_to(1, 19, 12)
    assert "The marker" in words(lead.messages(CIRCLE)[-1])
    for button in ("Delete it", "Change it"):
        lead.types("/allybot scenarios")
        lead.chooses(lead.modal("Scenarios"), scenario_ids.PICK, "The marker (Bystander action)")
        lead.presses_in_modal(button)
        title = "Scenarios" if button == "Delete it" else "allybot"
        assert lead.modal(title, lambda page: "has it before it just now" in words(page))
        lead.closes()
    journey.go_to(1, 26, 12)
    lead.types("/allybot scenarios")
    lead.chooses(lead.modal("Scenarios"), scenario_ids.PICK, "The marker (Bystander action)")
    lead.presses_in_modal("Delete it")
    assert lead.modal("Scenarios", lambda page: "The marker" not in words(page))
    with journey.context.database.reading() as tx:
        assert tx.exec_driver_sql("SELECT * FROM own_scenario").all() == []
        assert tx.exec_driver_sql("SELECT * FROM program_scenario").all() == []
