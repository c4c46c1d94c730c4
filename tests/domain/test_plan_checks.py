"""Remarks on a plan: which plans get one, which do not, and that no input fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.content import Content
from allybot.demo.cast import cast
from allybot.domain.plan_checks import Remark, Signs, second_look
from allybot.domain.plans import Intention
from allybot.i18n import Say
from allybot.prompts.plans.remarks import remarks_on

WORDS = st.lists(st.text(max_size=12), max_size=5).map(tuple)


def look(content: Content, cue: str, response: str) -> tuple[Remark, ...]:
    return remarks_on(Say(), content.plan_library, Intention(cue, response))


@pytest.mark.parametrize(
    ("cue", "response", "found"),
    [
        ("sometime this month", "ask her how it went", Remark.VAGUE_CUE),
        ("it fits", "ask her how it went", Remark.VAGUE_CUE),
        ("I get a chance", "ask her how it went", Remark.VAGUE_CUE),
        ("the stand-up begins", "ask her; then write it down", Remark.SEVERAL_DEEDS),
        ("the stand-up begins", "speak up as well as take notes", Remark.SEVERAL_DEEDS),
        ("the stand-up begins", "greet all, listen, take notes and thank them", Remark.SEVERAL_DEEDS),
        ("the stand-up begins", "be a good ally", Remark.IDENTITY),
        ("the stand-up begins", "Become  more supportive", Remark.IDENTITY),
        ("the stand-up begins", "teach her to sound more certain", Remark.FIXING_HER),
        ("she is quiet", "encourage her to be more visible", Remark.FIXING_HER),
    ],
)
def test_a_plan_with_a_sign_gets_one_remark(content: Content, cue: str, response: str, found: Remark) -> None:
    assert look(content, cue, response) == (found,)


@pytest.mark.parametrize(
    ("cue", "response"),
    [
        ("someone is talked over as soon as the meeting begins", "say that I would like to hear the rest"),
        ("Monday's planning starts", "listen, say thank you and ask what I could do"),
        ("she is interrupted", "ask her to be the first to speak next time"),
        ("I have a one-to-one", "ask what would help"),
        ("the becoming tradition of cake comes round", "probe nothing"),
    ],
)
def test_an_ordinary_plan_gets_no_remark(content: Content, cue: str, response: str) -> None:
    assert look(content, cue, response) == ()


def test_plans_from_the_content_get_no_remark(content: Content) -> None:
    plans = [(cue.text, "ask") for kind in content.plan_library.kinds.values() for cue in kind.cues]
    plans += [
        ("we meet", half.text) for kind in content.plan_library.kinds.values() for half in kind.responses
    ]
    plans += [(s.make_it_my_plan.cue, s.make_it_my_plan.response) for s in content.scenarios]
    plans += [
        (each.cue or "we meet", each.response or "ask")
        for repair in content.plan_library.repairs.values()
        for each in repair.suggestions
    ]
    plans += [(words.cue, words.response) for who in cast(18, 1) for _, words in who.plans]
    assert len(plans) > 150
    assert [plan for plan in plans if look(content, *plan)] == []


def test_signs_of_another_language_are_added_to_the_english_ones(content: Content) -> None:
    class German(Say):
        def __call__(self, text: str, /, **_values: object) -> str:
            return "irgendwann / wenn es passt" if text == content.plan_library.checks.vague else text

    for cue in ("irgendwann im Mai", "sometime in May"):
        assert remarks_on(German(), content.plan_library, Intention(cue, "frage")) == (Remark.VAGUE_CUE,)
    assert look(content, "irgendwann im Mai", "frage") == ()


@given(st.text(), st.text(), st.builds(Signs, WORDS, WORDS, WORDS, WORDS, WORDS))
def test_second_look_accepts_any_text(cue: str, response: str, signs: Signs) -> None:
    found = second_look(Intention(cue, response), signs)
    assert len(set(found)) == len(found)
    assert set(found) <= set(Remark)


@given(st.text(), st.text())
def test_without_signs_only_several_deeds_are_noticed(cue: str, response: str) -> None:
    found = second_look(Intention(cue, response), Signs(vague=("", " / ", "..."), being=("",)))
    assert found == ((Remark.SEVERAL_DEEDS,) if ";" in response or response.count(",") >= 3 else ())


@given(
    st.sampled_from(["sometime", "one day", "it fits"]), st.sampled_from([str.upper, str.title, str.lower])
)
def test_signs_are_found_despite_capitals_spaces_and_punctuation(sign: str, change) -> None:
    written = f"... {change(sign).replace(' ', '   ')}, perhaps"
    assert second_look(Intention(written, "ask"), Signs(vague=(sign,))) == (Remark.VAGUE_CUE,)


@pytest.mark.parametrize(
    ("cue", "response"),
    [
        ("Tomasz interrupts Leyla in planning", "ask her to go on"),
        ("a colleague is cut off", "ask Leyla to go on"),
        ("Sarah is interrupted", "say that I would like to hear the rest"),
        ("Sarah's point is passed over", "name it again"),
        ("Frau Demir unterbrochen wird und ich da bin", "frage ich nach"),
        ("we meet on Monday and Łukasz laughs", "ask what is meant"),
    ],
)
def test_a_colleagues_name_is_noticed(content: Content, cue: str, response: str) -> None:
    assert look(content, cue, response) == (Remark.NAME,)


@pytest.mark.parametrize(
    ("cue", "response"),
    [
        ("A colleague is talked over on Monday", "Ask her in English what HR could do"),
        ("Someone interrupts her", "Say that I want to hear the rest"),
        ("I open Slack or Teams", "write a line"),
        ("eine Kollegin im Treffen unterbrochen wird", "dann frage ich nach ihrem Gedanken"),
        ("Meetings start late", "Ask: Who has not spoken yet?"),
        ("She says nothing in the Retro", "ask what I missed"),
    ],
)
def test_capital_letters_that_name_nobody_are_passed_over(content: Content, cue: str, response: str) -> None:
    assert look(content, cue, response) == ()
