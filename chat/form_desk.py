"""What operators do with messages of the form. Every opening is on the audit record before a word is shown."""

from functools import partial

from msgspec import Struct

from chat import form_rules
from chat.contact_form import CallBack, call_back_of
from chat.form_door import TOPIC
from chat.shown import opened
from contacts.committer import Committer, Decide, Effect, Fresh, Unit
from contacts.contact import Answer, EndedBy, Klass, Refusal, Refused, State, Urgency
from contacts.form_messages import FormMessages, OpenMessage
from contacts.keyring import Keyring, NoKey
from contacts.log import Log
from contacts.openings import Opening, OpeningDenied, Openings
from contacts.people import KEY_HOLDERS
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.words import Words
from duty.presence import Presence
from storage.bus import Bus
from storage.engine import Connection, Store
from storage.ids import ContactId, StaffId


class ReadMessage(Struct, frozen=True, kw_only=True):
    """A message in words. `text`: None when it cannot be opened; `call_back`: None when not said, or erased."""

    contact: ContactId
    tag: str
    language: str
    since: int
    urgency: Urgency
    answer: Answer
    text: Words | None
    call_back: CallBack | None


class FormDesk:
    """The operator's use cases. All raise `Refused`: not_yours, already_taken, ended, cannot_open, unavailable."""

    def __init__(
        self,
        *,
        store: Store,
        log: Log,
        committer: Committer,
        messages: FormMessages,
        keyring: Keyring,
        openings: Openings,
        presence: Presence,
        bus: Bus,
    ) -> None:
        self._store = store
        self._log = log
        self._committer = committer
        self._messages = messages
        self._keyring = keyring
        self._openings = openings
        self._presence = presence
        self._bus = bus

    async def taken(self, session: Session, contact: ContactId) -> ReadMessage:
        """Take a message that waits, or whose holder is not at the desk, and read it."""
        if session.role not in KEY_HOLDERS:
            raise Refused(Refusal.NOT_YOURS)
        staff = session.staff_id
        await self._decided(contact, partial(form_rules.taken, staff=staff), partial(self._is_free, staff))
        try:
            return await self.opened(session, contact)
        except Refused as refused:
            if refused.code is Refusal.CANNOT_OPEN:  # it was sealed before this person came: a colleague must take it
                await self.put_back(session, contact)
            raise

    async def opened(self, session: Session, contact: ContactId) -> ReadMessage:
        """Read one of my messages. Somebody else's and an absent one look the same."""
        async with self._store.read() as conn:
            found = await self._messages.message(conn, contact)
        if found is None or found.contact.operator != session.staff_id or found.contact.state is State.ENDED:
            raise Refused(Refusal.NOT_YOURS)
        try:
            opening = await self._openings.opened(session, contact)
            return await self._read(opening, found)
        except OpeningDenied:
            raise Refused(Refusal.CANNOT_OPEN) from None
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None

    async def put_back(self, session: Session, contact: ContactId) -> None:
        """It waits again, for anybody."""
        await self._decided(contact, partial(form_rules.put_back, staff=session.staff_id))

    async def dealt_with(self, session: Session, contact: ContactId, outcome: EndedBy) -> None:
        """It leaves the list. `outcome`: one of `form_rules.OUTCOMES`."""
        rule = partial(form_rules.dealt_with, staff=session.staff_id, outcome=outcome)
        await self._decided(contact, rule)

    async def _decided(self, contact: ContactId, rule: Decide, guard: Effect | None = None) -> None:
        await self._committer.submit(Unit(contact, rule, guard=guard))
        await self._bus.publish(TOPIC, b"")

    async def _is_free(self, staff: StaffId, conn: Connection, contact: ContactId) -> None:
        """On the locked row: nobody has it, or somebody who is not there. A message must not be stuck with anybody."""
        holder = await self._messages.holder(conn, contact)
        if holder is None or holder == staff:
            return
        if holder in {one.staff_id for one in await self._presence.present(conn)}:
            raise Refused(Refusal.ALREADY_TAKEN)

    async def _read(self, opening: Opening, found: OpenMessage) -> ReadMessage:
        try:
            text = await self._words(opening, Klass.TRANSCRIPT)
        except NoKey:
            raise Refused(Refusal.CANNOT_OPEN) from None
        contact = found.contact
        return ReadMessage(
            contact=contact.id,
            tag=contact.tag,
            language=contact.language,
            since=contact.opened_at,
            urgency=found.urgency,
            answer=found.answer,
            text=text,
            call_back=await self._call_back(opening),
        )

    async def _call_back(self, opening: Opening) -> CallBack | None:
        """How to answer; None when it was not said, or is erased already."""
        try:
            words = await self._words(opening, Klass.CALLBACK)
        except NoKey:
            return None
        return None if words is None else call_back_of(words)

    async def _words(self, opening: Opening, klass: Klass) -> Words | None:
        """The one entry of a class; None when there is none, or it was altered at rest. Raises `NoKey`, `Closed`."""
        entries = await self._log.entries_after(opening.contact, klass, 0, limit=1)
        if not entries:
            return None
        segment = entries[0].segment
        async with self._store.read() as conn:
            key = await self._keyring.open_segment(conn, opening, klass, segment)
        shown = opened(Fresh(entries[0], None), {segment: key})
        return None if shown is None else shown.text
