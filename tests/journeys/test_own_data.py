"""In Slack: what leads see, what is held about me, and being forgotten."""

import json

from allybot.domain.people import Actor
from allybot.prompts import ids
from allybot.services.data import my_data
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, until, words

CUE, RESPONSE = "she is cut off again", "I say: let her finish"


def only_a_digest_is_held(journey: Journey, person: Person) -> bool:
    held = my_data.held(journey.context, Actor(journey.workspace, person.user))
    return held.suppressed and not (held.trainee or held.leads or held.messages)


def test_my_data_comes_at_once_and_as_a_file(jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan(CUE, RESPONSE)
    said = jonas.asks("/allybot my-data")
    assert CUE in said
    assert "Slack keeps that file" in said
    message = until(
        lambda: next((one for one in jonas.messages() if one.get("files")), None), "the file to arrive"
    )
    assert "Slack keeps it" in message["text"]
    (file,) = message["files"]
    assert file["name"] == "allybot-my-data.md"
    assert file["size"] > 500


def test_on_the_home_tab_it_is_a_page_of_its_own(jonas: Person) -> None:
    jonas.begins()
    jonas.home()
    jonas.presses_under_more("What is held about me")
    assert "Who you are to allybot" in words(jonas.modal("What is held about you"))


def test_what_leads_see_is_the_real_thing_from_the_page_and_from_home(jonas: Person) -> None:
    jonas.begins()
    jonas.asks("/allybot privacy")
    jonas.presses("What leads see")
    shown = words(jonas.modal("What leads see"))
    assert "Transfer outcomes" in shown
    assert "Until then nobody can see how many have answered, or what" in shown
    jonas.closes()
    jonas.home()
    jonas.presses_under_more("What leads see")
    assert words(jonas.modal("What leads see")) == shown


def test_forget_me_asks_once_more_and_is_done_at_once(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan(CUE, RESPONSE)
    question = jonas.asks("/allybot forget-me")
    assert "This cannot be undone" in question
    assert "Slack keeps the messages" in question
    pressed = jonas.presses("Forget me now")
    button = next(
        element
        for block in pressed["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == ids.FORGET_ME
    )
    assert button["confirm"]["deny"]["text"] == "Keep it all"
    jonas.reads("Done. allybot has forgotten you.")
    assert labels(jonas.home("it sends you nothing of its own")) == ["Invite me again"]
    assert only_a_digest_is_held(journey, jonas)
    assert "nothing to forget" in jonas.asks("/allybot forget-me")
    assert "numbers made from your Slack id" in jonas.asks("/allybot my-data")


def test_forget_me_works_from_the_home_tab_too(journey: Journey, jonas: Person) -> None:
    jonas.home()
    jonas.presses_under_more("Forget me")
    view = jonas.modal("Forget me")
    assert "Forget me now" in labels(view)
    action = {"action_id": ids.FORGET_ME, "block_id": "forget_me.choice"}
    assert journey.remote.post("view-interact", user=jonas.user, action=action, view_id=view["id"])["ok"]
    jonas.modal("Forget me", lambda view: "Done" in words(view))
    assert only_a_digest_is_held(journey, jonas)


def test_nothing_more_comes_to_whoever_is_forgotten(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan(CUE, RESPONSE)
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    before = len(jonas.messages())
    journey.pass_days(14)
    assert len(jonas.messages()) == before


def test_old_buttons_of_somebody_forgotten_do_nothing(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan(CUE, RESPONSE)
    journey.pass_days(4)
    asked = next(one for one in jonas.messages() if ids.CHECK_IN_ACTED in json.dumps(one))
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    jonas.presses("I did it", asked)
    assert only_a_digest_is_held(journey, jonas)
