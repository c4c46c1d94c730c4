"""Notes to oneself: after every answer, on Home, and as a file with the plans before they are deleted."""

from typing import Any
from urllib.request import urlopen

from tests.journeys.conftest import Journey, StartJourney
from tests.journeys.people import Person, field, labels, stands_in, words
from tests.journeys.test_check_ins import BRANCH, PLAN, QUESTION, TAPS, asked, more, taps

SAID = "Easier than I thought"
PICKS = ("Keep it for the next time", "There was no time", "Keep it and wait")


def text_of_file(message: dict[str, Any]) -> str:
    """What stands in the one file of a message."""
    (file,) = message["files"]
    with urlopen(file["url_private"]) as answer:  # noqa: S310 - the emulator's
        return str(answer.read().decode())


def files_of(person: Person) -> list[dict[str, Any]]:
    return [each for each in person.messages() if each.get("files")]


def keeps(person: Person, note: str) -> dict[str, Any]:
    """They write a note under "My notes"; the page as it is then."""
    person.types("/allybot notes")
    view = person.modal("My notes")
    assert person.submits(view, note=note)["response_action"] == "update"
    view = person.modal("My notes", lambda now: note in words(now))
    person.closes()
    return view


def test_after_every_answer_there_is_the_same_room_for_a_note_and_what_is_typed_stays(
    start_journey: StartJourney,
) -> None:
    journey = start_journey(len(TAPS))
    fields = set()
    for person in journey.people:
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    for person, tap, pick in zip(journey.people, TAPS, PICKS, strict=True):
        view = taps(person, tap)
        fields.add(str(field(view, "note")))
        view = person.chooses(view, BRANCH, pick, note=SAID)
        assert stands_in(view, "note") == SAID, "typed before the reason was picked"
        fields.add(str(field(view, "note")))
        person.presses_in_modal("More")
        view = person.modal("Your check-in", lambda now, before=view: now["hash"] != before["hash"])
        fields.add(str(field(view, "note")))
        assert person.submits(view, note=f"{SAID}: {person.name}")["response_action"] == "update"
        person.closes()
    assert len(fields) == 1
    assert "only you see it" in fields.pop()
    for person in journey.people:
        assert f"“{SAID}: {person.name}” (15 January 2026)" in words(person.home("Your notes"))


def test_a_note_is_kept_with_the_answer_alone_and_sent_twice_it_is_one(
    journey: Journey, jonas: Person
) -> None:
    asked(journey, 0)
    assert jonas.submits(taps(jonas, TAPS[0]), note=SAID)["response_action"] == "clear"
    assert jonas.submits(taps(jonas, TAPS[0]), note=SAID)["response_action"] == "clear"
    assert words(jonas.home("Your notes")).count(SAID) == 1
    assert jonas.asks("/allybot my-data").count(SAID) == 1
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    assert SAID not in jonas.asks("/allybot my-data")


def test_who_has_seven_notes_is_told_beforehand_which_one_makes_room(jonas: Person) -> None:
    jonas.begins()
    for number in range(1, 7):
        assert "as many as are kept" not in words(keeps(jonas, f"note {number} of mine"))
    view = keeps(jonas, "note 7 of mine")
    assert "Your 7 notes are as many as are kept: a new one replaces that of Monday 12 January." in words(
        view
    )
    view = keeps(jonas, "note 8 of mine")
    assert "note 1 of mine" not in words(view)
    assert words(view).index("note 8") < words(view).index("note 2"), "the newest first"
    page = jonas.home("Your notes")
    assert "note 8 of mine" in words(page)
    assert "note 7 of mine" in words(page)
    assert "note 6 of mine" not in words(page)


def test_a_note_is_deleted_and_the_others_stay(jonas: Person) -> None:
    jonas.begins()
    keeps(jonas, "the first one")
    keeps(jonas, "the second one")
    jonas.home("Your notes")
    jonas.presses_at_home("My notes")
    view = jonas.modal("My notes")
    delete = next(each for each in view["blocks"] if "the first one" in str(each))
    action = {"action_id": delete["accessory"]["action_id"], "block_id": delete["block_id"]}
    assert jonas.remote.post("view-interact", user=jonas.user, action=action, view_id=view["id"])["ok"]
    view = jonas.modal("My notes", lambda now: "the first one" not in words(now))
    assert "the second one" in words(view)
    jonas.closes()
    jonas.looks_at_home("the second one", lambda page: "the first one" not in words(page))


def test_who_has_not_said_yes_has_no_notes(jonas: Person) -> None:
    assert "This starts once you have said yes" in jonas.asks("/allybot notes")


def test_the_plan_stays_in_the_message_as_it_was_asked_about_and_the_mended_one_is_on_home(
    journey: Journey, jonas: Person
) -> None:
    asked(journey, 0)
    view = more(jonas, TAPS[1])
    assert jonas.submits(view, response="nod to her")["response_action"] == "update"
    jonas.closes()
    journey.run_worker()
    confirmed = words(jonas.reads("Your answer is sealed"))
    assert f"> {PLAN}" in confirmed
    assert QUESTION not in confirmed
    assert "nod to her" not in confirmed
    assert "then I will nod to her." in words(jonas.home("Your plan in focus"))
    journey.pass_days(7)
    assert "then I will nod to her." in words(jonas.reads(QUESTION))


def test_plans_and_notes_come_as_one_file_a_week_before_they_are_deleted_also_in_a_pause_and_after_a_stop(
    journey: Journey,
) -> None:
    paused, stopped = journey.people
    for person in (paused, stopped):
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish", coping="breathe")
        keeps(person, SAID)
    assert "as a file a week before" in paused.asks("/allybot pause until 3 Aug")
    assert "a week before, both as a file" in stopped.asks("/allybot stop")
    journey.go_to(5, 17, 16)
    assert not any(files_of(person) for person in (paused, stopped))
    journey.go_to(5, 18, 16)
    for person in (paused, stopped):
        (message,) = files_of(person)
        assert "deletes them and your place on the list on 25 May 2026" in message["text"]
        assert message["files"][0]["name"] in message["text"]
        assert message["text"].startswith("allybot has a message for you.")
        text = text_of_file(message)
        for part in (PLAN, "If it goes badly, then I will breathe.", f"12 January 2026: {SAID}"):
            assert part in text
    journey.go_to(5, 24)
    journey.go_to(5, 26)
    for person in (paused, stopped):
        assert len(files_of(person)) == 1
        assert "a program's end deletes its list and everybody's plans" in words(person.home("not on"))


def test_who_was_away_and_whose_worker_was_stopped_gets_the_file_before_anything_is_deleted(
    journey: Journey, jonas: Person
) -> None:
    jonas.begins()
    keeps(jonas, SAID)
    jonas.asks("/allybot stop")
    journey.go_to(5, 27, 16)  # nothing ran for months
    (message,) = files_of(jonas)
    assert SAID in text_of_file(message)
    journey.pass_hours(1)
    assert len(files_of(jonas)) == 1
    assert labels(jonas.home("not on")) == []


def test_with_neither_plan_nor_note_no_file_comes(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    jonas.asks("/allybot stop")
    before = len(jonas.messages())
    journey.go_to(5, 20, 16)
    journey.go_to(5, 26, 16)
    assert len(jonas.messages()) == before
    assert "a program's end deletes its list and everybody's plans" in words(jonas.home("not on"))
