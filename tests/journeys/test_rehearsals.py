"""A rehearsal: three turns in private, from wherever it is opened; nothing is stored or judged."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.plans.rehearsals import OWN
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, options, stands_in, words
from tests.journeys.test_check_ins import BRANCH, MOMENT, PLAN, QUESTION, TAPS, asked
from tests.journeys.test_circle import monday
from tests.journeys.test_reminders import BOX, reminders
from tests.journeys.test_time_of_an_answer import rows

TITLE = "Practise it once"
TYPED = "zebra crossing umbrella"


def begins(person: Person, kind: str, moment: str) -> dict[str, Any]:
    """They type the command and pick a kind and a moment; the first turn."""
    person.types("/allybot rehearse")
    view = person.chooses(person.modal(TITLE), rehearsal_ids.KIND, kind)
    return person.chooses(view, rehearsal_ids.ENTRY, moment)


def presses(person: Person, view: dict[str, Any], label: str) -> dict[str, Any]:
    """They press a button of the rehearsal; what it shows then."""
    person.presses_in_modal(label)
    return person.modal(TITLE, lambda now: bool(now["hash"] != view["hash"]))


def says_own(person: Person, view: dict[str, Any], line: str) -> dict[str, Any]:
    """They say a line in their own words; what the rehearsal shows then."""
    assert person.submits(view, **{OWN: line}) == {"ok": True, "response_action": "update"}
    return person.modal(TITLE, lambda now: bool(now["hash"] != view["hash"]))


def test_three_turns_a_look_at_the_other_lines_and_another_try(jonas: Person) -> None:
    view = begins(jonas, "Bystander action", "Story: Cut off in mid-sentence")
    assert "Your colleague explains why the date is risky." in words(view)
    view = presses(jonas, view, "Say A")
    said = words(view)
    assert "You: “I'd like to hear the rest about the date first.”" in said
    assert "Suppose they answer:\n> *The one who broke in:* “Oh. Sorry." in said
    view = presses(jonas, view, "Say C")
    view = presses(jonas, view, "Say B")
    said = words(view)
    assert "How it may end:* She finishes in a minute and a half." in said
    assert "*A (yours)*  “I'd like to hear the rest about the date first.”\nGives the floor back" in said
    assert "*B*  “Good idea. Can it wait until she's finished?”\nFriendly to both." in said
    assert labels(view) == ["Second line", "Third line", "Back", "Try again"]
    view = presses(jonas, view, "Second line")
    assert "*C (yours)*  “No harm done. So, the date?”\nBack to her at once." in words(view)
    view = presses(jonas, view, "Try again")
    assert words(view).startswith(f"{TITLE}\nOnce more, and this time they take it differently.")
    view = presses(jonas, view, "Say B")
    assert "Suppose they answer:\n> *The one who broke in:* “We know the risk." in words(view)


def test_a_line_of_his_own_is_answered_as_a_supposition_and_kept_nowhere(
    journey: Journey, jonas: Person
) -> None:
    before = list(rows(journey.context))
    view = begins(jonas, "Facing a fear", "Story: You said nothing yesterday")
    shown = [view]
    for turn in range(3):
        view = says_own(jonas, view, f"{TYPED} {turn}")
        shown.append(view)
        if turn < 2:
            assert "You: in your own words.\nSuppose they answer:" in words(view)
            assert stands_in(view, OWN) == ""
    assert "Yours was in your own words. Read each of these beside it." in words(view)
    assert "(yours)" not in words(view)
    assert TYPED not in json.dumps(shown)
    for each in shown:
        value = json.loads(each["private_metadata"])
        assert value == {"v": 1, "entry": "the-day-after", "course": 0, "said": value["said"], "shown": 0}
    assert [json.loads(each["private_metadata"])["said"] for each in shown] == ["", "o", "oo", "ooo"]
    assert list(rows(journey.context)) == before
    calls = journey.remote.get("log?kind=web_api")["log"]
    assert calls
    assert TYPED not in json.dumps(calls)


def test_back_leads_to_the_turn_before_and_the_lines_are_the_same(jonas: Person) -> None:
    first = begins(jonas, "Active listening", "Any such moment")
    assert "Back" not in labels(first)
    second = presses(jonas, first, "Say B")
    assert words(presses(jonas, second, "Back")) == words(first)
    again = presses(jonas, jonas.modal(TITLE), "Say B")
    third = says_own(jonas, again, "And then?")
    end = presses(jonas, third, "Say A")
    assert words(presses(jonas, end, "Back")) == words(third)


def test_an_empty_line_is_asked_for_and_the_turn_stays(jonas: Person) -> None:
    view = begins(jonas, "Facing a fear", "Any such moment")
    answer = jonas.submits(view, **{OWN: "   "})
    assert answer["response_action"] == "errors"
    assert list(answer["errors"].values()) == ["Write a line here, or press the button beside one above."]
    assert jonas.modal(TITLE)["hash"] == view["hash"]


@pytest.mark.parametrize("tap", TAPS)
def test_the_help_offers_it_after_every_answer_and_stays_beneath(journey: Journey, tap: str) -> None:
    jonas = asked(journey, 0)
    jonas.presses(tap, jonas.reads(QUESTION))
    help_form = jonas.modal("Your check-in")
    assert labels(help_form)[:2] == ["Practise", "More"]
    picked = jonas.chooses(help_form, BRANCH, options(help_form, BRANCH)[0])
    assert labels(picked)[:2] == ["Practise", "More"]
    before = list(rows(journey.context))
    calls = methods(journey)
    jonas.presses_in_modal("Practise")
    view = jonas.modal(TITLE)
    for letter in "ABC":
        view = presses(jonas, view, f"Say {letter}")
    assert methods(journey) - calls == {"views.push": 1, "views.update": 3}
    assert list(rows(journey.context)) == before
    jonas.closes()
    assert jonas.submits(jonas.modal("Your check-in"))["response_action"] == "clear"
    assert f"> {PLAN}" in jonas.asks("/allybot plans")


def methods(journey: Journey) -> Counter[str]:
    """How often each method of the views was called so far."""
    names = ("views.open", "views.push", "views.update")
    return Counter({name: len(found) for name in names if (found := journey.calls(name))})


def test_a_plan_from_a_story_opens_that_storys_rehearsal(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan(
        "a joke is made at the expense of a colleague", "say one plain sentence that sets it straight"
    )
    journey.go_to(1, 15)
    jonas.presses("I did it", jonas.reads(QUESTION))
    jonas.modal("Your check-in")
    jonas.presses_in_modal("Practise")
    assert "to the diversity bonus" in words(jonas.modal(TITLE))


def test_a_reminder_offers_it_before_the_moment(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish", **{MOMENT: date(2026, 1, 14)})
    jonas.home("You expect the moment on Wednesday 14 January")
    jonas.presses_at_home(BOX)
    jonas.looks_at_home("A short reminder comes on the morning of Wednesday 14 January")
    journey.run_worker()
    journey.go_to(1, 14, 9, 30)
    (message,) = reminders(jonas)
    jonas.presses(TITLE, message)
    assert labels(jonas.modal(TITLE)) == ["Say A", "Say B", "Say C"]


def test_home_offers_it_under_more(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.home("Your first plan")
    jonas.presses_under_more(TITLE)
    assert "Nothing of it is kept." in words(jonas.modal(TITLE))


def test_in_the_circle_the_story_of_the_week_can_be_tried_and_only_who_tries_sees_it(
    start_journey: StartJourney,
) -> None:
    journey = monday(start_journey)
    jonas, other = journey.people[:2]
    journey.go_to(1, 22, 13)
    post = jonas.reads("A plan to take along", CIRCLE)
    assert labels(post) == ["Make it my plan", "Try it yourself", "Write a recap"]
    before = len(jonas.messages(CIRCLE))
    jonas.presses("Try it yourself", post, CIRCLE)
    view = presses(jonas, jonas.modal(TITLE), "Say A")
    assert "Suppose they answer:" in words(view)
    assert other.has_no_modal()
    assert len(jonas.messages(CIRCLE)) == before


def test_a_rehearsal_that_is_no_longer_there_says_so(journey: Journey, jonas: Person) -> None:
    gone = rehearsal_ids.RehearsalValue(entry="no-such-story").pack()
    button = {"type": "button", "action_id": rehearsal_ids.OPEN, "value": gone}
    page = [{"type": "actions", "elements": [{**button, "text": {"type": "plain_text", "text": "Try it"}}]}]
    channel = jonas.messages()[0]["channel"]
    journey.as_bot("chat.postMessage", channel=channel, text="Try it", blocks=page)
    jonas.presses("Try it")
    assert jonas.reads("That button belongs to an earlier message")
    assert jonas.has_no_modal()
