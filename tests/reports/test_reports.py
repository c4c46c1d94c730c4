"""The same figures as a table, JSON, CSV and HTML."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from pydantic import BaseModel, ConfigDict, Field
from rich.console import Console

from allybot.domain.anonymity import HISTOGRAM, Tier
from allybot.domain.figures import NO_ACT, Release, Summary, release_of
from allybot.domain.windows import WindowState
from allybot.reports import as_csv, as_html, as_json, as_table

DAY = date(2026, 2, 27)
HISTOGRAM_COUNTS = (30, 40, 18, 12, 0, 0, 0, 0, 0)


def summary(*releases: Release, name: str = "Allies 2026", coming: str | None = "7-13") -> Summary:
    return Summary(name, 10, "vault", releases, coming, date(2026, 4, 17) if coming else None)


SMALL = release_of("1-6", DAY, 18, 14, Tier.S, 1000, {"acted": 8})
LIKELY = release_of("1-6", DAY, 18, 14, Tier.S, 1000, {"acted": 12})
HIGH = release_of("1-6", DAY, 18, 14, Tier.S, 1000, {"acted": 14})
LARGE = release_of(
    "7-13", DAY, 120, 100, Tier.M, 2000,
    {outcome.value: count for outcome, count in zip(HISTOGRAM, HISTOGRAM_COUNTS, strict=True)},
)  # fmt: skip
GAPS = release_of(
    "7-13", DAY, 120, 100, Tier.M, 2000,
    {outcome.value: count for outcome, count in zip(HISTOGRAM, (55, 38, 4, 3, 0, 0, 0, 0, 0), strict=True)},
)  # fmt: skip
VOID = Release("7-13", WindowState.VOID, DAY, 18)
NEARLY_ALL = [
    release_of("1-6", DAY, 18, respondents, Tier.S, 1000, {"acted": acted})
    for respondents, acted in ((17, 13), (18, 13), (17, 17), (18, 18))
]
EVERYTHING = [summary(SMALL, LARGE), summary(HIGH, VOID, name="=1+1 <b>&", coming=None)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Bounds(Strict):
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class JsonCell(Strict):
    name: str
    about: int | None
    low: int = Field(alias="from")
    high: int = Field(alias="to")
    beyond_this_group: Bounds
    share: float | None = None
    at_most: float | None = None
    at_least: float | None = None


class Noise(Strict):
    mechanism: str = Field(pattern="^discrete_laplace$")
    epsilon: float
    scale: float


class JsonRelease(Strict):
    window: str
    state: str = Field(pattern="^(published|void|waiting)$")
    published_on: date | None
    invited: int | None
    respondents: int | None
    tier: str | None = Field(pattern="^[SML]$")
    cells: list[JsonCell]
    non_response_bounds: Bounds | None
    noise: Noise | None
    waits_until: date | None
    pooled_from: list[str]
    headline: str | None
    silence: str | None


class Trend(Strict):
    low: str = Field(alias="from")
    high: str = Field(alias="to")
    direction: str | None = Field(pattern="^(rose|fell)$")
    chance_of_noise: float = Field(ge=0, le=1)
    in_words: str


class Next(Strict):
    window: str
    closes_on: date | None


class JsonProgram(Strict):
    program: str
    releases: list[JsonRelease]
    trends: list[Trend] = []
    next: Next | None


def test_json_is_as_promised() -> None:
    made = JsonProgram.model_validate_json(as_json.write([summary(SMALL, LARGE)]))
    small, large = made.releases
    assert (small.tier, small.respondents, small.invited, small.published_on) == ("S", 14, 18, DAY)
    assert [cell.name for cell in small.cells] == ["acted", NO_ACT]
    assert [(cell.about, cell.low, cell.high, cell.share) for cell in small.cells] == [
        (8, 5, 11, 0.57),
        (6, 3, 9, 0.43),
    ]
    assert small.cells[0].beyond_this_group == Bounds(low=0.27, high=0.85)
    assert small.noise == Noise(mechanism="discrete_laplace", epsilon=1.0, scale=1.0)
    assert len(large.cells) == len(HISTOGRAM)
    assert small.headline == "About 8 of the 14 who answered acted at least once (5 to 11)."
    assert large.headline == "About 30 of the 100 who answered acted at least once (24 to 36)."
    (beside,) = made.trends
    assert (beside.low, beside.high, beside.direction) == ("1-6", "7-13", "fell")
    assert beside.chance_of_noise <= 0.05
    assert made.next == Next(window="7-13", closes_on=date(2026, 4, 17))


def test_a_coded_cell_has_a_bound_in_place_of_its_share() -> None:
    made = json.loads(as_json.write([summary(HIGH, VOID, coming=None)]))
    cell = made["releases"][0]["cells"][0]
    assert cell["at_least"] == 0.9
    assert cell.keys() == {"name", "about", "from", "to", "at_least", "beyond_this_group"}
    assert (cell["about"], cell["from"], cell["to"]) == (None, 11, 14)
    assert made["next"] is None


def test_a_void_window_tells_no_number_of_people() -> None:
    made = JsonProgram.model_validate_json(as_json.write([summary(VOID)]))
    void = made.releases[0]
    assert (void.state, void.invited) == ("void", None)
    assert (void.respondents, void.tier, void.cells, void.noise) == (None, None, [], None)
    (line,) = csv.DictReader(io.StringIO(as_csv.write([summary(VOID)])))
    assert (line["state"], line["invited"]) == ("void", "")
    style = re.compile(r"<style>.*?</style>", re.DOTALL)
    for write in (as_json.write, as_csv.write, lambda of: style.sub("", page(*of)), lambda of: printed(*of)):
        assert "18" not in write([summary(VOID)])


@pytest.mark.parametrize(
    "write", [as_json.write, as_csv.write, lambda of: page(*of), lambda of: printed(*of)]
)
def test_no_export_tells_one_silent_person_from_none(write: Callable[[list[Summary]], str]) -> None:
    one, none, one_high, none_high = (write([summary(release)]) for release in NEARLY_ALL)
    assert one == none
    assert one_high == none_high
    assert "13" in one


def test_nobody_and_one_silent_have_one_histogram() -> None:
    """The stored counts add up to 99 or 100; what is shown adds up to 99."""
    fewer = dict(zip((each.value for each in HISTOGRAM), (11, 11, 11, 11, 11, 11, 11, 11, 11), strict=True))
    shown = [
        release_of("7-13", DAY, 100, respondents, Tier.M, 2000, fewer | {"not_acted": respondents - 88})
        for respondents in (99, 100)
    ]
    assert shown[0] == shown[1]
    assert sum(cell.about or 0 for cell in shown[0].cells) == 99


def test_where_nearly_all_answered_json_has_no_number_of_respondents() -> None:
    made = JsonProgram.model_validate_json(as_json.write([summary(NEARLY_ALL[0])])).releases[0]
    assert (made.state, made.invited, made.respondents) == ("published", 18, None)
    assert made.non_response_bounds == Bounds(low=0.72, high=0.78)  # 13 or 14 of 18


def test_several_programs_are_a_list_of_such_objects() -> None:
    made = json.loads(as_json.write(EVERYTHING))
    assert [JsonProgram.model_validate(each).program for each in made] == ["Allies 2026", "=1+1 <b>&"]
    assert json.loads(as_json.write([])) == []


def test_csv_has_a_line_a_figure_and_no_formula() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv.write(EVERYTHING), newline="")))
    assert tuple(lines[0]) == as_csv.COLUMNS
    void = 1
    assert len(lines) == len(SMALL.cells) + len(LARGE.cells) + len(HIGH.cells) + void
    first = lines[0]
    assert (first["window"], first["about"], first["from"], first["to"], first["share"]) == (
        "weeks 1-6", "8", "5", "11", "0.57",
    )  # fmt: skip
    assert first["in_words"] == SMALL_SAYS
    assert all(line["from"] and line["in_words"] for line in lines[:-1])
    assert [line["about"] for line in lines if line["at_most"] or line["at_least"]] == [""] * 7
    (forgot,) = (line for line in lines if line["name"] == "forgot")
    assert (forgot["about"], forgot["share"], forgot["moment_share"]) == ("18", "0.18", "0.3")
    assert (lines[-1]["program"], lines[-1]["state"], lines[-1]["respondents"]) == ("'=1+1 <b>&", "void", "")
    assert "without being opened" in lines[-1]["in_words"]
    of_large = [line for line in lines if line["respondents"] == "100"]
    assert sum(int(line["about"] or 0) for line in of_large) == 100


def test_a_file_for_excel_says_that_it_is_utf_8() -> None:
    assert as_csv.for_a_spreadsheet([summary(SMALL)]).encode().startswith(b"\xef\xbb\xbfprogram,")


class Page(HTMLParser):
    """Checks that tags close in order, and collects what an outside file would need."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.outside += [name for name, _ in attrs if name in {"src", "href", "onclick"}]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_is_well_formed() -> None:
    text = page(*EVERYTHING)
    seen = Page()
    seen.feed(text)
    assert seen.open == []
    assert seen.outside == []
    assert "script" not in seen.tags
    assert '<html lang="en-GB">' in text
    assert seen.tags.count("h1") == 1
    assert seen.tags.count("caption") == seen.tags.count("table")
    assert seen.tags.count("svg") == text.count('role="img" aria-label="About ') == 3
    assert "=1+1 &lt;b&gt;&amp;" in text
    assert "without being opened" in text


def test_a_page_about_nothing_says_so() -> None:
    assert "Nothing has been published yet." in page()
    assert "Nothing has been published yet." in page(summary())


def test_the_page_names_its_day_whom_to_turn_to_and_what_its_words_mean() -> None:
    text = page(replace(summary(SMALL), contact="Noor <Rahman>"))
    assert "<h1>Transfer outcomes: Allies 2026</h1>" in text
    assert "made on 27 April 2026" in text
    assert "Whom to turn to with questions: Noor &lt;Rahman&gt;." in text
    assert not re.search(r"\d{4}-\d\d-\d\d", text)
    assert text.count("<li>") == 5
    for word in ("Acted", "Asked", "Answered", "No moment came", "Range", "Weeks"):
        assert f"<dt>{word}</dt>" in text
    assert '<p class="footnote">Footnote to weeks 1\u20136, about people like these in other programs' in text


def page(*summaries: Summary) -> str:
    return as_html.write(summaries, date(2026, 4, 27))


def printed(*summaries: Summary) -> str:
    console = Console(file=io.StringIO(), width=110, color_system=None)
    as_table.print_to(console, summaries)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def printed_in_one_line(*summaries: Summary) -> str:
    return " ".join(printed(*summaries).split())


SMALL_SAYS = "About 8 of the 14 who answered acted at least once (5 to 11)."
VAGUE = summary(release_of("1-6", DAY, 18, 10, Tier.S, 1000, {"acted": 5}))


def test_the_terminal_says_who_answered_before_what_they_did() -> None:
    text = printed(summary(LIKELY))
    assert text.index("14 of the 18") < text.index(
        "About 12 of the 14 who answered acted at least once (9 to 14)"
    )
    assert "Depending on the 4 who did not answer, that is about 12 to 16 of all 18 asked." in text
    assert "Weeks 7\u201313 close on 17 April 2026." in text
    assert "self-reported" in text


@pytest.mark.parametrize("form", [printed_in_one_line, page])
def test_every_report_gives_this_groups_number_and_says_apart_what_it_cannot_say_of_others(
    form: Callable[..., str],
) -> None:
    text = form(VAGUE)
    assert "About 5 of the 10 who answered acted at least once (2 to 8)." in text
    assert "about people like these in other programs and not about this group: so few answers say" in text
    assert "cannot tell" not in text


def test_the_terminal_shows_barriers_and_void_windows() -> None:
    text = printed(*EVERYTHING)
    assert "of those who" in text
    assert "without being opened" in " ".join(text.split())
    assert "90\u00a0% or more" in text
    assert "=1+1 <b>&" in text


@pytest.mark.parametrize("form", [printed_in_one_line, page])
def test_reports_put_windows_beside_each_other_and_say_why_numbers_do_not_add_up(
    form: Callable[..., str],
) -> None:
    both, alone = form(summary(SMALL, GAPS)), form(summary(SMALL))
    for words in ("noise alone", "the other numbers add up to 93 of 100"):
        assert words in both
        assert words not in alone
