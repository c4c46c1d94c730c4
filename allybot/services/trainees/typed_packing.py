"""What was found in a typed message, as stored until its answer is sent: encrypted, of one length."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date

from allybot.crypto import Keyring
from allybot.domain.typed import Meaning
from allybot.errors import DecryptionError

_MEANINGS = tuple(Meaning)
_LANGUAGES = ("en", "de")
_PACKED = struct.Struct("!BBL")
"""Meaning and language as numbers; the day until which to pause as its ordinal, 0 for none."""


@dataclass(frozen=True)
class Found:
    """What was found in a typed message.

    Attributes:
        language: the one to answer in.
        until: the day that was typed as the end of a pause.
    """

    meaning: Meaning = Meaning.UNKNOWN
    language: str = "en"
    until: date | None = None


def encrypted(keyring: Keyring, found: Found) -> str:
    """64 characters, whatever was found."""
    day = found.until.toordinal() if found.until else 0
    packed = _PACKED.pack(_MEANINGS.index(found.meaning), _LANGUAGES.index(found.language), day)
    return urlsafe_b64encode(keyring.wrap(packed)).decode()


def decrypted(keyring: Keyring, about_id: str) -> Found:
    """UNKNOWN when it cannot be decrypted: another secret key, or another version of allybot."""
    try:
        meaning, language, day = _PACKED.unpack(keyring.unwrap(urlsafe_b64decode(about_id)))
        until = date.fromordinal(day) if day else None
        return Found(_MEANINGS[meaning], _LANGUAGES[language], until)
    except (DecryptionError, ValueError, IndexError, struct.error):
        return Found()
