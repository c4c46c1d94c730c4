"""A private key of a window in two parts: the vault has one, a custodian the other; one alone opens nothing.

The private key is the exclusive or of the parts. The custodian's part is 32 random bytes, so each part alone
is independent of the key (a one-time pad). The whole key exists in memory only: while it is split, and while
its window is counted.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from nacl.utils import random

from allybot.crypto import new_window_keys
from allybot.domain.windows import Window
from allybot.errors import UserError
from allybot.services.context import Context
from allybot.services.outcomes.windows import (
    KEY_BYTES,
    check_fits,
    hand_in,
    public_key_as_text,
    public_key_from,
)
from allybot.store.vault.vault import private_key_of, replace_window_key

CUSTODIANS, HOSTS = "allybot-custodian-part-", "allybot-host-part-"
CHECK_BYTES = 8
"""Bytes of a keyed hash that tell a part of another window, or a damaged one, from the right one."""


@dataclass(frozen=True, repr=False)
class SplitKey:
    """A key pair whose private half was split; all three as text."""

    custodians_part: str
    hosts_part: str
    public: str


def split() -> SplitKey:
    """A new key pair, its private key split in two."""
    private, public = new_window_keys()
    theirs = random(KEY_BYTES)
    parts = {CUSTODIANS: theirs, HOSTS: _xor(private, theirs)}
    texts = [
        prefix + base64.urlsafe_b64encode(part + _check(part, public)).decode()
        for prefix, part in parts.items()
    ]
    return SplitKey(texts[0], texts[1], public_key_as_text(public))


def hand_in_split(
    context: Context, program: str, window: str, public: str, hosts_part: str, workspace: str | None = None
) -> None:
    """Store a window's public key, and the host's part of its private key in the vault, once.

    Args:
        context: the databases and keys.
        program: its name.
        window: its name, such as `1-6`.
        public: as made by `split`.
        hosts_part: the same.
        workspace: Slack's team id, if several have a program of this name.

    Raises:
        NotFoundError: there is no such program or window.
        UserError: these are no public key and no part of its private key.
        WrongStateError: the vault holds the program's keys, or the window already has a key or is closed.
    """
    key = public_key_from(public)
    part = _part(HOSTS, hosts_part, key)
    with context.database.transaction() as tx:
        window_id = hand_in(tx, program, window, key, workspace)
        # Before the database's transaction ends: a public key must not be seen whose part was never stored.
        with context.vault.transaction() as vault_tx:
            replace_window_key(vault_tx, context.keyring, window_id, part)


def joined(context: Context, custodians_part: str, window: Window) -> bytes:
    """The private key of a split window, 32 bytes, from the custodian's part and the vault's.

    Raises:
        DecryptionError: the vault's part is wrapped with a secret key that is not available.
        UserError: this is not the custodian's part of this window's key, or the vault has no part of it.
    """
    theirs = _part(CUSTODIANS, custodians_part, window.public_key)
    with context.vault.reading() as vault_tx:
        hosts = private_key_of(vault_tx, context.keyring, window.id)
    if hosts is None:
        raise UserError(
            f"The vault holds no part of the key of window {window.name}. Is this the vault of "
            "ALLYBOT_VAULT_URL that it was split into? Without that part it cannot be opened."
        )
    private = _xor(hosts, theirs)
    check_fits(private, window)
    return private


def _part(prefix: str, text: str, public: bytes | None) -> bytes:
    encoded = text.strip()
    try:
        content = base64.b64decode(encoded.removeprefix(prefix), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not encoded.startswith(prefix) or len(content) != KEY_BYTES + CHECK_BYTES:
        raise UserError(f"That is not a part that begins with {prefix}; `allybot window split` makes one.")
    part, check = content[:KEY_BYTES], content[KEY_BYTES:]
    if public is None or not hmac.compare_digest(check, _check(part, public)):
        raise UserError("That part belongs to the key of another window, or was damaged.")
    return part


def _check(part: bytes, public: bytes) -> bytes:
    return hashlib.blake2b(part, digest_size=CHECK_BYTES, key=public).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
