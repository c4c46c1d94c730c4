"""Eight answers, eight ways on: what the help offers after each, and the plan that comes of it."""

from dataclasses import dataclass
from typing import Any

import pytest

from allybot.content import load_content
from allybot.domain.plans import Outcome
from allybot.prompts import ids
from tests.journeys.conftest import Journey, StartJourney
from tests.journeys.people import Person, labels, options, stands_in, words
from tests.journeys.test_check_ins import (
    BRANCH,
    PLAN,
    TAPS,
    asked,
    ballots,
    check_in_ids,
    said,
    taps,
)

WAY = ids.CHECK_IN_WAY
CUE, RESPONSE = "a colleague is talked over", "ask her to finish"
DID_IT, DID_NOT, NO_MOMENT = TAPS
LIBRARY = load_content().plan_library


@dataclass(frozen=True)
class Ending:
    """What somebody answers and picks; `reads` is what the help says then."""

    outcome: Outcome
    tap: str
    pick: str
    reads: tuple[str, ...]


ENDINGS = (
    Ending(
        Outcome.ACTED,
        DID_IT,
        "Make it a bit bolder",
        ("A slightly harder place, or one thing more",),
    ),
    Ending(
        Outcome.NO_MOMENT,
        NO_MOMENT,
        "Widen the “if”",
        ("A wider “if” comes up more often",),
    ),
    Ending(
        Outcome.NO_TIME,
        DID_NOT,
        "There was no time",
        ("too large for the week", "One sentence counts"),
    ),
    Ending(
        Outcome.FORGOT,
        DID_NOT,
        "It slipped my mind",
        ("something odd where the deed is due",),
    ),
    Ending(
        Outcome.NOT_MY_PLACE,
        DID_NOT,
        "It was not mine to do",
        ("asking can be the plan",),
    ),
    Ending(
        Outcome.UNSURE_HOW,
        DID_NOT,
        "I was unsure how",
        ("say it aloud once",),
    ),
    Ending(
        Outcome.FEARED_REACTION,
        DID_NOT,
        "I was wary of the reaction",
        ("It need not be public",),
    ),
    Ending(
        Outcome.LESS_MOTIVATED,
        DID_NOT,
        "It matters less to me just now",
        ("Your own why:", "> my daughter will work in a team like mine", "That happens to most"),
    ),
)
EACH = pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: str(ending.outcome))


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody with a plan and a why whose first check-in has just come."""
    jonas = asked(journey, 0)
    jonas.types("/allybot why")
    jonas.submits(jonas.modal("Your own why"), why="my daughter will work in a team like mine")
    jonas.closes()
    return jonas


def test_the_endings_are_all_eight() -> None:
    assert {ending.outcome for ending in ENDINGS} == set(Outcome) - {Outcome.NOT_ACTED}


@EACH
def test_the_help_fits_the_answer_and_the_plan_he_keeps_is_the_one_he_chose(
    journey: Journey, jonas: Person, ending: Ending
) -> None:
    view = jonas.chooses(taps(jonas, ending.tap), BRANCH, ending.pick)
    for part in ending.reads:
        assert part in words(view)
    assert "turn to Noor Rahman" in words(view)
    as_it_is, *ways = options(view, WAY)
    assert (as_it_is, len(ways)) == ("Keep it as it is", 3)
    assert jonas.submits(view, **{WAY: ways[0]})["response_action"] == "clear"
    assert jonas.has_no_modal()
    plans = jonas.asks("/allybot plans")
    if ending.outcome is Outcome.FORGOT:  # a thing that reminds is tied to the plan, and the plan stays
        assert f"> {PLAN}" in plans
        assert f"{ways[0].removesuffix('…')}" in plans
    else:
        assert PLAN not in plans
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
    journey.run_worker()
    assert labels(jonas.reads("Your answer is sealed")) == ["Change my answer", "All my plans"]
    for word in {ending.tap, ending.pick, ways[0]} - {f"If {CUE}"}:  # the plan as asked stays
        assert word not in "".join(words(one) for one in jonas.messages() if not one["ephemeral"])


@EACH
def test_more_shows_the_chosen_plan_in_full_with_everything_that_can_be_changed(
    jonas: Person, ending: Ending
) -> None:
    view = jonas.chooses(taps(jonas, ending.tap), BRANCH, ending.pick)
    way = options(view, WAY)[1]
    view = opens_more(jonas, view, way)
    filled = stands_in(view, "cue"), stands_in(view, "response")
    assert (filled == (CUE, RESPONSE)) == (ending.outcome is Outcome.FORGOT)
    view_words = words(view)
    for part in (
        "When is the next likely moment?",
        "A short reminder?",
        "Done with this one",
        "No more check-ins",
    ):
        assert part in view_words
    assert jonas.submits(view, response="nod to her")["response_action"] == "update"
    assert "I will nod to her" in words(jonas.modal("Thank you"))
    jonas.closes()
    assert "then I will nod to her." in jonas.asks("/allybot plans")


def opens_more(person: Person, view: dict[str, Any], way: str) -> dict[str, Any]:
    """Choose a plan and press "More"; the modal once it has changed."""
    person.presses_in_modal("More", **{WAY: way})
    return person.modal(view["title"]["text"], lambda now: bool(now["hash"] != view["hash"]))


@EACH
def test_whoever_closes_the_help_has_answered_and_keeps_his_plan(
    journey: Journey, jonas: Person, ending: Ending
) -> None:
    jonas.chooses(taps(jonas, ending.tap), BRANCH, ending.pick)
    jonas.closes()
    journey.run_worker()
    assert f"> {PLAN}" in jonas.asks("/allybot plans")
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
    assert "Your answer is sealed" in said(jonas)


def test_eight_colleagues_give_eight_answers_and_read_the_same_bytes(start_journey: StartJourney) -> None:
    journey = start_journey(len(ENDINGS))
    for person in journey.people:
        person.begins()
        person.writes_plan(CUE, RESPONSE)
    journey.go_to(1, 15)
    for person, ending in zip(journey.people, ENDINGS, strict=True):
        view = person.chooses(taps(person, ending.tap), BRANCH, ending.pick)
        assert person.submits(view, **{WAY: options(view, WAY)[1]})["response_action"] == "clear"
    journey.run_worker()
    confirmations = [
        str(sorted((name, value) for name, value in call["args"].items() if name not in {"channel", "ts"}))
        for call in journey.calls("chat.update")
        if "Your answer is sealed" in str(call["args"])
    ]
    assert len(confirmations) == len(ENDINGS)
    for person in journey.people:
        (own,) = check_in_ids(journey, person)
        confirmations = [each.replace(own, "check-in") for each in confirmations]
    assert len(set(confirmations)) == 1
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80] * len(ENDINGS)
    assert len({sealed for _, _, sealed in ballots(journey)}) == len(ENDINGS)


@pytest.mark.parametrize("kind", ["Facing a fear", "Active listening", "A practice within reach"])
def test_whoever_forgot_keeps_his_if_whatever_his_kind_of_plan(journey: Journey, kind: str) -> None:
    tomasz = journey.people[1]
    tomasz.begins()
    tomasz.writes_plan("I have coffee with Ana", "ask how meetings feel", kind)
    journey.go_to(1, 15)
    view = tomasz.chooses(taps(tomasz, DID_NOT), BRANCH, "It slipped my mind")
    _, *ways = options(view, WAY)
    assert all(way.startswith("My reminder: ") for way in ways)
    assert tomasz.submits(view, **{WAY: ways[0]})["response_action"] == "clear"
    assert "> If I have coffee with Ana, then I will ask how meetings feel." in tomasz.asks("/allybot plans")
