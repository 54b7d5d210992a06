"""One installation that counts: contacts that end, records, proposals, the mover and the book."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import select

from contacts.begin import begin
from contacts.contact import Contact, Door, EndedBy, State
from contacts.heads import contact_row
from contacts.openings import Opening
from contacts.people import Role
from contacts.record import Record
from contacts.session import Session
from contacts.statistics.fact import Codes, Fact, Unit
from contacts.statistics.fact_book import FactBook
from contacts.statistics.facts import Facts
from contacts.statistics.handles import Handles
from contacts.statistics.mover import Mover
from contacts.statistics.pending import PendingFacts
from contacts.statistics.periods import Period
from contacts.statistics.proposals import Proposals
from contacts.statistics.recorded import RecordedFacts
from contacts.statistics.tables import facts, pending_facts
from contacts.tables_log import contacts
from storage.clock import epoch_seconds
from storage.ids import ContactId, new_id
from tests.contacts.installation import Installation

ZONE = ZoneInfo("Europe/Helsinki")
H1, H2, NEXT = Period("2026H1"), Period("2026H2"), Period("2027H1")


@dataclass
class World:
    """`lead` opens contacts and facts."""

    here: Installation
    lead: Session
    at_least: int = 20

    def __post_init__(self) -> None:
        here = self.here
        pending = PendingFacts(app_key=here.app_key, deployment=here.deployment)
        handles = Handles(keyring=here.keyring)
        self.pending = pending
        self.facts = Facts(clock=here.clock, zone=ZONE, keys=here.statistics, pending=pending, handles=handles)
        self.proposals = Proposals(clock=here.clock, zone=ZONE, facts=self.facts, keyring=here.keyring)
        self.recorded = RecordedFacts(facts=self.facts, proposals=self.proposals)
        self.mover = Mover(
            store=here.store,
            clock=here.clock,
            zone=ZONE,
            facts=self.facts,
            pending=pending,
            handles=handles,
            at_least=self.at_least,
        )
        self.book = FactBook(
            store=here.store,
            audit=here.audit,
            alarm=here.alarms.append,
            deployment=here.deployment,
            keys=here.statistics,
        )

    async def begun(self, door: Door = Door.CHAT, **known: object) -> Contact:
        """Somebody is there."""
        now = epoch_seconds(self.here.clock.now())
        contact = Contact(id=ContactId(new_id()), door=door, language="fi", tag="A1", state=State.ACTIVE, opened_at=now)
        contact = replace(contact, **known)
        async with self.here.store.write() as conn:
            await begin(conn, contact)
        return contact

    async def end(self, *which: Contact, by: EndedBy = EndedBy.WORKER) -> None:
        """These contacts end, in one transaction."""
        ended = []
        async with self.here.store.write() as conn:
            for one in which:
                row = contact_row(one) | {"state": State.ENDED, "ended_by": by}
                row["ended_at"] = epoch_seconds(self.here.clock.now())
                await conn.execute(contacts.update().where(contacts.c.id == one.id).values(**row))
                ended.append(Contact(**{**row, "danger": bool(row["danger"]), "next_reads": False}))
            await self.facts.closed(conn, ended)

    async def ended(self, count: int = 1, by: EndedBy = EndedBy.WORKER) -> list[Contact]:
        """So many contacts that came and ended."""
        those = [await self.begun() for _ in range(count)]
        await self.end(*those, by=by)
        return those

    async def opening(self, contact: ContactId) -> Opening:
        return await self.here.openings.opened(self.lead, contact)

    async def saved(self, contact: Contact, before: Codes | None, after: Codes) -> None:
        """The record of a contact is saved, as `Records.save` does it."""
        opening = await self.opening(contact.id)
        was = None if before is None else Record(codes=dict(before))  # type: ignore[arg-type]
        async with self.here.store.write() as conn:
            await self.recorded.changed(conn, contact, was, Record(codes=dict(after)), opening=opening)  # type: ignore[arg-type]

    async def everything(self, session: Session | None = None, *periods: Period) -> list[Fact]:
        """All facts that have moved."""
        return list(await self.book.opened(session or self.lead, periods or (H1, H2, NEXT, Period("2027H2"))))

    async def of(self, unit: Unit) -> list[Fact]:
        return [fact for fact in await self.everything() if fact.unit is unit]

    async def waiting(self) -> int:
        """How many pending rows there are."""
        async with self.here.store.read() as conn:
            return len((await conn.execute(select(pending_facts.c.slot))).all())

    async def moved(self) -> list[tuple[str, bytes]]:
        """What lies in the table of facts, in the order in which the database gives it."""
        async with self.here.store.read() as conn:
            return [(row.id, row.sealed) for row in await conn.execute(select(facts.c.id, facts.c.sealed))]

    async def analyst(self) -> Session:
        """Somebody who joined as analyst."""
        return await self.here.signed_in(await self.here.joined(self.lead, "saga", Role.ANALYST))


def said(found: Iterable[Fact], field: str) -> list[tuple[str, ...]]:
    """What facts say in one field, sorted."""
    return sorted(fact.codes.get(field, ()) for fact in found)
