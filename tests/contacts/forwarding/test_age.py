"""age: only the receiver's key opens it, or the passphrase that was told."""

import pyrage
import pytest

from contacts.forwarding.age import (
    NoRecipient,
    NotForThisKey,
    PassphraseLock,
    checked_recipient,
    decrypted,
    encrypted_to,
)


def pair() -> tuple[str, str]:
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def test_only_the_receivers_key_opens_it() -> None:
    (private, public), (other, _) = pair(), pair()
    sealed = encrypted_to(public, b"secret words")
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert b"secret" not in sealed
    assert decrypted(private, sealed) == b"secret words"
    with pytest.raises(NotForThisKey):
        decrypted(other, sealed)
    with pytest.raises(NotForThisKey):
        decrypted(private, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(NotForThisKey):
        decrypted("no key", sealed)


def test_a_public_key_has_one_spelling() -> None:
    _, public = pair()
    assert checked_recipient(f"  {public}\n") == public


def test_what_is_no_public_key_is_refused() -> None:
    private, public = pair()
    for wrong in ("", "age1", public[:-1], public + "q", private, "ssh-ed25519 AAAA", "x" * 1_000):
        with pytest.raises(NoRecipient):
            checked_recipient(wrong)
        with pytest.raises(NoRecipient):
            encrypted_to(wrong, b"")


async def test_a_passphrase_opens_what_was_locked_with_it() -> None:
    sealed = await PassphraseLock().locked("kuusi sanaa ääneen", b"secret words")
    assert pyrage.passphrase.decrypt(sealed, "kuusi sanaa ääneen") == b"secret words"
