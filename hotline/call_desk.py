"""What operators do with calls at the desk. Every opening of a number is on the audit record before it is shown.

All raise `Refused`: not_yours (also for what is not there), already_taken, ended, cannot_open, no_number, unavailable.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from contacts import call_list
from contacts.calls import Calls, Kept
from contacts.contact import Door, Klass, Refusal, Refused
from contacts.distrust import Distrusted
from contacts.envelopes import Unopenable
from contacts.erasure import Erasure
from contacts.interpreters import Interpreters
from contacts.keyring import Keyring, NoKey
from contacts.log import Log
from contacts.openings import Opening, OpeningDenied, Openings
from contacts.people import KEY_HOLDERS
from contacts.recordings import Recordings
from contacts.sealing import EntryName
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.words import Words
from hotline.call_rows import call_of, kept_after
from hotline.call_state import Call, Leg, LegKind, Stage
from hotline.dialler import Dialler
from hotline.numbers import TelephoneNumber
from hotline.on_call import OnCall
from hotline.side_leg import cancelled_sides, worker_ends
from hotline.switchboard import TOPIC, Switchboard
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId, StaffId, is_id, new_id

Found = TypeVar("Found")
#: What can have come of a missed call.
OUTCOMES: Final = ("reached", "not_reached", "not_safe", "no_number", "not_needed", "heard")


class Number(Struct, frozen=True):
    """A number to call back, and what the caller said about it. `when`: soon, morning, ...; `named`: may we say who we are."""

    display: Words
    when: str | None
    named: bool


class CallDesk:
    """The operator's use cases."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        bus: Bus,
        log: Log,
        calls: Calls,
        switchboard: Switchboard,
        dialler: Dialler,
        on_call: OnCall,
        interpreters: Interpreters,
        keyring: Keyring,
        openings: Openings,
        erasure: Erasure,
        recordings: Recordings,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus
        self._log = log
        self._calls = calls
        self._switchboard = switchboard
        self._dialler = dialler
        self._on_call = on_call
        self._interpreters = interpreters
        self._keyring = keyring
        self._openings = openings
        self._erasure = erasure
        self._recordings = recordings
        self._changed = changed

    # --- a call under way ---

    async def answer(self, session: Session, contact: ContactId) -> None:
        """Ring the operator's own phone for a call that waits."""
        self._answers(session)
        async with self._store.read() as conn:
            await self._has_phone(conn, session.staff_id)
            if not await self._calls.exists(conn, contact):
                raise Refused(Refusal.NOT_YOURS)
        if not await self._switchboard.answered_at_desk(contact, session.staff_id):
            raise Refused(Refusal.ALREADY_TAKEN)

    async def add(self, session: Session, contact: ContactId, kind: LegKind, whom: str) -> None:
        """Ring an interpreter, or a colleague, to join; nobody twice at once."""

        async def more(conn: Connection, _kept: Kept, call: Call) -> Call:
            if call.stage is not Stage.TALKING or call.parted_at is not None:
                raise Refused(Refusal.ENDED)
            if any(one.staff == whom and one.live for one in (*call.legs, *call.sides)):
                return call
            if kind is LegKind.INTERPRETER and await self._interpreters.number(conn, whom) is None:
                raise Refused(Refusal.NO_NUMBER)
            if kind is LegKind.LEAD:
                await self._has_phone(conn, StaffId(whom))
            leg = Leg(id=new_id(), staff=StaffId(whom), rung=0, kind=kind)
            return replace(call, sides=(*call.sides, leg))

        await self._moved(session, contact, more)

    async def end(self, session: Session, contact: ContactId) -> None:
        """End a talk, or a calling back."""
        now = epoch_seconds(self._clock.now())

        async def over(_conn: Connection, _kept: Kept, call: Call) -> Call:
            if call.stage is Stage.ENDED:
                return replace(call, sides=cancelled_sides(call.sides))
            return worker_ends(call, now)

        await self._moved(session, contact, over)

    # --- a missed call ---

    async def take(self, session: Session, contact: ContactId) -> None:
        """Take care of a missed call: from now on it is this person's."""
        self._answers(session)
        async with self._store.write() as conn:
            if not await self._calls.exists(conn, contact):
                raise Refused(Refusal.NOT_YOURS)
            if not await call_list.taken(conn, contact, by=session.staff_id, at=epoch_seconds(self._clock.now())):
                raise Refused(Refusal.ALREADY_TAKEN)
        await self._told()

    async def put_back(self, session: Session, contact: ContactId) -> None:
        """It waits again."""
        async with self._store.write() as conn:
            if not await call_list.put_back(conn, contact, by=session.staff_id):
                raise Refused(Refusal.NOT_YOURS)
        await self._told()

    async def dealt_with(self, session: Session, contact: ContactId, outcome: str) -> None:
        """What came of it (`OUTCOMES`). Number and recorded message are erased with the same commit."""
        async with self._store.write() as conn:
            now = epoch_seconds(self._clock.now())
            if not await call_list.dealt_with(conn, contact, by=session.staff_id, at=now, outcome=outcome):
                raise Refused(Refusal.NOT_YOURS)
            await self._erasure.erase(conn, contact, Klass.CALLBACK)
        await self._told()
        await self._erasure.settle()

    async def number(self, session: Session, contact: ContactId) -> Number:
        """Open the number, for whoever took the call."""
        kept = await self._mine(session, contact)
        opened = await self._opened(session, contact)
        display = Words(TelephoneNumber.parse(opened.reveal()).display)
        return Number(display, kept.call.back_when, bool(kept.call.back_named))

    async def message(self, session: Session, contact: ContactId) -> bytes:
        """Open what the caller said after the tone (MP3), for whoever took the call."""
        await self._mine(session, contact)
        async with self._store.read() as conn:
            if not await self._recordings.is_kept(conn, contact):
                raise Refused(Refusal.NOT_THERE)

        async def sound(opening: Opening) -> bytes | None:
            async with self._store.read() as conn:
                return await self._recordings.opened(conn, opening)

        found = await self._openly(session, contact, sound)
        if found is None:
            raise Refused(Refusal.NOT_THERE)
        return found

    async def call_back(self, session: Session, contact: ContactId) -> None:
        """Ring the operator's own phone, and when they press 1, the caller, who sees the hotline's number."""
        await self._mine(session, contact)
        async with self._store.read() as conn:
            await self._has_phone(conn, session.staff_id)
        number = await self._opened(session, contact)

        async def ring(_conn: Connection, _kept: Kept, call: Call) -> Call:
            if any(one.live for one in call.sides):
                return call
            leg = Leg(id=new_id(), staff=session.staff_id, rung=0, kind=LegKind.BACK)
            return replace(call, sides=(*call.sides, leg))

        self._dialler.will_call(contact, number)
        await self._moved(session, contact, ring)

    # --- inside ---

    async def _moved(
        self, session: Session, contact: ContactId, move: Callable[[Connection, Kept, Call], Awaitable[Call]]
    ) -> None:
        """Move one of this person's calls."""
        self._answers(session)
        async with self._store.write() as conn:
            before = await self._calls.locked(conn, contact)
            if before is None or before.contact.operator != session.staff_id or before.contact.door is not Door.PHONE:
                raise Refused(Refusal.NOT_YOURS)
            after = await move(conn, before, call_of(before))
            await self._calls.store(conn, before, kept_after(before, after, before.call.seen_at))
        await self._told()

    async def _mine(self, session: Session, contact: ContactId) -> Kept:
        self._answers(session)
        async with self._store.write() as conn:
            kept = await self._calls.locked(conn, contact)
        if kept is None or kept.call.taken_by != session.staff_id or kept.call.dealt_at is not None:
            raise Refused(Refusal.NOT_YOURS)
        return kept

    async def _opened(self, session: Session, contact: ContactId) -> Words:
        """The number."""

        async def number(opening: Opening) -> Words | None:
            found = await self._log.entries_after(contact, Klass.CALLBACK, 0, limit=1)
            if not found or found[0].sealed is None:
                return None
            [entry] = found
            async with self._store.read() as conn:
                key = await self._keyring.open_segment(conn, opening, Klass.CALLBACK, entry.segment)
            name = EntryName(contact, Klass.CALLBACK, entry.segment, entry.seq, 0, entry.kind, entry.author)
            return key.open(name, found[0].sealed)

        opened = await self._openly(session, contact, number)
        if opened is None:
            raise Refused(Refusal.NO_NUMBER)
        return opened

    async def _openly(self, session: Session, contact: ContactId, read: Callable[[Opening], Awaitable[Found]]) -> Found:
        """Read what is sealed, when the opening is on record."""
        try:
            return await read(await self._openings.opened(session, contact))
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None
        except (OpeningDenied, NoKey, Unopenable, Distrusted):
            raise Refused(Refusal.CANNOT_OPEN) from None

    async def _has_phone(self, conn: Connection, staff: StaffId) -> None:
        try:
            if is_id(staff) and await self._on_call.number(conn, staff) is not None:
                return
        except Unopenable:
            pass
        raise Refused(Refusal.NO_NUMBER)

    def _answers(self, session: Session) -> None:
        if session.role not in KEY_HOLDERS:
            raise Refused(Refusal.NOT_YOURS)

    async def _told(self) -> None:
        self._changed()
        await self._bus.publish(TOPIC, b"")
