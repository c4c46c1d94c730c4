"""A dated status in Slack: when it says that somebody is away, and when it only says where they work."""

from datetime import UTC, datetime

import pytest

from allybot.domain.away import away_until

END = datetime(2026, 1, 14, 17, tzinfo=UTC)
AT = int(END.timestamp())


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("Vacationing", ":palm_tree:"),
        ("Out sick", ":face_with_thermometer:"),
        ("", ":beach_with_umbrella:"),
        ("Elternzeit bis Mittwoch", ""),
        ("In a meeting", ":spiral_calendar_pad:"),
    ],
)
def test_a_status_with_an_end_lasts_until_then(text: str, emoji: str) -> None:
    assert away_until(text, emoji, AT) == END


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("Working remotely", ":house_with_garden:"),
        ("", ":house:"),
        ("Home-Office", ""),
        ("WFH today", ":cat:"),
        ("Commuting", ":bus:"),
        ("", ":technologist::skin-tone-2:"),
    ],
)
def test_a_status_that_says_where_somebody_works_is_no_absence(text: str, emoji: str) -> None:
    assert away_until(text, emoji, AT) is None


@pytest.mark.parametrize("expires", [0, -1, 10**12, 10**30])
def test_a_status_without_a_real_end_is_none(expires: int) -> None:
    assert away_until("Vacationing", ":palm_tree:", expires) is None


def test_an_end_without_a_status_is_none() -> None:
    assert away_until("", "", AT) is None
