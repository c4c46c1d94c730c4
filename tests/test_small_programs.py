"""The table of docs/small-programs.md is the simulation's."""

import re
from pathlib import Path

from bench.more_from_few import BAR_COUNT, BAR_OBSTACLE, DISTRIBUTIONS, RUNS, SIZES, simulated

PAGE = (Path(__file__).parent.parent / "docs" / "small-programs.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| ([^|]+) \| (\d+) \| ([\d.]+)%( †)? \| ([\d.]+)%( †)? \| ([\d.]+)%( †)? \|")


def rows() -> dict[tuple[str, int], tuple[tuple[float, bool], ...]]:
    """What the page says: shares, and whether each is marked as missing its bar."""
    return {
        (found[1], int(found[2])): tuple((float(found[n]) / 100, bool(found[n + 1])) for n in (3, 5, 7))
        for found in ROW.finditer(PAGE)
    }


def test_every_distribution_and_size_is_there_and_what_misses_its_bar_is_marked() -> None:
    assert list(rows()) == [(name, size) for name in DISTRIBUTIONS for size in SIZES]
    assert f"{RUNS:,} programs a row" in PAGE
    for shares in rows().values():
        for (share, marked), bar in zip(shares, (BAR_OBSTACLE, BAR_COUNT, BAR_COUNT), strict=True):
            assert marked == (share < bar)


def test_a_shorter_run_comes_near_it() -> None:
    for name, how in list(DISTRIBUTIONS.items())[::3]:
        for found, (share, _) in zip(simulated(how, 18, 400), rows()[name, 18], strict=True):
            assert abs(found - share) < 0.06, name
