"""Ways to mend a plan build on its owner's words, read well with them, and never stand there unasked."""

from datetime import UTC, datetime
from itertools import product

import pytest

from allybot.content import Content, Library, load_content
from allybot.domain.plan_checks import Remark
from allybot.domain.plans import BARRIERS, MAX_HALF_LENGTH, Intention, Outcome, Plan, PlanKind, PlanState
from allybot.i18n import Say
from allybot.prompts.blocks import MAX_OPTION_LENGTH
from allybot.prompts.plans.remarks import remarks_on
from allybot.prompts.plans.repairs import MAX_WAYS, Way, ways
from tests.support.hundred_plans import hundred_plans
from tests.support.library import text_of

SAY = Say()
OWN = Intention("a colleague is talked over", "ask her to finish")
PLAN = Plan("p1", PlanKind.BYSTANDER, OWN, PlanState.ACTIVE, datetime(2026, 1, 2, tzinfo=UTC))
MENDS = [Outcome.ACTED, Outcome.NO_MOMENT, *BARRIERS]
BYSTANDER = PlanKind.BYSTANDER


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="module")
def library(content: Content) -> Library:
    return content.plan_library


def offered(
    content: Content,
    outcome: Outcome,
    words: Intention = OWN,
    kind: PlanKind = BYSTANDER,
    turn: int = 0,
    most: int = MAX_WAYS,
) -> list[Way]:
    library = content.plan_library
    lines = content.lines.for_plan(library, content.scenarios, kind, words)
    return list(ways(SAY, library, kind, words, outcome, turn, lines=lines, most=most))


@pytest.mark.parametrize("outcome", MENDS)
def test_for_each_of_a_hundred_plans_there_are_three_whole_plans_to_choose_from(
    content: Content, outcome: Outcome
) -> None:
    """Each builds on their own "if", changes something, and looks no vaguer than before."""
    for turn, (kind, words) in enumerate(hundred_plans()):
        found = offered(content, outcome, words, kind, turn)
        changed = {(way.words, way.cue_object) for way in found}
        assert 3 <= len(found) <= MAX_WAYS, words
        assert len({way.id for way in found}) == len(changed) == len(found)
        before = set(remarks_on(SAY, content.plan_library, words))
        for way in found:
            assert words.cue in way.words.cue
            assert way.words != words or way.cue_object
            assert set(remarks_on(SAY, content.plan_library, way.words)) - before <= {
                Remark.SEVERAL_DEEDS,
                Remark.NAME,  # "Doctor (name)" in a line to say
            }


def test_the_hundred_plans_are_a_hundred_and_of_all_kinds() -> None:
    plans = hundred_plans()
    assert len({words for _, words in plans}) == 100
    assert {kind for kind, _ in plans} == set(PlanKind)


def test_where_a_program_has_switched_the_kind_off_two_ways_are_left_at_least(content: Content) -> None:
    bare = content.plan_library.model_copy(update={"kinds": {}})
    without = content.model_copy(update={"plan_library": bare})
    for kind, words in hundred_plans()[::7]:
        for outcome in BARRIERS:
            assert len(offered(without, outcome, words, kind)) >= 2, words


def test_who_forgot_keeps_the_plan_and_gets_a_thing_out_of_place(content: Content) -> None:
    plan = Intention("a colleague is cut off in our meeting", "ask her to finish")
    found = offered(content, Outcome.FORGOT, plan)
    assert found[0].cue_object == "an odd cup on the meeting table, put there that day"
    assert found[0].label == "My reminder: an odd cup on the meeting table, put there that day"
    for kind, words in hundred_plans()[::5]:
        for way in offered(content, Outcome.FORGOT, words, kind):
            assert way.words == words
            assert way.cue_object


@pytest.mark.parametrize(
    ("kind", "cue", "response", "never"),
    [
        (BYSTANDER, OWN.cue, "say that I would like to hear the rest", "the first minute"),
        (PlanKind.LISTENING, "I have coffee with a colleague on Friday", "ask her", "whoever leads"),
        (PlanKind.LISTENING, "I have coffee with a colleague on Friday", "ask her", "or anywhere else"),
        (PlanKind.LISTENING, "I plan my week on Monday morning", "invite a colleague", "my phone away"),
        (BYSTANDER, "a mother is kept off a project", "ask who has asked her", "hear the rest"),
        (BYSTANDER, "only men have spoken so far", "ask for a round", "colleague concerned"),
        (PlanKind.PRACTICE, "the cups stand around afterwards", "put them away", "ask whoever decides"),
        (PlanKind.FEAR, "I have made a mistake", "say sorry", "whether it is mine to do"),
    ],
)
def test_what_reads_absurdly_with_a_plan_is_not_offered(
    content: Content, kind: PlanKind, cue: str, response: str, never: str
) -> None:
    for outcome in MENDS:
        for way in offered(content, outcome, Intention(cue, response), kind, most=99):
            assert never not in way.words.response
            assert never not in way.words.cue


def test_who_was_unsure_how_is_offered_lines_to_say_first(content: Content) -> None:
    first, second, third, *_ = offered(content, Outcome.UNSURE_HOW)
    assert first.words == Intention(OWN.cue, "say: “Hang on, I'd like to hear the end of that.”")
    assert all(way.words.response.startswith("say: “") for way in (second, third))


def test_who_saw_somebody_touched_is_told_that_it_can_be_reported(content: Content) -> None:
    plan = Intention("a client puts his hand on her back", "step between them")
    for outcome in (Outcome.NOT_MY_PLACE, Outcome.UNSURE_HOW, Outcome.FEARED_REACTION):
        said = [way.words.response for way in offered(content, outcome, plan, most=99)]
        assert "ask the colleague concerned whether it should be reported" in said


def test_halves_from_the_library_are_of_the_kind_of_his_plan(content: Content, library: Library) -> None:
    for kind, outcome in product(PlanKind, MENDS):
        halves = {each.id for each in (*library.kind(kind).cues, *library.kind(kind).responses)}
        for way in offered(content, outcome, kind=kind):
            assert way.id in halves or way.id.startswith(("any.", "line."))


def test_widening_joins_another_moment_only_to_a_response_that_goes_with_it(
    content: Content, library: Library
) -> None:
    joke, quiet = text_of(library, "bystander-joke"), text_of(library, "bystander-room-goes-quiet")
    plan = Intention(joke, text_of(library, "ask-what-is-meant"))
    joined = {way.id: way for way in offered(content, Outcome.NO_MOMENT, plan, most=99)}
    assert joined["bystander-room-goes-quiet"].words == Intention(f"{joke}, or {quiet}", plan.response)
    assert "bystander-on-screen" not in joined
    own = offered(content, Outcome.NO_MOMENT, Intention(joke, "raise an eyebrow"), most=99)
    assert [way.id for way in own if not way.id.startswith("any.")] == []


def test_who_fears_a_reaction_is_offered_quieter_ways_of_his_kind(content: Content) -> None:
    joke = Intention("a joke is made", "say that I find it out of place")
    said = {way.words.response for way in offered(content, Outcome.FEARED_REACTION, joke, most=99)}
    assert "wait for a quiet moment, and say that I find it out of place" in said
    assert "change the subject so that the moment passes" in said
    assert "have a quiet word later with the one it came from" in said


def test_nobody_asks_for_the_rest_of_a_point_when_the_moment_is_gone(content: Content) -> None:
    cut = Intention(
        "a colleague is cut off before finishing a point", "say that I would like to hear the rest"
    )
    said = [way.words.response for each in BARRIERS for way in offered(content, each, cut, most=99)]
    late = ("wait for a quiet moment, and", "keep it for the break, and")
    assert [each for each in said if each.startswith(late)] == []


def test_a_chore_is_done_whole_and_nobody_is_put_into_the_dishwasher(content: Content) -> None:
    cups = Intention("the cups stand around after the workshop", "put them into the dishwasher")
    said = [
        way.words.response
        for each in BARRIERS
        for way in offered(content, each, cups, PlanKind.PRACTICE, most=99)
    ]
    assert "put them into the dishwasher, and think of the one person I do this for" in said
    assert [each for each in said if "part" in each or "small step" in each] == []


def test_another_turn_brings_other_ways_to_the_top(content: Content) -> None:
    for outcome in (Outcome.NO_TIME, Outcome.FEARED_REACTION, Outcome.LESS_MOTIVATED, Outcome.FORGOT):
        assert len({offered(content, outcome, turn=turn)[-1].id for turn in range(6)}) > 1, outcome


def test_a_label_shows_what_changes_and_is_never_cut_in_english(library: Library) -> None:
    for kind, outcome in product(PlanKind, MENDS):
        for way in ways(SAY, library, kind, OWN, outcome, 0, most=99):
            assert max(len(way.label), len(way.note)) <= MAX_OPTION_LENGTH
            assert OWN.cue not in way.label


def test_a_way_that_would_be_too_long_to_keep_is_left_out(content: Content) -> None:
    long = Intention("m" * MAX_HALF_LENGTH, "m" * (MAX_HALF_LENGTH - 20))
    for outcome in MENDS:
        for way in offered(content, outcome, long, most=99):
            assert max(len(way.words.cue), len(way.words.response)) <= MAX_HALF_LENGTH


def test_a_way_is_never_put_around_itself(content: Content) -> None:
    mended = Intention(OWN.cue, f"{OWN.response}, and think of the one person I do this for")
    again = [way.words.response for way in offered(content, Outcome.LESS_MOTIVATED, mended, most=99)]
    assert [said for said in again if said.count("think of the one person") > 1] == []
