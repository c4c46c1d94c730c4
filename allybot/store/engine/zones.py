"""Parses a stored time zone name."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot.errors import UnknownZoneError


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of this name.

    Raises:
        UnknownZoneError: the name is not in this host's zone data.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError from error
