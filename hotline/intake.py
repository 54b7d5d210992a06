"""Reports of the provider, taken together: those that come while the database is busy share the next transaction.

One report costs about as much as twenty; so fifty calls that arrive at one instant are all answered within the second.
Each is answered when its transaction is on disk. A report whose sender has stopped waiting is not taken: it was answered
from memory, and stands on the spool. One that fails is tried alone, so that it harms no other; a call that arrives is then
opened in a transaction of its own, and counted whatever happens to the rest.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contacts.calls import Calls, Kept
from contacts.tags import new_tag
from hotline.call import heard
from hotline.call_rows import call_of, kept_after, new_call
from hotline.call_state import Event, Surroundings
from hotline.ladder import RING_SECONDS, Candidate
from hotline.on_call import OnCall
from hotline.reports import Report
from hotline.twiml import Twiml
from hotline.verbs import NOTHING, Step
from storage.engine import Connection, Store, is_outage
from storage.ids import ContactId, new_id

#: More are not taken at once: a transaction holds up everybody else who writes.
LARGEST = 64
#: More phones are never rung at once (`hotline.twiml.MOST_NUMBERS` for the provider's own dialling).
MOST_AT_ONCE = 20
_RINGS = frozenset({Step.VOICE, Step.LANGUAGE, Step.LEFT, Step.ACCEPT, Step.LEG_STATUS, Step.LEG_DONE})


class Foreign(Exception):
    """This report is of no call of ours, or of another call than it says."""


class Stale(Exception):
    """This report was answered long ago."""


class _Deserted(Exception):
    """Somebody stopped waiting before the commit."""


class Manner(Struct, frozen=True, kw_only=True):
    """How calls are taken: languages in the menu's order, what staff are spoken to in, seconds for each rung.

    `voicemail`: callers whom nobody could answer may leave a recorded message.
    """

    languages: tuple[str, ...]
    staff_language: str = "fi"
    ring_seconds: int = RING_SECONDS
    voicemail: bool = False

    def around(self, candidates: tuple[Candidate, ...] = ()) -> Surroundings:
        """What a call is told about the world."""
        return Surroundings(
            languages=self.languages,
            staff_language=self.staff_language,
            ring_seconds=self.ring_seconds,
            voicemail=self.voicemail,
            new_legs=tuple(new_id() for _ in range(MOST_AT_ONCE)),
            candidates=candidates,
        )


class _Waiting:
    """A report and who waits for its answer. `at`: when it was made; `ring` False: reconciled later."""

    __slots__ = ("at", "contact", "done", "name", "report", "ring")

    def __init__(self, report: Report, contact: ContactId, name: bytes, at: int, *, ring: bool) -> None:
        self.report = report
        self.contact = contact
        self.name = name
        self.at = at
        self.ring = ring
        self.done: asyncio.Future[str] = asyncio.get_running_loop().create_future()


class Intake:
    """`taken()` from anywhere in the loop. `told` is called after each commit: calls have moved."""

    def __init__(
        self,
        *,
        store: Store,
        calls: Calls,
        on_call: OnCall,
        twiml: Twiml,
        manner: Manner,
        told: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._calls = calls
        self._on_call = on_call
        self._twiml = twiml
        self._manner = manner
        self._told = told
        self._waiting: deque[_Waiting] = deque()
        self._working: asyncio.Task[None] | None = None

    def contact_of(self, provider_call: str) -> ContactId:
        """The contact's id, from the provider's name of the call: known also while the database is away."""
        return ContactId(self._calls.report_name("contact", provider_call).hex()[:32])

    async def taken(self, report: Report, at: int, *, ring: bool) -> str:
        """What its leg is told, as a document, once that is on disk. Raises `Foreign`, `Stale`; errors of the store."""
        contact = self.contact_of(report.provider_call)
        if report.leg is not None and report.contact is not None:
            contact = ContactId(report.contact)
        elif report.contact not in {None, contact}:
            raise Foreign
        one = _Waiting(report, contact, self._calls.report_name(*report.name), at, ring=ring)
        self._waiting.append(one)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await one.done

    async def _work(self) -> None:
        """Until nobody waits."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST))]
            try:
                await self._taken(batch)
                await self._told()
            except BaseException:  # we are stopped: nobody is left to wait for ever
                for one in (*batch, *self._waiting):
                    one.done.cancel()
                raise

    async def _taken(self, batch: Sequence[_Waiting]) -> None:
        batch = [one for one in batch if not one.done.done()]
        if not batch:
            return
        try:
            answers = await self._decided(batch)
        except _Deserted:
            await self._taken(batch)
        except Exception as error:  # noqa: BLE001 - each is told what became of its own report
            if is_outage(error) or len(batch) == 1:
                for one in batch:
                    _refuse(one, error)
                return
            for one in batch:
                await self._alone(one)
        else:
            for one, answer in zip(batch, answers, strict=True):
                if isinstance(answer, Exception):
                    _refuse(one, answer)
                elif not one.done.done():
                    one.done.set_result(answer)

    async def _alone(self, one: _Waiting) -> None:
        try:
            if one.report.step is Step.VOICE:
                async with self._store.write() as conn:
                    await self._opened(conn, [one])
        except Exception as error:  # noqa: BLE001 - as above
            _refuse(one, error)
        else:
            await self._taken([one])

    async def _decided(self, batch: Sequence[_Waiting]) -> list[str | Foreign | Stale]:
        """One transaction: what each is answered, in their order."""
        async with self._store.write() as conn:
            await self._opened(conn, batch)
            before = await self._calls.locked_all(conn, sorted({one.contact for one in batch}))
            given = await self._calls.answers_given(conn, {one.name for one in batch})
            decisions = _Decisions(dict(before), given)
            for one in batch:
                await self._decide(conn, one, decisions)
            await self._calls.store_all(conn, [(before[contact], kept) for contact, kept in decisions.kept.items()])
            await self._calls.keep_answers(conn, decisions.new)
            if any(one.done.done() for one in batch):
                raise _Deserted
        return decisions.answers

    async def _opened(self, conn: Connection, batch: Sequence[_Waiting]) -> None:
        """Contacts of calls that arrive, before anything else; once, however often the arrival is reported."""
        first = self._manner.languages[0]
        arrived = {one.contact: one for one in batch if one.report.step is Step.VOICE}
        new = [
            new_call(contact, first, new_tag(), arrived[contact].at, arrived[contact].report.provider_call)
            for contact in sorted(arrived)
        ]
        await self._calls.open_all(conn, new)

    async def _decide(self, conn: Connection, one: _Waiting, decisions: "_Decisions") -> None:
        if one.name in decisions.given:
            answer = decisions.given[one.name]
            decisions.answers.append(Stale() if answer is None else answer)
            return
        report, before = one.report, decisions.kept.get(one.contact)
        if before is None or (
            report.leg is not None and not await self._known(conn, before, report.leg, report.provider_call)
        ):
            decisions.answers.append(Foreign())
            return
        call = call_of(before)
        event = Event(
            step=report.step,
            leg=report.leg,
            digits=report.digits,
            number=report.dialable,
            status=report.status,
            sequence=report.sequence,
            bridged=report.bridged,
            recorded=report.recording is not None,
        )
        due = report.step in _RINGS or not call.ringing or one.at >= call.rung_until
        if one.ring and due and decisions.candidates is None:
            decisions.candidates = await self._on_call.candidates(conn)
        candidates = (decisions.candidates or ()) if one.ring and due else ()
        turn = heard(call, event, one.at, self._manner.around(candidates))
        if turn.take_number and report.number is not None:
            await self._calls.keep_number(conn, one.contact, report.number, one.at)
        after = kept_after(before, turn.call, one.at)
        if turn.take_name:
            after = replace(after, call=replace(after.call, recording=report.recording))
        decisions.kept[one.contact] = after
        document = self._twiml.written(one.contact, turn.answer or NOTHING)
        decisions.given[one.name] = document
        decisions.new.append((one.name, one.at, document))
        decisions.answers.append(document)

    async def _known(self, conn: Connection, kept: Kept, leg: str, provider_call: str) -> bool:
        """Whether its leg goes by this name at the provider, or takes it now."""
        known = next((one for one in kept.legs if one.id == leg), None)
        if known is None or known.provider_call is not None:
            return known is not None and known.provider_call == provider_call
        return await self._calls.answered_by(conn, leg, provider_call)


class _Decisions:
    """What has been decided in one transaction so far."""

    __slots__ = ("answers", "candidates", "given", "kept", "new")

    def __init__(self, kept: dict[ContactId, Kept], given: dict[bytes, str | None]) -> None:
        self.kept = kept
        self.given = given
        self.answers: list[str | Foreign | Stale] = []
        self.new: list[tuple[bytes, int, str]] = []
        self.candidates: tuple[Candidate, ...] | None = None


def _refuse(one: _Waiting, error: Exception) -> None:
    if not one.done.done():
        one.done.set_exception(error)
