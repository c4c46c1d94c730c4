"""The bot leaves and comes back before everything a person does: between message and press, between a form
and its sending, between a choice and what comes of it. Nothing is lost and nothing comes twice.
"""

from datetime import timedelta
from typing import Any

import pytest

from allybot.domain.plans import Outcome
from allybot.prompts import ids
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, options, stands_in, until, words
from tests.journeys.test_check_ins import BRANCH, FROM_HERE, PLAN, QUESTION, ballots, said
from tests.journeys.test_each_outcome import CUE, DID_IT, DID_NOT, ENDINGS, NO_MOMENT, RESPONSE, WAY, Ending

pytestmark = pytest.mark.trial


class Interrupted(Person):
    """Somebody before whose every act the bot is restarted."""

    def __init__(self, journey: Journey, person: Person) -> None:
        super().__init__(person.remote, person.user, person.name)
        self.journey = journey
        self.restarts = 0

    def types(self, text: str, channel: str | None = None) -> dict[str, Any]:
        self.interrupted()
        answer = super().types(text, channel)
        if not text.startswith("/"):
            until(lambda: self.arrived(text), f"“{text}” to arrive")  # else Slack tries again a minute later
        return answer

    def arrived(self, text: str) -> bool:
        """Whether the bot has taken in a message."""
        log = self.remote.get("log?kind=delivery&delivery=events_api")["log"]
        return any(each["acknowledged"] and each["payload"]["event"].get("text") == text for each in log)

    def presses(self, *args: Any, **more: Any) -> dict[str, Any]:
        self.interrupted()
        return super().presses(*args, **more)

    def _presses_in(self, *args: Any) -> None:
        self.interrupted()
        super()._presses_in(*args)

    def chooses(self, *args: Any, **more: Any) -> dict[str, Any]:
        self.interrupted()
        return super().chooses(*args, **more)

    def submits(self, *args: Any, **filled: Any) -> dict[str, Any]:
        self.interrupted()
        return super().submits(*args, **filled)

    def waits_until(self, month: int, day: int) -> None:
        """Time passes; the bot is restarted before it says what is due, and after."""
        self.interrupted()
        self.journey.go_to(month, day)
        self.interrupted()
        self.journey.run_worker()

    def hears(self, part: str) -> dict[str, Any]:
        """What the worker of a bot that was restarted says, and says once."""
        self.interrupted()

        def look() -> dict[str, Any] | None:
            self.journey.run_worker()
            return next((one for one in reversed(self.messages()) if part in words(one)), None)

        found = until(look, f"{self.name} to hear “{part}”")
        assert said(self).count(part) == 1
        return found

    def interrupted(self) -> None:
        self.journey.restart()
        self.restarts += 1


@pytest.fixture
def jonas(journey: Journey) -> Interrupted:
    """Somebody who has been welcomed."""
    return Interrupted(journey, journey.people[0])


def asked(jonas: Interrupted) -> dict[str, Any]:
    """Their first check-in, on Thursday."""
    jonas.begins()
    jonas.writes_plan(CUE, RESPONSE)
    jonas.waits_until(1, 15)
    assert said(jonas).count(QUESTION) == 1
    return jonas.reads(QUESTION)


def test_the_first_day(jonas: Interrupted) -> None:
    jonas.presses("Ask me later")
    jonas.waits_until(1, 12)
    assert labels(jonas.messages()[0]) == ["Start", "No thanks", "Who sees what"]
    jonas.presses("Start")
    jonas.hears("You said yes on 12 January 2026")
    jonas.presses("Write a plan", jonas.hears("do you remember best"))
    view = jonas.goes_on(jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, "Bystander action"))
    moment = options(view, ids.PLAN_PICK_CUE)[2]
    view = jonas.chooses(view, ids.PLAN_PICK_CUE, moment, response="wait")
    assert (stands_in(view, "cue"), stands_in(view, "response")) == (moment, "wait")
    assert jonas.submits(view, response=" ")["response_action"] == "errors"
    view = jonas.goes_on(view, response=RESPONSE)
    assert f"> If {moment}, then I will {RESPONSE}." in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    assert f"> If {moment}, then I will {RESPONSE}." in words(jonas.modal("Your plan"))
    jonas.closes()
    assert jonas.asks("/allybot plans").count(f"> If {moment}, then I will {RESPONSE}.") == 1
    assert "Next check-in: Thursday 15 January" in words(jonas.home("Your plan in focus"))
    assert jonas.restarts >= 9


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: str(ending.outcome))
def test_an_answer_and_its_help(journey: Journey, jonas: Interrupted, ending: Ending) -> None:
    asked(jonas)
    before = jonas.restarts
    jonas.presses(ending.tap)
    view = jonas.chooses(jonas.modal("Your check-in"), BRANCH, ending.pick)
    way = options(view, WAY)[1]
    assert jonas.submits(view, **{WAY: way})["response_action"] == "clear"
    assert jonas.restarts - before == 3
    jonas.hears("Your answer is sealed")
    assert QUESTION not in said(jonas)
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
    assert (PLAN in jonas.asks("/allybot plans")) == (ending.outcome is Outcome.FORGOT)


def test_a_change_of_mind(journey: Journey, jonas: Interrupted) -> None:
    asked(jonas)
    jonas.presses(DID_IT)
    jonas.modal("Your check-in")
    jonas.closes()
    (first,) = ballots(journey)
    jonas.presses("Change my answer", jonas.hears("Your answer is sealed"))
    assert jonas.submits(jonas.modal("Change my answer"), answer=NO_MOMENT)["response_action"] == "update"
    jonas.presses_in_modal("More")
    view = jonas.modal("Your check-in", lambda now: "From here" in words(now))
    assert jonas.submits(view, response="nod to her")["response_action"] == "update"
    jonas.closes()
    (second,) = ballots(journey)
    assert first[:2] == second[:2]
    assert first[2] != second[2]
    jonas.hears("Your answer is sealed")
    assert "then I will nod to her." in jonas.asks("/allybot plans")


def test_not_today_and_then_an_answer(journey: Journey, jonas: Interrupted) -> None:
    jonas.presses("Tomorrow", asked(jonas))
    assert jonas.reads("asked again on Friday 16 January")
    jonas.waits_until(1, 16)
    assert said(jonas).count("Here it is again, as you asked") == 1
    jonas.presses(DID_NOT, jonas.reads("Here it is again"))
    jonas.modal("Your check-in")
    jonas.presses_in_modal("More")
    view = jonas.modal("Your check-in", lambda now: "From here" in words(now))
    slower = next(each for each in options(view, FROM_HERE) if "less often" in each)
    assert jonas.submits(view, **{FROM_HERE: slower})["response_action"] == "update"
    jonas.interrupted()
    journey.run_worker()
    assert QUESTION not in said(jonas)
    assert len(ballots(journey)) == 1
    jonas.waits_until(1, 22)
    assert QUESTION not in said(jonas)
    jonas.waits_until(1, 27)
    assert said(jonas).count(QUESTION) == 1


def test_two_silences_a_slower_pace_and_a_way_back(jonas: Interrupted) -> None:
    asked(jonas)
    for day in (19, 20, 22, 26, 27):
        jonas.waits_until(1, day)
    assert said(jonas).count("only this once more") == 2
    jonas.waits_until(1, 29)
    assert said(jonas).count("From here on they come less often.") == 1
    jonas.waits_until(2, 12)
    assert said(jonas).count(QUESTION) == 4  # two steps, each with its follow-up
    jonas.presses("Stop the check-ins")
    assert jonas.reads("No more check-ins")
    jonas.presses("Resume check-ins")
    assert "next check-in comes on Tuesday 24 February" in words(jonas.reads("Good to have you back"))
    jonas.waits_until(2, 24)
    assert said(jonas).count(QUESTION) == 5


def test_a_pause_over_a_check_in(jonas: Interrupted) -> None:
    jonas.begins()
    jonas.writes_plan(CUE, RESPONSE)
    assert "Paused until 26 January" in jonas.asks("/allybot pause 2 weeks")
    jonas.waits_until(1, 15)
    jonas.waits_until(1, 22)
    assert QUESTION not in said(jonas)
    jonas.waits_until(1, 26)
    jonas.waits_until(1, 27)
    assert said(jonas).count(QUESTION) == 1


def test_plans_are_mended_switched_and_called_done(jonas: Interrupted) -> None:
    jonas.begins()
    jonas.writes_plan(CUE, RESPONSE)
    jonas.journey.go_to(1, 12, 12)  # the older plan is asked about first
    jonas.writes_plan("I have coffee with Ana", "ask how meetings feel", "Active listening")
    jonas.home("Your plan in focus")
    jonas.presses_at_home("Mend it")
    assert jonas.submits(jonas.modal("Mend a plan"), response="name her")["response_action"] == "update"
    jonas.closes()
    jonas.asks("/allybot plans")
    jonas.presses("Ask about this one next")
    jonas.waits_until(1, 15)
    assert "I have coffee with Ana" in words(jonas.reads(QUESTION))
    page = jonas.home("Your plan in focus")
    assert words(page).index("coffee") < words(page).index(f"{CUE}, then I will name her")
    jonas.presses_at_home("Call it done")
    jonas.looks_at_home("", lambda page: "coffee" not in words(page))
    assert jonas.asks("/allybot plans").partition("*Done*")[2].count("coffee") == 1


def test_the_whole_ladder_to_the_last_step_and_a_goodbye(journey: Journey, jonas: Interrupted) -> None:
    asked(jonas)
    slots: set[int] = set()
    for _ in range(12):
        if QUESTION in said(jonas):
            jonas.presses(DID_IT)
            assert jonas.submits(jonas.modal("Your check-in"))["response_action"] == "clear"
        slots |= {slot for _, slot, _ in ballots(journey)}
        journey.session.clock.move_to(journey.now + timedelta(days=7))
        jonas.interrupted()
        journey.run_worker()
    assert slots == {3, 10, 17, 28, 42, 56, 70}
    replan = jonas.reads("This is a good day to look at yours again")
    jonas.presses("Mend this plan", replan)
    assert jonas.submits(jonas.modal("Mend a plan"), cue="she is cut off")["response_action"] == "update"
    jonas.closes()
    jonas.presses("Keep things as they are", replan)
    jonas.hears("Kept as they are")
    jonas.waits_until(4, 16)
    assert said(jonas).count("no more check-ins will come") == 1


def test_typed_words_and_leaving_for_good(journey: Journey, jonas: Interrupted) -> None:
    asked(jonas)
    jonas.types("yes I did")
    answer = jonas.hears("it came up, and I did it")
    assert labels(answer)[0] == "Yes, count that"
    assert ballots(journey) == []
    jonas.presses("Yes, count that", answer)
    jonas.modal("Your check-in")
    jonas.closes()
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    assert jonas.reads("Done. allybot has forgotten you.")
    assert ballots(journey) == []
    before = len(jonas.messages())
    jonas.waits_until(1, 29)
    assert len(jonas.messages()) == before
    assert PLAN not in jonas.asks("/allybot plans")
