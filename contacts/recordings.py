"""What callers said after the tone, sealed: one recording of one call, in parts, under a key of class `CALLBACK`.

It is gone when somebody has dealt with the call, or with that class (`contacts.retention_classes`). Works inside the
caller's unit of work.
"""

import base64

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Author, Klass
from contacts.envelopes import Unopenable
from contacts.keyring import Keyring
from contacts.openings import Opening
from contacts.padding import LONGEST
from contacts.sealing import EntryName
from contacts.tables_calls import recordings
from contacts.words import Words
from storage.ids import ContactId

#: Bytes of sound in one part: base64 makes 4 of 3, and a part fills the largest size of a sealed text.
PART = LONGEST // 4 * 3


class Recordings:
    """Seals and opens."""

    def __init__(self, *, keyring: Keyring) -> None:
        self._keyring = keyring

    async def keep(self, conn: AsyncConnection, contact: ContactId, sound: bytes) -> None:
        """Seal it under a fresh key; a contact has one at most. Raises `NoEpoch`, `Distrusted`."""
        key = await self._keyring.new_segment(conn, contact, Klass.CALLBACK)
        parts = [sound[at : at + PART] for at in range(0, len(sound), PART)]
        rows = []
        for number, part in enumerate(parts, start=1):
            sealed = key.seal(_name(contact, key.segment, number, len(parts)), Words(base64.b64encode(part).decode()))
            rows.append({"contact": contact, "part": number, "segment": key.segment, "sealed": sealed})
        await conn.execute(recordings.insert(), rows)

    async def is_kept(self, conn: AsyncConnection, contact: ContactId) -> bool:
        """Whether there is one."""
        query = select(recordings.c.part).where(recordings.c.contact == contact).limit(1)
        return (await conn.execute(query)).first() is not None

    async def opened(self, conn: AsyncConnection, opening: Opening) -> bytes | None:
        """The sound; None: there is none. Raises `Unopenable` when a part is missing or not ours, `NoKey`, `Forged`, `Closed`."""
        query = select(recordings).where(recordings.c.contact == opening.contact).order_by(recordings.c.part)
        rows = (await conn.execute(query)).all()
        if not rows:
            return None
        key = await self._keyring.open_segment(conn, opening, Klass.CALLBACK, rows[0].segment)
        found = []
        for number, row in enumerate(rows, start=1):
            if (row.part, row.segment) != (number, key.segment):
                raise Unopenable
            words = key.open(_name(opening.contact, key.segment, number, len(rows)), row.sealed)
            found.append(base64.b64decode(words.reveal()))
        return b"".join(found)


def _name(contact: ContactId, segment: int, part: int, parts: int) -> EntryName:
    """`parts` stands in the place of the revision: of a recording nothing can be left out."""
    name = EntryName(contact, Klass.CALLBACK, segment, part, parts, "recording", Author.VISITOR)
    return name._replace(table="recordings")
