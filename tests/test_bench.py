"""`make bench` measures every row, and docs/performance.md shows what it measured."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import page
from bench.measured_row import AT_LEAST, Row
from bench.rows import NAMES
from tests.shell import ROOT

PAGE = ROOT / "docs/performance.md"


def test_the_page_shows_rows_that_the_command_measures() -> None:
    shown = page.names(PAGE)
    assert shown
    assert shown <= set(NAMES)


def test_a_row_says_which_bar_it_misses_and_by_how_much_rounds_differ() -> None:
    slow = Row("sending", "a plain loop", "two rounds", "a second", [40, 60], [100, 100], 0.9, AT_LEAST)
    assert (slow.ratio, slow.spread, slow.missed) == (0.5, (0.4, 0.6), "at least 0.9 was wanted")
    late = Row("p99", "bare Bolt", "two rounds", "ms", [30, 30], [20, 20], 2.0, broken="3 modals not opened")
    assert late.missed == "3 modals not opened"
    heavy = Row("memory", "bare Bolt", "one round", "MB", [80], [60], allowed=64)
    assert heavy.missed == "64 MB was allowed"


def test_a_run_of_some_rows_leaves_the_others_in_the_page(tmp_path: Path) -> None:
    shown = tmp_path / "page.md"
    shown.write_text("Before.\n<!-- bench:begin -->\n<!-- bench:end -->\nAfter.\n")
    first = Row("sending", "a plain loop", "one round", "a second", [40], [100])
    page.fill(shown, [first, Row("start", "bare Bolt", "one round", "s", [2], [1])], "the first")
    page.fill(shown, [Row("sending", "a plain loop", "one round", "a second", [80], [100])], "the second")
    text = shown.read_text()
    assert page.names(shown) == {"sending", "start"}
    assert "80 a second" in text
    assert "40 a second" not in text
    assert "Run: the second.\n\nOf an earlier run: start.\n" in text
    assert text.startswith("Before.")
    assert text.endswith("After.\n")


@pytest.mark.trial
@pytest.mark.timeout(900)
def test_the_smallest_run_measures_every_row_and_ends_well() -> None:
    """Its figures mean nothing: it only shows that each can be had."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bench", "--scale", "least", "--json"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            shown, said = running.communicate(timeout=840)
        except subprocess.TimeoutExpired:
            running.terminate()  # so that it ends the processes it started
            running.wait(40)
            raise
    assert running.returncode == 0, said[-3000:]
    rows = json.loads(shown)["rows"]
    assert {row["name"] for row in rows} == set(NAMES)
    assert all(row["ratio"] > 0 for row in rows)
