"""Records of two contacts, in memory: the port of the record pages, with everything a test wants to go wrong."""

from dataclasses import dataclass, field

from contacts.contact import Contact, Door, Refusal, Refused, State
from contacts.record import Codes, Record, faults, normal
from contacts.record_door import Unfinished
from contacts.records import Conflict, Faulty, Kept
from contacts.session import Session
from storage.ids import ContactId, StaffId

COLLEAGUE = StaffId("e" * 32)


@dataclass
class FakeRecords:
    """`trouble` is raised by whatever is asked next; `kept` by contact, every revision."""

    mine: frozenset[str]
    trouble: Exception | None = None
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    gone_from_list: list[Contact] = field(default_factory=list)

    def contact(self, contact: str) -> Contact:
        """As it would be in the database."""
        over = contact in self.ended
        return Contact(
            id=ContactId(contact),
            door=Door.CHAT,
            language="fi",
            tag="P3",
            state=State.ENDED if over else State.ACTIVE,
            opened_at=1795431600,
            accepted_at=1795431660,
            ended_at=1795432600 if over else None,
        )

    def written_by_a_colleague(self, contact: str, codes: Codes) -> None:
        """Somebody else saves."""
        self._append(contact, codes, finished=False, by=COLLEAGUE)

    async def current(self, session: Session, contact: ContactId) -> Kept:
        del session
        self._mine(contact)
        return self.kept.get(contact, [Kept(contact=self.contact(contact))])[-1]

    async def save(self, session: Session, contact: ContactId, *, based_on: int, codes: Codes, finished: bool) -> Kept:
        now = await self.current(session, contact)
        if based_on != now.revision:
            raise Conflict(now)
        if found := faults(codes):
            raise Faulty(found)
        return self._append(contact, codes, finished=finished, by=session.staff_id)

    async def unfinished(self, staff: StaffId) -> list[Unfinished]:
        del staff
        self._perhaps()
        return [Unfinished(contact, begun=False) for contact in self.gone_from_list]

    def _append(self, contact: str, codes: Codes, *, finished: bool, by: StaffId) -> Kept:
        revisions = self.kept.setdefault(contact, [])
        record = Record(codes=normal(codes), finished=finished)
        kept = Kept(contact=self.contact(contact), revision=len(revisions) + 1, record=record, by=by, at=1795432000)
        revisions.append(kept)
        return kept

    def _perhaps(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def _mine(self, contact: str) -> None:
        self._perhaps()
        if contact not in self.mine:
            raise Refused(Refusal.NOT_YOURS)
