"""Ready lines: enough of them, short, speakable, each with its cost and with what research found."""

import re
from pathlib import Path

import pytest

from allybot.content import Content, default_directory, load_content
from allybot.domain.plans import Intention, PlanKind
from allybot.errors import ContentError
from tests.support.hundred_plans import hundred_plans
from tests.support.library import text_of


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


def test_there_are_two_hundred_lines_and_no_two_alike(content: Content) -> None:
    lines = [line for entry in content.lines.said for line in entry.lines]
    assert len(lines) >= 200
    assert len(set(lines)) == len(lines)


def test_every_response_and_every_scenario_has_at_least_two(content: Content) -> None:
    named = {each.id for kind in content.plan_library.kinds.values() for each in kind.responses}
    named |= {each.id for each in content.scenarios}
    assert {each.id for each in content.lines.said} == named
    assert min(len(each.lines) for each in content.lines.said) >= 2


def test_a_line_is_said_in_one_breath_and_written_as_one_speaks(content: Content) -> None:
    for line in (line for entry in content.lines.said for line in entry.lines):
        assert len(line.split()) <= 20, line
        assert line[-1] in ".?!", line
        assert not re.search(r"\b(?:do not|did not|is not|cannot|I am)\b", line)


def test_no_line_names_a_real_person_or_calls_somebody_names(content: Content) -> None:
    lines = " ".join(line for entry in content.lines.said for line in entry.lines)
    assert not re.search(r"\b(Ines|Katrin|Anders|Defne|Jarek|Ngozi|Martin|Nadia|Uwe|Hana)\b", lines)
    assert not re.search(r"sexist|bigot|shame|you always|typical", lines, re.IGNORECASE)


def test_where_no_study_was_found_it_says_so(content: Content) -> None:
    for manner in content.lines.manners.values():
        assert (manner.strength == "none") == (not re.search(r"\d{4}", manner.found))
    assert {entry.manner for entry in content.lines.said} == set(content.lines.manners)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("what do I say when someone interrupts her?", "Hang on, I'd like to hear the end of that."),
        ("how do I call out a sexist joke?", "How do you mean that?"),
        (
            "what to say when he takes credit for her idea",
            "That's what (name) suggested on Monday, isn't it?",
        ),
        ("How can I apologise without making it worse", "I'm sorry, that was wrong of me."),
        ("i used the wrong pronoun for a colleague", "She. Sorry. She looks after the contracts."),
        ("how do i listen better?", "What's that like for you?"),
        (
            "my boss makes comments about her",
            "Something from yesterday stayed with me. Do you have two minutes?",
        ),
        ("they always ask her to take the minutes", "I'll do it today. Shall we take turns from now on?"),
        (
            "how to give her honest feedback",
            "The argument on page two is strong. The sum on page four is wrong.",
        ),
        ("Was sage ich, wenn sie unterbrochen wird?", "Hang on, I'd like to hear the end of that."),
        ("Wie entschuldige ich mich?", "I'm sorry, that was wrong of me."),
        ("any tips?", "Would it help if I said something, or would you rather I didn't?"),
    ],
)
def test_a_typed_question_finds_lines(content: Content, typed: str, line: str) -> None:
    found = content.lines.for_typed(typed)
    assert found[0] == line
    assert len(found) == 3


@pytest.mark.parametrize(
    "typed", ["yes I did", "pause", "", "👍", "when is the next one?", "not today", "hallo"]
)
def test_what_asks_for_no_words_finds_none(content: Content, typed: str) -> None:
    assert content.lines.for_typed(typed) == ()


def test_every_plan_gets_three_lines(content: Content) -> None:
    for kind, words in hundred_plans():
        found = content.lines.for_plan(content.plan_library, content.scenarios, kind, words)
        assert len(set(found)) == 3, words


def test_a_plan_from_the_library_or_a_scenario_gets_its_own_lines(content: Content) -> None:
    library, entry = content.plan_library, content.lines.entry("hear-the-rest")
    plan = Intention("anything", text_of(library, "hear-the-rest"))
    assert content.lines.for_plan(library, content.scenarios, PlanKind.BYSTANDER, plan) == entry.lines
    story = content.scenario("first-big-customer").make_it_my_plan
    plan = Intention(story.cue, story.response)
    own = content.lines.entry("first-big-customer")
    assert content.lines.for_plan(library, content.scenarios, PlanKind.FEAR, plan) == own.lines


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ('manner = "question"', 'manner = "loud"', "names entries or manners that are not listed: loud"),
        ('"ask-the-team"]', '"ask-nobody"]', "names entries or manners that are not listed: ask-nobody"),
        ('strength = "none"', 'strength = "huge"', 'manner "ours", strength'),
    ],
)
def test_a_mistake_in_the_lines_is_named(tmp_path: Path, right: str, wrong: str, expected: str) -> None:
    for file in default_directory().glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "lines.toml").read_text(encoding="utf-8")
    (tmp_path / "lines.toml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(expected)):
        load_content(tmp_path)


def test_a_directory_without_lines_uses_the_shipped_ones(tmp_path: Path, content: Content) -> None:
    for file in default_directory().glob("*.toml"):
        if file.name != "lines.toml":
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_content(tmp_path).lines == content.lines
