"""Erasing one retention class of one contact: its keys, then its rows, then what SQLite's write-ahead log still holds.

Destroying the keys is what counts: it also makes copies unreadable. See log.md section 4.
"""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.contact import Klass
from contacts.forwarding.tables import forwardings, outbox, outbox_keys
from contacts.keyring import Keyring
from contacts.statistics.tables import fact_handles
from contacts.tables_calls import recordings
from contacts.tables_keys import epoch_wraps, epochs, segment_keys
from contacts.tables_log import entries
from contacts.tables_records import record_revisions, records
from contacts.visitor_keys import VisitorKeys
from storage.engine import Store
from storage.ids import ContactId

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_SETTLED = 3600

#: Rows beside the entries that are sealed with a class's keys; the column `contact` says whose.
ROWS: dict[Klass, tuple[Table, ...]] = {
    Klass.RECORD: (record_revisions, records, fact_handles),
    Klass.CALLBACK: (recordings,),
}


class Erasure:
    """Destroys keys and rows."""

    def __init__(
        self,
        *,
        store: Store,
        keyring: Keyring,
        visitor_keys: VisitorKeys,
        audit: Audit,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._visitor_keys = visitor_keys
        self._audit = audit
        self._pause = pause

    async def erase(self, conn: AsyncConnection, contact: ContactId, klass: Klass) -> int:
        """Destroy keys and rows in the caller's transaction; how many entries there were. Again changes nothing.

        Call `settle` after the commit.
        """
        destroyed = await self._keyring.destroy(conn, contact, klass)
        if klass is Klass.TRANSCRIPT:
            await self._visitor_keys.destroy(conn, contact)
        if klass is Klass.PAYLOAD:
            await _empty_outbox(conn, contact)
        erased = await conn.execute(delete(entries).where(entries.c.contact == contact, entries.c.klass == klass.value))
        for table in ROWS.get(klass, ()):
            await conn.execute(delete(table).where(table.c.contact == contact))
        if destroyed or erased.rowcount:
            await self._audit.append(conn, Action.ERASURE, contact=contact, detail=klass)
        return erased.rowcount

    async def settle(self) -> None:
        """Empty SQLite's write-ahead log, waiting for as long as a reader is in the way: until then nothing is gone."""
        pause = _FIRST_PAUSE
        while not await self._store.checkpoint():
            await self._pause(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def retire_epochs(self, conn: AsyncConnection, now: int) -> int:
        """Destroy every epoch to which nothing is sealed any more, but the newest; how many.

        Nothing happens in the newest epoch's first hour: somebody may be sealing to its predecessor at this moment.
        """
        newest = (await conn.execute(select(epochs).order_by(epochs.c.number.desc()).limit(1))).one_or_none()
        if newest is None or newest.made_at > now - _SETTLED:
            return 0
        unused = epochs.c.number.not_in(select(segment_keys.c.epoch))
        retired = await conn.execute(delete(epochs).where(unused, epochs.c.number < newest.number))
        await conn.execute(delete(epoch_wraps).where(epoch_wraps.c.epoch.not_in(select(epochs.c.number))))
        return retired.rowcount


async def _empty_outbox(conn: AsyncConnection, contact: ContactId) -> None:
    """Destroy what left long ago and was not taken out of the outbox then: its key first."""
    gone = select(forwardings.c.id).where(forwardings.c.contact == contact, forwardings.c.state != "queued")
    for table in (outbox_keys, outbox):
        await conn.execute(delete(table).where(table.c.forwarding.in_(gone), table.c.kind == "document"))
