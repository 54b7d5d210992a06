"""Keeping coded records: sealed under the contact's own key of the class "record", every revision of them.

Whoever reads or writes shows an `Opening`, so the audit log knows already. A save names the revision it was based on;
when somebody else wrote meanwhile, both are told apart and neither is lost: what was written stays a revision, what was
sent is still with whoever sent it.
"""

from msgspec import Struct
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.contact import Author, Contact, Klass, Refusal, Refused
from contacts.distrust import Distrusted
from contacts.envelopes import Unopenable
from contacts.heads import contact_of
from contacts.keyring import Keyring, NoKey
from contacts.openings import Opening
from contacts.record import Codes, Fault, Record, faults, normal, read, written
from contacts.record_facts import Facts
from contacts.sealing import ContentKey, EntryName
from contacts.tables_log import contacts
from contacts.tables_records import record_revisions, records
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId, StaffId

_KIND = "record"


class Kept(Struct, frozen=True, kw_only=True):
    """A revision as this session may see it.

    `revision` 0: nothing was recorded yet. `record` None with a revision above 0: there is one, but not for this reader
    (no key, altered at rest, or a colleague's from before the visitor allowed reading).
    """

    contact: Contact
    revision: int = 0
    record: Record | None = None
    by: StaffId | None = None
    at: int | None = None
    given: Codes = {}
    """What came with the contact, as long as nothing was recorded: of a professional's proposal."""


class Conflict(Exception):
    """Somebody else saved meanwhile; nothing of this save was kept. `kept`: what stands."""

    def __init__(self, kept: Kept) -> None:
        super().__init__("conflict")
        self.kept = kept


class Faulty(Exception):
    """These codes are not kept."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__("faulty")
        self.faults = found


class Records:
    """Reads and writes. All raise `Refused` (not_yours: there is no such contact, or it was erased) and `Closed`."""

    def __init__(self, *, store: Store, clock: Clock, keyring: Keyring, audit: Audit, facts: Facts) -> None:
        self._store = store
        self._clock = clock
        self._keyring = keyring
        self._audit = audit
        self._facts = facts

    async def current(self, opening: Opening) -> Kept:
        """The newest revision."""
        async with self._store.read() as conn:
            return await self._newest(conn, await _contact(conn, opening.contact), opening)

    async def codes(self, opening: Opening) -> Codes:
        """What stands in the record, for those who compose something of it; empty when there is none to see."""
        record = (await self.current(opening)).record
        return {} if record is None else record.codes

    async def history(self, opening: Opening) -> list[Kept]:
        """Every revision, oldest first."""
        async with self._store.read() as conn:
            contact = await _contact(conn, opening.contact)
            query = select(record_revisions).where(record_revisions.c.contact == contact.id)
            rows = (await conn.execute(query.order_by(record_revisions.c.revision))).mappings().all()
            return [await self._kept(conn, contact, opening, row) for row in rows]

    async def save(self, opening: Opening, *, based_on: int, codes: Codes, finished: bool) -> Kept:
        """Keep a new revision; the same again changes nothing. Raises `Conflict`, `Faulty`.

        The first revision of a person, and finishing or reopening, are rows of the audit log.
        """
        staff = opening.session.staff_id
        async with self._store.write() as conn:
            contact = await _contact(conn, opening.contact, lock=True)
            shown = await self._newest(conn, contact, opening)
            before = shown.record
            if before is not None and (before.finished, before.codes) == (finished, normal(codes)):
                return shown
            if based_on != shown.revision:
                raise Conflict(shown)
            if found := faults(codes, {} if before is None else before.codes):
                raise Faulty(found)
            if shown.revision and before is None:  # hidden from this reader, but statistics correct what was counted
                before = await self._opened(conn, opening, await _row(conn, contact.id, shown.revision))
            after = Record(
                codes=normal(codes), finished=finished, handles={} if before is None else dict(before.handles)
            )
            await self._facts.changed(conn, contact, before, after, opening=opening)
            kept = await self._store_revision(conn, opening, contact, shown.revision + 1, after)
            if shown.by != staff or (shown.record is not None and shown.record.finished) != finished:
                await self._audit.append(conn, Action.RECORD_WRITTEN, actor=staff, contact=contact.id)
        return kept

    async def _store_revision(
        self, conn: AsyncConnection, opening: Opening, contact: Contact, revision: int, record: Record
    ) -> Kept:
        key = await self._key(conn, opening)
        now, staff = epoch_seconds(self._clock.now()), opening.session.staff_id
        await conn.execute(
            insert(record_revisions).values(
                contact=contact.id,
                revision=revision,
                segment=key.segment,
                staff=staff,
                at=now,
                sealed=key.seal(_name(contact.id, key.segment, revision), written(record)),
            )
        )
        values = {"revision": revision, "finished_at": now if record.finished else None}
        moved = await conn.execute(update(records).where(records.c.contact == contact.id).values(**values))
        if not moved.rowcount:
            await conn.execute(insert(records).values(contact=contact.id, **values))
        return Kept(contact=contact, revision=revision, record=record, by=staff, at=now)

    async def _newest(self, conn: AsyncConnection, contact: Contact, opening: Opening) -> Kept:
        revision = await conn.scalar(select(records.c.revision).where(records.c.contact == contact.id))
        if revision is None:
            return Kept(contact=contact)
        return await self._kept(conn, contact, opening, await _row(conn, contact.id, revision))

    async def _kept(self, conn: AsyncConnection, contact: Contact, opening: Opening, row: RowMapping) -> Kept:
        """A colleague's record tells what the visitor told: whoever may not read the one does not see the other."""
        veiled = contact.reads_from > 1 and row["staff"] != opening.session.staff_id
        record = None if veiled else await self._opened(conn, opening, row)
        return Kept(contact=contact, revision=row["revision"], record=record, by=row["staff"], at=row["at"])

    async def _opened(self, conn: AsyncConnection, opening: Opening, row: RowMapping) -> Record | None:
        segment, revision = row["segment"], row["revision"]
        try:
            key = await self._keyring.open_segment(conn, opening, Klass.RECORD, segment)
            return read(key.open(_name(opening.contact, segment, revision), row["sealed"]))
        except (NoKey, Distrusted, Unopenable):  # an altered row has raised the alarm; it closes one revision
            return None

    async def _key(self, conn: AsyncConnection, opening: Opening) -> ContentKey:
        """The newest key of the class that this session holds; else a new one."""
        for segment in reversed(await self._keyring.segment_numbers(conn, opening.contact, Klass.RECORD)):
            try:
                return await self._keyring.open_segment(conn, opening, Klass.RECORD, segment)
            except (NoKey, Distrusted):
                continue
        return await self._keyring.new_segment(conn, opening.contact, Klass.RECORD)


async def _contact(conn: AsyncConnection, contact: ContactId, *, lock: bool = False) -> Contact:
    query = select(contacts).where(contacts.c.id == contact, contacts.c.erased_at.is_(None))
    row = (await conn.execute(query.with_for_update() if lock else query)).mappings().one_or_none()
    if row is None:
        raise Refused(Refusal.NOT_YOURS)
    return contact_of(row)


async def _row(conn: AsyncConnection, contact: ContactId, revision: int) -> RowMapping:
    where = (record_revisions.c.contact == contact, record_revisions.c.revision == revision)
    return (await conn.execute(select(record_revisions).where(*where))).mappings().one()


def _name(contact: ContactId, segment: int, revision: int) -> EntryName:
    return EntryName(contact, Klass.RECORD, segment, revision, revision, _KIND, Author.WORKER, table="record_revisions")
