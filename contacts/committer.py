"""The one writer of a worker: everything that happens to contacts goes through here, many units to a commit.

While a commit runs, new units gather; the next transaction takes them all. No timer: an idle service commits at once,
a busy one batches by itself (performance.md). Each unit is decided by a pure function on the contact's locked row, so
two workers can write one contact: the row's lock orders them, numbers are taken under it, nothing is lost or doubled.
A unit that is refused, or breaks, never takes its neighbours with it.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import structlog
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Author, Contact, Entry, Klass, NewEntry, Receipt, Refusal, Refused, State
from contacts.heads import Head, find_repeats, lock_heads, store_entries, store_heads
from contacts.sealing import ContentKey, EntryName
from contacts.words import Words
from storage.clock import Clock, epoch_seconds
from storage.engine import Store, is_outage
from storage.ids import ContactId

#: Units in one transaction. More does not make them cheaper, and keeps the first of them waiting.
LARGEST_BATCH = 256


class Also(StrEnum):
    """What else must happen in the same transaction as a decision."""

    FORGET_VISITOR = "forget_visitor"


class Decision(Struct, frozen=True):
    """What a pure rule decided: the contact afterwards, what is written into it, what goes with it.

    `silent`: a change of the contact that those whom it concerns have been told of already. `veiled`: the operator may
    read what is numbered from here on, and nothing before it.
    """

    contact: Contact
    entries: tuple[NewEntry, ...] = ()
    also: tuple[Also, ...] = ()
    silent: bool = False
    veiled: bool = False


#: (the contact as it is, now) -> what is to be; raises `Refused`.
Decide = Callable[[Contact, int], Decision]
#: An effect inside the transaction.
Effect = Callable[[AsyncConnection, ContactId], Awaitable[object]]
#: Told, inside the transaction, which contacts it ended, however they ended (`contacts.statistics.facts`).
Ended = Callable[[AsyncConnection, Sequence[Contact]], Awaitable[object]]


class Fresh(Struct, frozen=True):
    """An entry just committed, with its words for readers in this process who hold its key anyway."""

    entry: Entry
    words: Words | None


class Outcome(Struct, frozen=True):
    """What became of one unit."""

    contact: Contact
    fresh: tuple[Fresh, ...]
    receipt: Receipt | None


class Committed(Struct, frozen=True):
    """One commit: its entries in order, and every contact whose state it changed."""

    fresh: Sequence[Fresh]
    moved: Sequence[ContactId]


class Listener(Protocol):
    """Is told of each commit, after it, in order. Must not block or raise."""

    def committed(self, batch: Committed) -> None: ...


async def nobody_counts(_conn: AsyncConnection, _ended: Sequence[Contact]) -> None:
    """For writers whose contacts are not counted."""


class Unit:
    """One frame's or webhook's worth of change to one contact.

    `guard` runs first, inside the transaction, for rules that need more than this contact's row; it raises `Refused`.
    `also` runs last, in the same transaction, when the rule was not refused.
    """

    __slots__ = ("also", "author", "client_id", "contact", "decide", "done", "guard", "key", "klass")

    def __init__(
        self,
        contact: ContactId,
        decide: Decide,
        *,
        key: ContentKey | None = None,
        client_id: str | None = None,
        klass: Klass = Klass.TRANSCRIPT,
        author: Author = Author.HOUSE,
        guard: Effect | None = None,
        also: Effect | None = None,
    ) -> None:
        self.contact = contact
        self.decide = decide
        self.key = key
        self.client_id = client_id
        self.klass = klass
        self.author = author
        self.guard = guard
        self.also = also
        self.done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()


class Committer:
    """Group commit. `run()` in a task of its own; `submit()` from anywhere in the loop."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        effects: Mapping[Also, Effect],
        listener: Listener,
        ended: Ended = nobody_counts,
        largest_batch: int = LARGEST_BATCH,
    ) -> None:
        self._store = store
        self._clock = clock
        self._effects = effects
        self._listener = listener
        self._ended = ended
        self._largest = largest_batch
        self._pending: deque[Unit] = deque()
        self._wake = asyncio.Event()
        self._closing = False

    def submit(self, unit: Unit) -> asyncio.Future[Outcome]:
        """Queue a unit. The future gives its outcome once it is on disk, or raises `Refused`."""
        if self._closing:
            _refuse(unit, Refused(Refusal.UNAVAILABLE))
        else:
            self._pending.append(unit)
            self._wake.set()
        return unit.done

    async def run(self) -> None:
        """Commit until `close()`; what is pending then is still written."""
        while not (self._closing and not self._pending):
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                size = min(len(self._pending), self._largest)
                await self._commit([self._pending.popleft() for _ in range(size)])

    def close(self) -> None:
        """Take nothing more; `run()` returns when all is written."""
        self._closing = True
        self._wake.set()

    async def _commit(self, batch: list[Unit]) -> None:
        try:
            results = await self._transaction(batch)
        except Exception as error:  # noqa: BLE001 - the writer of all contacts outlives whatever one of them brings
            structlog.get_logger().error("commit_failed", count=len(batch), exc_info=error)
            if len(batch) == 1 or is_outage(error):
                for unit in batch:
                    _refuse(unit, Refused(Refusal.UNAVAILABLE))
            else:
                for unit in batch:  # one of them is poison: alone it harms nobody
                    await self._commit([unit])
            return
        fresh: list[Fresh] = []
        moved: dict[ContactId, None] = {}
        for unit, result in zip(batch, results, strict=True):
            if isinstance(result, Refused):
                _refuse(unit, result)
                continue
            fresh.extend(result.fresh)
            if result.moved:
                moved[unit.contact] = None
            if not unit.done.done():
                unit.done.set_result(result.outcome)
        if fresh or moved:
            self._listener.committed(Committed(fresh, list(moved)))

    async def _transaction(self, batch: list[Unit]) -> "list[_Done | Refused]":
        async with self._store.write() as conn:
            now = epoch_seconds(self._clock.now())
            heads = await lock_heads(conn, sorted({unit.contact for unit in batch}))
            repeats = await find_repeats(
                conn, [(unit.contact, unit.klass, unit.client_id) for unit in batch if unit.client_id is not None]
            )
            live = {contact for contact, head in heads.items() if head.contact.state is not State.ENDED}
            results: list[_Done | Refused] = []
            entries: list[Entry] = []
            effects: list[tuple[Effect, ContactId]] = []
            for unit in batch:
                try:
                    if unit.guard is not None and unit.contact in heads:
                        await _store(conn, entries, heads)  # it sees what was decided before it
                        await unit.guard(conn, unit.contact)
                    done = self._decide(unit, heads.get(unit.contact), repeats, now)
                except Refused as refused:
                    results.append(refused)
                    continue
                results.append(done)
                entries.extend(fresh.entry for fresh in done.fresh)
                effects.extend((self._effects[also], unit.contact) for also in done.also)
                if unit.also is not None:
                    effects.append((unit.also, unit.contact))
            await _store(conn, entries, heads)
            for effect, contact in effects:
                await effect(conn, contact)
            ended = [heads[contact].contact for contact in live if heads[contact].contact.state is State.ENDED]
            if ended:
                await self._ended(conn, ended)
        return results

    def _decide(self, unit: Unit, head: Head | None, repeats: dict[tuple[str, str, str], Entry], now: int) -> "_Done":
        if head is None:
            raise Refused(Refusal.NOT_YOURS)
        if unit.client_id is not None:
            earlier = repeats.get((unit.contact, unit.klass, unit.client_id))
            if earlier is not None:
                if earlier.author is not unit.author:
                    raise Refused(Refusal.ID_TAKEN)
                return _Done(Outcome(head.contact, (), Receipt(earlier.seq, earlier.at, repeated=True)))
        decision = unit.decide(head.contact, now)
        # Sealing may fail, and then nothing of this unit may stick: numbers are given to the head last.
        numbers = dict(head.last)
        contact = decision.contact
        if decision.veiled:
            contact = replace(contact, reads_from=numbers[Klass.TRANSCRIPT] + 1)
        fresh: list[Fresh] = []
        for new in decision.entries:
            numbers[new.klass] += 1
            fresh.append(Fresh(self._seal(unit, new, numbers[new.klass], now), new.words))
        moved = contact is not head.contact
        head.last = numbers
        head.contact = contact
        head.moved = head.moved or moved
        head.grown = head.grown or bool(fresh)
        receipt = None
        for item in fresh:
            if item.entry.client_id is not None:
                receipt = Receipt(item.entry.seq, now)
                repeats[(unit.contact, item.entry.klass, item.entry.client_id)] = item.entry
        told = moved and not decision.silent
        return _Done(Outcome(contact, tuple(fresh), receipt), tuple(fresh), told, decision.also)

    def _seal(self, unit: Unit, new: NewEntry, seq: int, now: int) -> Entry:
        sealed = None
        segment = 0
        if new.words is not None:
            if unit.key is None:
                raise Refused(Refusal.CANNOT_OPEN)
            segment = unit.key.segment
            name = EntryName(
                contact=unit.contact,
                klass=new.klass,
                segment=segment,
                seq=seq,
                revision=0,
                kind=new.kind,
                author=new.author,
            )
            sealed = unit.key.seal(name, new.words)
        return Entry(
            contact=unit.contact,
            klass=new.klass,
            seq=seq,
            segment=segment,
            kind=new.kind,
            author=new.author,
            at=now,
            staff=new.staff,
            client_id=new.client_id,
            code=new.code,
            sealed=sealed,
        )


class _Done(Struct, frozen=True):
    outcome: Outcome
    fresh: tuple[Fresh, ...] = ()
    moved: bool = False
    also: tuple[Also, ...] = ()


async def _store(conn: AsyncConnection, entries: list[Entry], heads: Mapping[ContactId, Head]) -> None:
    """Write what was decided so far, once."""
    await store_entries(conn, entries)
    await store_heads(conn, heads.values())
    entries.clear()


def _refuse(unit: Unit, error: Refused) -> None:
    if not unit.done.done():
        unit.done.set_exception(error)
        with contextlib.suppress(BaseException):
            unit.done.exception()  # a sender that is gone by now is no error of ours
