"""Implementation intentions: validation, and which plan is in focus."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.plans import MAX_HALF_LENGTH, Intention, Plan, PlanKind, PlanState, focus_plan, intention
from allybot.errors import FieldError

NOW = datetime(2026, 1, 6, 9, tzinfo=UTC)


def plan(name: str, **changes: object) -> Plan:
    made = Plan(name, PlanKind.FEAR, Intention("a", "b"), PlanState.ACTIVE, NOW)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("cue", "response", "kept"),
    [
        (
            "someone is talked over",
            "ask her to go on",
            Intention("someone is talked over", "ask her to go on"),
        ),
        (
            "If someone is talked over,",
            "then I will ask her to go on.",
            Intention("someone is talked over,", "ask her to go on"),
        ),
        (
            "  when   we\nmeet ",
            "I'll listen",
            Intention("we meet", "listen"),
        ),
        (
            "iffy jokes are told",
            "I willingly step in",
            Intention("iffy jokes are told", "I willingly step in"),
        ),
    ],
)
def test_a_doubled_if_or_then_is_removed(cue: str, response: str, kept: Intention) -> None:
    assert intention(cue, response) == kept


@pytest.mark.parametrize("nothing", [None, "", "   ", "\n\t", "if", "...", "\u200b", "\u2013"])
def test_a_plan_without_a_cue_is_refused(nothing: str | None) -> None:
    with pytest.raises(FieldError) as problem:
        intention(nothing, "ask a question")
    assert (problem.value.field, problem.value.reason) == ("cue", "empty")


@pytest.mark.parametrize("nothing", [None, "", "then", "I will", "then I will"])
def test_a_plan_without_a_response_is_refused(nothing: str | None) -> None:
    with pytest.raises(FieldError) as problem:
        intention("she is interrupted", nothing)
    assert (problem.value.field, problem.value.reason) == ("response", "empty")


def test_a_half_that_is_too_long_is_refused() -> None:
    assert intention("x" * MAX_HALF_LENGTH, "y").cue == "x" * MAX_HALF_LENGTH
    with pytest.raises(FieldError) as problem:
        intention("x" * (MAX_HALF_LENGTH + 1), "y")
    assert problem.value.reason == "too_long"


@pytest.mark.parametrize(
    "words", ["\U0001f600", "\u0645\u0631\u062d\u0628\u0627", "<!channel>", "\u4f1a\u8b70"]
)
def test_emoji_other_scripts_and_markup_are_accepted(words: str) -> None:
    assert intention(words, words) == Intention(words, words)


@given(st.text(), st.text())
def test_any_text_becomes_one_line_or_is_refused(cue: str, response: str) -> None:
    try:
        kept = intention(cue, response)
    except FieldError as problem:
        assert problem.field in {"cue", "response"}  # noqa: PT017 - either outcome is right
        return
    for half in (kept.cue, kept.response):
        assert half == " ".join(half.split())
        assert 0 < len(half) <= MAX_HALF_LENGTH


@given(st.text(), st.text())
def test_validation_is_idempotent(cue: str, response: str) -> None:
    try:
        kept = intention(cue, response)
        again = intention(kept.cue, kept.response)
    except FieldError:
        return
    assert intention(again.cue, again.response) == again


def test_the_chosen_plan_is_in_focus() -> None:
    plans = [plan("one"), plan("two", last_asked_at=NOW)]
    assert focus_plan(plans, "two") == plans[1]


def test_without_a_choice_the_plan_asked_about_least_recently_is_in_focus() -> None:
    never = plan("never", created_at=NOW + timedelta(days=1))
    long_ago = plan("long ago", last_asked_at=NOW - timedelta(days=9))
    lately = plan("lately", last_asked_at=NOW)
    assert focus_plan([lately, long_ago, never], None) == never
    assert focus_plan([lately, long_ago], None) == long_ago


def test_a_finished_plan_is_never_in_focus() -> None:
    done = plan("done", state=PlanState.FINISHED)
    assert focus_plan([done], "done") is None
    assert focus_plan([], None) is None
