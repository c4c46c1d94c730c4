from datetime import time

import pytest

from allybot.domain.quiet_days import hours_to_choose, quiet_days
from allybot.errors import FieldError

WEEK = (0, 1, 2, 3, 4)


def test_days_are_kept_in_order_and_a_day_nobody_works_on_is_none():
    assert quiet_days([4, 2, 2, 6], WEEK) == (2, 4)
    assert quiet_days([], WEEK) == ()


@pytest.mark.parametrize("picked", [WEEK, range(7)])
def test_one_day_has_to_stay(picked):
    with pytest.raises(FieldError) as problem:
        quiet_days(picked, WEEK)
    assert (problem.value.field, problem.value.reason) == ("quiet_days", "none_left")


def test_an_hour_can_be_chosen_if_a_check_in_still_comes_within_working_hours():
    assert hours_to_choose(time(9), time(17), 45) == (9, 10, 11, 12, 13, 14, 15, 16)
    assert hours_to_choose(time(9), time(17), 60) == (9, 10, 11, 12, 13, 14, 15)
    assert hours_to_choose(time(9, 30), time(12, 15), 10) == (10, 11, 12)
