"""A report of the provider, from the database's side: one report, one transaction, one answer.

The contact is opened and counted in a transaction of its own before anything else is decided. The answer is kept with the
report's name, so that the same report, sent again, gets the same answer and changes nothing.
"""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from contacts.calls import Calls, Kept
from contacts.tags import new_tag
from hotline.call import heard
from hotline.call_rows import call_of, kept_after, new_call
from hotline.call_state import Call, Event, LegState, Surroundings
from hotline.ladder import RING_SECONDS, Candidate
from hotline.on_call import OnCall
from hotline.provider import Unreached
from hotline.reports import Report
from hotline.ringing import ended, rung_from_desk, ticked
from hotline.twiml import Twiml
from hotline.verbs import NOTHING, Answer, Step
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId, StaffId, new_id

#: Bus topic: a call rings, was answered, moved or ended. Payload: nothing; whoever wants to know reads the calls.
TOPIC = "calls"
#: More phones are never rung at once (`hotline.twiml.MOST_NUMBERS` for the provider's own dialling).
MOST_AT_ONCE = 20
#: Asks the provider whether a call has ended. Raises `Unreached`.
AskOver = Callable[[str], Awaitable[bool]]
_RINGS = frozenset({Step.VOICE, Step.LANGUAGE, Step.LEFT, Step.ACCEPT, Step.LEG_STATUS, Step.LEG_DONE})


class Foreign(Exception):
    """This report is of no call of ours, or of another call than it says."""


class Stale(Exception):
    """This report was answered long ago."""


class Manner(Struct, frozen=True, kw_only=True):
    """How calls are taken: languages in the menu's order, what staff are spoken to in, seconds for each rung."""

    languages: tuple[str, ...]
    staff_language: str = "fi"
    ring_seconds: int = RING_SECONDS


class Switchboard:
    """Use cases of the telephone's door. `changed` is called after each commit: there may be phones to ring."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        bus: Bus,
        calls: Calls,
        on_call: OnCall,
        twiml: Twiml,
        manner: Manner,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus
        self._calls = calls
        self._on_call = on_call
        self._twiml = twiml
        self._manner = manner
        self._changed = changed

    def contact_of(self, provider_call: str) -> ContactId:
        """The contact's id, from the provider's name of the call: known also while the database is away."""
        return ContactId(self._calls.report_name("contact", provider_call).hex()[:32])

    async def reported(self, report: Report, *, at: int | None = None, ring: bool = True) -> str:
        """What its leg is told, as a document. `at`: when it was reported, if not now; `ring` False: reconciled later.

        Raises `Foreign`, `Stale`; errors of the store when it is away.
        """
        now = epoch_seconds(self._clock.now()) if at is None else at
        if report.step is Step.VOICE:
            await self._opened(report, now)
        name = self._calls.report_name(*report.name)
        async with self._store.write() as conn:
            if not await self._calls.first_report(conn, name, now):
                given = await self._calls.answer_given(conn, name)
                if given is None:
                    raise Stale
                return given
            before = await self._found(conn, report)
            call, answer = await self._moved(conn, before, report, now, ring=ring)
            await self._calls.store(conn, before, kept_after(before, call, now))
            document = self._twiml.written(before.contact.id, answer)
            await self._calls.keep_answer(conn, name, document)
        await self._told()
        return document

    async def leg_failed(self, contact: ContactId, leg: str) -> None:
        """A phone could not be rung at all: as if it had rung in vain."""
        event = Event(step=Step.LEG_STATUS, leg=leg, status=LegState.OVER)
        async with self._store.write() as conn:
            before = await self._calls.locked(conn, contact)
            if before is None:
                return
            now = epoch_seconds(self._clock.now())
            around = await self._around(conn)
            turn = heard(call_of(before), event, now, around)
            await self._calls.store(conn, before, kept_after(before, turn.call, before.call.seen_at))
        await self._told()

    async def answered_at_desk(self, contact: ContactId, staff: StaffId) -> bool:
        """Ring the own phone of somebody who pressed Answer; False when the call waits for nobody any more."""
        until = epoch_seconds(self._clock.now()) + self._manner.ring_seconds
        async with self._store.write() as conn:
            before = await self._calls.locked(conn, contact)
            call = None if before is None else rung_from_desk(call_of(before), staff, new_id(), until)
            if before is None or call is None:
                return False
            await self._calls.store(conn, before, kept_after(before, call, before.call.seen_at))
        await self._told()
        return True

    async def tick(self, silence_seconds: int) -> int:
        """Move calls whose rung is over, end those the provider has forgotten. How many were looked at."""
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            due = await self._calls.due(conn, now, now - silence_seconds)
        for contact in due:
            async with self._store.write() as conn:
                before = await self._calls.locked(conn, contact)
                if before is None:
                    continue
                call = call_of(before)
                if before.call.seen_at <= now - silence_seconds:
                    after = ended(call, now)
                else:
                    after = ticked(call, now, await self._around(conn))
                await self._calls.store(conn, before, kept_after(before, after, before.call.seen_at))
        if due:
            await self._told()
        return len(due)

    async def look_after(self, is_over: AskOver, silence_seconds: int) -> None:
        """Ask the provider about talks that may have ended unheard; those that go on are asked about again later."""
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            silent = await self._calls.silent_talks(conn, now - silence_seconds)
        for contact, provider_call in silent:
            try:
                over = await is_over(provider_call)
            except Unreached:
                over = False
            async with self._store.write() as conn:
                await self._calls.seen(conn, contact, now)
                before = await self._calls.locked(conn, contact)
                if over and before is not None:
                    await self._calls.store(conn, before, kept_after(before, ended(call_of(before), now), now))
            await self._told()

    async def _opened(self, report: Report, now: int) -> None:
        """The contact, before anything else; once, however often the arrival is reported."""
        contact = self.contact_of(report.provider_call)
        async with self._store.read() as conn:
            if await self._calls.exists(conn, contact):
                return
        async with self._store.write() as conn:
            opened, row = new_call(contact, self._manner.languages[0], new_tag(), now, report.provider_call)
            await self._calls.begin(conn, opened, row)

    async def _found(self, conn: Connection, report: Report) -> Kept:
        """The call a report is of, locked. The provider's name must be the caller's, or that of the leg it names."""
        contact = self.contact_of(report.provider_call)
        if report.leg is not None and report.contact is not None:
            contact = ContactId(report.contact)
        elif report.contact not in {None, contact}:
            raise Foreign
        kept = await self._calls.locked(conn, contact)
        if kept is None:
            raise Foreign
        if report.leg is not None:
            known = report.leg in {leg.id for leg in kept.legs}
            if not known or not await self._calls.answered_by(conn, report.leg, report.provider_call):
                raise Foreign
        return kept

    async def _moved(
        self, conn: Connection, before: Kept, report: Report, now: int, *, ring: bool
    ) -> tuple[Call, Answer]:
        call = call_of(before)
        event = Event(
            step=report.step,
            leg=report.leg,
            digits=report.digits,
            number=report.dialable,
            status=report.status,
            sequence=report.sequence,
            bridged=report.bridged,
        )
        due = report.step in _RINGS or not call.ringing or now >= call.rung_until
        around = await self._around(conn) if ring and due else self._surroundings()
        turn = heard(call, event, now, around)
        if turn.take_number and report.number is not None:
            await self._calls.keep_number(conn, before.contact.id, report.number, now)
        return turn.call, turn.answer or NOTHING

    async def _around(self, conn: Connection) -> Surroundings:
        return self._surroundings(await self._on_call.candidates(conn))

    def _surroundings(self, candidates: tuple[Candidate, ...] = ()) -> Surroundings:
        manner = self._manner
        return Surroundings(
            languages=manner.languages,
            staff_language=manner.staff_language,
            ring_seconds=manner.ring_seconds,
            new_legs=tuple(new_id() for _ in range(MOST_AT_ONCE)),
            candidates=candidates,
        )

    async def _told(self) -> None:
        self._changed()
        await self._bus.publish(TOPIC, b"")
