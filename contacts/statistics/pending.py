"""Pending facts: beside their contact, until the mover takes them where nothing leads back.

A pending fact is sealed to the statistics key and lies under a second layer, its cover, with the contact's handle in front:
`cover(handle 16 || 01 || HPKE)`. The cover's key is destroyed when the fact moves. So nobody who keeps an older copy of
the row, which names the contact, can find the same bytes among the moved facts.

Slots of a contact: `service`; `person`; `proposal:<id>`, `decision:<id>`, `ended:<id>`. When the fact of a slot has moved
and is corrected, `<slot>/out` takes it back (weight -1) and `<slot>/in` is what stands instead.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum
from typing import Final

from msgspec import Struct
from sqlalchemy import ColumnElement, RowMapping, Table, bindparam, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.chance import fresh_key
from contacts.envelopes import sealed_to, unwrapped, wrapped
from contacts.framing import Deployment
from contacts.statistics.fact import Fact, encoded
from contacts.statistics.keys import KeyNumber, StatisticsKey
from contacts.statistics.periods import Period
from contacts.statistics.tables import fact_covers, pending_facts
from storage.ids import ContactId

SERVICE: Final = "service"
PERSON: Final = "person"
_OWED: Final = KeyNumber(0)
_HANDLE: Final = 16
_NOBODY: Final = bytes(_HANDLE)
_AT_ONCE: Final = 200
_UNCOVERED: Final = select(pending_facts, fact_covers.c.sealed.label("cover")).join(
    fact_covers,
    (fact_covers.c.contact == pending_facts.c.contact) & (fact_covers.c.slot == pending_facts.c.slot),
)


class Ready(IntEnum):
    """Whether a pending fact may move."""

    WAITS = 0
    MAY_MOVE = 1
    NO_RECORD = 2
    """It waits, and nobody has recorded anything: at the end, what the house knows by itself takes its place."""


class Put(Struct, frozen=True, kw_only=True):
    """A fact to be kept. `fact` None: it is owed, because no key can be trusted now."""

    contact: ContactId
    slot: str
    period: Period
    ready: Ready
    fact: Fact | None


class Uncovered(Struct, frozen=True):
    """A pending fact without its cover: as it will lie among the others."""

    contact: ContactId
    slot: str
    period: Period
    number: KeyNumber
    handle: str
    sealed: bytes


class PendingFacts:
    """Rows of pending facts and their covers. Works in the caller's transaction."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment) -> None:
        self._key = app_key.derive("fact-cover")
        self._deployment = deployment

    async def slots(self, conn: AsyncConnection, contact: ContactId) -> dict[str, bool]:
        """The slots of a contact that are still pending, locked until the transaction ends; whether each is owed."""
        query = select(pending_facts.c.slot, pending_facts.c.number).where(pending_facts.c.contact == contact)
        query = query.order_by(pending_facts.c.slot).with_for_update()
        return {row.slot: row.number == _OWED for row in await conn.execute(query)}

    async def kept(self, conn: AsyncConnection, contacts: Sequence[ContactId]) -> dict[tuple[str, str], Ready]:
        """(contact, slot) of everything pending about these."""
        found: dict[tuple[str, str], Ready] = {}
        for start in range(0, len(contacts), _AT_ONCE):
            part = contacts[start : start + _AT_ONCE]
            query = select(pending_facts.c.contact, pending_facts.c.slot, pending_facts.c.ready)
            rows = await conn.execute(query.where(pending_facts.c.contact.in_(part)))
            found |= {(row.contact, row.slot): Ready(row.ready) for row in rows}
        return found

    async def put(self, conn: AsyncConnection, key: StatisticsKey | None, facts: Sequence[Put]) -> None:
        """Keep facts in slots that are free. `key` None: as debts, to be sealed when there is a key."""
        covers, rows = [], []
        for one in facts:
            place = {"contact": one.contact, "slot": one.slot}
            row: dict[str, object] = place | {"period": one.period, "ready": one.ready, "number": _OWED, "sealed": None}
            if key is not None and one.fact is not None:
                cover, covered = self._covered(key, one.contact, one.slot, one.fact)
                covers.append(place | {"sealed": cover})
                row |= {"number": key.number, "sealed": covered}
            rows.append(row)
        if covers:
            await conn.execute(insert(fact_covers), covers)
        if rows:
            await conn.execute(insert(pending_facts), rows)

    async def replace(
        self, conn: AsyncConnection, key: StatisticsKey, contact: ContactId, slot: str, fact: Fact
    ) -> None:
        """Put another fact in the place of a pending one, without trace."""
        cover, covered = self._covered(key, contact, slot, fact)
        await conn.execute(delete(fact_covers).where(*_in(fact_covers, contact, slot)))
        await conn.execute(insert(fact_covers).values(contact=contact, slot=slot, sealed=cover))
        ready = case((pending_facts.c.ready == Ready.NO_RECORD, Ready.WAITS), else_=pending_facts.c.ready)
        change = update(pending_facts).where(*_in(pending_facts, contact, slot))
        await conn.execute(change.values(number=key.number, sealed=covered, ready=ready))

    async def drop(self, conn: AsyncConnection, contact: ContactId, slots: Collection[str]) -> None:
        """Forget pending facts, without trace."""
        for slot in slots:
            for table in (pending_facts, fact_covers):
                await conn.execute(delete(table).where(*_in(table, contact, slot)))

    async def set_ready(self, conn: AsyncConnection, contacts: Collection[ContactId], slot: str) -> None:
        """This slot of these contacts may move."""
        chosen = (pending_facts.c.contact.in_(contacts), pending_facts.c.slot == slot)
        await conn.execute(update(pending_facts).where(*chosen).values(ready=Ready.MAY_MOVE))

    async def handle(self, conn: AsyncConnection, contact: ContactId) -> str | None:
        """The handle in any pending fact about the person; None when there is none."""
        query = _UNCOVERED.where(pending_facts.c.contact == contact, pending_facts.c.slot != SERVICE).limit(1)
        row = (await conn.execute(query)).mappings().one_or_none()
        return None if row is None else self._uncovered(row).handle

    async def waiting(self, conn: AsyncConnection) -> dict[ContactId, Period]:
        """Every contact with a fact that may move, and the earliest half-year among them."""
        query = select(pending_facts.c.contact, func.min(pending_facts.c.period).label("period"))
        query = query.where(pending_facts.c.ready == Ready.MAY_MOVE, pending_facts.c.number != _OWED)
        rows = await conn.execute(query.group_by(pending_facts.c.contact))
        return {ContactId(row.contact): Period(row.period) for row in rows}

    async def leaving(self, conn: AsyncConnection, contacts: Sequence[ContactId]) -> list[Uncovered]:
        """What may move of these contacts, locked."""
        found: list[Uncovered] = []
        for start in range(0, len(contacts), _AT_ONCE):
            part = contacts[start : start + _AT_ONCE]
            chosen = (pending_facts.c.contact.in_(part), pending_facts.c.ready == Ready.MAY_MOVE)
            order = (pending_facts.c.contact, pending_facts.c.slot)
            lock = select(*order).where(*chosen).order_by(*order).with_for_update()
            locked = {(row.contact, row.slot) for row in await conn.execute(lock)}
            # Covers are read after the lock: a statement that had to wait for it sees the row of now and the cover of before.
            rows = (await conn.execute(_UNCOVERED.where(*chosen).order_by(*order))).mappings().all()
            found += [self._uncovered(row) for row in rows if (row["contact"], row["slot"]) in locked]
        return found

    async def left(self, conn: AsyncConnection, facts: Iterable[Uncovered]) -> None:
        """Destroy the covers and the rows of what has moved."""
        gone = [{"this": one.contact, "that": one.slot} for one in facts]
        for table in (fact_covers, pending_facts):
            place = (table.c.contact == bindparam("this"), table.c.slot == bindparam("that"))
            await conn.execute(delete(table).where(*place), gone)

    async def owed(self, conn: AsyncConnection, limit: int) -> list[tuple[ContactId, str]]:
        """Facts that could not be sealed when their contact ended, locked."""
        query = select(pending_facts.c.contact, pending_facts.c.slot).where(pending_facts.c.number == _OWED)
        return [
            (row.contact, row.slot) for row in await conn.execute(query.limit(limit).with_for_update(skip_locked=True))
        ]

    def _covered(self, key: StatisticsKey, contact: ContactId, slot: str, fact: Fact) -> tuple[bytes, bytes]:
        sealed = sealed_to(key.public, encoded(fact), *place_of(self._deployment, key.number))
        cover, place = fresh_key(), self._place(contact, slot)
        handle = bytes.fromhex(fact.handle) or _NOBODY
        return wrapped(self._key, cover, *place), wrapped(cover, handle + sealed, *place)

    def _uncovered(self, row: RowMapping) -> Uncovered:
        contact, slot = ContactId(row["contact"]), row["slot"]
        place = self._place(contact, slot)
        both = unwrapped(unwrapped(self._key, row["cover"], *place), row["sealed"], *place)
        handle, sealed = both[:_HANDLE], both[_HANDLE:]
        return Uncovered(contact, slot, Period(row["period"]), KeyNumber(row["number"]), handle.hex(), sealed)

    def _place(self, contact: ContactId, slot: str) -> tuple[str, ...]:
        return ("ql1/pending-fact", self._deployment, contact, slot)


def place_of(deployment: Deployment, number: KeyNumber) -> tuple[str | int, ...]:
    """What a sealed fact is bound to: nothing that leads to a contact."""
    return ("ql1/fact", deployment, number)


def _in(table: Table, contact: ContactId, slot: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.contact == contact, table.c.slot == slot
