"""Until when a person's status in Slack says that they are away. Pure; the words are read and not kept."""

import re
from datetime import UTC, datetime

_LAST = 253_402_300_799
"""The last second of the year 9999."""
_AT_WORK_EMOJI = frozenset(
    {"house", "house_with_garden", "computer", "desktop_computer", "office", "technologist", "bus", "bike"}
)
_AT_WORK_WORDS = re.compile(
    r"remote|home ?-?office|\bwfh\b|working from|works? from|im b.ro|at my desk|on ?-?site|commut|unterwegs",
    re.IGNORECASE,
)
"""Statuses that say where somebody works. Slack offers two of them, each with an end."""


def away_until(text: str, emoji: str, expires: int) -> datetime | None:
    """The end of a dated status, aware UTC; None without an end, or where it only says where they work.

    Args:
        text, emoji: `status_text` and `status_emoji` of Slack's profile.
        expires: `status_expiration`, seconds since the epoch; 0 for a status without an end.
    """
    if not 0 < expires <= _LAST or not (text.strip() or emoji):
        return None
    if emoji.strip(":").partition(":")[0] in _AT_WORK_EMOJI or _AT_WORK_WORDS.search(text):
        return None
    return datetime.fromtimestamp(expires, UTC)
