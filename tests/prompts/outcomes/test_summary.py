"""What leads read."""

import re
from dataclasses import replace
from datetime import date

import pytest

from allybot.domain.anonymity import HISTOGRAM, Tier
from allybot.domain.figures import Release, Summary, release_of
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts.blocks import SHOWN_LOCKED
from allybot.prompts.outcomes import summary as prompts
from slack_emulator.blocks import check_message_blocks

say = Say()
DAY = date(2026, 2, 27)
NBSP, DASH = "\u00a0", "\u2013"


def summary(*releases: Release, name: str = "Allies", waiting: tuple[str, ...] = ()) -> Summary:
    return Summary(name, 10, "vault", releases, "7-13", date(2026, 4, 17), waiting)


def small(acted: int, respondents: int = 14, window: str = "1-6") -> Release:
    return release_of(window, DAY, 18, respondents, Tier.S, 1000, {"acted": acted})


def test_who_answered_comes_before_what_they_did() -> None:
    text = prompts.summary(say, [summary(small(13, respondents=16))]).text
    assert text.index("16 of the 18 people") < text.index("About 13 of the 16")
    assert "*About 13 of the 16 who answered acted at least once (10 to 16).*" in text
    assert "Depending on the 2 who did not answer, that is about 13 to 15 of all 18 asked." in text
    assert "self-reported" in text


def test_ten_answers_give_a_number_and_the_range_for_others_is_a_footnote() -> None:
    message = prompts.summary(say, [summary(small(5, respondents=10))])
    said, *small_print = [block for block in message.blocks if block["type"] in {"section", "context"}][1:]
    assert "About 5 of the 10 who answered acted at least once (2 to 8)." in said["text"]["text"]
    assert "cannot tell" not in message.text
    footnote = small_print[0]["elements"][0]["text"]
    assert footnote.startswith(f"Footnote to weeks 1{DASH}6, about people like these in other programs")
    assert "and not about this group: so few answers say little of them" in footnote


def test_one_silent_person_and_none_read_the_same() -> None:
    one, none = (prompts.summary(say, [summary(small(9, respondents=known))]).text for known in (17, 18))
    assert one == none
    assert "Nearly all of the 18 people who were asked have answered." in one
    assert "*About 9 of the 18 asked, nearly all of whom answered, acted at least once (6 to 12).*" in one
    assert "Depending on" not in one
    assert "17 of" not in one


@pytest.mark.parametrize(
    ("acted", "words"),
    [
        (0, "0 to 1 of the 14"),
        (1, "0 to 1 of the 14"),
        (13, "13 to 14 of the 14"),
        (14, "13 to 14 of the 14"),
    ],
)
def test_near_nobody_and_everybody_a_number_has_two_ends_and_a_range_too(acted: int, words: str) -> None:
    text = prompts.summary(say, [summary(small(acted))]).text
    assert f"About {words} who answered acted at least once" in text
    assert ("(0 to 3)" if acted < 2 else "(11 to 14)") in text
    assert f"About {acted} of" not in text


@pytest.mark.parametrize("respondents", [10, 11, 12])
def test_the_smallest_programs_too_read_a_number_and_its_range(respondents: int) -> None:
    for acted in range(respondents + 1):
        text = prompts.summary(say, [summary(small(acted, respondents))]).text
        assert re.search(
            rf"About \d+( to \d+)? of the {respondents} who answered acted at least once \(\d+ to \d+\)\.",
            text,
        )


def test_a_large_program_reads_about_barriers_among_those_who_had_a_moment() -> None:
    counts = (30, 40, 18, 12, 0, 0, 0, 0, 0)
    noisy = {outcome.value: count for outcome, count in zip(HISTOGRAM, counts, strict=True)}
    text = prompts.summary(say, [summary(release_of("1-6", DAY, 120, 100, Tier.M, 2000, noisy))]).text
    assert "*About 30 of the 100 who answered acted at least once (24 to 36).*" in text
    assert "for about 40 no moment came (34 to 46); that is no failure of theirs." in text
    assert f"about 18 forgot (12 to 24), 30{NBSP}%" in text
    assert text.count("(0 to 16 people)") == 1
    assert (
        f"17{NBSP}% or less each (0 to 16 people): felt that it was not their place, were unsure how" in text
    )
    assert "the other numbers add up to 100 of 100" in text


def test_a_large_window_beside_a_small_one_measures_the_same() -> None:
    noisy = {outcome.value: 10 for outcome in HISTOGRAM}
    large = release_of("7-13", DAY, 120, 90, Tier.M, 2000, noisy)
    text = prompts.summary(say, [summary(small(8), large)]).text
    assert text.count("acted at least once (") == 2
    assert f"Weeks 1{DASH}6 about 8 of 14 and weeks 7{DASH}13 about 10 of 90: the share" in text


def drawn(message: Message) -> list[Block]:
    return [block for block in message.blocks if block["type"] == "data_visualization"]


def test_slack_draws_the_picture_and_where_it_refuses_text_does() -> None:
    message = prompts.summary(say, [summary(small(8), small(9, window="7-13"))])
    (chart,) = drawn(message)
    assert chart["chart"]["axis_config"]["categories"] == [f"Weeks 1{DASH}6", f"Weeks 7{DASH}13"]
    series = {each["name"]: [point["value"] for point in each["data"]] for each in chart["chart"]["series"]}
    assert series == {
        "answered": [14, 14], "acted: at most": [11, 12], "acted: about": [8, 9], "acted: at least": [5, 6],
    }  # fmt: skip
    check_message_blocks(list(message.blocks))
    check_message_blocks(list(message.older), ["data_visualization"])
    (text,) = (block["text"]["text"] for block in message.older if "```" in str(block))
    lines = [line for line in text.splitlines() if "|" in line]
    assert lines[0] == f"Weeks 1{DASH}6  0 |{'·' * 7}{'▒' * 4}█{'▒' * 4}{'·' * 4}| 14"
    assert max(map(len, lines)) <= 38, "a line as wide as a phone"
    assert "```" not in message.text
    same = [block for block in message.older if "```" not in str(block)]
    assert same == [block for block in message.blocks if block not in drawn(message)]


def test_a_coded_window_is_drawn_without_a_number() -> None:
    (chart,) = drawn(prompts.summary(say, [summary(small(14))]))
    assert [each["name"] for each in chart["chart"]["series"]] == [
        "answered", "acted: at most", "acted: at least",
    ]  # fmt: skip


def test_no_message_has_more_charts_than_slack_takes() -> None:
    message = prompts.summary(say, [summary(small(8), name=f"P{place}") for place in range(4)])
    assert len(drawn(message)) == 2
    check_message_blocks(list(message.blocks))


def test_under_the_figures_stand_the_files_of_that_program() -> None:
    found = prompts.summary(say, [replace(summary(small(8)), program_id="p1")])
    (row,) = (block for block in found.blocks if block["type"] == "actions")
    assert [button["text"]["text"] for button in row["elements"]] == ["Page to print", "CSV", "JSON"]
    assert all('"program":"p1"' in button["value"] for button in row["elements"])


def test_what_comes_next_and_what_waits_is_said() -> None:
    text = prompts.summary(say, [summary(waiting=("1-6",))]).text
    assert f"Weeks 7{DASH}13 close on 17 April 2026" in text
    assert f"Weeks 1{DASH}6 have closed and wait" in text
    assert "nobody can see how many have answered" in text


def test_a_void_window_says_why_and_tells_no_number_of_answers() -> None:
    void = Release("1-6", WindowState.VOID, DAY, 18)
    text = prompts.summary(say, [summary(void)]).text
    assert "fewer than 10 people" in text
    assert "18" not in text.replace("2018", "")


def test_a_programs_name_cannot_format_or_mention() -> None:
    message = prompts.summary(say, [summary(small(8), name="<!channel> *x*")])
    assert "<!channel>" not in message.text
    assert "<!channel>" not in str(message.blocks)


def test_somebody_who_leads_very_many_programs_still_gets_a_message_slack_takes() -> None:
    message = prompts.summary(say, [summary(small(8), small(9), name=f"P{place}") for place in range(30)])
    assert len(message.blocks) <= 50
    assert "24 more programs" in message.text
    assert all(len(block.get("text", {}).get("text", "")) <= 3000 for block in message.blocks)


def test_the_text_says_what_the_blocks_say() -> None:
    message = prompts.summary(say, [summary(small(8))])
    for block in message.blocks:
        for part in [block["text"]] if "text" in block else block.get("elements", []):
            assert part["text"] in message.text


def test_the_notice_has_the_figure_its_picture_and_how_to_read_it() -> None:
    message = prompts.release_notice(say, summary(small(8)), "1-6")
    assert "*Allies*" in message.text
    assert "About 8 of the 14 who answered acted at least once (5 to 11)." in message.text
    assert "Depending on the 4 who did not answer" in message.text
    assert "About 8" not in message.text[:SHOWN_LOCKED]
    assert len(drawn(message)) == 1
    (lines,) = (block["elements"] for block in message.blocks if block["type"] == "context")
    assert len(lines) == 5
    assert "Show the outcomes" in str(message.blocks)


def test_the_notice_of_a_void_window_has_no_figure_and_no_button() -> None:
    void = Release("1-6", WindowState.VOID, DAY, 18)
    message = prompts.release_notice(say, summary(void), "1-6")
    assert f"Weeks 1{DASH}6 of *Allies* have closed without figures: fewer than 10" in message.text
    assert [block["type"] for block in message.blocks] == ["section"]
