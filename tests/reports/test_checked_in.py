"""docs/reports: every figure worked out again from the published counts, by another route than the product's.

Noise is summed up draw by draw, ranges of other groups are found by halving, shares are fractions, and the
page is read as a person reads it.
"""

import csv
import io
import json
import math
import re
from fractions import Fraction
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bench import reports
from bench.invented_programs import LEAST, POOL_LEAST, SIZES, Size

DRAWN = json.loads((reports.FOLDER / "drawn.json").read_text(encoding="utf-8"))
NAMES = sorted(DRAWN)
WORDS = {
    "acted": "acted at least once", "no_act_reported": "did not act, or no moment came",
    "no_moment": "no moment came", "forgot": "forgot", "no_time": "had no time",
    "not_my_place": "felt that it was not their place", "unsure_how": "were unsure how",
    "feared_reaction": "feared a reaction", "less_motivated": "felt less motivated",
    "not_acted": "did not act and gave no reason", "had_a_moment": "told of a moment at least once",
}  # fmt: skip
MOMENT = ("had_a_moment", "told of a moment at least once")
Figure = dict[str, Any]


@cache
def chances(scale: float) -> dict[int, float]:
    weights = {noise: math.exp(-abs(noise) / scale) for noise in range(-200, 201)}
    total = sum(weights.values())
    return {noise: weight / total for noise, weight in weights.items()}


def beyond(scale: float, size: int) -> float:
    """Chance of noise above `size`, on one side."""
    return sum(weight for noise, weight in chances(scale).items() if noise > size)


def smallest(allowed: float, scale: float) -> int:
    return next(size for size in range(100) if beyond(scale, size) <= allowed)


def elsewhere(count: int, people: int, scale: float) -> tuple[float, float]:
    """Shares p with (count - people p)^2 <= 1.959964^2 (people p (1 - p) + variance), in whole per cents."""
    variance = sum(noise**2 * weight for noise, weight in chances(scale).items())

    def inside(share: float) -> bool:
        return (count - people * share) ** 2 <= 1.959964**2 * (people * share * (1 - share) + variance)

    def edge(outside: float) -> float:
        within = count / people
        if inside(outside):
            return outside
        for _ in range(60):
            middle = (outside + within) / 2
            within, outside = (middle, outside) if inside(middle) else (within, middle)
        return within

    return math.floor(edge(0.0) * 100 + 1e-9) / 100, math.ceil(edge(1.0) * 100 - 1e-9) / 100


def everybody_of(window: dict[str, Any]) -> tuple[int, bool]:
    """How many people the shares are of, and whether nearly all answered."""
    nearly = window["invited"] - window["respondents"] < 2
    return (window["invited"] if nearly else window["respondents"]), nearly


def is_small(window: dict[str, Any]) -> bool:
    """Whether it has one count, or two, and no histogram."""
    return len(window["noisy"]) <= 2


def expected(window: dict[str, Any]) -> dict[str, Figure]:
    """Every figure of a window, from its published counts."""
    people, nearly = everybody_of(window)
    scale, counts = window["scale"], dict(window["noisy"])
    if is_small(window):
        counts = {name: min(count, people - 1) if nearly else count for name, count in counts.items()}
    if len(counts) == 1:
        counts |= {"no_act_reported": people - counts["acted"]}
    few, many = people // 10, -(-9 * people // 10)
    reach = smallest(0.025, scale)
    short = reach
    if is_small(window):
        short = smallest(0.05 - beyond(scale, reach), scale)
        if many - few == 2 * (short + 1):
            short = reach
    made = {}
    for name, count in counts.items():
        figure: Figure = {"about": None, "share": None, "at_most": None, "at_least": None}
        if 10 * count <= people:
            figure |= {"at_most": 0.1, "from": 0, "to": min(few + short, people)}
            figure |= {"low": 0.0, "high": elsewhere(few, people, scale)[1]}
        elif 10 * count >= 9 * people:
            figure |= {"at_least": 0.9, "from": max(many - short, 0), "to": people}
            figure |= {"low": elsewhere(many, people, scale)[0], "high": 1.0}
        else:
            low, high = elsewhere(count, people, scale)
            figure |= {"about": count, "share": round(count / people, 2)}
            figure |= {"from": max(count - reach, 0), "to": min(count + reach, people)}
            figure |= {"low": low, "high": high}
        made[name] = figure
    if "no_moment" in made:
        _of_those_with_a_moment(made, people, few)
    return made


def _of_those_with_a_moment(made: dict[str, Figure], people: int, few: int) -> None:
    """Shares of those who had a moment; all this program's coded figures are near nobody."""
    assert all(figure["at_least"] is None for figure in made.values())
    none = made["no_moment"]["about"]
    had = people - (few if none is None else none)
    for name, figure in made.items():
        if name != "no_moment":
            share = Fraction(few if figure["about"] is None else figure["about"], had)
            coded = figure["about"] is None
            figure["moment_at_most"] = math.ceil(share * 100) / 100 if coded else None
            figure["moment_share"] = None if coded else round(float(share), 2)


def headline(window: dict[str, Any], name: str = "acted", did: str = "acted at least once") -> str:
    figure, (people, nearly) = expected(window)[name], everybody_of(window)
    few, many = people // 10, -(-9 * people // 10)
    number = figure["about"]
    if number is None:
        number = f"0 to {few}" if figure["at_most"] else f"{many} to {people}"
    who = f"{people} asked, nearly all of whom answered," if nearly else f"{people} who answered"
    return f"About {number} of the {who} {did} ({figure['from']} to {figure['to']})."


def silence(window: dict[str, Any], name: str = "acted") -> str | None:
    people, nearly = everybody_of(window)
    figure, silent = expected(window)[name], window["invited"] - window["respondents"]
    if nearly:
        return None
    low = high = figure["about"]
    if low is None:
        low, high = (0, people // 10) if figure["at_most"] else (-(-9 * people // 10), people)
    return (
        f"Depending on the {silent} who did not answer, that is about {low} to {high + silent} of all "
        f"{window['invited']} asked."
    )


def read(name: str, kind: str) -> str:
    return (reports.FOLDER / f"{name}.{kind}").read_text(encoding="utf-8")


def test_the_command_builds_what_is_checked_in(tmp_path: Path) -> None:
    reports.build(tmp_path)
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (reports.FOLDER / file.name).read_bytes(), (
            f"python -m bench.reports: {file.name}"
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_in_json_is_right(name: str) -> None:
    releases = json.loads(read(name, "json"))["releases"]
    for window in DRAWN[name]:
        (made,) = (each for each in releases if each["window"] == window["window"])
        figures = expected(window)
        assert [cell["name"] for cell in made["cells"]] == list(figures)
        for cell in made["cells"]:
            figure = figures[cell["name"]]
            seen = {key: cell.get(key) for key in ("about", "from", "to", "share", "at_most", "at_least")}
            seen |= {key: cell["beyond_this_group"][key] for key in ("low", "high")}
            assert seen == {key: figure[key] for key in seen}, cell["name"]
        assert (made["headline"], made["silence"]) == (headline(window), silence(window))
        if "had_a_moment" in figures:
            said = (made["moments_headline"], made["moments_silence"])
            assert said == (headline(window, *MOMENT), silence(window, MOMENT[0]))
            low, high, asked = (int(number) for number in re.findall(r"\d+", said[1] or "")[1:])
            bounds = {"low": math.floor(100 * low / asked) / 100, "high": math.ceil(100 * high / asked) / 100}
            assert made["moments_non_response_bounds"] == bounds
        assert made["noise"]["scale"] == window["scale"]
        nearly = everybody_of(window)[1]
        assert made["respondents"] == (None if nearly else window["respondents"])


@pytest.mark.parametrize("name", NAMES)
def test_a_change_has_the_chance_that_all_pairs_of_noise_give_it(name: str) -> None:
    told = json.loads(read(name, "json")).get("trends", [])
    assert len(told) == len(DRAWN[name]) - 1
    for trend in told:
        first, second = DRAWN[name]
        (people, _), (others, _) = everybody_of(first), everybody_of(second)
        difference = second["noisy"]["acted"] * people - first["noisy"]["acted"] * others
        chance = sum(
            here * there
            for noise, here in chances(first["scale"]).items()
            for other, there in chances(second["scale"]).items()
            if abs(other * people - noise * others) >= abs(difference)
        )
        assert trend["chance_of_noise"] == pytest.approx(chance, abs=1e-4)
        direction = "rose" if difference > 0 else "fell"
        assert trend["direction"] == (direction if chance <= 0.05 else None)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_in_the_spreadsheet_is_right_and_its_numbers_add_up_or_fall_short(name: str) -> None:
    lines = list(csv.DictReader(io.StringIO(read(name, "csv"), newline="")))
    for window in DRAWN[name]:
        of_window = [line for line in lines if line["window"] == f"weeks {window['window']}"]
        for line, (cell, figure) in zip(of_window, expected(window).items(), strict=True):
            seen = {key: line[key] for key in ("about", "from", "to", "share", "at_most", "at_least")}
            seen |= {key: line[key] for key in ("moment_share", "moment_at_most")}
            wanted = {key: figure.get(key) for key in seen}
            assert line["name"] == cell
            assert seen == {key: "" if value is None else str(value) for key, value in wanted.items()}
            assert (line["beyond_this_group_low"], line["beyond_this_group_high"]) == (
                str(figure["low"]), str(figure["high"]),
            )  # fmt: skip
        assert of_window[0]["in_words"] == headline(window)
        drawn = [int(line["about"]) for line in of_window if line["about"]]
        people = everybody_of(window)[0]
        if of_window[0]["tier"] == "moments":  # two counts of the same people
            assert of_window[1]["in_words"] == headline(window, *MOMENT)
            assert drawn == sorted(drawn)
            continue
        assert sum(drawn) <= people
        assert sum(drawn) == people or len(drawn) < len(of_window)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_on_the_page_is_right(name: str) -> None:
    page = unescape(read(name, "html")).replace("\u00a0", " ")
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    with_moments = [window for window in DRAWN[name] if "had_a_moment" in window["noisy"]]
    assert len(tables) == page.count("<figure>") - len(with_moments) == len(DRAWN[name])
    for window in with_moments:
        assert f'<p class="headline">{headline(window, *MOMENT)}</p>' in page
        assert f"<p>{silence(window, MOMENT[0])}</p>" in page
        assert "so the two figures overlap and are not added up" in page
    for window, table in zip(DRAWN[name], tables, strict=True):
        assert f'<p class="headline">{headline(window)}</p>' in page
        assert (silence(window) or "") in page
        figures = expected(window)
        by_words = {WORDS[cell]: figure for cell, figure in figures.items()}
        shown: list[str] = []
        rows = re.findall(
            r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table.split("<tbody>")[1].split("</tbody>")[0]
        )
        for names, numbers in rows:
            people, between, share, *moment = re.findall(r"<td>(.*?)</td>", numbers)
            for words in names.removesuffix(" (each)").split("; "):
                figure = by_words[words]
                shown.append(words)
                assert people == ("no number" if figure["about"] is None else f"about {figure['about']}")
                assert between == f"{figure['from']} to {figure['to']}"
                assert share == _in_per_cent(figure["share"], figure["at_most"], figure["at_least"])
                if moment and "moment_share" in figure:
                    assert moment == [_in_per_cent(figure["moment_share"], figure["moment_at_most"], None)]
        assert sorted(shown) == sorted(by_words)


def _in_per_cent(share: float | None, at_most: float | None, at_least: float | None) -> str:
    if at_most is not None:
        return f"{round(at_most * 100)} % or less"
    return f"{round(at_least * 100)} % or more" if at_least is not None else f"{round((share or 0) * 100)} %"


def test_no_page_has_a_raw_date_a_script_or_an_address_outside() -> None:
    for name in NAMES:
        page = read(name, "html")
        assert not re.search(r"\d{4}-\d\d-\d\d|<script|https?:|src=", page)
        assert page.count("<li>") == 5


def test_both_counts_of_a_program_with_moments_have_the_noise_of_one() -> None:
    (window,) = DRAWN["program-of-18-with-moments"]
    assert (window["window"], window["scale"], set(window["noisy"])) == ("1-13", 1, {"acted", "had_a_moment"})
    (made,) = json.loads(read("program-of-18-with-moments", "json"))["releases"]
    assert made["noise"]["epsilon"] == 2


def test_what_nine_people_cannot_learn_alone_two_editions_learn_together() -> None:
    for window in DRAWN["program-of-9-pooled"]:
        assert len(window["editions"]) == 2
        assert sum(window["editions"]) == window["respondents"] >= POOL_LEAST
        assert max(window["editions"]) < LEAST
        releases = json.loads(read("program-of-9-pooled", "json"))["releases"]
        (made,) = (each for each in releases if each["window"] == window["window"])
        assert made["pooled_from"] == ["Invented program of 9 (1)", "Invented program of 9 (2)"]
        assert str(window["editions"][0]) not in re.findall(r"\d+", made["headline"] + made["silence"])
    page = unescape(read("program-of-9-pooled", "html"))
    assert page.count("counted together with later groups: Invented program of 9 (1) and ") == 2


@pytest.mark.parametrize("size", [size for size in SIZES if size.editions == 1], ids=lambda size: size.name)
def test_in_a_thousand_releases_of_each_size_the_ranges_are_right(size: Size) -> None:
    tally = reports.simulated(size)
    assert tally.headlines == reports.RELEASES
    assert tally.covered >= 0.94 * reports.RELEASES
    assert tally.cells_covered >= 0.94 * tally.cells
    assert tally.coded_covered >= 0.94 * tally.coded > 0
    coded_as_few = size.answered[0] // 10
    assert tally.widest <= (7 if size.answered[0] < 50 else coded_as_few + 7)
    assert tally.changes <= 0.05 * reports.RELEASES
    if size.counts_moments:
        assert tally.moments_covered >= 0.94 * reports.RELEASES
        assert min(tally.moments_near, tally.acted_near) >= 0.90 * reports.RELEASES
    assert f"| {size.in_words} | {size.answered[0]} |" in (reports.FOLDER / "README.md").read_text(
        encoding="utf-8"
    )
    page = (reports.FOLDER / "README.md").read_text(encoding="utf-8")
    assert reports.table([tally]).splitlines()[-1] in page
    assert reports.moments_table([tally]).splitlines()[-1] in page or not size.counts_moments
