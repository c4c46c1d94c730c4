"""Rehearsals: enough of them, short, speakable, no two alike, each line with what it may bring and cost."""

import itertools
import re
from pathlib import Path

import pytest

from allybot.content import Content, Rehearsal, default_directory, load_content
from allybot.domain.plans import Intention, PlanKind
from allybot.errors import ContentError
from tests.support.hundred_plans import hundred_plans

CONTENT = load_content()
EVERY = pytest.mark.parametrize("found", CONTENT.rehearsals.rehearsals, ids=lambda found: str(found.id))
BOTH = (0, 1)
NAMES = (
    "Defne|Jarek|Dana|Ines|Stefan|Marta|Ngozi|Martin|Amina|Hugo|Frank|Katrin|Elif|Bernd|Beatriz|Anders|"
    "Yasmin|Ruben|Birgit|Sofia|Uwe|Nadia|Chiara|Florian|Hana|Yusuf|Julia|Mikkel|Mei|Carla|Oksana|Joost|Patrícia|"
    "Konrad|Babette|Sibel|Hamid|Zsófia|Gregor|Thandiwe|Ewa|Piet|Renata|Dorota|Ravi|Nils|Jelena|Maud|Vera|"
    "Tariq|Abena|Grace|Alva|Rui|Sunita|Anouk|Solveig|Karim|Noelle|Rosalie|Imke|Aylin|Bogdan|Lior|Freya|"
    "Wanda|Ilse|Kofi|Ingrid|Milo"
)
"""Of the people in scenarios.toml; colleagues may be called the same."""


@pytest.fixture(scope="module")
def content() -> Content:
    return CONTENT


def lines_of(found: Rehearsal) -> list[str]:
    return [
        choice.line
        for course, turn in itertools.product(BOTH, range(3))
        if course == 0 or turn > 0
        for choice in found.choices(course, turn)
    ]


def everything_in(found: Rehearsal) -> str:
    answers = [text for each in found.courses for text in (each.who, each.answer, each.then, each.ends)]
    return " ".join([found.scene, *lines_of(found), *answers])


def test_every_kind_of_plan_and_every_scenario_has_one(content: Content) -> None:
    named = {each.id for each in content.rehearsals.rehearsals}
    assert {*(kind.value for kind in PlanKind), *(each.id for each in content.scenarios)} <= named
    assert len(named) >= 23


def test_each_has_two_courses_and_no_two_courses_are_alike(content: Content) -> None:
    courses = [course for each in content.rehearsals.rehearsals for course in each.courses]
    assert len(courses) == 2 * len(content.rehearsals.rehearsals)
    for part in ("answer", "then", "ends"):
        assert len({getattr(course, part) for course in courses}) == len(courses)
    lines = [line for each in content.rehearsals.rehearsals for line in lines_of(each)]
    assert len(lines) == 15 * len(content.rehearsals.rehearsals)
    assert len({line.casefold() for line in lines}) == len(lines)


@EVERY
def test_a_line_is_said_in_one_breath_and_written_as_one_speaks(found: Rehearsal) -> None:
    for line in lines_of(found):
        assert len(line.split()) <= 14, line
        assert line[-1] in ".?!", line
        assert not re.search(r"\b(?:do not|did not|is not|cannot|I am|I have been)\b", line), line


@EVERY
def test_people_are_known_by_their_role_and_nobody_is_called_names(found: Rehearsal) -> None:
    said, own = everything_in(found), " ".join(lines_of(found))
    assert not re.search(r"sexist|bigot|shame|you always|typical|snowflake", own, re.IGNORECASE)
    assert not re.search(rf"\b({NAMES})\b", said)


@EVERY
def test_no_line_is_called_the_right_one(found: Rehearsal) -> None:
    for course, turn in itertools.product(BOTH, range(3)):
        for choice in found.choices(course, turn):
            assert not re.search(
                r"\b(the best|correct answer|perfect|wrong choice|well done)\b", choice.brings
            )


def test_every_plan_leads_to_a_rehearsal_and_a_scenarios_plan_to_its_own(content: Content) -> None:
    for kind, plan in hundred_plans():
        assert content.rehearsals.has(content.rehearsals.for_plan(content.scenarios, kind, plan))
    story = content.scenario("her-idea-his-credit")
    mended = Intention(story.make_it_my_plan.cue, "say it my way")
    assert content.rehearsals.for_plan(content.scenarios, story.kind, mended) == story.id
    own = Intention("it rains", "sing")
    assert content.rehearsals.for_plan(content.scenarios, PlanKind.LISTENING, own) == "listening"


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (
            'line = "How do you mean that?"',
            f'line = "{"How " * 30}"',
            "rehearsal 2, first, 1, line: is 119 characters long; allybot takes at most 90",
        ),
        (
            "Asks for the reason and accuses nobody. It can",
            "It can",
            "rehearsal 2, first, 1, brings: has one sentence",
        ),
        ('for = "talked-over"', 'for = "fear"', "fear has more than one"),
        ('for = "practice"', 'for = "practices"', "practice has none"),
        ('line = "Good. Coffee?"', 'line = "That\'s fine. Tea?"', "says more than once: That's fine. Tea?"),
        ('who = "The supplier"\n', "", "rehearsal 6, course 1, who: is missing"),
    ],
)
def test_a_mistake_is_named_with_its_entry(tmp_path: Path, right: str, wrong: str, expected: str) -> None:
    for file in default_directory().glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "rehearsals.toml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "rehearsals.toml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(expected)) as refused:
        load_content(tmp_path)
    assert str(refused.value).startswith("rehearsals.toml, ")


def test_a_directory_without_rehearsals_uses_the_shipped_ones(tmp_path: Path, content: Content) -> None:
    for file in default_directory().glob("*.toml"):
        if file.name != "rehearsals.toml":
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_content(tmp_path).rehearsals == content.rehearsals
