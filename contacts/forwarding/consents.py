"""Questions for consent, the consents that operators record, and their withdrawal (promises P2 and P3).

Rows are locked in one order everywhere: contact, question, forwarding, consent, audit. What the database refuses raises
`Denied` with `not_allowed` after the caller's transaction has been put back to where it was.
"""

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.forwarding.consent import (
    Ask,
    AskId,
    Consent,
    ConsentId,
    Denial,
    Denied,
    Given,
    Minor,
    Question,
    Reply,
    Withdrawer,
    check_given,
    check_term,
    listed_fields,
)
from contacts.forwarding.consent_rows import ask_of, consent_of
from contacts.forwarding.payload import Scope
from contacts.forwarding.proposing import NoProposals, Proposing
from contacts.forwarding.refused import heeding
from contacts.forwarding.rules_of_permission import COPIED
from contacts.forwarding.tables import LONGEST_FIELDS, consent_asks, consents
from contacts.forwarding.withdrawing import Withdrawal, withdrawn
from contacts.people import KEY_HOLDERS, Role
from contacts.session import Session
from contacts.tables_log import contacts
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId, StaffId, new_id


class Consents:
    """Asks, answers, records, withdraws. Methods with `conn` work inside the caller's transaction."""

    def __init__(self, *, store: Store, clock: Clock, audit: Audit, proposing: Proposing | None = None) -> None:
        self._store = store
        self._clock = clock
        self._audit = audit
        self._proposing = proposing or NoProposals()

    # -- the question

    async def ask(self, conn: AsyncConnection, question: Question, *, by: Session) -> AskId:
        """Note what somebody is about to be asked. Raises `Denied`: not_asked_so, too_long, not_allowed."""
        now = self._now()
        fields = listed_fields(question.fields)
        if len(fields) > LONGEST_FIELDS:
            raise Denied(Denial.NOT_ASKED_SO)
        check_term(now, question.until)
        _staffed(by)
        ask = AskId(new_id())
        values = {
            **{name: getattr(question, name) for name in question.__struct_fields__},
            "fields": fields,
            "scope": question.scope.value,
            "how": question.how.value,
            "minor": question.minor.value,
        }
        async with heeding(conn):
            await conn.execute(insert(consent_asks).values(id=ask, asked_by=by.staff_id, asked_at=now, **values))
        return ask

    async def shown(self, conn: AsyncConnection, ask: AskId, entry: int) -> None:
        """The card stands in the transcript under this number. Once."""
        waiting = update(consent_asks).where(consent_asks.c.id == ask, consent_asks.c.entry.is_(None))
        await conn.execute(waiting.values(entry=entry))

    async def answered(self, conn: AsyncConnection, contact: ContactId, *, ask: str, said: str) -> None:
        """What they said, once: again changes nothing. Raises `Denied`: not_there, already (cancelled, or said otherwise)."""
        row = await self._locked_ask(conn, ask, contact)
        if row["answer"] == said:
            return
        if row["answer"] is not None or row["cancelled_at"] is not None:
            raise Denied(Denial.ALREADY)
        at = max(self._now(), row["asked_at"])
        await conn.execute(
            update(consent_asks).where(consent_asks.c.id == ask).values(answer=Reply(said).value, answered_at=at)
        )

    async def agreed_by_lead(self, conn: AsyncConnection, ask: AskId, *, by: Session) -> None:
        """In a minor's case a lead who is not the one who asks looks at it and agrees, once. Raises `Denied`."""
        row = await self._locked_ask(conn, ask)
        if by.role is not Role.LEAD:
            raise Denied(Denial.NOT_A_LEAD)
        if row["asked_by"] == by.staff_id:
            raise Denied(Denial.SAME_PERSON)
        if row["lead"] is not None:
            return
        async with heeding(conn):
            await conn.execute(
                update(consent_asks).where(consent_asks.c.id == ask).values(lead=by.staff_id, lead_at=self._now())
            )

    async def cancel(self, conn: AsyncConnection, ask: AskId) -> None:
        """It is not asked any more, and an answer that comes later counts for nothing. Again changes nothing."""
        await self._locked_ask(conn, ask)
        await self._cancel(conn, ask)

    # -- the consent

    async def record(self, conn: AsyncConnection, ask: AskId, given: Given, *, by: Session) -> ConsentId:
        """The operator sets the consent that was given in answer to this question.

        Raises `Denied`: not_there, not_answered_yes, already, lead_needed, same_person, suspected, child_not_heard,
        representative_unclear, too_long, not_allowed.
        """
        _staffed(by)
        contact = (await conn.execute(select(consent_asks.c.contact).where(consent_asks.c.id == ask))).scalar()
        await conn.execute(
            select(contacts.c.id).where(contacts.c.id == contact).with_for_update(read=True, key_share=True)
        )
        row = await self._locked_ask(conn, ask)
        now = max(self._now(), row["answered_at"] or 0)
        if row["answer"] != Reply.YES or row["cancelled_at"] is not None:
            raise Denied(Denial.NOT_ANSWERED_YES)
        if (await conn.execute(select(consents.c.id).where(consents.c.ask == ask))).one_or_none() is not None:
            raise Denied(Denial.ALREADY)
        check_given(given, Minor(row["minor"]))
        check_term(now, row["until"])
        lead = _lead_for(row, by)
        consent = ConsentId(new_id())
        async with heeding(conn):
            await conn.execute(
                insert(consents).values(
                    **{name: row[name] for name in COPIED},
                    id=consent,
                    ask=ask,
                    interpreter="yes" if given.interpreter else "no",
                    giver=given.giver.value,
                    representative=given.representative,
                    suspected=given.suspected,
                    child_heard=given.child_heard,
                    lead=lead,
                    recorded_by=by.staff_id,
                    given_at=now,
                )
            )
        await self._audit.append(
            conn, Action.CONSENT, actor=by.staff_id, contact=row["contact"], detail=Scope(row["scope"])
        )
        return consent

    async def withdraw(
        self, conn: AsyncConnection, consent: ConsentId, *, by: Withdrawer, staff: StaffId | None = None
    ) -> Withdrawal:
        """Take it back: what was not handed to transmission is gone in this transaction, what was gets a notice.

        Never refused; again changes nothing. Raises `Denied`: not_there.
        """
        return await withdrawn(
            conn, consent, by=by, staff=staff, now=self._now(), audit=self._audit, proposing=self._proposing
        )

    async def taken_back(self, contact: ContactId, *, ask: str) -> bool | None:
        """The visitor withdraws what they said yes to, in a transaction of its own; whether something had left before.

        A yes that no operator has recorded yet is as if it had not been said. None: nobody said yes to this question.
        Again gives the same answer.
        """
        async with self._store.write() as conn:
            row = await self._locked_ask(conn, ask, contact)
            if row["answer"] != Reply.YES:
                return None
            query = select(consents.c.id).where(consents.c.ask == ask)
            consent = (await conn.execute(query)).scalar()
            if consent is None:
                await self._cancel(conn, AskId(ask))
                return False
            done = await self.withdraw(conn, ConsentId(consent), by=Withdrawer.VISITOR)
            return done.sent

    async def withdraw_all(
        self, conn: AsyncConnection, contact: ContactId, *, by: Withdrawer, staff: StaffId | None = None
    ) -> list[Withdrawal]:
        """Every consent of a contact, and every open question with them: the person wants nothing shared."""
        await conn.execute(
            select(contacts.c.id).where(contacts.c.id == contact).with_for_update(read=True, key_share=True)
        )
        open_asks = select(consent_asks.c.id).where(consent_asks.c.contact == contact).order_by(consent_asks.c.id)
        for ask in (await conn.execute(open_asks.with_for_update())).scalars().all():
            await self._cancel(conn, AskId(ask))
        live = select(consents.c.id).where(consents.c.contact == contact, consents.c.withdrawn_at.is_(None))
        ids = (await conn.execute(live.order_by(consents.c.id))).scalars().all()
        return [await self.withdraw(conn, ConsentId(one), by=by, staff=staff) for one in ids]

    # -- reading

    async def asks(self, conn: AsyncConnection, contact: ContactId) -> list[Ask]:
        """Everything a contact was asked, oldest first."""
        query = select(consent_asks).where(consent_asks.c.contact == contact)
        found = (await conn.execute(query.order_by(consent_asks.c.asked_at, consent_asks.c.id))).mappings()
        return [ask_of(row) for row in found]

    async def find_ask(self, conn: AsyncConnection, ask: AskId) -> Ask | None:
        """One question."""
        row = (await conn.execute(select(consent_asks).where(consent_asks.c.id == ask))).mappings().one_or_none()
        return None if row is None else ask_of(row)

    async def waiting_for_lead(self, conn: AsyncConnection) -> list[Ask]:
        """Minors' cases that no lead has looked at, oldest first."""
        query = select(consent_asks).where(
            consent_asks.c.minor == Minor.YES, consent_asks.c.lead.is_(None), consent_asks.c.cancelled_at.is_(None)
        )
        still = query.where(consent_asks.c.until > self._now()).order_by(consent_asks.c.asked_at, consent_asks.c.id)
        return [ask_of(row) for row in (await conn.execute(still)).mappings()]

    async def of_contact(self, conn: AsyncConnection, contact: ContactId) -> list[Consent]:
        """Every consent of a contact, oldest first; ask `live(now)`."""
        query = select(consents).where(consents.c.contact == contact).order_by(consents.c.given_at, consents.c.id)
        return [consent_of(row) for row in (await conn.execute(query)).mappings()]

    async def find(self, conn: AsyncConnection, consent: ConsentId) -> Consent | None:
        """One consent."""
        row = (await conn.execute(select(consents).where(consents.c.id == consent))).mappings().one_or_none()
        return None if row is None else consent_of(row)

    # -- inside

    async def _locked_ask(self, conn: AsyncConnection, ask: str, contact: ContactId | None = None) -> RowMapping:
        query = select(consent_asks).where(consent_asks.c.id == ask)
        if contact is not None:
            query = query.where(consent_asks.c.contact == contact)
        row = (await conn.execute(query.with_for_update())).mappings().one_or_none()
        if row is None:
            raise Denied(Denial.NOT_THERE)
        return row

    async def _cancel(self, conn: AsyncConnection, ask: AskId) -> None:
        still = update(consent_asks).where(consent_asks.c.id == ask, consent_asks.c.cancelled_at.is_(None))
        await conn.execute(still.values(cancelled_at=self._now()))

    def _now(self) -> int:
        return epoch_seconds(self._clock.now())


def _staffed(by: Session) -> None:
    if by.role not in KEY_HOLDERS:
        raise Denied(Denial.NOT_ALLOWED)


def _lead_for(row: RowMapping, by: Session) -> StaffId | None:
    """The lead who agreed, where one is needed."""
    lead: StaffId | None = row["lead"]
    if row["minor"] == Minor.YES:
        if lead is None:
            raise Denied(Denial.LEAD_NEEDED)
        if lead == by.staff_id:
            raise Denied(Denial.SAME_PERSON)
    return lead
