"""How many had a moment at all, in every place where the figures of such a program are told."""

import re
from datetime import date

import pytest

from allybot.domain.anonymity import CELL_ACTED, CELL_MOMENT, Tier
from allybot.domain.figures import Release, Summary, release_of
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.blocks import in_words
from allybot.prompts.outcomes import results, what_leads_see
from allybot.prompts.outcomes import summary as prompts
from allybot.prompts.programs import messages as leading
from slack_emulator.blocks import check_message_blocks
from tests.reports.test_reports import printed_in_one_line

SAY, DAY = Say(), date(2026, 4, 20)
ACTED = "About 6 of the 16 who answered acted at least once (3 to 9)."
HAD = "About 11 of the 16 who answered told of a moment at least once (8 to 14)."
SILENT = "Depending on the 2 who did not answer, that is about {} of all 18 asked."


def released(acted: int, had: int, respondents: int = 16) -> Release:
    return release_of("1-13", DAY, 18, respondents, Tier.MOMENTS, 1000, {CELL_ACTED: acted, CELL_MOMENT: had})


def summary(release: Release) -> Summary:
    return Summary("Allies", 10, "vault", (release,), None, None, program_id="1")


def told() -> list[Message]:
    of = summary(released(6, 11))
    return [
        prompts.summary(SAY, [of]),
        prompts.release_notice(SAY, of, "1-13"),
        results.result(SAY, "Allies", of.releases[0], 10),
        results.circle_result(SAY, "Allies", of.releases[0]),
    ]


@pytest.mark.parametrize("message", told(), ids=["summary", "notice", "to people", "to circles"])
def test_both_numbers_are_told_everywhere_each_with_its_range_and_what_silence_leaves(
    message: Message,
) -> None:
    said = in_words(message.blocks)
    for line in (ACTED, HAD, SILENT.format("6 to 8"), SILENT.format("11 to 13")):
        assert line in said
    check_message_blocks([block for block in message.blocks if block["type"] != "data_visualization"])


def test_a_trainee_sees_the_same_page() -> None:
    page = what_leads_see.page(SAY, summary(released(6, 11))).body
    assert HAD in in_words(page["blocks"])
    assert "rose" not in str(page) + told()[0].text
    assert "Weeks 1\u201313 about" not in told()[0].text


def test_it_says_that_the_numbers_overlap_and_how_they_are_read() -> None:
    text = told()[0].text
    assert "Whoever acted also told of a moment, so the two figures overlap and are not added up." in text
    assert "whoever told of a moment counts once, too, whether they acted then or not" in text
    assert "may have had moments they never told of, so that number is a lower end" in text
    assert "at each count anew" in text
    assert "told of a moment and never acted; it can be off by 4 people" in text
    assert "no moment came" not in text


def test_the_picture_has_a_line_for_each_number() -> None:
    message = told()[0]
    (chart,) = (block for block in message.blocks if block["type"] == "data_visualization")
    assert chart["chart"]["axis_config"]["categories"] == ["Told of a moment", "Acted"]
    series = {each["name"]: [point["value"] for point in each["data"]] for each in chart["chart"]["series"]}
    assert series == {"answered": [16, 16], "at most": [14, 9], "about": [11, 6], "at least": [8, 3]}
    (drawing,) = (block["text"]["text"] for block in message.older if "```" in str(block))
    assert re.search(r"Told of a moment 0 \|·+▒+█▒+·+\| 16\nActed {12}0 \|·+▒+█▒+·+\| 16", drawing)


def test_near_everybody_a_number_has_two_ends_and_where_nearly_all_answered_that_is_said() -> None:
    text = prompts.summary(SAY, [summary(released(6, 16))]).text
    assert "About 15 to 16 of the 16 who answered told of a moment at least once (13 to 16)." in text
    assert "A figure near nobody or everybody carries no number" in text
    one, none = (prompts.summary(SAY, [summary(released(6, 11, known))]).text for known in (17, 18))
    assert one == none
    assert (
        "About 11 of the 18 asked, nearly all of whom answered, told of a moment at least once (8 to 14)."
        in one
    )


def test_the_terminal_prints_both_and_that_they_overlap() -> None:
    shown = printed_in_one_line(summary(released(6, 11)))
    for line in (ACTED, HAD, SILENT.format("11 to 13"), "overlap and are not added up"):
        assert line in shown
    assert re.search(r"told of a moment at least once +│ about 11 │ 8 to 14", shown)


def test_what_is_said_around_both_numbers_does_not_speak_of_one() -> None:
    to_people, to_circles = told()[2:]
    for message in (to_people, to_circles):
        said = in_words(message.blocks)
        assert "to each count or taken off it at random" in said
        assert not re.search(r"the (same )?figure\b|How it was made", said)


def test_a_lead_of_such_a_program_hears_of_one_count_after_the_last_week() -> None:
    once, twice = (
        in_words(leading.you_lead(SAY, "Allies", 10, counts_moments=moments).blocks)
        for moments in (True, False)
    )
    assert "Figures come out once, after the last week, if at least 10 people have answered." in once
    assert "at the end of each window" not in once
    assert "at the end of each window" in twice
