"""Sealing one entry of one contact. Pure.

An entry is `01 || nonce 12 || AES-256-GCM ciphertext || tag 16` over the padded text. The nonce is random, because
several workers may hold the same key. The associated data names the place of the entry completely, so that a note turned
into a message, a row moved to another contact, or an old revision put back does not open.
"""

from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contacts.chance import KEY_SIZE, NONCE_SIZE, fresh_key, fresh_nonce
from contacts.contact import Klass
from contacts.envelopes import VERSION, Unopenable
from contacts.framing import Deployment, framed
from contacts.padding import padded, unpadded
from contacts.words import Sealed, Words
from storage.ids import ContactId


class EntryName(NamedTuple):
    """The place of an entry. Every field is authenticated."""

    contact: ContactId
    klass: Klass
    segment: int
    seq: int
    revision: int
    kind: str
    author: str
    table: str = "entries"
    column: str = "sealed"


class ContentKey:
    """The live key of one segment of one retention class of one contact."""

    __slots__ = ("_aead", "_around", "_deployment", "_secret", "contact", "klass", "segment")

    def __init__(
        self, *, deployment: Deployment, contact: ContactId, klass: Klass, segment: int, secret: bytes
    ) -> None:
        if len(secret) != KEY_SIZE:
            raise Unopenable
        self.contact = contact
        self.klass = klass
        self.segment = segment
        self._deployment = deployment
        self._secret = secret
        self._aead = AESGCM(secret)
        self._around: dict[tuple[str, str, int, str, str], tuple[bytes, bytes]] = {}

    @classmethod
    def fresh(cls, *, deployment: Deployment, contact: ContactId, klass: Klass, segment: int) -> "ContentKey":
        return cls(deployment=deployment, contact=contact, klass=klass, segment=segment, secret=fresh_key())

    def secret(self) -> bytes:
        """The 32 bytes, for the keyring and the visitor's wrap only."""
        return self._secret

    def seal(self, entry: EntryName, words: Words) -> Sealed:
        """The words in this place. Raises ValueError when the place is not this key's, or the text is too long."""
        associated = self._associated(entry)
        nonce = fresh_nonce()
        return Sealed(VERSION + nonce + self._aead.encrypt(nonce, padded(words.reveal().encode()), associated))

    def open(self, entry: EntryName, sealed: bytes) -> Words:
        """The words again. Raises `Unopenable` for anything but the very bytes sealed in this very place."""
        if sealed[:1] != VERSION or len(sealed) <= 1 + NONCE_SIZE:
            raise Unopenable
        try:
            block = self._aead.decrypt(sealed[1 : 1 + NONCE_SIZE], sealed[1 + NONCE_SIZE :], self._associated(entry))
            return Words(unpadded(block).decode())
        except (InvalidTag, ValueError):
            raise Unopenable from None

    def _associated(self, entry: EntryName) -> bytes:
        contact, klass, segment, seq, revision, kind, author, table, column = entry
        if contact != self.contact or klass is not self.klass or segment != self.segment:
            raise ValueError("another key's entry")
        around = self._around.get((table, column, revision, kind, author))
        if around is None:  # all but the number comes again and again
            before = framed("ql1/entry", self._deployment, table, column, contact, klass, segment)
            around = self._around[table, column, revision, kind, author] = before, framed(revision, kind, author)
        before, after = around
        return before + framed(seq) + after

    def __repr__(self) -> str:
        return f"ContentKey({self.klass}, {self.segment})"
