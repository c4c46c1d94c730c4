"""Every sentence a person reads goes through `Say`, so that a language is a file."""

import gettext
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

CATALOGUES = Path(__file__).parent / "locale"
DEFAULT_LOCALE = "en-GB"


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    language = locale.replace("-", "_")
    return gettext.translation("allybot", CATALOGUES, [language, language.split("_")[0]], fallback=True)


@cache
def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@dataclass(frozen=True)
class Say:
    """Speaks one locale.

    `say("Hello {name}", name=name)` looks the English sentence up in the locale's gettext catalogue and
    fills in the values. Values are used as they are: text a person wrote must be escaped by the caller.

    Attributes:
        locale: a Slack locale such as `en-GB`; an unknown one falls back to English.
    """

    locale: str = DEFAULT_LOCALE

    def __call__(self, text: str, /, **values: object) -> str:
        """The sentence in this locale with its values filled in."""
        return _catalogue(self.locale).gettext(text).format(**values)

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The singular or plural sentence for `number`, which it may use as `{number}`."""
        return _catalogue(self.locale).ngettext(one, many, number).format(number=number, **values)

    def day(self, day: date) -> str:
        """A date in full, such as `Tuesday 6 January`."""
        return format_date(day, "EEEE d MMMM", locale=_babel(self.locale))

    def day_and_year(self, day: date) -> str:
        """A date with its year, such as `6 January 2026`."""
        return format_date(day, "d MMMM y", locale=_babel(self.locale))

    def hour(self, moment: datetime, zone: ZoneInfo) -> str:
        """The time of day of an aware datetime in a person's zone, such as `10:00`."""
        return format_time(moment.astimezone(zone), "HH:mm", locale=_babel(self.locale))
