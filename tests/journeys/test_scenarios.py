"""A lead reads what the circles get, and chooses what comes next."""

from allybot.prompts.circles import scenario_ids
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import labels, words


def four_who_said_yes(start_journey: StartJourney) -> Journey:
    """Four people, some days before their circle's first Monday."""
    journey = start_journey(4)
    for person in journey.people:
        person.begins()
    return journey


def test_a_lead_puts_a_story_first_and_leaves_another_out(start_journey: StartJourney) -> None:
    journey = four_who_said_yes(start_journey)
    lead = journey.lead
    lead.types("/allybot scenarios")
    view = lead.modal("Scenarios")
    assert "1. Cut off in mid-sentence" in words(view)
    story = lead.chooses(view, scenario_ids.PICK, "Cut off in mid-sentence (Bystander action)")
    assert "*It asks:* What would you do in the next ten seconds?" in words(story)
    assert "It comes when its turn is." in words(story)
    lead.presses_in_modal("Leave it out")
    story = lead.modal("Scenarios", lambda page: "no circle gets it" in words(page))
    assert labels(story)[-2:] == ["Back to its turn", "Put it first"]
    assert "1. You said" in words(story)
    other = lead.chooses(story, scenario_ids.PICK, "Settled over a beer (Active listening)")
    assert "It comes when its turn is." in words(other)
    lead.presses_in_modal("Put it first")
    assert lead.modal("Scenarios", lambda page: "1. Settled over a beer" in words(page))
    journey.go_to(1, 19, 12)
    posted = [words(each) for each in lead.messages(CIRCLE)]
    assert any("Settled over a beer" in each for each in posted)
    journey.go_to(1, 26, 12)
    posted = [words(each) for each in lead.messages(CIRCLE)]
    assert not any("Cut off in mid-sentence" in each for each in posted)


def test_what_a_lead_puts_first_comes_on_monday_unless_somebody_prepares_that_week(
    start_journey: StartJourney,
) -> None:
    journey = four_who_said_yes(start_journey)
    lead = journey.lead
    for day in (12, 19, 26):
        journey.go_to(1, day, 12)
    lead.types("/allybot scenarios")
    lead.chooses(lead.modal("Scenarios"), scenario_ids.PICK, "Settled over a beer (Active listening)")
    lead.presses_in_modal("Put it first")
    lead.modal("Scenarios", lambda page: "1. Settled over a beer" in words(page))
    lead.closes()
    journey.go_to(2, 2, 12)
    assert any("Settled over a beer" in words(each) for each in lead.messages(CIRCLE))
    (asked,) = [
        one for one in journey.people if any("week of Monday 9 Feb" in words(each) for each in one.messages())
    ]
    asked.presses("Yes, I will")
    assert asked.reads("Thank you, this week is yours")
    lead.types("/allybot scenarios")
    lead.chooses(lead.modal("Scenarios"), scenario_ids.PICK, "The accent (Bystander action)")
    lead.presses_in_modal("Put it first")
    lead.modal("Scenarios", lambda page: "1. The accent" in words(page))
    journey.go_to(2, 9, 12)
    assert not any("The accent" in words(each) for each in lead.messages(CIRCLE))
    journey.go_to(2, 16, 12)
    assert any("The accent" in words(each) for each in lead.messages(CIRCLE))


def test_what_was_left_out_is_taken_back(start_journey: StartJourney) -> None:
    journey = four_who_said_yes(start_journey)
    lead = journey.lead
    lead.types("/allybot program")
    lead.presses("Scenarios")
    lead.chooses(lead.modal("Scenarios"), scenario_ids.PICK, "Cut off in mid-sentence (Bystander action)")
    lead.presses_in_modal("Leave it out")
    lead.modal("Scenarios", lambda page: "no circle gets it" in words(page))
    lead.presses_in_modal("Back to its turn")
    assert "1. Cut off" in words(lead.modal("Scenarios", lambda page: "when its turn is" in words(page)))


def test_who_leads_nothing_sees_no_scenarios_ahead(start_journey: StartJourney) -> None:
    journey = four_who_said_yes(start_journey)
    person = journey.people[0]
    assert "Only the leads of a program" in person.asks("/allybot scenarios")
    assert person.has_no_modal()
