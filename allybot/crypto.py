"""Encryption of secrets at rest, with libsodium (PyNaCl).

The operator's secret key (`ALLYBOT_SECRET_KEY`) wraps tokens and all other keys; each trainee's personal key
encrypts their words, so that erasing it makes the words in old backups unreadable; each window's key pair
seals ballots, which cannot be opened without the private key; the suppression list's key makes its digests.
"""

import hashlib
from enum import Enum

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from allybot.errors import DecryptionError, SettingsError

BALLOT_BYTES = 32
SEALED_BYTES = 80
"""32 bytes of payload, 48 of libsodium's sealed box (ephemeral public key 32, authenticator 16)."""
_MIN_SECRET = 16
_DIGEST_BYTES = 32


class Fit(Enum):
    """Which of the operator's keys unwraps a secret: the first, a later one, or none."""

    NEWEST = 1
    OLDER = 2
    NONE = 3


class Keyring:
    """The operator's secret key or keys.

    Args:
        secrets: one or several passphrases of at least 16 characters, separated by commas; the first
            encrypts, all of them decrypt, so that a key is rotated without downtime.

    Attributes:
        id_key: 32 bytes for `keyed_digest`, made from the first passphrase.

    Raises:
        SettingsError: there is none, or one is too short.
    """

    def __init__(self, secrets: str) -> None:
        parts = [part.strip() for part in secrets.split(",") if part.strip()]
        if not parts or any(len(part) < _MIN_SECRET for part in parts):
            message = f"ALLYBOT_SECRET_KEY must be at least {_MIN_SECRET} characters long."
            raise SettingsError(message)
        self._boxes = [
            SecretBox(hashlib.blake2b(part.encode(), digest_size=32, person=b"allybot").digest())
            for part in parts
        ]
        self.id_key = hashlib.blake2b(parts[0].encode(), digest_size=32, person=b"allybot-ids").digest()

    def wrap(self, secret: bytes) -> bytes:
        """`secret`, encrypted with the first key."""
        return bytes(self._boxes[0].encrypt(secret))

    def unwrap(self, wrapped: bytes) -> bytes:
        """The wrapped secret, decrypted with any of the keys.

        Raises:
            DecryptionError: none of the keys fits.
        """
        for box in self._boxes:
            try:
                return box.decrypt(wrapped)
            except CryptoError:
                continue
        raise DecryptionError

    def fit(self, wrapped: bytes) -> Fit:
        """Which of the keys unwraps it."""
        for number, box in enumerate(self._boxes):
            try:
                box.decrypt(wrapped)
            except CryptoError:
                continue
            return Fit.OLDER if number else Fit.NEWEST
        return Fit.NONE

    def is_newest(self, wrapped: bytes) -> bool:
        """Whether it was wrapped with the first key."""
        return self.fit(wrapped) is Fit.NEWEST

    def rewrap(self, wrapped: bytes) -> bytes | None:
        """The same secret, wrapped with the first key; None when it is already.

        Raises:
            DecryptionError: none of the keys fits.
        """
        return None if self.is_newest(wrapped) else self.wrap(self.unwrap(wrapped))


def new_personal_key() -> bytes:
    """32 random bytes, to encrypt one trainee's words."""
    return random(SecretBox.KEY_SIZE)


def new_digest_key() -> bytes:
    """32 random bytes for `keyed_digest`."""
    return random(_DIGEST_BYTES)


def keyed_digest(key: bytes, *parts: str) -> str:
    """64 hexadecimal digits that only the key's holder can compute from these parts (BLAKE2b).

    Raises:
        ValueError: a part holds the separating NUL, or there is no key.
    """
    if not key or any("\0" in part for part in parts):
        raise ValueError("a digest needs a key, and parts without NUL")
    return hashlib.blake2b(
        "\0".join(parts).encode(), key=key, digest_size=_DIGEST_BYTES, person=b"allybot"
    ).hexdigest()


def lock_bytes(key: bytes, plain: bytes) -> bytes:
    """`plain`, encrypted with a personal key; 40 bytes longer."""
    return bytes(SecretBox(key).encrypt(plain))


def unlock_bytes(key: bytes, locked: bytes) -> bytes:
    """The decrypted bytes.

    Raises:
        DecryptionError: the key does not fit, or the bytes were changed.
    """
    try:
        return SecretBox(key).decrypt(locked)
    except CryptoError as error:
        raise DecryptionError from error


def lock_text(key: bytes, text: str) -> bytes:
    """`text`, encrypted with a personal key."""
    return lock_bytes(key, text.encode())


def unlock_text(key: bytes, locked: bytes) -> str:
    """The decrypted text. Raises as `unlock_bytes`."""
    return unlock_bytes(key, locked).decode()


def new_window_keys() -> tuple[bytes, bytes]:
    """A new key pair for sealing ballots: (private, public), 32 bytes each."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def seal(public_key: bytes, payload: bytes) -> bytes:
    """Seal a ballot of 32 bytes into 80 bytes that only the private key opens.

    Raises:
        ValueError: the payload is not 32 bytes long; all ballots must have the same length.
    """
    if len(payload) != BALLOT_BYTES:
        message = f"a ballot is {BALLOT_BYTES} bytes"
        raise ValueError(message)
    return SealedBox(PublicKey(public_key)).encrypt(payload)


def unseal(private_key: bytes, sealed: bytes) -> bytes:
    """The 32 bytes of a sealed ballot.

    Raises:
        DecryptionError: the key does not fit, or the bytes were changed.
    """
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(sealed)
    except CryptoError as error:
        raise DecryptionError from error
