"""The end of a pause in a typed sentence: a day, or none rather than a wrong one."""

from datetime import date

import pytest

from allybot.domain.typed_pause import end_of_pause

MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("pause until 12 January", date(2026, 1, 12)),
        ("I'm on vacation until Aug 3", date(2026, 8, 3)),
        ("until the 3rd of August, ok?", date(2026, 8, 3)),
        ("Ich bin im Urlaub bis 3. August", date(2026, 8, 3)),
        ("bin bis zum 14.1. im Urlaub", date(2026, 1, 14)),
        ("pause for two weeks please", date(2026, 1, 19)),
        ("Pause für 2 Wochen", date(2026, 1, 19)),
        ("bis nächste Woche", date(2026, 1, 12)),
        ("bis Montag", date(2026, 1, 12)),
        ("bis 2026-02-01", date(2026, 2, 1)),
        ("pause", None),
        ("until yesterday", None),
        ("until March 3, 2029 at least", None),
        ("bis Mitte März", None),
        ("until " * 500, None),
    ],
)
def test_a_sentence_names_the_first_day_after_the_pause(typed: str, day: date | None) -> None:
    assert end_of_pause(typed, MONDAY) == day
