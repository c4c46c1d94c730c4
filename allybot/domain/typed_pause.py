"""Finds the end of a pause in a typed sentence, in English and German."""

import re
from collections.abc import Iterator
from datetime import date

from allybot.domain.frequency import back_on
from allybot.errors import FieldError

MAX_WORDS = 60
"""Words at the beginning of a message that are looked at."""
_MOST = 4
"""Words of the longest end: "the 3rd of August"."""
_UNTIL = frozenset({"until", "till", "til", "bis"})
_DROPPED = frozenset({"zum", "am", "den", "dem", "einschliesslich", "and", "including"})
_ENGLISH = {
    "januar": "january", "februar": "february", "märz": "march", "maerz": "march", "mai": "may",
    "juni": "june", "juli": "july", "oktober": "october", "okt": "oct", "dezember": "december", "dez": "dec",
    "montag": "monday", "dienstag": "tuesday", "mittwoch": "wednesday", "donnerstag": "thursday",
    "freitag": "friday", "samstag": "saturday", "sonnabend": "saturday", "sonntag": "sunday",
    "morgen": "tomorrow", "tag": "day", "tage": "days", "tagen": "days", "woche": "week", "wochen": "weeks",
    "monat": "month", "monate": "months", "monaten": "months", "ein": "a", "eine": "a", "einen": "a",
    "einer": "a", "zwei": "two", "drei": "three", "vier": "four", "fünf": "five", "sechs": "six",
    "nächste": "next", "nächsten": "next", "nächster": "next",
}  # fmt: skip
_WORD = re.compile(r"\d+(?:[./-]\d+)+\.?|\d+\.?(?:st|nd|rd|th)?|[^\W\d_]+")
_SPAN = re.compile(r"(a|an|\d+|[a-z]+) (day|week|fortnight|month)s?")


def end_of_pause(text: str, today: date, *, lengths: bool = True) -> date | None:
    """The first day after the pause that a sentence names; None where it names none that can be used.

    Looks for "until" with a day, then for a length such as "two weeks".

    Args:
        text: as typed.
        today: the trainee's local date.
        lengths: whether a length will do, too.
    """
    words = [_ENGLISH.get(word, word) for word in _WORD.findall(text.casefold())[:MAX_WORDS]]
    words = [word for word in words if word not in _DROPPED]
    for phrase in (*_after_until(words), *(_lengths(words) if lengths else ())):
        try:
            found = back_on(phrase, today)
        except FieldError as problem:
            if problem.reason != "not_understood":
                return None  # a day in the past, or too far away; a part of it would be another day
            continue
        if found is not None:
            return found
    return None


def _after_until(words: list[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        if word in _UNTIL:
            for length in range(_MOST, 0, -1):
                yield " ".join(["until", *words[place + 1 : place + 1 + length]])


def _lengths(words: list[str]) -> Iterator[str]:
    for place in range(len(words) - 1):
        phrase = " ".join(words[place : place + 2])
        if _SPAN.fullmatch(phrase):
            yield phrase
