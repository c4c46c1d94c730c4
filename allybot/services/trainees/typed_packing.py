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
_PACKED = struct.Struct("!BBBL")
"""Meaning, language, second meaning; the day until which to pause as its ordinal, 0 for none."""
_NO_SECOND = 255


@dataclass(frozen=True)
class Found:
    """What was found in a typed message.

    Attributes:
        language: the one to answer in.
        until: the day that was typed as the end of a pause.
        second: what else it may mean.
    """

    meaning: Meaning = Meaning.UNKNOWN
    language: str = "en"
    until: date | None = None
    second: Meaning | None = None


def encrypted(keyring: Keyring, found: Found) -> str:
    """Equally many characters, whatever was found."""
    day = found.until.toordinal() if found.until else 0
    second = _NO_SECOND if found.second is None else _MEANINGS.index(found.second)
    packed = _PACKED.pack(_MEANINGS.index(found.meaning), _LANGUAGES.index(found.language), second, day)
    return urlsafe_b64encode(keyring.wrap(packed)).decode()


def decrypted(keyring: Keyring, about_id: str) -> Found:
    """UNKNOWN when it cannot be decrypted: another secret key, or another version of allybot."""
    try:
        meaning, language, second, day = _PACKED.unpack(keyring.unwrap(urlsafe_b64decode(about_id)))
        until = date.fromordinal(day) if day else None
        also = None if second == _NO_SECOND else _MEANINGS[second]
        return Found(_MEANINGS[meaning], _LANGUAGES[language], until, also)
    except (DecryptionError, ValueError, IndexError, struct.error):
        return Found()
