"""Parses the end of a pause as typed, such as "until 14 Jan"."""

import re
from datetime import date, timedelta

from allybot.errors import FieldError

MAX_PAUSE_DAYS = 366
"""Longer pauses must be open-ended, since nobody remembers an end a year ahead."""
_NEARLY_A_YEAR_DAYS = 300
"""A day without a year that next occurs this much later is taken as a past day, which is an error."""

_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            ("a", "an", "one"),
            ("two", "couple of"),
            ("three",),
            ("four",),
            ("five",),
            ("six",),
            ("seven",),
            ("eight",),
            ("nine",),
            ("ten",),
        ),
        start=1,
    )
    for name in names
}
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OPEN = {
    "",
    "open",
    "open-ended",
    "open ended",
    "openended",
    "for now",
    "until further notice",
    "indefinitely",
}

_AROUND = " .!'\"\u2018\u2019\u201a\u201c\u201d\u201e"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_SPAN = re.compile(rf"(?:a )?(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)}) (?P<unit>{'|'.join(_DAYS)})s?")
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4})?)?"),
    re.compile(rf"(?:the )?{_DAY}\.? (?:of )?{_MONTH}{_YEAR}"),
    re.compile(rf"{_MONTH} (?:the )?{_DAY}{_YEAR}"),
)


def back_on(words: str, today: date) -> date | None:
    """The first day after a pause, or None for a pause without an end.

    Understands "2 weeks", "for 10 days", "a month", "until 14 January", "14 Jan 2027", "January 14th",
    "14.1.", "2027-01-14", "until Monday", "tomorrow", "next week" (through next week), "until next week" (its
    Monday) and "open-ended". Dates written with dots or slashes are day first. A day without a year is the
    next one of that date.

    Args:
        words: the text after `pause`.
        today: the trainee's local date.

    Raises:
        FieldError: field `until`, reason `not_understood`, `past` (today or before) or `too_far` (more than
            a year ahead).
    """
    text = " ".join(words.casefold().split()).strip(_AROUND).strip()
    is_until = re.match(r"(until|till|til|to|up to|bis) ", text) is not None
    text = re.sub(r"^(until|till|til|to|up to|bis|for|the next|on) (?!now$|further)", "", text)
    if text in _OPEN:
        return None
    day = _span(text, today) or _named(text, today, is_until=is_until) or _written(text, today)
    if day is None:
        raise _problem("not_understood")
    if day <= today:
        raise _problem("past")
    if (day - today).days > MAX_PAUSE_DAYS:
        raise _problem("too_far")
    return day


def _problem(reason: str) -> FieldError:
    return FieldError("until", reason)


def _span(text: str, today: date) -> date | None:
    found = _SPAN.fullmatch(text.removeprefix("the next ").removeprefix("next "))
    if found is None:
        return None
    number = found["number"]
    days = (int(number) if number.isdigit() else _NUMBERS[number]) * _DAYS[found["unit"]]
    return today + timedelta(days=days)


def _named(text: str, today: date, *, is_until: bool) -> date | None:
    next_monday = today + timedelta(days=7 - today.weekday())
    if text == "today":
        return today if is_until else today + timedelta(days=1)
    if text == "tomorrow":
        return today + timedelta(days=1 if is_until else 2)
    if text == "this week" or (text == "next week" and is_until):
        return next_monday
    if text == "next week":
        return next_monday + timedelta(days=7)
    name = text.removeprefix("next ")
    if re.fullmatch(rf"({'|'.join(_WEEKDAYS)})(day|sday|nesday|rsday|urday)?", name):
        ahead = (_WEEKDAYS.index(name[:3]) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    return None


def _written(text: str, today: date) -> date | None:
    for pattern in _DATES:
        found = pattern.fullmatch(text)
        if found:
            month = found["month"]
            number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
            return _on(int(found["day"]), number, found["year"], today)
    return None


def _on(day: int, month: int, year: str | None, today: date) -> date | None:
    years = (
        (int(year),) if year else range(today.year, today.year + 8)
    )  # 29 February comes within eight years
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found > today:
            # 29 February may be years ahead without having occurred this year.
            passed = not year and candidate == today.year + 1 and (found - today).days > _NEARLY_A_YEAR_DAYS
            return today if passed else found
    return None
