"""Circles proposed from a list: nearly of one size, and none all of one kind where others are there."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.circle_proposals import LARGEST, SMALLEST, how_many, moved, propose, unfit

KINDS = st.dictionaries(
    st.integers(0, 199).map(lambda number: f"U{number:03}"), st.sampled_from(["sales", "Sales ", "it", ""])
)
SIZES = st.integers(SMALLEST, LARGEST)


@given(kinds=KINDS, size=SIZES, seed=st.integers())
def test_everybody_is_in_one_circle_and_circles_and_kinds_differ_by_one_at_most(
    kinds: dict[str, str], size: int, seed: int
) -> None:
    circles = propose(sorted(kinds), size, kinds, random.Random(seed))  # noqa: S311 - a test
    if len(kinds) < SMALLEST:
        assert circles == ()
        return
    assert sorted(user for circle in circles for user in circle) == sorted(kinds)
    assert unfit(circles) == []
    sizes = [len(circle) for circle in circles]
    assert max(sizes) - min(sizes) <= 1
    for kind in ("sales", "it", ""):
        each = [Counter(kinds[user].strip().casefold() for user in circle)[kind] for circle in circles]
        assert max(each) - min(each) <= 1, "no circle is all of one kind while others are elsewhere"


@given(people=st.integers(SMALLEST, 500), size=SIZES)
def test_the_number_of_circles_is_the_nearest_that_leaves_every_circle_able_to_talk(
    people: int, size: int
) -> None:
    number = how_many(people, size)
    assert SMALLEST * number <= people <= LARGEST * number
    others = [each for each in range(1, people) if SMALLEST * each <= people <= LARGEST * each]
    assert min(abs(each - people / size) for each in others) == abs(number - people / size)


def test_somebody_is_moved_and_nobody_is_lost() -> None:
    circles = (("U1", "U2"), ("U3",))
    assert moved(circles, "U2", 1) == (("U1",), ("U3", "U2"))
    for user, to in (("U9", 1), ("U1", 2), ("U1", -1)):
        assert moved(circles, user, to) == circles
    assert unfit(circles) == [0, 1]
