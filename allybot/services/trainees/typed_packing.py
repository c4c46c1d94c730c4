"""What was found in a typed message, as stored until its answer is sent: encrypted, of one length."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date

from allybot.crypto import Keyring
from allybot.domain.meanings import Meaning
from allybot.errors import DecryptionError

_MEANINGS = tuple(Meaning)
"""Stored by their place, so new ones are appended: the version before may have stored what is read here."""
_LANGUAGES = ("en", "de")
_PACKED = struct.Struct("!BBBBBL")
"""Meaning, language, three other meanings; the day until which to pause as its ordinal, 0 for none."""
_NONE = 255
_OTHERS = 3
"""As many as `offered_besides` gives: distress and MOST_OTHERS."""


@dataclass(frozen=True)
class Found:
    """What was found in a typed message.

    Attributes:
        language: the one to answer in.
        until: the day that was typed as the end of a pause.
        others: what else it may mean, three at most.
    """

    meaning: Meaning = Meaning.UNKNOWN
    language: str = "en"
    until: date | None = None
    others: tuple[Meaning, ...] = ()


def encrypted(keyring: Keyring, found: Found) -> str:
    """Equally many characters, whatever was found."""
    day = found.until.toordinal() if found.until else 0
    others = [*map(_MEANINGS.index, found.others), *[_NONE] * _OTHERS][:_OTHERS]
    packed = _PACKED.pack(_MEANINGS.index(found.meaning), _LANGUAGES.index(found.language), *others, day)
    return urlsafe_b64encode(keyring.wrap(packed)).decode()


def decrypted(keyring: Keyring, about_id: str) -> Found:
    """UNKNOWN when it cannot be decrypted: another secret key, or another version of allybot."""
    try:
        meaning, language, *others, day = _PACKED.unpack(keyring.unwrap(urlsafe_b64decode(about_id)))
        until = date.fromordinal(day) if day else None
        also = tuple(_MEANINGS[each] for each in others if each != _NONE)
        return Found(_MEANINGS[meaning], _LANGUAGES[language], until, also)
    except (DecryptionError, ValueError, IndexError, struct.error):
        return Found()
