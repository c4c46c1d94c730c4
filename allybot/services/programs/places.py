"""Countries, time zones and emergency numbers as people write them."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.core import get_global

from allybot.domain.calendar import check_country
from allybot.errors import UserError

_ALSO = {"uk": "GB", "england": "GB", "usa": "US", "u.s.": "US", "america": "US", "holland": "NL"}
_EMERGENCY = re.compile(r"[0-9][0-9 ]{1,19}")


def country_code(given: str, language: str = "en") -> str:
    """The two letters of a country whose public holidays are known; empty for empty.

    Args:
        given: its two letters, or its name in English or in `language`.

    Raises:
        UserError: none is known of that name.
    """
    name = " ".join(given.split())
    if not name:
        return ""
    found = _ALSO.get(name.casefold()) or (name.upper() if len(name) == 2 else "")  # noqa: PLR2004 - ISO 3166
    for each in dict.fromkeys((language, "en")):
        found = found or next(
            (code for code, known in Locale(each).territories.items() if known.casefold() == name.casefold()),
            "",
        )
    if not found:
        raise UserError(
            f"No public holidays are known for the country {name!r}. Write its name in English, such as "
            "Switzerland, or its two letters, such as CH."
        )
    check_country(found)
    return found


def country_of_zone(zone: str) -> str:
    """The country a time zone lies in, where its public holidays are known; else empty."""
    code = str(get_global("zone_territories").get(zone, ""))
    try:
        check_country(code)
    except UserError:
        return ""
    return code


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of this name, or of this city.

    Raises:
        UserError: there is none.
    """
    wanted = "_".join(name.split())
    try:
        return ZoneInfo(wanted)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        of_city = [each for each in available_timezones() if _city(each) == wanted.casefold()]
        if len(of_city) == 1:
            return ZoneInfo(of_city[0])
        raise UserError(f"{name} is not a time zone; it should look like Europe/London.") from error


def check_emergency_number(number: str) -> None:
    """Refuse what cannot be called; empty is none.

    Raises:
        UserError: it holds something but digits and spaces.
    """
    if number and not _EMERGENCY.fullmatch(number):
        raise UserError("An emergency number has digits and spaces only, such as 112 or 911.")


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].casefold()
