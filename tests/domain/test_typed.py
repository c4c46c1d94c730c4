"""Typed messages are understood modestly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.typed import Meaning, meaning


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("yes I did", Meaning.ANSWER),
        ("not yet", Meaning.ANSWER),
        ("no chance", Meaning.ANSWER),
        ("YES!", Meaning.ANSWER),
        ("busy, next week", Meaning.PAUSE),
        ("I'm on holiday", Meaning.PAUSE),
        ("pause", Meaning.PAUSE),
        ("stop", Meaning.STOP),
        ("Please stop, no time", Meaning.STOP),
        ("help", Meaning.HELP),
        ("?", Meaning.HELP),
        ("my plans", Meaning.PLAN),
        ("thanks!", Meaning.THANKS),
        ("\U0001f44d", Meaning.THANKS),
        ("the weather is nice", Meaning.UNKNOWN),
        ("", Meaning.UNKNOWN),
    ],
)
def test_short_messages_get_the_meaning_a_reader_would_give_them(text: str, understood: Meaning) -> None:
    assert meaning(text) is understood


def test_a_story_with_a_keyword_in_it_is_not_taken_for_a_request() -> None:
    story = "I told him to stop talking over her, and then we all went on with the meeting as if nothing was"
    assert meaning(story) is Meaning.UNKNOWN


@given(st.text())
def test_any_text_has_some_meaning(text: str) -> None:
    assert meaning(text) in Meaning
