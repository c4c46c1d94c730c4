"""Which scenario a circle gets next."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from allybot.domain.plans import Outcome
from allybot.domain.scenario_order import OFFERED, ScenarioChoices, most_named, on_offer, upcoming

SHIPPED = tuple("abcdefgh")
NOTHING = ScenarioChoices()
SOME = st.lists(st.sampled_from(SHIPPED), unique=True, max_size=len(SHIPPED))


def lived_through(
    weeks: int, choices: ScenarioChoices, fitting: Sequence[str] = (), taken: int = 0
) -> list[str]:
    """What a circle has had after so many weeks; `taken` of those offered where there are so many."""
    had: list[str] = []
    for _ in range(weeks):
        offered = on_offer(upcoming(SHIPPED, choices, had, fitting), had)
        had.append(offered[min(taken, len(offered) - 1)])
    return had


def test_scenarios_come_in_the_order_that_ships_and_then_again() -> None:
    assert lived_through(11, NOTHING) == list("abcdefghabc")


def test_what_was_put_first_comes_first_and_once() -> None:
    assert lived_through(8, ScenarioChoices(("f", "c"))) == list("fcabdegh")


def test_what_was_put_first_later_does_not_come_again_where_it_was_had() -> None:
    assert upcoming(SHIPPED, ScenarioChoices(("a",)), ["a", "b"])[0] == "c"


def test_every_other_scenario_fits_the_figures_until_all_of_those_have_come() -> None:
    assert lived_through(8, NOTHING, fitting="dfh") == list("dafbhceg")
    assert upcoming(SHIPPED, NOTHING, fitting="dfh") == list("dafbhceg")
    assert upcoming(SHIPPED, NOTHING, ["d"], fitting="dfh")[:3] == list("afb")


def test_what_a_lead_put_first_comes_before_what_fits() -> None:
    assert lived_through(4, ScenarioChoices(("c", "a")), fitting="dc") == list("cadb")


def test_the_reason_named_most_is_a_reason_and_named_at_all() -> None:
    assert most_named({"acted": 40, "no_time": 3, "feared_reaction": 7}) is Outcome.FEARED_REACTION
    assert most_named({"acted": 40, "no_moment": 9, "no_time": 0}) is None
    assert most_named({}) is None


@settings(max_examples=100, deadline=None)
@given(next_ones=SOME, left_out=SOME, fitting=SOME)
def test_nothing_comes_twice_before_everything_that_is_offered_has_come(
    next_ones: list[str], left_out: list[str], fitting: list[str]
) -> None:
    choices = ScenarioChoices(tuple(next_ones), frozenset(left_out))
    offered = [each for each in SHIPPED if each not in left_out] or list(SHIPPED)
    had = lived_through(2 * len(offered), choices, fitting)
    assert sorted(had[: len(offered)]) == offered
    assert sorted(had[len(offered) :]) == offered
    first = [each for each in next_ones if each in offered]
    assert had[: len(first)] == first


@settings(max_examples=50, deadline=None)
@given(left_out=SOME, fitting=SOME, taken=st.integers(0, OFFERED - 1))
def test_whoever_chooses_among_those_offered_makes_nothing_come_twice_or_never(
    left_out: list[str], fitting: list[str], taken: int
) -> None:
    choices = ScenarioChoices((), frozenset(left_out))
    offered = [each for each in SHIPPED if each not in left_out] or list(SHIPPED)
    assert sorted(lived_through(len(offered), choices, fitting, taken)) == offered
