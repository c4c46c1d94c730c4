"""Another plan where one has to make room: it never ends in a refusal, and the old one is only put aside."""

from dataclasses import replace
from typing import Any

import pytest

from allybot.content import Scenario
from allybot.domain.plans import PlanKind, PlanState
from allybot.prompts import ids
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, options, stands_in, words
from tests.journeys.test_plans import KINDS
from tests.journeys.test_taps import Counting
from tests.support.records import all_records, change_records

SWAP = "Make room"
MINE = "a colleague is talked over"


@pytest.fixture
def jonas(journey: Journey) -> Counting:
    """Somebody who has said yes and whose taps are counted."""
    first = journey.people[0]
    journey.people[0] = jonas = Counting(journey.remote, first.user, first.name)
    jonas.begins()
    return jonas


def story(journey: Journey, kind: PlanKind) -> Scenario:
    """A scenario whose plan is of this kind."""
    scenarios = journey.context.content.scenarios
    return next(one for one in scenarios if one.kind is kind)


def makes_it_his_plan(journey: Journey, person: Person, kind: PlanKind = PlanKind.BYSTANDER) -> str:
    """Press the circle's button about a scenario of this kind; the plan as it will read."""
    found = story(journey, kind)
    value = ids.ScenarioValue(scenario=found.id).pack()
    text = {"type": "plain_text", "text": "Make it my plan"}
    button = {"type": "button", "action_id": ids.MAKE_IT_MY_PLAN, "text": text, "value": value}
    channel = journey.as_bot("conversations.open", users=person.user)["channel"]["id"]
    rows = [{"type": "actions", "elements": [button]}]
    journey.as_bot("chat.postMessage", channel=channel, text="A scenario", blocks=rows)
    if isinstance(person, Counting):
        person.taps = 0
    person.presses("Make it my plan")
    return f"If {found.make_it_my_plan.cue}, then I will {found.make_it_my_plan.response}."


def states(journey: Journey) -> list[tuple[str, str]]:
    """Kind and state of every plan, oldest first."""
    return sorted((plan.kind, plan.state) for each in all_records(journey.context) for plan in each.plans)


def three_plans(person: Person, kinds: tuple[str, ...] = (KINDS[0], KINDS[1], KINDS[2])) -> None:
    """Keep one plan of each of these kinds."""
    for kind in kinds:
        person.writes_plan(f"the time for {kind} comes", "count to three and act", kind)


def kept(person: Person, sentence: str) -> dict[str, Any]:
    """The page that shows this plan as kept."""
    return person.modal("Your plan", lambda view: sentence in words(view))


def test_where_there_is_room_three_taps_keep_it(journey: Journey, jonas: Counting) -> None:
    sentence = makes_it_his_plan(journey, jonas)
    view = jonas.goes_on(jonas.modal("Write a plan"))
    assert jonas.submits(view)["response_action"] == "update"
    assert kept(jonas, sentence)
    assert jonas.taps == 3


def test_where_its_kind_is_taken_two_taps_swap_the_plans(journey: Journey, jonas: Counting) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    sentence = makes_it_his_plan(journey, jonas)
    view = jonas.modal(SWAP)
    page = words(view)
    assert f"You have this one:\n> If {MINE}, then I will ask her to finish." in page
    assert f"> {sentence}" in page
    assert (view["submit"]["text"], view["close"]["text"]) == ("Swap them", "Keep mine")
    assert jonas.submits(view)["response_action"] == "update"
    shown = words(kept(jonas, sentence))
    assert "put aside" in shown
    assert MINE in shown
    assert jonas.taps == 2
    jonas.closes()
    assert states(journey) == [("bystander", "active"), ("bystander", "retired")]
    page = jonas.asks("/allybot plans")
    assert sentence in page.partition("*Put aside*")[0]
    assert MINE in page.partition("*Put aside*")[2]


def test_the_old_plan_can_be_taken_up_again(journey: Journey, jonas: Counting) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    journey.go_to(1, 12, 12)
    makes_it_his_plan(journey, jonas)
    jonas.submits(jonas.modal(SWAP))
    jonas.modal("Your plan")
    jonas.closes()
    jonas.asks("/allybot plans")
    jonas.presses("Put it aside")
    jonas.presses("Take it up again", jonas.reads("You are not asked about it"))
    jonas.reads("Taken up again")
    assert MINE in jonas.asks("/allybot plans").partition("*Put aside*")[0]


def test_keep_mine_changes_nothing(journey: Journey, jonas: Counting) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    makes_it_his_plan(journey, jonas)
    jonas.modal(SWAP)
    jonas.closes()
    assert states(journey) == [("bystander", "active")]
    assert jonas.taps == 1


def test_with_three_plans_of_other_kinds_one_of_them_is_chosen(journey: Journey, jonas: Counting) -> None:
    three_plans(jonas, (KINDS[0], KINDS[2], KINDS[3]))
    sentence = makes_it_his_plan(journey, jonas)
    view = jonas.modal(SWAP)
    assert set(options(view, ids.PLAN_ASIDE)) == {KINDS[0], KINDS[2], KINDS[3]}
    for kind in (KINDS[0], KINDS[2], KINDS[3]):
        assert f"> If the time for {kind} comes" in words(view)
    answer = jonas.submits(view, **{ids.PLAN_ASIDE: KINDS[2]})
    assert answer["response_action"] == "update"
    assert f"the time for {KINDS[2]}" in words(kept(jonas, sentence))
    assert jonas.taps == 3
    assert states(journey) == [
        ("bystander", "active"), ("fear", "active"), ("listening", "retired"), ("practice", "active"),
    ]  # fmt: skip


def test_the_three_of_the_training_and_one_of_their_kinds_need_no_choice(
    journey: Journey, jonas: Counting
) -> None:
    three_plans(jonas)
    sentence = makes_it_his_plan(journey, jonas)
    assert jonas.submits(jonas.modal(SWAP))["response_action"] == "update"
    assert kept(jonas, sentence)
    assert jonas.taps == 2
    assert states(journey) == [
        ("bystander", "active"), ("bystander", "retired"), ("fear", "active"), ("listening", "active"),
    ]  # fmt: skip


def test_its_words_can_be_changed_before_the_swap(journey: Journey, jonas: Counting) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    makes_it_his_plan(journey, jonas)
    view = jonas.modal(SWAP)
    jonas.presses_in_modal("Change the new one first")
    view = jonas.modal("Write a plan")
    assert stands_in(view, "cue") == story(journey, PlanKind.BYSTANDER).make_it_my_plan.cue
    view = jonas.goes_on(view, response="say her name")
    assert MINE in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    assert "then I will say her name." in words(jonas.modal("Your plan"))
    assert states(journey) == [("bystander", "active"), ("bystander", "retired")]


def test_sent_twice_it_swaps_once(journey: Journey, jonas: Counting) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    sentence = makes_it_his_plan(journey, jonas)
    view = jonas.modal(SWAP)
    journey.remote.post("deliveries", copies=3, kinds=["interactive"])
    assert jonas.submits(view)["response_action"] == "update"
    journey.remote.post("deliveries", copies=1)
    journey.settle()
    assert kept(jonas, sentence)
    assert states(journey) == [("bystander", "active"), ("bystander", "retired")]


def test_a_plan_called_done_meanwhile_is_left_as_it_is(journey: Journey, jonas: Counting) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    jonas.asks("/allybot plans")
    listed = jonas.messages()[-1]
    sentence = makes_it_his_plan(journey, jonas)
    view = jonas.modal(SWAP)
    jonas.presses("Call it done", listed)
    jonas.reads("what you did in those moments counts")
    assert jonas.submits(view)["response_action"] == "update"
    assert "put aside" not in words(kept(jonas, sentence))
    assert states(journey) == [("bystander", "active"), ("bystander", "finished")]


def test_another_plan_written_meanwhile_is_shown_before_it_is_swapped(
    journey: Journey, jonas: Counting
) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    jonas.writes_plan("a joke falls flat", "say so", KINDS[2])
    sentence = makes_it_his_plan(journey, jonas)
    view = jonas.modal(SWAP)
    assert MINE in words(view)
    change_records(
        journey.context,
        lambda plan: (
            replace(plan, kind=PlanKind.BYSTANDER)
            if plan.kind is PlanKind.LISTENING
            else replace(plan, state=PlanState.RETIRED)
            if plan.kind is PlanKind.BYSTANDER
            else plan
        ),
    )
    assert jonas.submits(view)["response_action"] == "update"
    view = jonas.modal(SWAP, lambda now: "a joke falls flat" in words(now))
    assert MINE not in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    assert kept(jonas, sentence)
    assert [state for _, state in states(journey)] == ["active", "retired", "retired"]


@pytest.mark.parametrize("state", ["paused", "stopped", "finished"])
def test_somebody_at_rest_may_swap_too(journey: Journey, jonas: Counting, state: str) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    with journey.context.database.transaction() as tx:
        tx.exec_driver_sql(f"UPDATE trainee SET state = '{state}'")  # noqa: S608 - ours
    sentence = makes_it_his_plan(journey, jonas)
    assert jonas.submits(jonas.modal(SWAP))["response_action"] == "update"
    assert kept(jonas, sentence)
    assert states(journey) == [("bystander", "active"), ("bystander", "retired")]


def test_somebody_who_has_said_no_meanwhile_keeps_what_there_was(journey: Journey, jonas: Counting) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    makes_it_his_plan(journey, jonas)
    view = jonas.modal(SWAP)
    with journey.context.database.transaction() as tx:
        tx.exec_driver_sql("UPDATE trainee SET state = 'declined'")
    assert jonas.submits(view)["response_action"] == "update"
    assert "Nothing was lost" in words(jonas.modal("allybot"))
    assert states(journey) == [("bystander", "active")]


def test_writing_a_plan_of_a_kind_that_is_taken_leads_on_from_the_first_step(
    journey: Journey, jonas: Counting
) -> None:
    jonas.writes_plan(MINE, "ask her to finish", KINDS[1])
    view = jonas.begins_plan(KINDS[1])
    assert jonas.submits(view, wish="everybody is heard")["response_action"] == "update"
    view = jonas.modal(SWAP)
    assert f"> If {MINE}" in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    view = jonas.modal("Write a plan")
    assert "everybody is heard" in words(view)
    assert states(journey) == [("bystander", "active")]  # until the new one is kept
    view = jonas.goes_on(view, cue="a joke falls flat", response="say so")
    assert MINE in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    assert kept(jonas, "If a joke falls flat")
    assert states(journey) == [("bystander", "active"), ("bystander", "retired")]


def test_a_fourth_plan_leads_on_too_and_back(journey: Journey, jonas: Counting) -> None:
    three_plans(jonas)
    view = jonas.begins_plan(KINDS[3])
    assert jonas.submits(view)["response_action"] == "update"
    view = jonas.modal(SWAP)
    jonas.presses_in_modal("Back")
    view = jonas.modal("Write a plan")
    assert stands_in(view, ids.PLAN_KIND) == KINDS[3]
    assert jonas.submits(view)["response_action"] == "update"
    view = jonas.modal(SWAP)
    assert jonas.submits(view, **{ids.PLAN_ASIDE: KINDS[0]})["response_action"] == "update"
    view = jonas.goes_on(
        jonas.modal("Write a plan"), cue="I plan the next offsite", response="ask who cannot come"
    )
    assert jonas.submits(view)["response_action"] == "update"
    assert kept(jonas, "If I plan the next offsite")
    assert ("fear", "retired") in states(journey)
    assert labels(jonas.modal("Your plan")) == ["Change the words"]
