"""What a program will be told, before it is created."""

import pytest

from allybot.domain.publishable import Publishable, forecast

WAITS, NOTHING, COUNT, REASONS = (
    Publishable.WAITS,
    Publishable.NOTHING,
    Publishable.COUNT,
    Publishable.REASONS,
)


@pytest.mark.parametrize(
    ("people", "pool", "expected"),
    [
        pytest.param(9, None, [(5, NOTHING), (6, NOTHING), (8, NOTHING)], id="nine, alone"),
        pytest.param(9, 12, [(5, WAITS), (6, WAITS), (8, WAITS)], id="nine, with a pool"),
        pytest.param(18, None, [(9, NOTHING), (13, COUNT), (16, COUNT)], id="eighteen"),
        pytest.param(36, 12, [(18, COUNT), (25, COUNT), (32, COUNT)], id="a pool changes nothing for 36"),
        pytest.param(71, None, [(36, COUNT), (50, REASONS), (64, REASONS)], id="reasons from fifty"),
    ],
)
def test_each_share_of_people_leads_to_what_would_be_published(
    people: int, pool: int | None, expected: list[tuple[int, Publishable]]
) -> None:
    found = forecast(people, 10, 50, pool)
    assert [(each.answering, each.what) for each in found] == expected


def test_who_chose_to_count_moments_is_told_both_numbers_whatever_the_size() -> None:
    found = forecast(120, 10, 50, counts_moments=True)
    assert [each.what for each in found] == [Publishable.MOMENTS] * 3
    assert forecast(9, 10, 50, counts_moments=True)[0].what is NOTHING


def test_how_many_groups_a_pool_needs_is_said() -> None:
    assert [each.groups for each in forecast(9, 10, 50, 12)] == [3, 2, 2]
    assert [each.groups for each in forecast(0, 10, 50, 12)] == [None, None, None]


def test_where_all_fifty_answer_there_are_no_reasons_and_no_number() -> None:
    (all_of_fifty,) = forecast(50, 10, 50, shares=[100])
    assert (all_of_fifty.what, all_of_fifty.nearly_all) == (COUNT, True)


@pytest.mark.parametrize(("people", "share"), [(-1, 100), (9, 110)])
def test_senseless_numbers_are_refused(people: int, share: int) -> None:
    with pytest.raises(ValueError, match="none or more"):
        forecast(people, 10, 50, shares=[share])
