"""Which scenario a circle gets next."""

from hypothesis import given, settings
from hypothesis import strategies as st

from allybot.domain.scenario_order import ScenarioChoices, upcoming

SHIPPED = tuple("abcdefgh")
NOTHING = ScenarioChoices()
SOME = st.lists(st.sampled_from(SHIPPED), unique=True, max_size=len(SHIPPED))


def lived_through(weeks: int, choices: ScenarioChoices) -> list[str]:
    """What a circle has had after so many weeks."""
    had: list[str] = []
    for _ in range(weeks):
        had.append(upcoming(SHIPPED, choices, had)[0])
    return had


def test_scenarios_come_in_the_order_that_ships_and_then_again() -> None:
    assert lived_through(11, NOTHING) == list("abcdefghabc")


def test_what_was_put_first_comes_first_and_once() -> None:
    assert lived_through(8, ScenarioChoices(("f", "c"))) == list("fcabdegh")


def test_what_was_put_first_later_does_not_come_again_where_it_was_had() -> None:
    assert upcoming(SHIPPED, ScenarioChoices(("a",)), ["a", "b"])[0] == "c"


@settings(max_examples=100, deadline=None)
@given(next_ones=SOME, left_out=SOME)
def test_nothing_comes_twice_before_everything_that_is_offered_has_come(
    next_ones: list[str], left_out: list[str]
) -> None:
    choices = ScenarioChoices(tuple(next_ones), frozenset(left_out))
    offered = [each for each in SHIPPED if each not in left_out] or list(SHIPPED)
    had = lived_through(2 * len(offered), choices)
    assert sorted(had[: len(offered)]) == offered
    assert sorted(had[len(offered) :]) == offered
    first = [each for each in next_ones if each in offered]
    assert had[: len(first)] == first
