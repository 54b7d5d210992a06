"""Encryption to a receiver, in the age format (age-encryption.org/v1), by pyrage. The only module that imports it here.

`pyrage.passphrase` takes 2.8 s and 536 MiB: it runs in a process of its own, one at a time.
"""

from contacts.forwarding.apart import Apart

PASSPHRASE_SECONDS = 60.0
_SLOW_PROGRAM = "contacts.forwarding.passphrase_program"
LARGEST_RECIPIENT = 200


class NoRecipient(ValueError):
    """Not a public key of age: `age1...`, 62 characters."""


class NotForThisKey(Exception):
    """This key does not open it, or it was changed."""


def checked_recipient(text: str) -> str:
    """A public key of age (X25519) as typed, in its one spelling. Raises `NoRecipient`, also for a private key."""
    import pyrage  # noqa: PLC0415 - native code, needed rarely

    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()[:LARGEST_RECIPIENT]))
    except pyrage.RecipientError:
        raise NoRecipient from None


def encrypted_to(recipient: str, octets: bytes) -> bytes:
    """For whoever holds the private half of this public key, and nobody else. Raises `NoRecipient`."""
    import pyrage  # noqa: PLC0415 - as above

    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise NoRecipient from None
    return bytes(pyrage.encrypt(octets, [key]))


def decrypted(identity: str, ciphertext: bytes) -> bytes:
    """What the receiver sees, with the private key `AGE-SECRET-KEY-1...`. Raises `NotForThisKey`."""
    import pyrage  # noqa: PLC0415 - as above

    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
        return bytes(pyrage.decrypt(ciphertext, [key]))
    except (pyrage.IdentityError, pyrage.DecryptError):
        raise NotForThisKey from None


class PassphraseLock:
    """Encrypts to a passphrase that is told by telephone."""

    def __init__(self) -> None:
        self._apart = Apart(module=_SLOW_PROGRAM, seconds=PASSPHRASE_SECONDS)

    async def locked(self, passphrase: str, octets: bytes) -> bytes:
        """For whoever is told the passphrase. Raises `contacts.forwarding.apart.Failed`."""
        return await self._apart.run(passphrase.encode() + b"\n" + octets)
