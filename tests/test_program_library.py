"""What one program changes in the plan library: loaded with the rest, and refused by file and entry."""

import shutil
from pathlib import Path

import pytest

from allybot.content import default_directory, load_content
from allybot.domain.plans import PlanKind
from allybot.errors import ContentError

OURS = """
program = "Spring 2026"
kinds_off = ["practice"]
min_votes = 4

[kinds.listening]
title = "Time for one another"
leave_out = ["listening-lunch"]

[[kinds.listening.cues]]
id = "our-retro"
text = "our retrospective begins"
fits = ["no_time"]

[[kinds.listening.cues]]
id = "listening-one-to-one"
text = "my one-to-one on Thursday begins"

[[kinds.listening.obstacles]]
id = "our-shifts"
text = "Our shifts hardly overlap"
fits = ["no_time"]
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A content directory of one's own, as ours."""
    for file in default_directory().glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "programs").mkdir()
    return tmp_path


def put(directory: Path, text: str, name: str = "spring.toml") -> None:
    (directory / "programs" / name).write_text(text, encoding="utf-8")


def test_without_a_file_every_program_has_what_ships() -> None:
    content = load_content()
    assert content.plan_library_of("Spring 2026") is content.plan_library


def test_asking_to_join_a_circle_is_off_unless_the_program_switches_it_on(directory: Path) -> None:
    put(directory, OURS)
    put(directory, 'program = "Autumn"\njoin_circles = true\n', "autumn.toml")
    content = load_content(directory)
    assert not content.may_ask_to_join("Spring 2026")
    assert not content.may_ask_to_join("a program without a file")
    assert content.may_ask_to_join("Autumn")


def test_files_that_other_systems_leave_beside_them_and_marks_in_them_do_no_harm(directory: Path) -> None:
    ours = directory / "programs" / "spring.toml"
    ours.parent.mkdir(exist_ok=True)
    ours.write_bytes(b"\xef\xbb\xbf" + OURS.replace("\n", "\r\n").encode())
    (ours.parent / "._spring.toml").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
    for file in (*directory.glob("*.toml"), directory / "slack-manifest.json"):
        if file.exists():
            file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_content(directory).min_votes_of("Spring 2026") == 4


def test_a_program_switches_kinds_off_adds_replaces_and_leaves_out(directory: Path) -> None:
    put(directory, OURS)
    content = load_content(directory)
    library, ships = content.plan_library_of("Spring 2026"), content.plan_library
    assert set(library.kinds) == set(PlanKind) - {PlanKind.PRACTICE}
    kind, before = library.kind(PlanKind.LISTENING), ships.kind(PlanKind.LISTENING)
    assert kind.title == "Time for one another"
    assert kind.description == before.description
    assert [cue.text for cue in kind.cues[:2]] == [
        "our retrospective begins",
        "my one-to-one on Thursday begins",
    ]
    assert {cue.id for cue in kind.cues} == {cue.id for cue in before.cues} - {"listening-lunch"} | {
        "our-retro"
    }
    assert kind.responses == before.responses
    assert kind.cues_against("our-shifts")[0].id == "our-retro"
    assert library.repairs is ships.repairs
    assert content.min_votes_of("Spring 2026") == 4
    assert content.min_votes_of("Autumn 2026") == content.rules.circles.min_votes == 3
    assert content.plan_library_of("Autumn 2026") is ships


def test_the_example_for_operators_is_one_that_loads(directory: Path) -> None:
    page = (default_directory() / "programs" / "README.md").read_text(encoding="utf-8")
    put(directory, page.partition("```toml\n")[2].partition("```")[0])
    content = load_content(directory)
    assert set(content.programs) == {"Spring 2026"}
    assert content.min_votes_of("Spring 2026") == 5


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ('program = "Spring 2026"\n', "", "spring.toml, program: is missing"),
        ('"practice"', '"heroism"', "spring.toml, kinds_off, 1: should be 'fear', 'bystander'"),
        (
            '"practice"',
            '"fear", "bystander", "practice", "listening"',
            "spring.toml, kinds_off: at least one kind has to stay",
        ),
        ('"practice"', '"listening"', 'spring.toml, kind "listening": is changed and switched off'),
        (
            '"listening-lunch"',
            '"listening-brunch"',
            'spring.toml, kind "listening", leave_out: there is no entry "listening-brunch" of this kind',
        ),
        (
            "our retrospective begins",
            "If our retrospective begins",
            'spring.toml, kind "listening", cue "our-retro", text: starts with "If"; it is read after "If"',
        ),
        (
            "Our shifts hardly overlap",
            "S" * 76,
            'spring.toml, kind "listening", obstacle "our-shifts", text: is 76 characters long',
        ),
        ('id = "our-shifts"', 'id = "our-retro"', 'spring.toml, id "our-retro": is used more than once'),
        (
            'id = "our-retro"',
            'id = "fear-of-peers"',
            'spring.toml, kind "listening", cues: the id "fear-of-peers" belongs to another entry',
        ),
        ("votes = 4", "votes = 2", "spring.toml, min_votes: should be greater than or equal to 3"),
        ("votes = 4", "votes = 11", "spring.toml, min_votes: should be less than or equal to 10"),
        ("title =", "titel =", 'spring.toml, kind "listening", titel: is not a key that allybot knows'),
    ],
)
def test_a_mistake_in_a_programs_file_is_named_when_allybot_starts(
    directory: Path, right: str, wrong: str, expected: str
) -> None:
    assert right in OURS
    put(directory, OURS.replace(right, wrong, 1))
    with pytest.raises(ContentError) as refused:
        load_content(directory)
    assert [line for line in str(refused.value).splitlines() if line.startswith(expected)], refused.value


def test_two_files_for_one_program_are_one_too_many(directory: Path) -> None:
    put(directory, OURS)
    put(directory, OURS, "summer.toml")
    with pytest.raises(ContentError, match=r'summer\.toml, program: "Spring 2026" has another file'):
        load_content(directory)


def test_a_kind_may_not_lose_all_its_halves(directory: Path) -> None:
    cues = load_content().plan_library.kind(PlanKind.FEAR).cues
    leave_out = ", ".join(f'"{cue.id}"' for cue in cues)
    put(directory, f'program = "Spring"\n[kinds.fear]\nleave_out = [{leave_out}]')
    with pytest.raises(ContentError, match='kind "fear", cues: would have 0 entries; 1 to 100 are possible'):
        load_content(directory)
