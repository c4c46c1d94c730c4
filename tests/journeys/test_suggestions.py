"""What is not in one's power goes to the leads without a name, and their answer to everybody."""

from typing import Any

from sqlalchemy import text

from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, stands_in, words

MODAL, BUTTON = "Tell the leads", "Tell the leads"
ROOM, HOURS, MINUTES = (
    "A room with a door for hard talks",
    "No meetings after four, so that nobody is left out",
    "Minutes that say whose idea it was",
)
PROMISES = (
    "read it without a name",
    "may still recognise you by what you describe",
    "answer goes to everybody who takes part",
    "on Monday 19 January at noon, in random order with others: always 3, or twice or three times as many",
    "after 8 Mondays it is deleted unread, and nobody is told, you neither",
    "turn to Noor Rahman",
)
LEADS = "What people of *Allies at Northwind* suggest"
TOLD = "What you suggested in Allies at Northwind"


def begun(start_journey: StartJourney, people: int) -> Journey:
    """All said yes and wrote a plan; it is the noon of Thursday 15 January, and they have been asked."""
    journey = start_journey(people)
    for person in journey.people:
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15, 12)
    return journey


def shown(person: Person, view: dict[str, Any], suggestion: str) -> dict[str, Any]:
    """Fill it in; the preview."""
    assert person.submits(view, suggestion=suggestion)["response_action"] == "update"
    return person.modal(MODAL, lambda now: "This is what the leads will read" in words(now))


def sends(person: Person, suggestion: str) -> str:
    """From the Home tab, seen before it is sent; what is said afterwards."""
    person.home()
    person.presses_under_more(BUTTON)
    shown(person, person.modal(MODAL), suggestion)
    page = sent(person)
    person.closes()  # what was behind
    return page


def sent(person: Person) -> str:
    assert person.submits(person.modal(MODAL))["response_action"] == "update"
    page = words(person.modal(MODAL, lambda now: not now.get("submit")))
    person.closes()
    return page


def stored(journey: Journey) -> list[dict[str, Any]]:
    with journey.context.database.reading() as tx:
        return [dict(row) for row in tx.execute(text("SELECT * FROM suggestion")).mappings()]


def answers(lead: Person, about: str, reply: str, answer: str) -> dict[str, Any]:
    """Answer this suggestion in Monday's message, seen before it is sent; the preview."""
    view = opened(lead, about, "Answer it")
    assert lead.submits(view, reply=reply, answer=answer)["response_action"] == "update"
    preview = lead.modal("Answer a suggestion", lambda now: "This is what everybody will read" in words(now))
    assert lead.submits(preview)["response_action"] == "update"
    assert "Everybody is told from" in words(lead.modal("Suggestions"))
    lead.closes()
    return preview


def opened(lead: Person, about: str, label: str) -> dict[str, Any]:
    message = lead.reads(LEADS)
    place = next(n for n, each in enumerate(message["blocks"]) if about in str(each))
    alone = {**message, "blocks": [message["blocks"][place + 1]]}
    lead.presses(label, alone)
    return lead.modal({"Answer it": "Answer a suggestion", "Hide it": "Hide a suggestion"}[label])


def told(person: Person, channel: str | None = None) -> list[dict[str, Any]]:
    return [each for each in person.messages(channel) if TOLD in words(each)]


def test_three_send_something_leads_answer_and_everybody_hears(start_journey: StartJourney) -> None:
    journey = begun(start_journey, 5)
    jonas, second, third, silent, stopped = journey.people
    stopped.asks("/allybot stop")
    jonas.presses("A moment came, I did not")
    view = jonas.modal("Your check-in")
    jonas.presses_in_modal("More")
    jonas.modal("Your check-in", lambda now: now["hash"] != view["hash"])
    jonas.presses_in_modal(BUTTON)
    view = jonas.modal(MODAL)
    assert all(promise in words(view) for promise in PROMISES)
    preview = words(shown(jonas, view, ROOM))
    assert f"> {ROOM}" in preview
    assert jonas.name not in preview
    assert "without your name" in sent(jonas)
    assert jonas.modal("Your check-in")  # what was typed in the help is still there
    jonas.closes()
    sends(second, HOURS)
    for day in (16, 19, 20):
        journey.go_to(1, day, 12)
    assert LEADS not in "".join(map(words, journey.lead.messages()))
    assert [row["state"] for row in stored(journey)] == ["waiting", "waiting"]
    reply = journey.answer_to(third, "Please tell the leads that minutes should say whose idea it was")
    third.presses(BUTTON, reply)
    shown(third, third.modal(MODAL), MINUTES)
    sent(third)
    journey.go_to(1, 26, 12)
    message = journey.lead.reads(LEADS)
    assert all(f"> {each}" in words(message) for each in (ROOM, HOURS, MINUTES))
    assert labels(message) == ["Answer it", "Hide it"] * 3
    assert not any(person.user in str(message) or person.name in str(message) for person in journey.people)
    assert {row["state"] for row in stored(journey)} == {"with_leads"}
    seen = answers(journey.lead, ROOM, "We changed this", "Room 3 has a door again.")
    assert "*The leads: We changed this.* Room 3 has a door again." in words(seen)
    answers(journey.lead, MINUTES, "We will look into it", "In March.")
    journey.lead.submits(opened(journey.lead, HOURS, "Hide it"))
    assert "Nobody is told" in words(journey.lead.modal("Suggestions"))
    journey.lead.closes()
    assert not any(told(person) for person in journey.people)
    for day in (27, 28, 29, 30):
        before = {person.user: len(person.messages()) for person in journey.people}
        journey.go_to(1, day, 13)
        assert all(len(each.messages()) <= before[each.user] + 1 for each in journey.people), day
    found = [told(person) for person in (jonas, second, third, silent)]
    assert [len(each) for each in found] == [1, 1, 1, 1]
    assert len({each[0]["text"] for each in (*found, told(journey.lead))}) == 1
    assert "We will look into it.* In March." in words(found[0][0])
    assert f"> {ROOM}" in words(found[0][0])
    assert HOURS not in words(found[0][0])
    assert not told(stopped)
    (post,) = map(words, told(silent, CIRCLE))
    assert f"> {MINUTES}" in post
    assert "do not guess whose they are" in post


def test_leads_see_what_became_of_each_and_follow_up_what_they_looked_into(
    start_journey: StartJourney,
) -> None:
    journey = begun(start_journey, 3)
    for person, suggestion in zip(journey.people, (ROOM, HOURS, MINUTES), strict=True):
        sends(person, suggestion)
    journey.go_to(1, 19, 12)
    lead = journey.lead
    view = opened(lead, ROOM, "Answer it")
    refused = lead.submits(view, reply="We changed this", answer="x" * 501)
    assert "That is 501 characters; please keep it to 500." in str(refused["errors"])
    lead.closes()
    answers(lead, ROOM, "We will look into it", "In March.")
    lead.submits(opened(lead, HOURS, "Hide it"))
    lead.closes()
    place = lead.reads(LEADS)
    lead.presses("Suggestions", lead.messages()[0])
    page = lead.reads("Answered by")
    assert f"Answered by <@{lead.user}> on 19 January 2026" in words(page)
    assert f"One was hidden by <@{lead.user}> on 19 January 2026" in words(page)
    assert HOURS not in words(page)
    assert labels(page) == ["Answer it", "Hide it", "Answer it"]
    journey.go_to(1, 20, 13)
    journey.go_to(1, 21, 13)
    row = next(n for n, each in enumerate(page["blocks"]) if ROOM in str(each))
    lead.presses("Answer it", {**page, "blocks": [page["blocks"][row + 1]]})
    view = lead.modal("Answer a suggestion")
    lead.submits(view, reply="We changed this", answer="Room 3 has a door again.")
    lead.submits(lead.modal("Answer a suggestion", lambda now: "This is what everybody" in words(now)))
    lead.closes()
    lead.presses("Answer it", {**page, "blocks": [page["blocks"][row + 1]]})
    assert lead.reads("In March.")
    for day in (22, 23, 26, 27):
        journey.go_to(1, day, 13)
    jonas = journey.people[0]
    first, second = told(jonas)
    assert "We will look into it.* In March." in words(first)
    assert "We changed this.* Room 3 has a door again." in words(second)
    assert place["ts"] == lead.reads(LEADS)["ts"]


def test_what_waits_is_replaced_shown_to_its_sender_and_goes_with_them(start_journey: StartJourney) -> None:
    journey = begun(start_journey, 4)
    jonas, second, third, fourth = journey.people
    sends(jonas, HOURS)
    jonas.presses_under_more(BUTTON)
    view = jonas.modal(MODAL)
    assert stands_in(view, "suggestion") == HOURS
    assert "What you send now replaces it" in words(view)
    for typed, why in ((" ", "Please write a few words"), ("x" * 301, "That is 301 characters")):
        assert why in str(jonas.submits(view, suggestion=typed)["errors"])
    assert "Is that a name?" in words(shown(jonas, view, "That I can talk to Sarah alone"))
    shown(jonas, jonas.modal(MODAL), ROOM)
    sent(jonas)
    assert len(stored(journey)) == 1
    jonas.types("/allybot my-data")
    assert f"What waits to go to the leads: “{ROOM}”" in words(jonas.reads("waits to go to the leads"))
    sends(second, HOURS)
    sends(third, MINUTES)
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    journey.go_to(1, 19, 12)
    assert LEADS not in "".join(map(words, journey.lead.messages()))
    assert len(stored(journey)) == 2  # nobody can read the third, and nobody's counts
    sends(fourth, "A quiet hour")
    journey.go_to(1, 26, 12)
    message = words(journey.lead.reads(LEADS))
    assert HOURS in message
    assert ROOM not in message


def test_a_stranger_a_colleague_and_somebody_before_the_yes_are_kindly_refused(journey: Journey) -> None:
    jonas, still_invited = journey.people
    jonas.begins()
    journey.run_worker()
    reply = journey.answer_to(jonas, "tell the leads: we need a room")
    jonas.presses(BUTTON, reply)
    assert jonas.modal(MODAL)
    jonas.closes()
    assert "Please talk to" in words(journey.answer_to(jonas, "tell the leads that he hit me"))
    answer = journey.answer_to(still_invited, "tell the leads: we need a room")
    assert BUTTON not in labels(answer)
    lead = journey.lead
    lead.presses("Suggestions", lead.messages()[0])
    assert lead.reads("No suggestion has come yet.")
