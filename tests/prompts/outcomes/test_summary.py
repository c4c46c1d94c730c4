"""What leads read."""

from datetime import date

import pytest

from allybot.domain.anonymity import HISTOGRAM, Tier
from allybot.domain.figures import Release, Summary, release_of
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.prompts.outcomes import summary as prompts

say = Say()
DAY = date(2026, 2, 27)
NBSP, DASH = "\u00a0", "\u2013"


def summary(*releases: Release, name: str = "Allies", waiting: tuple[str, ...] = ()) -> Summary:
    return Summary(name, 10, "vault", releases, "7-13", date(2026, 4, 17), waiting)


def small(acted: int, respondents: int = 14) -> Release:
    return release_of("1-6", DAY, 18, respondents, Tier.S, 1000, {"acted": acted})


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
    assert "cannot tell" not in said["text"]["text"]
    footnote = small_print[0]["elements"][0]["text"]
    assert footnote.startswith("For other groups like this one, so few answers cannot tell")


def test_one_silent_person_and_none_read_the_same() -> None:
    one, none = (prompts.summary(say, [summary(small(9, respondents=known))]).text for known in (17, 18))
    assert one == none
    assert "Nearly all of the 18 people who were asked have answered." in one
    assert "*About 9 of the 18 asked, nearly all of whom answered, acted at least once (6 to 12).*" in one
    assert "did not answer" not in one
    assert "17 of" not in one


@pytest.mark.parametrize(
    ("acted", "words"), [(0, "or less"), (1, "or less"), (13, "or more"), (14, "or more")]
)
def test_nobody_and_everybody_are_never_said(acted: int, words: str) -> None:
    text = prompts.summary(say, [summary(small(acted))]).text
    assert words in text
    assert ("(0 to 3 people)" if acted < 2 else "(11 to 14 people)") in text
    assert f"About {acted} of" not in text


def test_a_large_program_reads_about_barriers_among_those_who_had_a_moment() -> None:
    counts = (30, 40, 18, 12, 0, 0, 0, 0, 0)
    noisy = {outcome.value: count for outcome, count in zip(HISTOGRAM, counts, strict=True)}
    text = prompts.summary(say, [summary(release_of("1-6", DAY, 120, 100, Tier.M, 2000, noisy))]).text
    assert "one answer drawn at random from each (24 to 36)" in text
    assert "For about 40 no moment came (34 to 46); that is no failure of theirs." in text
    assert f"about 18 forgot (12 to 24), 30{NBSP}%" in text
    assert f"17{NBSP}% or less were unsure how (0 to 16 people)" in text


def test_a_large_window_beside_a_small_one_is_not_to_be_compared_with_it() -> None:
    noisy = {outcome.value: 10 for outcome in HISTOGRAM}
    large = release_of("7-13", DAY, 120, 90, Tier.M, 2000, noisy)
    assert "must not be compared" in prompts.summary(say, [summary(small(8), large)]).text
    assert "must not be compared" not in prompts.summary(say, [summary(small(8), small(9))]).text


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
    assert "23 more programs" in message.text
    assert all(len(block.get("text", {}).get("text", "")) <= 3000 for block in message.blocks)


def test_the_text_says_what_the_blocks_say() -> None:
    message = prompts.summary(say, [summary(small(8))])
    for block in message.blocks:
        for part in [block["text"]] if "text" in block else block.get("elements", []):
            assert part["text"] in message.text


@pytest.mark.parametrize("published", [True, False])
def test_the_notice_names_program_and_window_and_no_figure(published: bool) -> None:  # noqa: FBT001 - a parameter of the test
    message = prompts.release_notice(say, "Allies", "1-6", 10, published=published)
    assert "*Allies*" in message.text
    assert f"1{DASH}6" in message.text
    assert ("%" in message.text) is False
    assert any(block["type"] == "actions" for block in message.blocks) is published
