"""The four stages of the Gender Equity Mindset Model (Hult and Ashridge, two global firms, 500 men and more).

Men move between the stages with context and support; none is a verdict. What a man picks is never stored.
"""

from enum import StrEnum


class Stage(StrEnum):
    """Where a man may find himself; the words he sees are in `prompts/trainees/why.py`."""

    APATHY = "apathy"
    AMBIVALENCE = "ambivalence"
    REFLECTIVE = "reflective"
    ENERGISED = "energised"
