"""Facilitating a circle's week: asked and never appointed, alone or in pairs, or the week runs by itself."""

import re

from allybot.prompts.circles import facilitating_ids
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, words
from tests.journeys.test_old_buttons import presses_and_reads, with_button

QUESTION = "Could you facilitate"
KIT = "Your kit for the circle"
BY_ITSELF = "This week runs by itself: the question stands in the thread"


def begun(start_journey: StartJourney, people: int = 4) -> Journey:
    """People who said yes on Monday 12 January."""
    journey = start_journey(people)
    for person in journey.people:
        person.begins()
    return journey


def asked(journey: Journey, part: str = QUESTION) -> list[Person]:
    """Those who have been asked."""
    return [one for one in journey.people if any(part in words(each) for each in one.messages())]


def first_question(start_journey: StartJourney, people: int = 4) -> tuple[Journey, Person]:
    """Two weeks later, on Monday 26 January, somebody is asked for the week after."""
    journey = begun(start_journey, people)
    for day in (12, 19, 26):
        journey.go_to(1, day, 12)
    (first,) = asked(journey)
    return journey, first


def scenario(journey: Journey) -> str:
    """What the newest scenario in the circle says."""
    return words(journey.people[0].reads("What would you do first?", CIRCLE))


def test_a_new_circle_is_asked_in_its_channel_and_the_first_to_press_facilitates(
    start_journey: StartJourney,
) -> None:
    journey = begun(start_journey)
    journey.go_to(1, 12, 12)
    assert BY_ITSELF in scenario(journey)
    assert not asked(journey)
    one, other, *_ = journey.people
    one.presses("I will facilitate this week", channel=CIRCLE)
    assert one.reads("this week is yours", CIRCLE)
    journey.run_worker()
    assert f"<@{one.user}> facilitates this week" in scenario(journey)
    assert "I can't after all" in labels(one.reads(KIT))
    other.presses("Who is next?", channel=CIRCLE)
    shown = words(other.reads("Who is next in", CIRCLE))
    assert shown.count("week of Monday") == 4
    assert "week of Monday 19 January: nobody yet" in shown
    assert "week of Monday 26 January: <@U0" in shown
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    journey.leyla.presses("Who is next?", channel=CIRCLE)
    assert journey.leyla.reads("no longer does anything", CIRCLE)
    journey.go_to(1, 19, 12)
    assert BY_ITSELF in scenario(journey)


def test_only_a_yes_makes_somebody_the_facilitator(start_journey: StartJourney) -> None:
    journey, first = first_question(start_journey)
    question = first.reads(QUESTION)
    assert "in the week of Monday 2 February" in words(question)
    assert "A no is as welcome as a yes" in words(question)
    first.presses("Yes, I will", question)
    assert first.reads("Thank you, this week is yours")
    journey.run_worker()
    yours = first.reads("the week of Monday 2 February")
    assert labels(yours) == ["Take this one", "Take this one", "Swap: next week", "Not this time"]
    (passed_over,) = re.findall(r"The story is \*(.+)\*\. If another one", words(yours))
    taken = yours["blocks"][2]["text"]["text"].strip("*")
    first.presses("Take this one", yours)
    assert first.reads(f"The week's story is now *{taken}*")
    journey.run_worker()
    assert f"*{passed_over}*" in words(first.reads(f"The story is *{taken}*"))
    for day in (27, 28, 29):
        journey.go_to(1, day)
    assert asked(journey) == []
    journey.go_to(1, 30, 9, 30)
    assert not asked(journey, KIT)
    journey.go_to(1, 30)
    kit = first.reads(KIT)
    assert "Monday 2 February at 10:00" in words(kit)
    assert words(kit).count("> ") == 3
    assert "Next: <@" in words(kit)
    first.presses("Read the story, and what helps", kit)
    assert "Nobody speaks for a whole group" in words(first.modal("allybot"))
    assert f"*{taken}*" in words(kit)
    journey.go_to(2, 2, 12)
    assert f"<@{first.user}> facilitates this week" in scenario(journey)
    assert scenario(journey).startswith(taken)


def test_whoever_is_silent_is_reminded_once_and_then_the_next_is_asked(start_journey: StartJourney) -> None:
    journey, first = first_question(start_journey)
    journey.go_to(1, 27, 13)
    assert "check-in would have come today" in words(first.messages()[-1])
    journey.go_to(1, 28, 14)
    assert first.reads("you lose no turn")
    assert asked(journey) == [first], "the reminder came a day later, and so does the next question"
    journey.go_to(1, 29, 15)
    (second,) = [one for one in asked(journey) if one is not first]
    second.presses("Yes, I will")
    journey.run_worker()
    offered = first.reads(f"<@{second.user}> has said yes")
    first.presses("Yes, together", offered)
    assert first.reads("you do it together")
    journey.go_to(1, 30)
    for person in (first, second):
        assert "You do it together with" in words(person.reads(KIT))
    journey.go_to(2, 2, 12)
    assert f"<@{second.user}> and <@{first.user}> facilitate this week" in scenario(journey)


def test_a_swap_and_a_no_ask_the_next_at_once_and_a_week_that_nobody_takes_runs_by_itself(
    start_journey: StartJourney,
) -> None:
    journey, first = first_question(start_journey, 3)
    first.presses("Swap: next week")
    assert first.reads("Somebody else has it or has been asked")
    journey.run_worker()
    assert first.reads("there is nothing left to do")
    (second,) = asked(journey)
    second.presses("Not this time")
    journey.run_worker()
    (third,) = asked(journey)
    third.presses("Not this time")
    assert third.reads("The week runs by itself, unless somebody takes it")
    journey.go_to(2, 2, 12)
    assert BY_ITSELF in scenario(journey)
    assert asked(journey) == [first], "after a swap they come first"


def test_a_facilitator_takes_a_second_and_gives_the_week_back_with_one_tap(
    start_journey: StartJourney,
) -> None:
    journey, first = first_question(start_journey)
    first.presses("Yes, I will")
    journey.go_to(1, 30)
    first.presses("Do it with somebody", first.reads(KIT))
    assert first.reads("The scenario's post invites one more")
    journey.go_to(2, 2, 12)
    second, third = [one for one in journey.people if one is not first][:2]
    second.presses("I will do it with them", channel=CIRCLE)
    journey.run_worker()
    assert f"<@{first.user}> and <@{second.user}> facilitate this week" in scenario(journey)
    assert second.reads(KIT)
    first.presses("I can't after all", first.reads(KIT))
    assert first.reads("The other one of you goes on")
    journey.run_worker()
    assert f"<@{second.user}> facilitates this week" in scenario(journey)
    second.presses("I can't after all", second.reads(KIT))
    journey.run_worker()
    assert BY_ITSELF in scenario(journey)
    third.presses("I will facilitate this week", channel=CIRCLE)
    journey.run_worker()
    assert f"<@{third.user}> facilitates this week" in scenario(journey)


def test_a_question_of_a_past_week_has_no_buttons_and_an_old_button_leads_to_the_current_one(
    start_journey: StartJourney,
) -> None:
    journey, first = first_question(start_journey, 2)
    question = first.reads(QUESTION)
    value = next(each["value"] for block in question["blocks"] for each in block.get("elements", []))
    journey.go_to(2, 2, 12)
    changed = next(one for one in first.messages() if one["ts"] == question["ts"])
    assert "there is nothing left to do" in words(changed)
    assert labels(changed) == []
    for action in (facilitating_ids.SKIP, facilitating_ids.TOGETHER, facilitating_ids.YES):
        told = presses_and_reads(first, with_button(journey, first, action, value))
        assert "You are asked for the week of Monday 9 February" in told
    first.presses("Yes, I will", first.messages()[-1])
    assert first.reads("this week is yours")
