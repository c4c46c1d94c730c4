"""Translation: every sentence a person reads in Slack goes through `Say`.

`make words` writes all of them, those of `config/` included, to `allybot/locale/allybot.pot`. A language is a
translated copy beside it, named after its locale (`de.po`, or `pt_BR.po` where the region matters); it needs
no compiling. What the operator reads (command line, logs, reports of `allybot transfers`) stays English;
typed messages are understood and answered in English and in German.
"""

import gettext
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_day_names, match_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "locale"
DEFAULT_LOCALE = "en-GB"
TYPED = "typed"
"""Directory below the catalogues for languages that only the answers to typed messages have been translated
into: those are whole messages, so that none is half in English."""


def marked(text: str) -> str:
    """The same text, marked for extraction where it is translated later."""
    return text


@dataclass(frozen=True)
class Say:
    """Translates into one locale.

    `say("Hello {name}", name=name)` looks up the English sentence in the locale's catalogue and fills in the
    values. The caller escapes text that a person wrote. Without a catalogue everything is English, dates
    included.

    Attributes:
        locale: a Slack locale such as `en-GB`; an unknown one falls back to English.
        catalogues: the directory of the catalogues.
    """

    locale: str = DEFAULT_LOCALE
    catalogues: Path = CATALOGUES

    def __call__(self, text: str, /, **values: object) -> str:
        """The sentence in this locale with its values filled in."""
        return self._catalogue.gettext(text).format(**values)

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The singular or plural sentence for `number`, which it may use as `{number}`."""
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)

    def all_of(self, parts: Sequence[str]) -> str:
        """An enumeration, such as `plans, circles and check-ins`."""
        return format_list(list(parts), locale=self._babel)

    def day(self, day: date) -> str:
        """A date with its weekday, such as `Tuesday 6 January`."""
        return format_date(day, _day_pattern(self._babel), locale=self._babel)

    def weekday(self, number: int) -> str:
        """The name of a weekday, Monday is 0."""
        return str(get_day_names("wide", "stand-alone", locale=self._babel)[number])

    def day_and_year(self, day: date) -> str:
        """A date with its year, such as `6 January 2026`."""
        return format_date(day, "long", locale=self._babel)

    def country(self, code: str) -> str:
        """A country's name, such as Germany for DE."""
        return str(self._babel.territories.get(code, code))

    def hour(self, moment: datetime, zone: ZoneInfo) -> str:
        """The time of day of an aware datetime in a person's zone, such as `10:00`."""
        return format_time(moment.astimezone(zone), "short", locale=self._babel)

    def in_language(self, language: str) -> "Say":
        """Speaks a language that somebody has just typed, for an answer to that; this where there is none.

        Args:
            language: two letters, such as `de`.
        """
        locale = self.locale if _parsed(self.locale).language == language else language
        for catalogues in (self.catalogues, self.catalogues / TYPED):
            if _read(catalogues, locale) is not None:
                return Say(locale, catalogues)
        return self

    @property
    def _catalogue(self) -> gettext.NullTranslations:
        return _read(self.catalogues, self.locale) or gettext.NullTranslations()

    @property
    def _babel(self) -> Locale:
        """The locale of dates and lists; the same as that of the sentences."""
        locale = _parsed(self.locale)
        translated = locale.language == "en" or _read(self.catalogues, self.locale) is not None
        return locale if translated else _parsed(DEFAULT_LOCALE)


ENGLISH = Say()


@cache
def _day_pattern(locale: Locale) -> str:
    """How a date with its weekday is written; looked for once, because Babel compares all its patterns."""
    skeletons = locale.datetime_skeletons
    nearest = match_skeleton("MMMMEd", skeletons)
    if nearest is None:
        return "full"
    # CLDR's pattern has abbreviated names; only its order and punctuation are used.
    return re.sub("E+|c{3}|L{3,4}|M{3,4}", lambda found: found[0][0] * 4, str(skeletons[nearest]))


@cache
def _parsed(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT_LOCALE, sep="-")


@cache
def _read(catalogues: Path, locale: str) -> gettext.NullTranslations | None:
    """The catalogue of a locale or of its language; None when there is none.

    The locale comes from Slack, so file names are built from Babel's names only.
    """
    known = _parsed(locale)
    for name in dict.fromkeys((str(known), known.language)):
        file = catalogues / f"{name}.po"
        if file.is_file():
            with file.open("rb") as lines:
                return _compiled(read_po(lines, locale=known))
    return None


def _compiled(catalog: Catalog) -> gettext.GNUTranslations:
    """The compiled catalogue, without translations that drop or add a placeholder."""
    for message in list(catalog):
        if message.id and not _has_same_placeholders(message):
            catalog.delete(message.id)
        elif message.pluralizable:
            message.string = _without_gaps(message)
    binary = BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return gettext.GNUTranslations(binary)


def _without_gaps(message: Message) -> tuple[str, ...]:
    """Every plural form of the language; CLDR may have more than the translator wrote.

    A missing form is replaced by the last one that has the number: gettext's rules end with the form for any
    other number, and falling back to English would mix two languages.
    """
    forms = tuple(message.string or ())
    general = next((form for form in reversed(forms) if form and _has_all_placeholders(form, message)), None)
    return tuple(form or general for form in forms) if general else ()


def _has_all_placeholders(form: str, message: Message) -> bool:
    return _placeholders(message.id[1]) <= _placeholders(form)


def _has_same_placeholders(message: Message) -> bool:
    if isinstance(message.id, list | tuple):  # the singular may omit the number
        known = set().union(*map(_placeholders, message.id))
        return all(_placeholders(text) <= known for text in message.string or () if text)
    return not message.string or _placeholders(str(message.string)) == _placeholders(message.id)


def _placeholders(text: str) -> set[str]:
    """The placeholders of a sentence; `{` when its braces are malformed."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}
