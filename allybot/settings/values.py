"""What a setting's value may be, and how it is cleaned: values come through shells, files and web forms."""

import re
import unicodedata
from urllib.parse import urlsplit

from pydantic import SecretStr

from allybot.errors import SettingsError
from allybot.store.engine.address import usable_url

SLACK_ITSELF = "https://slack.com/api/"
_WORKSPACE_ID = re.compile(r"[TE][A-Z0-9]{1,20}")
_QUOTES = ('""', "''", "\u201c\u201d", "\u201e\u201c", "\u2018\u2019")
_UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Co", "Cn")
"""Unicode's categories of control, format, line, private and unassigned characters."""


def cleaned(value: str) -> str:
    """A value without what surrounds it: white space, invisible characters and one pair of quotes.

    Raises:
        ValueError: an invisible character is left inside.
    """
    value = stripped(value)
    if len(value) > 1 and value[0] + value[-1] in _QUOTES:
        value = stripped(value[1:-1])
    for letter in value:
        if _is_unseen(letter) or (letter.isspace() and letter != " "):
            name = unicodedata.name(letter, "a control character").lower()
            message = (
                f"it contains a character that cannot be seen, U+{ord(letter):04X} ({name}). Type it anew"
            )
            raise ValueError(message)
    return value


def stripped(value: str) -> str:
    """A value without white space and invisible characters around it."""
    start, end = 0, len(value)
    while start < end and (value[start].isspace() or _is_unseen(value[start])):
        start += 1
    while end > start and (value[end - 1].isspace() or _is_unseen(value[end - 1])):
        end -= 1
    return value[start:end]


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN


def from_slack(value: SecretStr | str | None) -> SecretStr | str | None:
    """A value that Slack made: visible ASCII without spaces.

    Raises:
        ValueError: another character is in it.
    """
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value or ""
    wrong = next((letter for letter in plain if not "!" <= letter <= "~"), None)
    if wrong is not None:
        name = unicodedata.name(wrong, "a control character").lower()
        message = f"Slack makes none with U+{ord(wrong):04X} ({name}) in it. Copy it anew"
        raise ValueError(message)
    return value


def database_url(value: SecretStr) -> SecretStr:
    """A database's URL as SQLAlchemy takes it.

    Raises:
        ValueError: it is none; nothing of it is repeated, since it may hold a password.
    """
    try:
        return SecretStr(usable_url(value.get_secret_value()))
    except SettingsError as error:
        raise ValueError(str(error).rstrip(".")) from None


def web_address(value: str) -> str:
    """A web address, with a slash at its end.

    Raises:
        ValueError: it is none.
    """
    try:
        parts = urlsplit(value)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        whole = False
    if not whole:
        message = f"it must be a web address such as {SLACK_ITSELF}"
        raise ValueError(message)
    return f"{value.rstrip('/')}/"


def slack_ids(value: str | None) -> str | None:
    """Ids of workspaces or organisations, separated by commas.

    Raises:
        ValueError: one is none.
    """
    if value is not None and not all(_WORKSPACE_ID.fullmatch(each.strip()) for each in value.split(",")):
        message = "it must be ids of workspaces, separated by commas, such as T01ABCDEF,T02GHIJKL"
        raise ValueError(message)
    return value


def host_and_port(value: str) -> str:
    """An address and a port.

    Raises:
        ValueError: it is not both.
    """
    try:
        parts = urlsplit(f"//{value}")
        whole = bool(parts.hostname) and parts.port is not None and parts.netloc == value
    except ValueError:
        whole = False
    if not whole:
        message = "it must be an address and a port, such as 127.0.0.1:9464 or [::1]:9464"
        raise ValueError(message)
    return value
