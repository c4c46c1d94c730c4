"""Every sentence a person in Slack reads goes through `Say`, so that a language is a file.

`allybot/locale/allybot.pot` holds all of them, those of `config/` included; `make words` writes it. A
language is a translated copy beside it, named after its locale (`de.po`, or `pt_BR.po` where the region
matters), and is read as it is: nothing has to be compiled. Two things stay English: what the operator reads
(the command line, logs, the reports of `allybot transfers`), and, beside some German, the few words that are
understood when somebody types them.
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


def marked(text: str) -> str:
    """The same text, marked for translation where it stands in a table and is spoken later."""
    return text


@dataclass(frozen=True)
class Say:
    """Speaks one locale.

    `say("Hello {name}", name=name)` looks the English sentence up in the locale's catalogue and fills in
    the values. Values are used as they are: text a person wrote must be escaped by the caller. Without a
    catalogue it speaks English, dates included.

    Attributes:
        locale: a Slack locale such as `en-GB`; an unknown one falls back to English.
        catalogues: where the catalogues lie.
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
        """Several things in one breath, such as `plans, circles and check-ins`."""
        return format_list(list(parts), locale=self._babel)

    def day(self, day: date) -> str:
        """A date with its weekday, such as `Tuesday 6 January`."""
        skeletons = self._babel.datetime_skeletons
        nearest = match_skeleton("MMMMEd", skeletons)
        if nearest is None:
            return format_date(day, "full", locale=self._babel)
        # CLDR has names cut short in this pattern; the order and the signs are what we take from it.
        spelled_out = re.sub("E+|c{3}|L{3,4}|M{3,4}", lambda found: found[0][0] * 4, str(skeletons[nearest]))
        return format_date(day, spelled_out, locale=self._babel)

    def weekday(self, number: int) -> str:
        """The name of a weekday, Monday is 0."""
        return str(get_day_names("wide", "stand-alone", locale=self._babel)[number])

    def day_and_year(self, day: date) -> str:
        """A date with its year, such as `6 January 2026`."""
        return format_date(day, "long", locale=self._babel)

    def hour(self, moment: datetime, zone: ZoneInfo) -> str:
        """The time of day of an aware datetime in a person's zone, such as `10:00`."""
        return format_time(moment.astimezone(zone), "short", locale=self._babel)

    @property
    def _catalogue(self) -> gettext.NullTranslations:
        return _read(self.catalogues, self.locale) or gettext.NullTranslations()

    @property
    def _babel(self) -> Locale:
        """The locale of dates and lists: that of the sentences around them."""
        locale = _parsed(self.locale)
        spoken = locale.language == "en" or _read(self.catalogues, self.locale) is not None
        return locale if spoken else _parsed(DEFAULT_LOCALE)


ENGLISH = Say()


@cache
def _parsed(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT_LOCALE, sep="-")


@cache
def _read(catalogues: Path, locale: str) -> gettext.NullTranslations | None:
    """The catalogue of a locale or of its language; None when there is none.

    The locale comes from Slack: only names that Babel knows lead to a file.
    """
    known = _parsed(locale)
    for name in dict.fromkeys((str(known), known.language)):
        file = catalogues / f"{name}.po"
        if file.is_file():
            with file.open("rb") as lines:
                return _compiled(read_po(lines, locale=known))
    return None


def _compiled(catalog: Catalog) -> gettext.GNUTranslations:
    """The catalogue as gettext wants it, without translations that would lose or invent a value."""
    for message in list(catalog):
        if message.id and not _keeps_its_values(message):
            catalog.delete(message.id)
        elif message.pluralizable:
            message.string = _without_gaps(message)
    binary = BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return gettext.GNUTranslations(binary)


def _without_gaps(message: Message) -> tuple[str, ...]:
    """Every plural form of the language, of which CLDR may count more than the translator wrote.

    A form without words takes those of the last form that tells the number: gettext's rules end with the
    form for any other number, and English in its place would mix two languages.
    """
    forms = tuple(message.string or ())
    general = next((form for form in reversed(forms) if form and _tells_all(form, message)), None)
    return tuple(form or general for form in forms) if general else ()


def _tells_all(form: str, message: Message) -> bool:
    return _values(message.id[1]) <= _values(form)


def _keeps_its_values(message: Message) -> bool:
    if isinstance(message.id, list | tuple):  # a form for one may leave the number out
        known = set().union(*map(_values, message.id))
        return all(_values(text) <= known for text in message.string or () if text)
    return not message.string or _values(str(message.string)) == _values(message.id)


def _values(text: str) -> set[str]:
    """The names of the values a sentence fills in; a name nobody fills in when its braces make no sense."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}
