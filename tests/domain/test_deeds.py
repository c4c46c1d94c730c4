"""Which deeds go with a round: never one alone, unless it has waited a week or there is no other round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.deeds import (
    MAX_DEED_LENGTH,
    MOST_IN_A_ROUND,
    WaitingDeed,
    deed_text,
    going_with_round,
)
from allybot.errors import FieldError

TELLERS = st.lists(st.lists(st.sampled_from("ABCD"), max_size=5), min_size=1, max_size=13)
"""Who tells a deed before each round of a circle."""


def lived(told: list[list[str]]) -> list[list[WaitingDeed]]:
    """What goes with each round."""
    waiting: list[WaitingDeed] = []
    rounds = []
    for number, tellers in enumerate(told):
        waiting += [
            WaitingDeed(f"{number}.{place}", teller, kept_back=False) for place, teller in enumerate(tellers)
        ]
        going = going_with_round(waiting, is_last=number == len(told) - 1)
        rounds.append([deed for deed in waiting if deed.id in going])
        waiting = [
            WaitingDeed(deed.id, deed.teller, kept_back=True) for deed in waiting if deed.id not in going
        ]
    assert waiting == []
    return rounds


@given(TELLERS)
def test_every_deed_goes_once_and_one_round_later_at_most(told: list[list[str]]) -> None:
    went = [(deed.id, number) for number, deeds in enumerate(lived(told)) for deed in deeds]
    assert len(went) == sum(map(len, told)) == len({deed for deed, _ in went})
    assert all(number - int(deed.partition(".")[0]) in {0, 1} for deed, number in went)


@given(TELLERS)
def test_only_what_has_waited_goes_without_a_second_teller_unless_no_round_follows(
    told: list[list[str]],
) -> None:
    *earlier, _ = lived(told)
    for deeds in earlier:
        alone = len({deed.teller for deed in deeds}) < 2
        assert not (alone and deeds) or any(deed.kept_back for deed in deeds)


def test_two_deeds_of_one_teller_are_as_good_as_one() -> None:
    mine = [WaitingDeed(each, "A", kept_back=False) for each in "12"]
    assert going_with_round(mine, is_last=False) == []
    assert going_with_round([*mine, WaitingDeed("3", "B", kept_back=False)], is_last=False) == [*"123"]


def test_of_more_than_a_message_takes_those_that_waited_go_first() -> None:
    fresh = [WaitingDeed(f"{place:03d}", f"T{place}", kept_back=False) for place in range(MOST_IN_A_ROUND)]
    going = going_with_round([*fresh, WaitingDeed("waited", "B", kept_back=True)], is_last=False)
    assert going == ["waited", *(deed.id for deed in fresh[:-1])]


def test_a_deed_is_one_line_with_words_in_it() -> None:
    assert deed_text("  I asked\n her\tto finish ") == "I asked her to finish"
    for typed, reason in (("…", "empty"), (None, "empty"), ("x" * (MAX_DEED_LENGTH + 1), "too_long")):
        with pytest.raises(FieldError) as problem:
            deed_text(typed)
        assert (problem.value.field, problem.value.reason) == ("deed", reason)
