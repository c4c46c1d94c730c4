"""Eight answers, eight ways on: what the help offers after each, and the plan that comes of it."""

from dataclasses import dataclass

import pytest

from allybot.content import load_content
from allybot.domain.plans import Outcome, PlanKind
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
    heading: str
    reads: tuple[str, ...]


ENDINGS = (
    Ending(
        Outcome.ACTED,
        DID_IT,
        "Make it a bit bolder",
        "You did it",
        ("A slightly harder place, or one thing more",),
    ),
    Ending(
        Outcome.NO_MOMENT,
        NO_MOMENT,
        "Widen the “if”",
        "No moment yet",
        ("A wider “if” meets you in an ordinary week",),
    ),
    Ending(
        Outcome.NO_TIME,
        DID_NOT,
        "There was no time",
        "A full week",
        ("it can shrink", "One sentence, one question or one short message is a whole deed"),
    ),
    Ending(
        Outcome.FORGOT,
        DID_NOT,
        "It slipped my mind",
        "It slipped away",
        ("out of place and lies where the deed is due", "Your plan stays as it is"),
    ),
    Ending(
        Outcome.NOT_MY_PLACE,
        DID_NOT,
        "It was not mine to do",
        "Was it mine to do?",
        (
            "Then the asking becomes your plan",
            "Within reach of everyone, with or without a title",
            *LIBRARY.kind(PlanKind.PRACTICE).practices,
        ),
    ),
    Ending(
        Outcome.UNSURE_HOW,
        DID_NOT,
        "I was unsure how",
        "Finding the words",
        ("say it aloud once", "ask your circle how others would put it"),
    ),
    Ending(
        Outcome.FEARED_REACTION,
        DID_NOT,
        "I was wary of the reaction",
        "A quieter way",
        ("It need not be public", "are allyship as well"),
    ),
    Ending(
        Outcome.LESS_MOTIVATED,
        DID_NOT,
        "It matters less to me just now",
        "Back to your own why",
        ("Your own why:", "> my daughter will work in a team like mine", "Your plan can rest"),
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
def test_the_help_fits_the_answer_and_the_mended_plan_is_the_one_he_has(
    journey: Journey, jonas: Person, ending: Ending
) -> None:
    view = taps(jonas, ending.tap)
    view = jonas.chooses(view, BRANCH, ending.pick)
    assert ending.heading in words(view)
    for part in ending.reads:
        assert part in words(view)
    assert "turn to Noor Rahman" in words(view)
    assert (stands_in(view, "cue"), stands_in(view, "response")) == (CUE, RESPONSE)  # nothing unasked

    ways = options(view, WAY)
    assert 3 <= len(ways) <= 5
    view = jonas.chooses(view, WAY, ways[0])
    mended = stands_in(view, "cue"), stands_in(view, "response")
    if ending.outcome is Outcome.FORGOT:  # a reminder is tied to the plan, and the plan stays
        assert ways[0].startswith("My reminder: ")
        assert mended == (CUE, RESPONSE)
    else:
        assert mended != (CUE, RESPONSE)
        assert CUE in mended[0]
        assert PLAN in words(view)  # what it was before stands there, too
    assert jonas.submits(view)["response_action"] == "update"

    sentence = "If {}, then I will {}.".format(*mended)
    assert sentence in words(jonas.modal("Thank you"))
    jonas.closes()
    plans = jonas.asks("/allybot plans")
    assert f"> {sentence}" in plans
    assert (PLAN in plans) == (sentence == PLAN)
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
    journey.run_worker()
    assert labels(jonas.reads("Your answer is sealed")) == ["Change my answer", "All my plans"]
    for word in (ending.tap, ending.pick, ending.heading, ways[0]):
        assert word not in "".join(words(one) for one in jonas.messages() if not one["ephemeral"])


@EACH
def test_whoever_closes_the_help_has_answered_and_keeps_his_plan(
    journey: Journey, jonas: Person, ending: Ending
) -> None:
    view = jonas.chooses(taps(jonas, ending.tap), BRANCH, ending.pick)
    jonas.chooses(view, WAY, options(view, WAY)[0])
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
        way = options(view, WAY)[0]
        assert person.submits(person.chooses(view, WAY, way))["response_action"] == "update"
        person.closes()
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


def test_a_way_adds_to_what_he_types_and_another_takes_its_place(jonas: Person) -> None:
    less, no_time = "It matters less to me just now", "There was no time"
    view = jonas.chooses(taps(jonas, DID_NOT), BRANCH, less, cue="Ann is cut off")
    assert stands_in(view, "cue") == "Ann is cut off"
    first, second, *_ = options(view, WAY)
    view = jonas.chooses(view, WAY, first)
    once = stands_in(view, "cue"), stands_in(view, "response")
    assert once != ("Ann is cut off", RESPONSE)
    view = jonas.chooses(view, WAY, second)
    assert (stands_in(view, "cue"), stands_in(view, "response")) not in {once, ("Ann is cut off", RESPONSE)}
    view = jonas.chooses(view, BRANCH, no_time, response="nod to her")
    assert (stands_in(view, "cue"), stands_in(view, "response")) == ("Ann is cut off", "nod to her")
    view = jonas.chooses(view, WAY, options(view, WAY)[0])
    mended = f"If Ann is cut off, then I will {stands_in(view, 'response')}."
    assert "nod to her" not in mended
    assert jonas.submits(view)["response_action"] == "update"
    jonas.closes()
    assert mended in jonas.asks("/allybot plans")


@pytest.mark.parametrize("kind", ["Facing a fear", "Active listening", "A practice within reach"])
def test_whoever_forgot_keeps_his_plan_and_gets_a_reminder_whatever_its_kind(
    journey: Journey, kind: str
) -> None:
    tomasz = journey.people[1]
    tomasz.begins()
    tomasz.writes_plan("I have coffee with Ana", "ask how meetings feel", kind)
    journey.go_to(1, 15)
    view = tomasz.chooses(taps(tomasz, DID_NOT), BRANCH, "It slipped my mind")
    for way in options(view, WAY):
        view = tomasz.chooses(view, WAY, way)
        assert way.startswith("My reminder: ")
        assert stands_in(view, "cue") == "I have coffee with Ana"
        assert stands_in(view, "response") == "ask how meetings feel"
