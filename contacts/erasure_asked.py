"""Erasure because somebody asks for it: everything of one contact, all classes at once, whatever the terms say.

What was not handed over vanishes. What was handed over is out of our reach: its bare row stays, without content, so that
its receiver can be told that the consent is gone; it goes with the contact's own row, when the record's time is up. So does
the bare row of an emergency: whoever acted without consent must not be able to erase that they did.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.contact import Contact, Klass, Refusal, Refused, State
from contacts.erasure import Erasure
from contacts.forwarding.consent import ConsentId, ForwardingId, Withdrawer
from contacts.forwarding.proposing import NoProposals, Proposing
from contacts.forwarding.tables import consents, emergencies, forwardings
from contacts.forwarding.withdrawing import destroy_waiting, withdrawn
from contacts.heads import contact_of
from contacts.people import KEY_HOLDERS, Role
from contacts.remains import remove
from contacts.session import Session
from contacts.tables_log import contacts
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of it. `handed_over`: how much had left already and is at its receivers."""

    handed_over: int


class ErasureAsked:
    """Erases on request, audited without content."""

    def __init__(
        self, *, store: Store, clock: Clock, erasure: Erasure, audit: Audit, proposing: Proposing | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._erasure = erasure
        self._audit = audit
        self._proposing = proposing or NoProposals()

    async def asked(self, session: Session, contact: ContactId) -> Contact:
        """What would be erased, seen from outside. Raises `Refused`: not_yours."""
        async with self._store.read() as conn:
            row = (await conn.execute(select(contacts).where(contacts.c.id == contact))).one_or_none()
        if row is None or not may_erase(session, found := contact_of(row._mapping)):
            raise Refused(Refusal.NOT_YOURS)
        return found

    async def erase(self, session: Session, contact: ContactId) -> Erased:
        """Everything of a contact that has ended; when this returns, no copy on this machine can be read either.

        A lead may for any contact, an operator for their own. Raises `Refused`: not_yours (also when there is none, or none
        any more), ended when it has **not**: whoever is in a conversation ends it first.
        """
        now = epoch_seconds(self._clock.now())
        async with self._store.write() as conn:
            query = select(contacts).where(contacts.c.id == contact).with_for_update()
            row = (await conn.execute(query)).one_or_none()
            if row is None or not may_erase(session, found := contact_of(row._mapping)):
                raise Refused(Refusal.NOT_YOURS)
            if found.state is not State.ENDED:
                raise Refused(Refusal.ENDED)
            handed_over = await self._stopped(conn, session, contact, now)
            for klass in Klass:
                await self._erasure.erase(conn, contact, klass)
            if not handed_over and not await _acted_without_consent(conn, contact):
                await remove(conn, contact, now=now)
            await self._audit.append(conn, Action.ERASURE_ASKED, actor=session.staff_id, contact=contact)
        await self._erasure.settle()
        return Erased(handed_over)

    async def _stopped(self, conn: AsyncConnection, session: Session, contact: ContactId, now: int) -> int:
        """Let nothing more leave; how much has left."""
        given = select(consents.c.id).where(consents.c.contact == contact).order_by(consents.c.id)
        for consent in list((await conn.execute(given)).scalars()):
            await withdrawn(
                conn,
                ConsentId(consent),
                by=Withdrawer.ERASURE,
                staff=session.staff_id,
                now=now,
                audit=self._audit,
                proposing=self._proposing,
            )
        await conn.execute(
            update(contacts).where(contacts.c.id == contact, contacts.c.erased_at.is_(None)).values(erased_at=now)
        )
        mine = select(forwardings.c.id, forwardings.c.sent_at).where(forwardings.c.contact == contact)
        rows = (await conn.execute(mine.order_by(forwardings.c.id))).all()
        unsent = [ForwardingId(row.id) for row in rows if row.sent_at is None]
        await destroy_waiting(conn, unsent)
        for each in unsent:
            await self._proposing.dropped(conn, each)
        await conn.execute(delete(forwardings).where(forwardings.c.id.in_(unsent)))
        return len(rows) - len(unsent)


async def _acted_without_consent(conn: AsyncConnection, contact: ContactId) -> bool:
    return (
        await conn.execute(select(emergencies.c.id).where(emergencies.c.contact == contact).limit(1))
    ).first() is not None


def may_erase(session: Session, contact: Contact) -> bool:
    """A lead, when the contact has ended; its operator, who may end it first. What is erased already is not there."""
    if session.role is Role.LEAD and contact.state is State.ENDED:
        return True
    return session.role in KEY_HOLDERS and contact.operator == session.staff_id
