"""The three envelopes keys and small secrets travel in. Pure.

- sealed to a key pair:  `01 || HPKE` (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM; base mode)
- wrapped under a key:   `01 || nonce 12 || AES-256-GCM ciphertext || tag 16`
- derived:               HKDF-SHA256 (RFC 5869)

HPKE authenticates nobody: whoever keeps a sealed key keeps an HMAC beside it (`AppKey.mac`). Everything is bound to its
place by `framed` fields: HPKE `info`, or the associated data of AES-GCM.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contacts.chance import KEY_SIZE, NONCE_SIZE, fresh_key, fresh_nonce
from contacts.framing import Field, framed

VERSION: Final = b"\x01"
TAG_SIZE: Final = 16

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Unopenable(Exception):
    """The key does not fit, or the bytes or their place were changed. Says no more on purpose."""


def derived(secret: bytes, *, salt: bytes, bound_to: tuple[Field, ...]) -> bytes:
    """32 bytes from a secret of full entropy; other fields, other bytes."""
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=salt, info=framed(*bound_to)).derive(secret)


def wrapped(key: bytes, secret: bytes, *bound_to: Field) -> bytes:
    """The secret under a 32-byte key."""
    nonce = fresh_nonce()
    return VERSION + nonce + AESGCM(key).encrypt(nonce, secret, framed(*bound_to))


def unwrapped(key: bytes, envelope: bytes, *bound_to: Field) -> bytes:
    """The secret again. Raises `Unopenable`."""
    if envelope[:1] != VERSION or len(envelope) < 1 + NONCE_SIZE + TAG_SIZE:
        raise Unopenable
    nonce, ciphertext = envelope[1 : 1 + NONCE_SIZE], envelope[1 + NONCE_SIZE :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, framed(*bound_to))
    except InvalidTag:
        raise Unopenable from None


class KeyPair:
    """An X25519 pair. The private half never leaves it except through `private_bytes`, to be sealed."""

    __slots__ = ("_private", "public")

    def __init__(self, private: bytes) -> None:
        self._private = X25519PrivateKey.from_private_bytes(private)
        self.public: Final = self._private.public_key().public_bytes_raw()

    @classmethod
    def fresh(cls) -> "KeyPair":
        return cls(fresh_key())

    def private_bytes(self) -> bytes:
        return self._private.private_bytes_raw()

    def open(self, envelope: bytes, *bound_to: Field) -> bytes:
        """What was sealed to the public half. Raises `Unopenable`."""
        if envelope[:1] != VERSION:
            raise Unopenable
        try:
            return _SUITE.decrypt(envelope[1:], self._private, info=framed(*bound_to))
        except InvalidTag:
            raise Unopenable from None

    def __repr__(self) -> str:
        return "KeyPair(...)"


def sealed_to(public: bytes, secret: bytes, *bound_to: Field) -> bytes:
    """The secret sealed to an X25519 public key of 32 bytes. Whoever calls this has verified whose key it is."""
    return VERSION + _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(public), info=framed(*bound_to))
