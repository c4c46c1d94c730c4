"""How many taps it takes. A tap is a press, a pick or a form that is sent; typing and scrolling are none."""

from datetime import date
from typing import Any

import pytest

from allybot.content import load_content
from allybot.domain.plans import BARRIERS, Outcome
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, field, options, words
from tests.journeys.test_check_ins import BRANCH, MOMENT, PLAN, asked, ballots
from tests.journeys.test_each_outcome import CUE, DID_IT, DID_NOT, ENDINGS, NO_MOMENT, WAY, Ending


class Counting(Person):
    """Somebody whose taps are counted."""

    taps = 0

    def presses(self, *args: Any, **more: Any) -> dict[str, Any]:
        self.taps += 1
        return super().presses(*args, **more)

    def presses_in_modal(self, *args: Any, **more: Any) -> None:
        self.taps += 1
        super().presses_in_modal(*args, **more)

    def chooses(self, *args: Any, **more: Any) -> dict[str, Any]:
        self.taps += 1
        return super().chooses(*args, **more)

    def submits(self, view: dict[str, Any], **filled: str | date) -> dict[str, Any]:
        picked = [name for name in filled if field(view, name)[1]["type"] != "plain_text_input"]
        self.taps += 1 + len(picked)
        return super().submits(view, **filled)


@pytest.fixture
def jonas(journey: Journey) -> Counting:
    """Somebody whose first check-in has just come; they have not tapped yet."""
    first = journey.people[0]
    journey.people[0] = jonas = Counting(journey.remote, first.user, first.name)
    asked(journey, 0)
    jonas.taps = 0
    return jonas


@pytest.mark.parametrize("answer", [DID_IT, DID_NOT, NO_MOMENT])
def test_one_tap_records_an_answer(journey: Journey, jonas: Counting, answer: str) -> None:
    jonas.presses(answer)
    jonas.modal("Your check-in")
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
    assert jonas.taps == 1


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: str(ending.outcome))
def test_from_the_open_help_to_another_plan_and_a_closed_modal_it_takes_three_taps(
    jonas: Counting, ending: Ending
) -> None:
    jonas.presses(ending.tap)
    view = jonas.modal("Your check-in")
    jonas.taps = 0
    view = jonas.chooses(view, BRANCH, ending.pick)
    way = options(view, WAY)[1]
    assert jonas.submits(view, **{WAY: way})["response_action"] == "clear"
    assert jonas.has_no_modal()
    assert jonas.taps == 3
    assert way.removesuffix("…").removeprefix("If ") in jonas.asks("/allybot plans")


@pytest.mark.parametrize("barrier", BARRIERS)
def test_after_any_barrier_words_of_his_own_take_two_more_taps(jonas: Counting, barrier: Outcome) -> None:
    jonas.presses(DID_NOT)
    label = load_content().plan_library.repair(barrier).label
    before = jonas.chooses(jonas.modal("Your check-in"), BRANCH, label)
    jonas.presses_in_modal("More")
    view = jonas.modal("Your check-in", lambda now: bool(now["hash"] != before["hash"]))
    assert jonas.submits(view, response="look her in the eye")["response_action"] == "update"
    assert jonas.taps == 2 + 2
    jonas.closes()
    assert f"If {CUE}, then I will look her in the eye." in jonas.asks("/allybot plans")


def test_three_taps_after_no_moment_the_day_is_named(jonas: Counting) -> None:
    jonas.presses(NO_MOMENT)
    before = jonas.modal("Your check-in")
    jonas.presses_in_modal("More")
    view = jonas.modal("Your check-in", lambda now: bool(now["hash"] != before["hash"]))
    assert jonas.submits(view, **{MOMENT: date(2026, 1, 27)})["response_action"] == "update"
    assert jonas.taps == 1 + 3
    jonas.closes()
    assert "You expect the moment on Tuesday 27 January" in words(jonas.home("Your plan in focus"))


@pytest.mark.parametrize("answer", [DID_IT, DID_NOT, NO_MOMENT])
def test_one_tap_after_any_answer_leaves_the_plan_as_it_is(
    journey: Journey, jonas: Counting, answer: str
) -> None:
    jonas.presses(answer)
    assert jonas.submits(jonas.modal("Your check-in"))["response_action"] == "clear"
    assert jonas.taps == 1 + 1
    assert f"> {PLAN}" in jonas.asks("/allybot plans")
    assert len(ballots(journey)) == 1
