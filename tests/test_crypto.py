"""Secrets at rest: what opens, what does not, and what an error says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.crypto import (
    SEALED_BYTES,
    Keyring,
    lock_text,
    new_personal_key,
    new_window_keys,
    seal,
    unlock_text,
    unseal,
)
from allybot.errors import DecryptionError, SettingsError

OLD, NEW = "an old test secret", "a new test secret"


def test_a_secret_is_rotated_by_putting_the_new_one_first() -> None:
    wrapped = Keyring(OLD).wrap(b"token")
    both = Keyring(f"{NEW}, {OLD}")
    assert both.unwrap(wrapped) == b"token"
    assert Keyring(NEW).unwrap(both.wrap(b"token")) == b"token"
    with pytest.raises(DecryptionError):
        Keyring(NEW).unwrap(wrapped)


@pytest.mark.parametrize("secret", ["", "short", f"{OLD},short", " , "])
def test_a_secret_too_short_to_be_one_is_refused_without_being_repeated(secret: str) -> None:
    with pytest.raises(SettingsError) as problem:
        Keyring(secret)
    assert "short" not in str(problem.value)


@given(st.text())
def test_words_come_back_under_their_owners_key_and_no_other(text: str) -> None:
    key = new_personal_key()
    locked = lock_text(key, text)
    assert unlock_text(key, locked) == text
    with pytest.raises(DecryptionError):
        unlock_text(new_personal_key(), locked)


def test_every_ballot_is_80_bytes_and_opens_with_its_windows_key_only() -> None:
    private, public = new_window_keys()
    other, _ = new_window_keys()
    one, two = seal(public, bytes(32)), seal(public, b"\xff" * 32)
    assert len(one) == len(two) == SEALED_BYTES
    assert seal(public, bytes(32)) != one
    assert unseal(private, two) == b"\xff" * 32
    with pytest.raises(DecryptionError):
        unseal(other, one)


def test_a_payload_of_another_length_is_refused_because_length_would_tell_answers_apart() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(new_window_keys()[1], b"acted")
