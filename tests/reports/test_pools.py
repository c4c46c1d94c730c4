"""Windows that wait for later groups, and what was counted together, as JSON, CSV, page and table."""

import csv
import io
from dataclasses import replace
from datetime import date

from allybot.domain.figures import Release, Waits
from allybot.domain.windows import WindowState
from allybot.reports import as_csv, as_json
from tests.reports.test_reports import DAY, SMALL, JsonProgram, page, printed, summary

WAITS = Waits("=Leadership <courses>", date(2027, 8, 27), 12)
WAITING = Release("7-13", WindowState.WAITING, DAY, 9, waits=WAITS)
IN_VAIN = Release("7-13", WindowState.VOID, DAY, 9, waits=WAITS)
TOGETHER = replace(SMALL, waits=replace(WAITS, pooled_from=("=Spring (a, b)", "Autumn (c)")))


def test_a_waiting_window_is_named_so_and_no_number_says_how_many_wait() -> None:
    (made,) = JsonProgram.model_validate_json(as_json.write([summary(WAITING)])).releases
    assert (made.state, made.published_on, made.waits_until) == ("waiting", None, date(2027, 8, 27))
    assert (made.respondents, made.cells, made.noise, made.pooled_from) == (None, [], None, [])
    (line,) = csv.DictReader(io.StringIO(as_csv.write([summary(WAITING)])))
    assert (made.invited, line["invited"]) == (None, "")
    assert (line["state"], line["published_on"], line["waits_until"]) == ("waiting", "", "2027-08-27")
    for shown in (printed(summary(WAITING)), page(summary(WAITING))):
        words = " ".join(shown.split())
        assert "They wait, sealed, for the next groups of" in words
        assert "from 12 people on" in words
        assert "27 August 2027" in words
    assert "<courses>" not in page(summary(WAITING))


def test_what_was_counted_together_names_its_programs_everywhere() -> None:
    (made,) = JsonProgram.model_validate_json(as_json.write([summary(TOGETHER)])).releases
    assert (made.state, made.respondents, made.pooled_from) == (
        "published",
        14,
        ["=Spring (a, b)", "Autumn (c)"],
    )
    first = next(csv.DictReader(io.StringIO(as_csv.write([summary(TOGETHER)]))))
    assert first["pooled_from"] == "'=Spring (a, b); Autumn (c)"
    for shown in (printed(summary(TOGETHER)), page(summary(TOGETHER))):
        said = "counted together with later groups: =Spring (a, b) and Autumn (c)"
        assert said in " ".join(shown.split())


def test_what_waited_in_vain_says_so() -> None:
    words = " ".join(printed(summary(IN_VAIN)).split())
    assert "They waited, sealed, for later groups of =Leadership <courses>, and were deleted on" in words
