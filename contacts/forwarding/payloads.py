"""Payloads at rest: sealed entries of the class PAYLOAD, each with the salt of its digest.

Numbered for each contact from 1; the number stands in the question, the consent and the emergency. Who was told on the
telephone is kept the same way (`keep`, `read`).
"""

import secrets
from typing import Final

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Author, Entry, Kind, Klass
from contacts.forwarding.payload import digest, parsed
from contacts.heads import store_entries
from contacts.keyring import Keyring, NoKey
from contacts.openings import Opening
from contacts.sealing import ContentKey, EntryName
from contacts.tables_log import contacts, entries
from contacts.words import Sealed, Words
from storage.clock import Clock, epoch_seconds
from storage.ids import ContactId

_SALT: Final = 32


class Kept(Struct, frozen=True):
    """Where a payload lies, and the digest that names it."""

    number: int
    digest: bytes


class NoPayload(Exception):
    """It is not there: destroyed, or another than the digest says."""


class Payloads:
    """Every method works inside the caller's transaction, for somebody whose opening is on record."""

    def __init__(self, *, keyring: Keyring, clock: Clock) -> None:
        self._keyring = keyring
        self._clock = clock

    async def keep_payload(self, conn: AsyncConnection, opening: Opening, octets: bytes) -> Kept:
        """Seal canonical bytes (`payload.canonical`). Raises `BadPayload`, `NoEpoch`, `Distrusted`, `Closed`."""
        parsed(octets)
        salt = secrets.token_bytes(_SALT)
        number = await self.keep(conn, opening, Words(salt.hex() + octets.decode()))
        return Kept(number, digest(salt, octets))

    async def payload(self, conn: AsyncConnection, opening: Opening, kept: Kept) -> bytes:
        """The bytes that were kept. Raises `NoPayload`, `NoKey`, `Closed`."""
        text = (await self.read(conn, opening, kept.number)).reveal()
        try:
            salt, octets = bytes.fromhex(text[: 2 * _SALT]), text[2 * _SALT :].encode()
        except ValueError:
            raise NoPayload from None
        if digest(salt, octets) != kept.digest:
            raise NoPayload
        return octets

    async def keep(self, conn: AsyncConnection, opening: Opening, words: Words) -> int:
        """Seal a text of this class; its number. Raises `NoEpoch`, `Distrusted`, `Closed`."""
        contact = opening.contact
        await conn.execute(select(contacts.c.id).where(contacts.c.id == contact).with_for_update())
        mine = (entries.c.contact == contact, entries.c.klass == Klass.PAYLOAD.value)
        seq = ((await conn.execute(select(func.max(entries.c.seq)).where(*mine))).scalar() or 0) + 1
        key = await self._key(conn, opening)
        entry = Entry(
            contact=contact,
            klass=Klass.PAYLOAD,
            seq=seq,
            segment=key.segment,
            kind=Kind.PAYLOAD,
            author=Author.WORKER,
            at=epoch_seconds(self._clock.now()),
            staff=opening.session.staff_id,
            sealed=key.seal(_name(contact, key.segment, seq), words),
        )
        await store_entries(conn, [entry])
        return seq

    async def read(self, conn: AsyncConnection, opening: Opening, number: int) -> Words:
        """A text that was kept. Raises `NoPayload`, `NoKey`, `Closed`."""
        query = select(entries.c.segment, entries.c.sealed).where(
            entries.c.contact == opening.contact, entries.c.klass == Klass.PAYLOAD.value, entries.c.seq == number
        )
        row = (await conn.execute(query)).one_or_none()
        if row is None:
            raise NoPayload
        key = await self._keyring.open_segment(conn, opening, Klass.PAYLOAD, row.segment)
        return key.open(_name(opening.contact, row.segment, number), Sealed(row.sealed))

    async def _key(self, conn: AsyncConnection, opening: Opening) -> ContentKey:
        """The newest key, or another where this session does not hold it."""
        numbers = await self._keyring.segment_numbers(conn, opening.contact, Klass.PAYLOAD)
        if numbers:
            try:
                return await self._keyring.open_segment(conn, opening, Klass.PAYLOAD, numbers[-1])
            except NoKey:
                pass
        return await self._keyring.new_segment(conn, opening.contact, Klass.PAYLOAD)


def _name(contact: ContactId, segment: int, seq: int) -> EntryName:
    return EntryName(contact, Klass.PAYLOAD, segment, seq, 0, Kind.PAYLOAD, Author.WORKER)
