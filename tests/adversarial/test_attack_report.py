"""The table of measured results is written from what was measured."""

from pathlib import Path

import pytest

from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.report import fill

FOUND = [
    Finding("knows the roster", "sqlite", 0.2, 0.25),
    Finding("control: plain rows", "sqlite", 0.97, 0.5, ">="),
    Finding("knows the roster", "postgresql", 0.31, 0.25),
    Finding("control: plain rows", "postgresql", 1, 0.5, ">="),
    Finding("noise audit", "any", 3.5, 4),
]


def test_each_attack_is_one_row_with_a_cell_for_each_database_and_a_missed_bar_says_so(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- attacks:begin - by hand: never -->\nold\n<!-- attacks:end -->\nafter\n")
    fill(page, FOUND)
    lines = page.read_text().splitlines()
    assert lines[:2] == ["before", "<!-- attacks:begin - by hand: never -->"]
    assert lines[4:7] == [
        "| Knows the roster | at most 0.25 | 0.2 | 0.31, **missed** |",
        "| Control: plain rows | at least 0.5 | 0.97 | 1 |",
        "| Noise audit | at most 4 | 3.5 | 3.5 |",
    ]
    assert lines[7:] == ["<!-- attacks:end -->", "after"]


def test_what_was_not_run_keeps_its_row_where_only_some_were(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- attacks:begin -->\n<!-- attacks:end -->\n")
    fill(page, FOUND)
    again = [Finding("control: plain rows", "sqlite", 0.5, 0.5, ">="), Finding("new", "sqlite", 1, 1, "=")]
    fill(page, again, whole=False)
    assert page.read_text().splitlines()[3:-1] == [
        "| Knows the roster | at most 0.25 | 0.2 | 0.31, **missed** |",
        "| Control: plain rows | at least 0.5 | 0.5 | - |",
        "| Noise audit | at most 4 | 3.5 | 3.5 |",
        "| New | exactly 1 | 1 | - |",
    ]


def test_a_page_without_a_place_for_it_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no table here")
    with pytest.raises(ValueError, match="no place"):
        fill(page, FOUND)
    assert page.read_text() == "no table here"
