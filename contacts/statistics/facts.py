"""Facts come about: when a contact ends, when its record changes, when something dated happens to a proposal.

Every contact that ends is counted once, however it ends: a fact of the service and a fact of the person, in the closing
transaction. What is still pending is replaced without trace; what has moved is corrected by taking the old codes back
(weight -1) and adding the new ones (+1). See docs/facts.md.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Contact, State
from contacts.distrust import Distrusted
from contacts.heads import contact_of
from contacts.openings import Opening
from contacts.statistics.fact import Codes, Fact, Unit, plain
from contacts.statistics.from_contact import person_fact, service_fact
from contacts.statistics.handles import Handles
from contacts.statistics.keys import NoStatisticsKey, StatisticsKey, StatisticsKeys
from contacts.statistics.pending import PERSON, SERVICE, PendingFacts, Put, Ready
from contacts.statistics.periods import Period, counted_in, month_of
from contacts.tables_log import contacts
from storage.clock import Clock
from storage.ids import ContactId, new_id

_OUT: Final = "/out"
_IN: Final = "/in"
_NOON: Final = time(12)


class Event(Struct, frozen=True, kw_only=True):
    """Something dated that happened to a proposal. `codes`: the person's, and those of the event itself."""

    unit: Unit
    day: date
    codes: Codes


class Facts:
    """Writes pending facts and corrections, in the caller's transaction. `zone`: of the clock on the wall."""

    def __init__(
        self, *, clock: Clock, zone: ZoneInfo, keys: StatisticsKeys, pending: PendingFacts, handles: Handles
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._keys = keys
        self._pending = pending
        self._handles = handles

    async def closed(self, conn: AsyncConnection, ended: Sequence[Contact]) -> None:
        """These contacts have ended, in this transaction, which holds their rows' locks. Again changes nothing.

        Never in the way of an ending: without a key to trust, the facts are written down as owed (`settle`).
        """
        if not ended:
            return
        kept = await self._pending.kept(conn, [contact.id for contact in ended])
        key = await self._key(conn)
        new = [
            one
            for contact in ended
            for one in (self._service(contact), self._person(contact, None, new_id(), Ready.MAY_MOVE))
            if (contact.id, one.slot) not in kept
        ]
        await self._pending.put(conn, key, new)
        before = [contact for contact in ended if (contact.id, PERSON) in kept]
        for contact in before:
            if kept[contact.id, PERSON] is Ready.NO_RECORD and key is not None:
                handle = await self._pending.handle(conn, contact.id) or new_id()
                fact = person_fact(contact, self._zone, None, handle)
                await self._pending.replace(conn, key, contact.id, PERSON, fact)
        if before:
            await self._pending.set_ready(conn, [contact.id for contact in before], PERSON)

    async def changed(
        self,
        conn: AsyncConnection,
        contact: ContactId,
        before: Codes | None,
        after: Codes,
        *,
        opening: Opening | None = None,
        only_pending: bool = False,
    ) -> None:
        """The record says something else now. `before`: what it said; None when there was none.

        `opening`: of whoever changes it; without one a correction of moved facts has a handle of its own, and counts the
        same. `only_pending`: `before` is not known, so nothing that has moved is taken back. Raises `NoStatisticsKey`,
        `Distrusted`.
        """
        found = await self._locked(conn, contact)
        if found is None:
            return
        desk = await self._desk(conn, found, opening)
        was, now = (person_fact(found, self._zone, codes, desk.handle) for codes in (before, after))
        fresh = found.state is not State.ENDED and PERSON not in desk.slots
        if only_pending and not fresh and not desk.slots & {PERSON, PERSON + _IN}:
            return
        turn = _Turn(None if fresh else was, now, self._period(found), Ready.WAITS if fresh else Ready.MAY_MOVE)
        await self._write(conn, desk, PERSON, turn)

    async def record(
        self,
        conn: AsyncConnection,
        contact: ContactId,
        name: str,
        before: Event | None,
        after: Event | None,
        *,
        opening: Opening | None = None,
        ready: bool = True,
    ) -> None:
        """An event under this name (`decision:<proposal>`), or its correction. `before`: as it was recorded, None: not yet.

        `after` None takes it back. `ready` False: not counted until `let_go`. Raises `NoStatisticsKey`, `Distrusted`.
        """
        found = await self._locked(conn, contact)
        if found is None:
            return
        desk = await self._desk(conn, found, opening)
        if PERSON not in desk.slots and found.state is not State.ENDED:  # born with its handle, ready when it ends
            await self._pending.put(conn, desk.key, [self._person(found, None, desk.handle, Ready.NO_RECORD)])
        was, now = (None if event is None else self._event(event, desk.handle) for event in (before, after))
        day = after or before
        period = self._counted(datetime.combine(day.day, _NOON, self._zone)) if day is not None else self._period(found)
        await self._write(conn, desk, name, _Turn(was, now, period, Ready.MAY_MOVE if ready else Ready.WAITS))

    async def let_go(self, conn: AsyncConnection, contact: ContactId, name: str) -> None:
        """An event that was held back has happened: it may move."""
        await self._pending.set_ready(conn, [contact], name)

    async def forget(self, conn: AsyncConnection, contact: ContactId, name: str) -> None:
        """An event that was held back will never happen."""
        await self._pending.drop(conn, contact, [name])

    async def settle(self, conn: AsyncConnection) -> int:
        """Write what is owed, now that there is a key; how many facts. Raises `NoStatisticsKey`, `Distrusted`."""
        owed = await self._pending.owed(conn, 200)
        if not owed:
            return 0
        key = await self._keys.current(conn)
        handles: dict[ContactId, str] = {}
        for contact, slot in owed:
            row = (await conn.execute(select(contacts).where(contacts.c.id == contact))).one_or_none()
            if row is None:
                await self._pending.drop(conn, contact, [slot])
                continue
            found = contact_of(row._mapping)
            handle = handles.setdefault(contact, new_id())
            put = self._service(found) if slot == SERVICE else self._person(found, None, handle, Ready.MAY_MOVE)
            if put.fact is not None:
                await self._pending.replace(conn, key, contact, slot, put.fact)
        return len(owed)

    async def _locked(self, conn: AsyncConnection, contact: ContactId) -> Contact | None:
        """Contacts are locked before their pending facts, everywhere."""
        query = select(contacts).where(contacts.c.id == contact).with_for_update()
        row = (await conn.execute(query)).one_or_none()
        return None if row is None else contact_of(row._mapping)

    async def _desk(self, conn: AsyncConnection, contact: Contact, opening: Opening | None) -> "_Desk":
        slots = await self._pending.slots(conn, contact.id)
        if any(slots.values()):
            await self.settle(conn)
        handle = await self._pending.handle(conn, contact.id)
        if handle is None and opening is not None:
            handle = await self._handles.of(conn, opening)
        return _Desk(contact.id, await self._keys.current(conn), handle or new_id(), frozenset(slots))

    async def _write(self, conn: AsyncConnection, desk: "_Desk", slot: str, turn: "_Turn") -> None:
        before, after = turn.before, turn.after
        there = next((name for name in (slot, slot + _IN) if name in desk.slots), None)
        if there is not None and after is None:
            await self._pending.drop(conn, desk.contact, [there])
        elif there is not None and after is not None:
            await self._pending.replace(conn, desk.key, desk.contact, there, after)
        elif before != after:
            puts = []
            if before is not None:
                puts.append(_put(desk, slot + _OUT, turn.period, replace(before, weight=-1)))
            if after is not None:
                fresh = before is None and slot + _OUT not in desk.slots
                puts.append(_put(desk, slot if fresh else slot + _IN, turn.period, after, turn.ready))
            await self._pending.put(conn, desk.key, puts)

    def _service(self, contact: Contact) -> Put:
        fact = service_fact(contact, self._zone)
        return Put(contact=contact.id, slot=SERVICE, period=self._period(contact), ready=Ready.MAY_MOVE, fact=fact)

    def _person(self, contact: Contact, codes: Codes | None, handle: str, ready: Ready) -> Put:
        fact = person_fact(contact, self._zone, codes, handle)
        return Put(contact=contact.id, slot=PERSON, period=self._period(contact), ready=ready, fact=fact)

    def _event(self, event: Event, handle: str) -> Fact:
        noon = datetime.combine(event.day, _NOON, self._zone)
        month = month_of(noon, self._zone)
        return Fact(unit=event.unit, month=month, codes=plain(event.codes), handle=handle)

    def _period(self, contact: Contact) -> Period:
        return self._counted(datetime.fromtimestamp(contact.opened_at, UTC))

    def _counted(self, moment: datetime) -> Period:
        return counted_in(moment, self._clock.now(), self._zone)

    async def _key(self, conn: AsyncConnection) -> StatisticsKey | None:
        try:
            return await self._keys.current(conn)
        except (NoStatisticsKey, Distrusted):
            return None


class _Desk(Struct, frozen=True):
    """What is known of one contact's facts while they are written."""

    contact: ContactId
    key: StatisticsKey
    handle: str
    slots: frozenset[str]


class _Turn(Struct, frozen=True):
    """What was counted, what is to be counted, in which half-year, and whether it may move."""

    before: Fact | None
    after: Fact | None
    period: Period
    ready: Ready


def _put(desk: _Desk, slot: str, period: Period, fact: Fact, ready: Ready = Ready.MAY_MOVE) -> Put:
    return Put(contact=desk.contact, slot=slot, period=period, ready=ready, fact=fact)
