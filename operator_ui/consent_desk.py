"""Asking for consent, setting it, withdrawing it: the operator's use cases, whatever door the contact came by.

Nothing here happens by itself: the operator asks, the person answers, the operator sets the consent, the operator sends.
Everybody else's contact and one that is not there look the same.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from chat.cards import Cards
from chat.consent_card import UNASKED, Card, wish_recorded
from chat.desk_door import DeskDoor
from contacts.committer import Committer, Unit
from contacts.contact import Contact, Door, Refusal, Refused, State, Wish
from contacts.forwarding.consent import (
    Ask,
    AskId,
    ConsentId,
    Denial,
    Denied,
    EmergencyId,
    Given,
    How,
    Reply,
    Withdrawer,
)
from contacts.forwarding.consents import Consents
from contacts.forwarding.emergencies import Act, Emergencies
from contacts.forwarding.following import Standing
from contacts.forwarding.offered import Offered
from contacts.forwarding.payload import canonical, parsed
from contacts.forwarding.payloads import Kept as KeptPayload
from contacts.forwarding.payloads import NoPayload, Payloads
from contacts.forwarding.veil import refuse_veiled, veiled
from contacts.forwarding.withdrawing import Withdrawal
from contacts.keyring import NoKey
from contacts.log import Log
from contacts.openings import Opening
from contacts.organisations.organisations import Organisations
from contacts.record import Codes
from contacts.record_door import RecordDoor
from contacts.session import Session
from contacts.staff_keys import Closed
from operator_ui.consent_composing import Composed, Composing, Proposed, check_minor
from operator_ui.consent_overview import Gathered, Reading
from storage.clock import Clock
from storage.engine import Connection, Store
from storage.ids import ContactId

#: Tells every desk of a lead that somebody acted without consent.
Announce = Callable[[], Awaitable[None]]


class Listing(Protocol):
    """What is needed of `contacts.forwarding.following.Following`."""

    async def listed(self, session: Session, contact: ContactId) -> list[Standing]: ...


class ConsentDesk:
    """`zone`: the helpline's, for days."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        composing: Composing,
        log: Log,
        record_door: RecordDoor,
        organisations: Organisations,
        consents: Consents,
        following: Listing,
        emergencies: Emergencies,
        committer: Committer,
        payloads: Payloads,
        cards: Cards,
        desk_door: DeskDoor,
        announce: Announce,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._composing = composing
        self._log = log
        self._record_door = record_door
        self._organisations = organisations
        self._consents = consents
        self._following = following
        self._emergencies = emergencies
        self._committer = committer
        self._payloads = payloads
        self._cards = cards
        self._desk_door = desk_door
        self._announce = announce

    async def overview(self, session: Session, contact: ContactId) -> dict[str, object]:
        """What the tab shows. Raises `Refused`."""
        codes, found = await self._read(session, contact)
        opening = await self._record_door.opening(session, contact)
        forwarded = await self._following.listed(session, contact)
        async with self._store.read() as conn:
            organisations, _ = await self._organisations.believed(conn)
            asks = await self._consents.asks(conn, contact)
            readings = {
                ask.id: await self._reading(conn, opening, found, ask)
                for ask in asks
                if _is_read(ask) and not veiled(found.reads_from, session.staff_id, ask.asked_by)
            }
            gathered = Gathered(
                contact=found,
                me=session.staff_id,
                now=self._clock.now(),
                zone=self._zone,
                organisations=organisations,
                wordings=await self._composing.in_use(conn, found.language),
                document=self._composing.document,
                fields=self._composing.fields(codes, found),
                asks=asks,
                readings={ask: reading for ask, reading in readings.items() if reading is not None},
                consents=await self._consents.of_contact(conn, contact),
                forwardings=forwarded,
                emergencies=await self._emergencies.of_contact(conn, contact),
            )
        return gathered.shown()

    async def wished(self, session: Session, contact: ContactId, wish: Wish | None) -> None:
        """What the person wants done with what they tell. Without sharing, no question stands open. Raises `Refused`."""
        await self._mine(session, contact)
        rule = partial(wish_recorded, staff=session.staff_id, wish=wish)
        await self._committer.submit(Unit(contact, rule))
        if wish in UNASKED:
            async with self._store.write() as conn:
                await self._cancel_open(conn, contact)

    # -- composing and asking

    async def composed(self, session: Session, contact: ContactId, proposed: Proposed) -> Composed:
        """The question as it would be put; nothing is kept. Raises `Refused`, `Denied`: not_asked_so, too_long."""
        codes, found = await self._read(session, contact)
        if found.wish in UNASKED:
            raise Refused(Refusal.NOT_WISHED)
        return await self._composing.composed(found, codes, proposed)

    async def ask(self, session: Session, contact: ContactId, proposed: Proposed) -> tuple[AskId, str]:
        """Put the question: on a card in the chat, or spoken; the ask, and the wording to read out.

        Raises `Refused` (ended, not_wished, cannot_open ...), `Denied`.
        """
        codes, found = await self._read(session, contact)
        if found.wish in UNASKED:
            raise Refused(Refusal.NOT_WISHED)
        if proposed.how is How.CARD and (found.door is not Door.CHAT or found.state is not State.ACTIVE):
            raise Refused(Refusal.ENDED)
        made = await self._composing.composed(found, codes, proposed)
        opening = await self._record_door.opening(session, contact)
        async with self._store.write() as conn:
            await self._cancel_open(conn, contact)
            ask = await self._noted(conn, opening, proposed, made)
        if proposed.how is How.CARD:
            await self._show(session, contact, ask, made.card)
        return ask, made.told

    async def answered(self, session: Session, contact: ContactId, ask: AskId, said: Reply) -> None:
        """What somebody said aloud. A card is answered by the person who sees it, and by nobody else."""
        opening = await self._record_door.opening(session, contact)
        async with self._store.write() as conn:
            if (await self._readable(conn, opening, ask)).question.how is How.CARD:
                raise Denied(Denial.NOT_ALLOWED)
            await self._consents.answered(conn, contact, ask=ask, said=said.value)

    async def cancelled(self, session: Session, contact: ContactId, ask: AskId) -> None:
        """It is not asked any more. Raises `Refused`, `Denied`: not_there."""
        await self._mine(session, contact)
        async with self._store.write() as conn:
            found = await self._ask(conn, contact, ask)
            await self._consents.cancel(conn, ask)
        if found.question.how is How.CARD:
            await self._cards.take_back(contact, session.staff_id, ask)

    # -- the consent

    async def set(self, session: Session, contact: ContactId, ask: AskId, given: Given) -> ConsentId:
        """The one deliberate act by which something may leave. Raises `Refused`, `Denied`."""
        codes, found = await self._read(session, contact)
        if found.wish in UNASKED:
            raise Refused(Refusal.NOT_WISHED)
        opening = await self._record_door.opening(session, contact)
        async with self._store.write() as conn:
            check_minor(codes, (await self._readable(conn, opening, ask)).question.minor)
            return await self._consents.record(conn, ask, given, by=session)

    # -- without consent: never reached from the ordinary path

    async def tellable(self, session: Session, contact: ContactId, language: str) -> tuple[Contact, list[Offered]]:
        """What could be told in an emergency. Raises `Refused`."""
        codes, found = await self._read(session, contact)
        return found, self._composing.told_in(language, codes, found)

    async def acted(self, session: Session, act: Act) -> EmergencyId:
        """Record, before anything is told, that somebody acts alone. Raises `Refused`, `Denied`."""
        await self._mine(session, act.contact)
        async with self._store.write() as conn:
            emergency = await self._emergencies.act(conn, act, by=session)
        await self._announce()
        return emergency

    # -- taking back

    async def withdrawn(self, session: Session, contact: ContactId, consent: ConsentId) -> Withdrawal:
        """One action: what has not left stops, who has something is told. Raises `Refused`, `Denied`: not_there."""
        await self._mine(session, contact)
        async with self._store.write() as conn:
            found = await self._consents.find(conn, consent)
            if found is None or found.question.contact != contact:
                raise Denied(Denial.NOT_THERE)
            done = await self._consents.withdraw(conn, consent, by=Withdrawer.OPERATOR, staff=session.staff_id)
        if found.question.how is How.CARD:
            await self._cards.withdrawn_for(contact, found.ask, sent=done.sent)
        return done

    # -- inside

    async def _mine(self, session: Session, contact: ContactId) -> Contact:
        await self._record_door.opening(session, contact)
        found = await self._log.contact(contact)
        if found is None:
            raise Refused(Refusal.NOT_YOURS)
        return found

    async def _read(self, session: Session, contact: ContactId) -> tuple[Codes, Contact]:
        kept = await self._record_door.current(session, contact)
        return ({} if kept.record is None else kept.record.codes), kept.contact

    async def _ask(self, conn: Connection, contact: ContactId, ask: AskId) -> Ask:
        found = await self._consents.find_ask(conn, ask)
        if found is None or found.question.contact != contact:
            raise Denied(Denial.NOT_THERE)
        return found

    async def _readable(self, conn: Connection, opening: Opening, ask: AskId) -> Ask:
        """The same, where this reader may know what was asked."""
        found = await self._ask(conn, opening.contact, ask)
        await refuse_veiled(conn, opening, found.asked_by)
        return found

    async def _reading(self, conn: Connection, opening: Opening, found: Contact, ask: Ask) -> Reading | None:
        """What is read out, or asked anew; None where it cannot be opened (any more)."""
        question = ask.question
        try:
            octets = await self._payloads.payload(conn, opening, KeptPayload(question.payload, question.digest))
        except (NoPayload, NoKey, Closed):
            return None
        payload = parsed(octets)
        card = self._composing.card(payload, {item.field: item.codes for item in payload.items if item.codes}, found)
        return Reading(card, tuple(item.field for item in payload.items))

    async def _noted(self, conn: Connection, opening: Opening, proposed: Proposed, made: Composed) -> AskId:
        kept = await self._payloads.keep_payload(conn, opening, canonical(made.payload))
        question = self._composing.question(opening.contact, proposed, made, kept)
        return await self._consents.ask(conn, question, by=opening.session)

    async def _show(self, session: Session, contact: ContactId, ask: AskId, card: Card) -> None:
        try:
            talk = await self._desk_door.opened(session, contact)
            receipt = await self._cards.show(talk, ask, card)
        except Refused:
            async with self._store.write() as conn:
                await self._consents.cancel(conn, ask)
            raise
        async with self._store.write() as conn:
            await self._consents.shown(conn, ask, receipt.seq)

    async def _cancel_open(self, conn: Connection, contact: ContactId) -> None:
        """Only the newest question counts."""
        for ask in await self._consents.asks(conn, contact):
            if ask.answer is None and not ask.cancelled:
                await self._consents.cancel(conn, ask.id)


def _is_read(ask: Ask) -> bool:
    """Read out now, or to be changed and asked anew."""
    unanswered = ask.answer is None and ask.question.how is not How.CARD
    return not ask.cancelled and (unanswered or ask.answer is Reply.CHANGE)
