"""Ways to mend a plan build on his own words, suit its kind, and never stand there unasked."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from allybot.content import Library, load_content
from allybot.domain.check_ins import Pick, Tap
from allybot.domain.plans import BARRIERS, MAX_HALF_LENGTH, Intention, Outcome, Plan, PlanKind, PlanState
from allybot.i18n import Say
from allybot.prompts.blocks import MAX_OPTION_LENGTH
from allybot.prompts.plans.repairs import MAX_WAYS, Way, own_words, ways

SAY = Say()
HIS = Intention("a colleague is talked over", "ask her to finish")
PLAN = Plan("p1", PlanKind.BYSTANDER, HIS, PlanState.ACTIVE, datetime(2026, 1, 2, tzinfo=UTC))
MENDS = [
    (Tap.ACTED, Pick.BOLDER),
    (Tap.NO_MOMENT, Pick.WIDEN),
    *((Tap.NOT_ACTED, barrier) for barrier in BARRIERS),
]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_content().plan_library


def offered(
    library: Library, tap: Tap, pick: str, words: Intention = HIS, turn: int = 0, **plan
) -> list[Way]:
    return list(ways(SAY, library, replace(PLAN, **plan), words, tap, pick, turn))


@pytest.mark.parametrize(("tap", "pick"), MENDS)
def test_every_pick_that_mends_offers_a_few_ways_and_each_changes_the_plan(
    library: Library, tap: Tap, pick: str
) -> None:
    for kind, turn in product(PlanKind, range(9)):
        found = offered(library, tap, pick, turn=turn, kind=kind)
        assert 3 <= len(found) <= MAX_WAYS
        assert len({way.id for way in found}) == len({way.words for way in found}) == len(found)
        assert all(way.words != HIS for way in found)
        assert all(way.words.cue.startswith(HIS.cue) for way in found)  # whatever else, his own "if" stays


def test_a_cue_for_somebody_who_forgot_is_added_to_his_own(library: Library) -> None:
    for way in offered(library, Tap.NOT_ACTED, Outcome.FORGOT):
        assert way.words.cue.startswith(f"{HIS.cue} and ")
        assert way.words.response == HIS.response
        assert way.label == f"If … {way.words.cue.removeprefix(HIS.cue).strip()}"


def test_halves_from_the_library_are_of_the_kind_of_his_plan(library: Library) -> None:
    for kind, (tap, pick) in product(PlanKind, MENDS):
        halves = {each.id for each in (*library.kind(kind).cues, *library.kind(kind).responses)}
        for way in offered(library, tap, pick, kind=kind):
            assert way.id in halves or way.id.startswith("any.")


def test_widening_joins_another_moment_of_the_kind_with_or(library: Library) -> None:
    joke = next(way for way in offered(library, Tap.NO_MOMENT, Pick.WIDEN) if way.id == "bystander-joke")
    assert joke.words.cue == f"{HIS.cue}, or a joke is made at the expense of a colleague"
    assert joke.words.response == HIS.response


def test_who_fears_a_reaction_is_offered_quieter_ways_of_his_kind(library: Library) -> None:
    seen = {
        way.label
        for turn in range(9)
        for way in offered(library, Tap.NOT_ACTED, "feared_reaction", turn=turn)
    }
    assert "do this later, between the two of us: …" in seen
    assert "change the subject so that the moment passes" in seen
    assert "have a quiet word later with the one who said it" in seen


def test_nothing_is_offered_before_a_pick_nor_where_things_stay_as_they_are(library: Library) -> None:
    for tap, pick in product(Tap, ("", Pick.SAME, Pick.DONE, Pick.DATE, Pick.WAIT)):
        assert offered(library, tap, pick) == []


def test_a_label_shows_what_changes_and_is_never_cut_in_english(library: Library) -> None:
    for kind, (tap, pick), turn in product(PlanKind, MENDS, range(9)):
        for way in offered(library, tap, pick, turn=turn, kind=kind):
            assert max(len(way.label), len(way.note)) <= MAX_OPTION_LENGTH
            assert HIS.cue not in way.label


def test_a_way_that_would_be_too_long_to_keep_is_left_out(library: Library) -> None:
    long = Intention("m" * MAX_HALF_LENGTH, "m" * (MAX_HALF_LENGTH - 20))
    for tap, pick in MENDS:
        for way in offered(library, tap, pick, long):
            assert max(len(way.words.cue), len(way.words.response)) <= MAX_HALF_LENGTH
    assert offered(library, Tap.NOT_ACTED, Outcome.FORGOT, long) == []


def test_another_pick_takes_the_place_of_the_first_one(library: Library) -> None:
    for tap, pick in MENDS:
        found = offered(library, tap, pick)
        for first in found:
            own = own_words(SAY, library, PLAN, first.words)
            assert own == HIS
            assert offered(library, tap, pick, own) == found


def test_words_he_typed_stay_and_a_way_adds_to_them(library: Library) -> None:
    typed = Intention(" Ann is cut off. ", HIS.response)
    own = own_words(SAY, library, PLAN, typed)
    assert own == Intention("Ann is cut off", HIS.response)
    first, *_ = offered(library, Tap.NOT_ACTED, Outcome.FORGOT, own)
    assert first.words.cue == "Ann is cut off and I see the odd cup in front of me"
    assert own_words(SAY, library, PLAN, first.words) == own


def test_a_plan_that_was_mended_before_stays_as_it_is_until_he_picks(library: Library) -> None:
    mended = Intention(f"{HIS.cue} and I feel the coin in my pocket", HIS.response)
    plan = replace(PLAN, intention=mended)
    assert own_words(SAY, library, plan, mended) == mended
    assert own_words(SAY, library, plan, Intention("", "")) == mended
    first, *_ = ways(SAY, library, plan, mended, Tap.NOT_ACTED, Outcome.FORGOT, 0)
    assert first.words.cue == f"{HIS.cue} and I see the odd cup in front of me"
    assert own_words(SAY, library, plan, first.words) == mended
