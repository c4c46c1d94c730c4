"""docs/evidence.md names modules and tests: each of them is there."""

import re
from pathlib import Path

from allybot.content import load_content

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
SOURCES = PAGE.partition("## Studies named in scenarios, lines and help")[2]


def test_every_test_the_evidence_leans_on_exists() -> None:
    written = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 30
    assert named - written == set()


def test_every_module_the_evidence_points_at_exists() -> None:
    named = set(re.findall(r"`((?:allybot|config)/[\w./]*)`", PAGE))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def rows() -> list[list[str]]:
    """The table of rules: number, rule, why and how strong, where, held by."""
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_all_twenty_two_rules_are_answered_for() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 23))
    assert all(len(row) == 5 and all(row) for row in rows())


def test_every_rule_says_where_it_is_built_and_what_holds_it_or_that_it_is_not_built() -> None:
    for number, rule, _, where, held_by in rows():
        if (where, held_by) == ("-", "-"):
            assert "**Not built**" in rule, number
        else:
            assert re.search(r"`(allybot|config)/", where), number
            assert re.search(r"`test_\w+`", held_by), number


def test_every_rule_says_how_strong_the_reason_for_it_is() -> None:
    unsaid = {"21": "no strength to claim", "22": "mathematics"}
    for number, _, why, *_ in rows():
        assert unsaid.get(number, "**") in why, number
        said = set(re.findall(r"\*\*([\w ]+)\*\*", why))
        assert said <= {"strong", "moderate", "weak", "mixed", "ours", "weak to moderate"}, number


def test_every_scenario_names_a_study_that_was_read_or_says_that_none_is_known() -> None:
    listed = re.findall(r"^\| ([^|]* \d{4}[^|]*) \|", SOURCES, re.MULTILINE)
    scenarios = load_content().scenarios
    with_a_study = [each for each in scenarios if any(name in each.research for name in listed)]
    assert len(with_a_study) >= 30
    unnamed = [each for each in scenarios if each not in with_a_study]
    assert [each.id for each in unnamed if "No study known to us" not in each.research] == []
    named = {
        found for each in scenarios for found in re.findall(r"\(([^()]*\b\d{4}\b[^()]*)\)", each.research)
    }
    assert [found for found in sorted(named) if not found.startswith(tuple(listed))] == []


def test_each_study_in_the_list_of_sources_is_named_somewhere_and_says_what_was_read() -> None:
    listed = re.findall(r"^\| ([^|]* \d{4}[^|]*) \| ([^|]*) \|$", SOURCES, re.MULTILINE)
    content = load_content()
    said = " ".join(
        [
            *(each.research for each in content.scenarios),
            *(each.help for each in content.plan_library.repairs.values()),
            *(each.found for each in content.lines.manners.values()),
        ]
    )
    assert len(listed) > 25
    assert [name for name, _ in listed if name not in said] == []
    assert [name for name, read in listed if not read.startswith(("abstract", "the published summary"))] == []


def test_the_closest_trial_is_named_first_although_it_went_against_the_plans() -> None:
    first = PAGE.split("\n\n")[2]
    assert "138 White participants" in first
    assert "not more after an if-then plan" in first


def test_what_speaks_against_a_rule_stands_in_the_same_row() -> None:
    why = {number: reason for number, _, reason, *_ in rows()}
    assert "speaks against it" in why["17"]
    assert "no gain" in why["14"]
    assert "made no difference" in why["1"]
    assert "says nothing about one a week" in why["8"]
