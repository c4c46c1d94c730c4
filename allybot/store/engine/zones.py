"""Reading a time zone's name from a row."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot.errors import UnknownZoneError


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of this name.

    Raises:
        UnknownZoneError: this host's zone data has none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError from error
