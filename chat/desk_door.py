"""What an operator can do with chats, whatever carries it. Every opening is on the audit record before a word is shown."""

import asyncio
import contextlib
from functools import partial

from chat import absence, conversation, drain
from chat.colleagues import Colleagues
from chat.desk_talk import DeskTalk, Standing
from chat.desktop import Desktop, row_of
from chat.live import Follower, Live, Sink
from chat.outlook import Outlook
from chat.places import Places
from chat.shown import ShownEntry, opened, unreadable
from chat.taking import Taking
from chat.texts import check_text
from chat.visitor_feed import SHOWN, WRITING
from contacts.call_loads import on_the_phone
from contacts.committer import Committer, Fresh, Outcome, Unit
from contacts.contact import Author, Door, Kind, Klass, Question, Receipt, Refusal, Refused, State
from contacts.distrust import Distrusted
from contacts.keyring import Keyring, NoKey
from contacts.log import Log
from contacts.openings import Opening, OpeningDenied, Openings
from contacts.people import Role
from contacts.sealing import ContentKey
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.visitor_keys import VisitorKeys
from contacts.words import Words
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId, StaffId
from storage.leases import one_at_a_time

#: An ended conversation stays on its operator's list this long for the record, in seconds (console.md: wrap-up).
WRAP_UP_SECONDS = 20 * 60
_ANSWERING = frozenset({Role.OPERATOR, Role.LEAD})


class DeskDoor:
    """The operator's use cases. `capacity`: conversations at once."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        log: Log,
        committer: Committer,
        live: Live,
        places: Places,
        outlook: Outlook,
        colleagues: Colleagues,
        keyring: Keyring,
        openings: Openings,
        visitor_keys: VisitorKeys,
        capacity: int = 2,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._committer = committer
        self._live = live
        self._places = places
        self._outlook = outlook
        self._colleagues = colleagues
        self._keyring = keyring
        self._openings = openings
        self._visitor_keys = visitor_keys
        self.capacity = capacity

    # -- the list

    async def desktop(self, staff: StaffId) -> Desktop:
        """Who waits, and who is mine."""
        ended_after = epoch_seconds(self._clock.now()) - WRAP_UP_SECONDS
        mine = await self._log.desk(staff, ended_after)
        waiting = self._places.waiting
        listed = await self._log.listed([contact.id for contact in waiting])
        closing = self._outlook.closing
        return Desktop(
            waiting=[row_of(contact, listed.get(contact.id), closing) for contact in waiting],
            mine=[row_of(one.contact, one, closing) for one in mine],
            colleagues=[one for one in await self._colleagues.available() if one.staff != staff],
            offers={
                contact.id: contact.offer_until
                for contact in waiting
                if contact.offered_to == staff and contact.offer_until is not None
            },
        )

    async def whereabouts(self, contact: ContactId, staff: StaffId) -> str:
        """Why an offer is gone: `taken`, `left`, or `missed`."""
        found = await self._log.contact(contact)
        if found is None or found.state is State.ENDED:
            return "left"
        return "taken" if found.state is State.ACTIVE and found.operator != staff else "missed"

    # -- taking and leaving

    async def accepted(self, session: Session, contact: ContactId) -> DeskTalk:
        """Take a contact. Raises `Refused`: already_taken, at_capacity, ended, not_yours, cannot_open."""
        if session.role not in _ANSWERING:
            raise Refused(Refusal.NOT_YOURS)
        taking = Taking(session)
        guard = partial(self._may_take, session.staff_id)
        await self._committer.submit(Unit(contact, taking.decide, guard=guard, also=taking.explain))
        return await self.opened(session, contact)

    async def declined(self, session: Session, contact: ContactId) -> None:
        """Not me; somebody else is asked."""
        await self._committer.submit(Unit(contact, partial(conversation.offer_declined, staff=session.staff_id)))

    async def opened(self, session: Session, contact: ContactId) -> DeskTalk:
        """Open one of my conversations; on the audit record first. Raises `Refused`: not_yours, cannot_open."""
        opening = await self._opening(session, contact, door=Door.CHAT)
        try:
            keys = await self._open_segments(opening, Klass.TRANSCRIPT)
            if not keys:
                raise Refused(Refusal.CANNOT_OPEN)
            await self._own_segment(opening, keys)
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None
        return DeskTalk(contact, session, keys)

    async def returned(self, session: Session) -> None:
        """This operator's desk is on the line again."""
        for contact in await self._log.active(session.staff_id):
            if contact.operator_away_since is not None:
                await self._committer.submit(
                    Unit(contact.id, partial(absence.operator_returned, staff=session.staff_id))
                )
        for waits in await self._log.handed_back(session.staff_id):
            with contextlib.suppress(Refused):
                await self._committer.submit(Unit(waits, partial(absence.operator_returned, staff=session.staff_id)))

    async def flagged(self, session: Session, contact: ContactId, *, on: bool) -> None:
        """Set or take away the danger flag. Raises `Refused`."""
        if session.role not in _ANSWERING:
            raise Refused(Refusal.NOT_YOURS)
        rule = partial(conversation.danger_flagged, staff=session.staff_id, on=on)
        await self._committer.submit(Unit(contact, rule))

    async def asked(self, session: Session, contact: ContactId, question: Question, to: StaffId | None = None) -> None:
        """Ask the visitor: may somebody else go on (`to`: this colleague), may I read. Raises `Refused`."""
        if to is not None and to not in {one.staff for one in await self._colleagues.available()}:
            raise Refused(Refusal.NOT_THERE)
        rule = partial(conversation.operator_asked, staff=session.staff_id, question=question, to=to)
        await self._committer.submit(Unit(contact, rule))

    async def extended(self, session: Session, contact: ContactId) -> None:
        """Give this visitor half an hour more after closing. Raises `Refused`."""
        rule = partial(drain.grace_extended, staff=session.staff_id, closes=self._outlook.grace_until())
        await self._committer.submit(Unit(contact, rule))

    async def ended(self, session: Session, contact: ContactId) -> None:
        """End the conversation. Raises `Refused`."""
        await self._committer.submit(Unit(contact, partial(conversation.operator_ended, staff=session.staff_id)))

    # -- reading and writing

    def follow(self, talk: DeskTalk, after: int, sink: Sink) -> Follower:
        """Follow an open conversation; `unfollow` ends it."""
        return self._live.follow(talk.contact, after=after, sink=sink)

    def unfollow(self, follower: Follower) -> None:
        """Stop following."""
        self._live.unfollow(follower)

    async def standing(self, talk: DeskTalk) -> Standing:
        """Where one of my conversations stands. Raises `Refused`."""
        seq = (await self._log.last_numbers([talk.contact])).get(talk.contact, 0)  # first: what comes later is news
        found = await self._log.contact(talk.contact)
        if found is None or found.operator != talk.session.staff_id:
            raise Refused(Refusal.NOT_YOURS)
        return Standing(found.state, seq, found.reads_from)

    async def fetch_segment(self, talk: DeskTalk, segment: int) -> None:
        """Open a segment that somebody else began since. A segment this session has no key for stays closed."""
        opening = await self._openings.opened(talk.session, talk.contact)
        async with self._store.read() as conn:
            try:
                talk.keys[segment] = await self._keyring.open_segment(conn, opening, Klass.TRANSCRIPT, segment)
            except (NoKey, Distrusted):  # an altered row has raised the alarm; it closes one segment
                return

    def say(self, talk: DeskTalk, client_id: str, text: str) -> "asyncio.Future[Outcome]":
        """Queue a message to the visitor; the future answers once it is on disk. Raises `Refused`."""
        check_text(text)
        staff = talk.session.staff_id
        rule = partial(conversation.operator_said, staff=staff, client_id=client_id, words=Words(text))
        return self._committer.submit(Unit(talk.contact, rule, key=talk.key, client_id=client_id, author=Author.WORKER))

    def writing(self, talk: DeskTalk) -> None:
        """The worker is writing: a passing signal, never stored."""
        self._live.signal(talk.contact, WRITING)

    def showing(self, talk: DeskTalk, seq: int) -> None:
        """The worker's screen has shown everything up to `seq`: told at once, kept by `showed`."""
        self._live.signal(talk.contact, f"{SHOWN}{seq}")

    async def showed(self, talk: DeskTalk, seq: int) -> None:
        """Keep how far the screen has shown, for a visitor who comes back."""
        rule = partial(conversation.operator_showed, staff=talk.session.staff_id, seq=seq)
        await self._committer.submit(Unit(talk.contact, rule))

    # -- internal notes: another class, another key, another way in

    async def noted(self, session: Session, contact: ContactId, client_id: str, words: Words) -> Receipt:
        """Write an internal note. Raises `Refused`."""
        check_text(words.reveal())
        opening = await self._opening(session, contact)
        try:
            keys = await self._open_segments(opening, Klass.RECORD)
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None
        if not keys:
            async with self._store.write() as conn:
                key = await self._keyring.new_segment(conn, contact, Klass.RECORD)
            keys[key.segment] = key
        rule = partial(conversation.operator_noted, staff=session.staff_id, client_id=client_id, words=words)
        unit = Unit(contact, rule, key=keys[max(keys)], client_id=client_id, klass=Klass.RECORD, author=Author.WORKER)
        receipt = (await self._committer.submit(unit)).receipt
        if receipt is None:
            raise Refused(Refusal.UNAVAILABLE)
        return receipt

    async def notes(self, session: Session, contact: ContactId) -> list[ShownEntry]:
        """The internal notes of one of my contacts, in order. Raises `Refused`."""
        opening = await self._opening(session, contact)
        try:
            keys = await self._open_segments(opening, Klass.RECORD)
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None
        standing = await self._log.contact(contact)
        veiled = standing is None or standing.reads_from > 1  # a colleague's notes tell what the visitor told
        found = await self._log.entries_after(contact, Klass.RECORD, 0)
        fresh = [
            Fresh(entry, None)
            for entry in found
            if entry.kind is Kind.NOTE and (not veiled or entry.staff == session.staff_id)
        ]
        return [opened(item, keys) or unreadable(item) for item in fresh]

    # -- inside

    async def _opening(self, session: Session, contact: ContactId, door: Door | None = None) -> Opening:
        """The audited right to read, if it came by this door. Somebody else's contact and an absent one look the same."""
        found = await self._log.contact(contact)
        if found is None or found.operator != session.staff_id or door not in (None, found.door):
            raise Refused(Refusal.NOT_YOURS)
        try:
            return await self._openings.opened(session, contact)
        except OpeningDenied:
            raise Refused(Refusal.CANNOT_OPEN) from None
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None

    async def _open_segments(self, opening: Opening, klass: Klass) -> dict[int, ContentKey]:
        keys: dict[int, ContentKey] = {}
        async with self._store.read() as conn:
            for segment in await self._keyring.segment_numbers(conn, opening.contact, klass):
                try:
                    keys[segment] = await self._keyring.open_segment(conn, opening, klass, segment)
                except (NoKey, Distrusted):  # an altered row has raised the alarm; it closes one segment
                    continue
        return keys

    async def _own_segment(self, opening: Opening, keys: dict[int, ContentKey]) -> None:
        """If the newest segment is closed to this session, begin one that both it and the visitor can read."""
        async with self._store.read() as conn:
            numbers = await self._keyring.segment_numbers(conn, opening.contact, Klass.TRANSCRIPT)
        if numbers[-1] in keys:
            return
        async with self._store.write() as conn:
            key = await self._keyring.new_segment(conn, opening.contact, Klass.TRANSCRIPT)
            await self._visitor_keys.add(conn, key)
        keys[key.segment] = key

    async def _may_take(self, staff: StaffId, conn: Connection, contact: ContactId) -> None:
        """Room for one more, and a key for this one: nobody leaves the line for somebody who cannot read them."""
        await one_at_a_time(conn, f"room {staff}")  # two contacts at two workers are two rows, but one operator
        if await self._log.count_active(conn, staff, besides=contact) >= self.capacity or staff in await on_the_phone(
            conn
        ):
            raise Refused(Refusal.AT_CAPACITY)
        if not await self._keyring.could_open(conn, staff, contact, Klass.TRANSCRIPT):
            raise Refused(Refusal.CANNOT_OPEN)
