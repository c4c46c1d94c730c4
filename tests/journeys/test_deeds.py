"""The deeds round: a thread of its own each Monday, and deeds told with one's name or without."""

from typing import Any

from sqlalchemy import text

from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, options, stands_in, words

MODAL = "Tell a deed"
DEED = "I asked who had not spoken yet"
OTHER = "I said nothing, and told her so afterwards"
WITHOUT, WITH = "Without my name, in the next round", "With my name, now"


def second_week(start_journey: StartJourney, people: int = 3) -> Journey:
    """All said yes; it is the noon of the second Monday."""
    journey = start_journey(people)
    for person in journey.people:
        person.begins()
    journey.go_to(1, 19, 12)
    journey.go_to(1, 26, 12)
    return journey


def rounds(journey: Journey) -> list[dict[str, Any]]:
    """The posts of deeds rounds, oldest first."""
    return [one for one in journey.people[0].messages(CIRCLE) if block_id(one).startswith("deeds.")]


def block_id(message: dict[str, Any]) -> str:
    return str((message.get("blocks") or [{}])[0].get("block_id"))


def opened(person: Person) -> dict[str, Any]:
    person.presses("Tell a deed", channel=CIRCLE)
    return person.modal(MODAL)


def previewed(person: Person, view: dict[str, Any], **filled: str) -> dict[str, Any]:
    assert person.submits(view, **filled)["response_action"] == "update"
    return person.modal(MODAL, lambda now: "This is what your circle will read" in words(now))


def sent(person: Person) -> str:
    assert person.submits(person.modal(MODAL))["response_action"] == "update"
    shown = words(person.modal(MODAL, lambda now: not now.get("submit")))
    person.closes()
    return shown


def tells(person: Person, deed: str = DEED, name: str = WITHOUT) -> str:
    previewed(person, opened(person), deed=deed, name=name)
    return sent(person)


def kept(journey: Journey) -> int:
    with journey.context.database.reading() as tx:
        return int(tx.execute(text("SELECT count(*) FROM deed")).scalar_one())


def test_from_the_second_week_the_round_stands_before_the_scenario(start_journey: StartJourney) -> None:
    journey = start_journey(3)
    for person in journey.people:
        person.begins()
    journey.go_to(1, 19, 12)
    assert rounds(journey) == []
    journey.go_to(1, 26, 12)
    posts = [one for one in journey.people[0].messages(CIRCLE) if block_id(one).endswith("2026-01-26")]
    assert [block_id(one) for one in posts] == ["deeds.2026-01-26", "scenario.2026-01-26"]
    before, scenario = posts
    assert "What did you do since last Monday" in words(before)
    assert "What you intend can stay with you" in words(before)
    assert "turn to Noor Rahman" in words(before)
    assert labels(before) == ["Tell a deed"]
    assert "deeds round" not in words(scenario)


def test_with_the_name_it_stands_in_the_thread_at_once(start_journey: StartJourney) -> None:
    journey = second_week(start_journey)
    jonas = journey.people[0]
    (post,) = rounds(journey)
    view = opened(jonas)
    assert stands_in(view, "name") == WITHOUT
    assert options(view, "name") == [WITHOUT, WITH]
    shown = previewed(jonas, view, deed=DEED, name=WITH)
    assert f"<@{jonas.user}> tells:" in words(shown)
    assert "in a moment, with your name" in sent(jonas)
    journey.run_worker()
    call = journey.calls("chat.postMessage")[-1]["args"]
    assert (call["channel"], call["thread_ts"]) == (CIRCLE, post["ts"])
    assert f"> {DEED}" in call["text"]
    assert f"<@{jonas.user}> tells:" in call["text"]
    journey.run_worker()
    assert kept(journey) == 0


def test_without_a_name_two_deeds_wait_for_monday_and_stand_there_together(
    start_journey: StartJourney,
) -> None:
    journey = second_week(start_journey)
    jonas, other = journey.people[:2]
    view = opened(jonas)
    for promise in (
        "reads that it was somebody of us",
        "on Monday 2 February, together with other deeds",
        "it waits another week and is posted then in any case",
        "People may recognise a deed all the same",
        "turn to Noor Rahman",
    ):
        assert promise in words(view)
    shown = previewed(jonas, view, deed=DEED)
    assert "Somebody of us:" in words(shown)
    assert f"> {DEED}" in words(shown)
    assert "posted with the next round, on Monday 2 February" in sent(jonas)
    tells(other, OTHER)
    journey.run_worker()
    assert DEED not in str(journey.calls("chat.postMessage"))
    journey.go_to(2, 2, 12)
    post = rounds(journey)[-1]
    assert f"> {DEED}" in words(post)
    assert f"> {OTHER}" in words(post)
    assert "do not guess whose they are" in words(post)
    assert not any(person.user in str(post["blocks"]) for person in journey.people)
    journey.run_worker()
    assert kept(journey) == 0


def test_one_deed_waits_a_week_longer_and_survives_a_restart(start_journey: StartJourney) -> None:
    journey = second_week(start_journey)
    tells(journey.people[0])
    journey.go_to(2, 2, 12)
    assert DEED not in words(rounds(journey)[-1])
    journey.restart()
    journey.go_to(2, 9, 12)
    assert f"> {DEED}" in words(rounds(journey)[-1])
    journey.go_to(2, 16, 12)
    assert DEED not in words(rounds(journey)[-1])


def test_what_is_changed_after_the_preview_is_shown_again(start_journey: StartJourney) -> None:
    journey = second_week(start_journey)
    jonas = journey.people[0]
    view = opened(jonas)
    for typed, why in ((" ", "Please write what you did"), ("x" * 201, "That is 201 characters")):
        answer = jonas.submits(view, deed=typed)
        assert why in next(iter(answer["errors"].values()))
    shown = previewed(jonas, jonas.modal(MODAL), deed=DEED)
    assert "Is that a name?" not in words(shown)
    changed = previewed(jonas, shown, deed="I asked whether Sarah had finished")
    assert "Is that a name?" in words(changed)
    assert kept(journey) == 0
    sent(jonas)
    assert kept(journey) == 1


def test_sent_in_three_copies_it_is_one_deed(start_journey: StartJourney) -> None:
    journey = second_week(start_journey)
    jonas = journey.people[0]
    previewed(jonas, opened(jonas), deed=DEED, name=WITH)
    journey.remote.post("deliveries", copies=3, kinds=["interactive"])
    jonas.submits(jonas.modal(MODAL))
    journey.remote.post("deliveries", copies=1)
    journey.settle()
    journey.run_worker()
    assert sum(f"> {DEED}" in call["args"]["text"] for call in journey.calls("chat.postMessage")) == 1


def test_a_few_a_week_and_no_more(start_journey: StartJourney) -> None:
    journey = second_week(start_journey)
    jonas = journey.people[0]
    for number in range(3):
        tells(jonas, f"{DEED} {number}", WITH if number == 1 else WITHOUT)
    jonas.presses("Tell a deed", channel=CIRCLE)
    assert "You have told 3 deeds since the last round" in words(jonas.reads("You have told", CIRCLE))


def test_a_colleague_in_the_channel_who_is_not_in_the_circle_is_kindly_refused(
    start_journey: StartJourney,
) -> None:
    journey = second_week(start_journey)
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    journey.leyla.presses("Tell a deed", channel=CIRCLE)
    assert journey.leyla.reads("not on its list", CIRCLE)


def test_a_deed_of_somebody_forgotten_is_shown_to_him_before_and_never_posted(
    start_journey: StartJourney,
) -> None:
    journey = second_week(start_journey)
    jonas, other = journey.people[:2]
    tells(jonas)
    tells(other, OTHER)
    jonas.types("/allybot my-data")
    assert f"not posted yet: “{DEED}”" in words(jonas.reads("A deed you told your circle"))
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    assert kept(journey) == 1
    for day in (2, 9, 16):
        journey.go_to(2, day, 12)
    posts = "\n".join(map(words, rounds(journey)))
    assert DEED not in posts
    assert f"> {OTHER}" in posts


def test_a_round_with_deeds_leads_to_a_plan_of_ones_own(start_journey: StartJourney) -> None:
    journey = second_week(start_journey)
    jonas, other = journey.people[:2]
    tells(jonas)
    tells(other, OTHER)
    journey.go_to(2, 2, 12)
    post = rounds(journey)[-1]
    assert labels(post) == ["Tell a deed", "Make one my plan"]
    jonas.presses("Make one my plan", post, CIRCLE)
    assert DEED not in words(jonas.modal("Write a plan"))
