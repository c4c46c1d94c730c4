import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.circle_questions import question
from allybot.errors import FieldError


def test_spaces_and_empty_lines_are_tidied_and_lines_kept():
    assert question("  How would\tyou\n\n\n go about   it?\r\n", 100) == "How would you\ngo about it?"


@pytest.mark.parametrize(("text", "reason"), [(None, "empty"), (" \n ?! ", "empty"), ("x" * 101, "too_long")])
def test_nothing_and_too_much_are_refused(text: str | None, reason: str):
    with pytest.raises(FieldError) as problem:
        question(text, 100)
    assert (problem.value.field, problem.value.reason) == ("question", reason)


@given(st.text(max_size=200))
def test_what_is_tidied_once_stays_as_it_is(text: str):
    try:
        once = question(text, 1000)
    except FieldError:
        return
    assert question(once, 1000) == once
