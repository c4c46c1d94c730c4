"""Phrases are found despite accents, apostrophes and one typo, and nowhere else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.phrases import Phrases, checked, folded


def test_spellings_of_a_word_fold_alike() -> None:
    assert folded("Bel\u00e4stigt!") == folded("belaestigt") == folded("BELLA\u0308STIGT")
    assert folded("can\u2019t") == folded("can't") == folded("cant")
    assert folded("a\u200bb c\nd") == ["ab", "c", "d"]


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("go on", ["I go on", "GO ON!"], ["going on", "go right on", "cargo on"]),
        ("harass*", ["harassed", "harrasment", "my harasser"], ["the harp"]),
        ("can't/cannot go", ["can't go", "cannot go"], ["can go"]),
        ("can't ... on", ["can't on", "can't go right on", "can't we just go on"], ["can't a b c d on"]),
        (
            "umbringen",
            ["umbringen", "umbrigen", "umbrnigen", "umbringenn", "umbrungen"],
            ["umbrgn", "anbringen"],
        ),
        ("threaten*", ["thretened", "threatning"], ["treated", "fasten"]),
        ("stalking", ["staalking", "stalkin"], ["talking"]),
    ],
)
def test_a_phrase_is_found_only_where_it_occurs(phrase: str, found: list[str], not_found: list[str]) -> None:
    phrases = Phrases([phrase])
    assert [text for text in found if not phrases.occur_in(text)] == []
    assert [text for text in not_found if phrases.occur_in(text)] == []


@pytest.mark.parametrize(
    "phrase", ["", "...", "... on", "go ...", "to", "a*", "self-harm", "go/ on", "(go)", "*"]
)
def test_a_malformed_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"must begin|holds|shorter"):
        checked(phrase)


@given(st.text(), st.text())
def test_any_text_can_be_searched(text: str, more: str) -> None:
    assert Phrases(["threaten*", "can't ... go on"]).occur_in(f"{text} THREATENED {more}")


def test_the_longest_slack_message_is_searched_quickly() -> None:
    phrases = Phrases(["vergewaltig*", "threaten*", "can't ... go on", "umbringen"])
    began = time.process_time()
    assert not phrases.occur_in("x" * 40_000)
    assert not phrases.occur_in("can't go off, vergewaxyltig " * 1400)
    assert time.process_time() - began < 5
