"""Entries on their way to whoever follows a conversation: each once, in order, without gaps.

A follower stands at a number. The next number is handed on at once from memory; anything else means something was
missed, and the follower reads the database from where it stands. Signals may be lost; nothing else rests on them.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import msgspec

from chat.announcements import SIGNAL_TOPIC, TOPIC, Announcement, Signal, announcement, packed, signal
from contacts.committer import Committed, Fresh
from contacts.contact import Klass
from contacts.log import Log
from storage.bus import Bus
from storage.clock import Clock
from storage.engine import OUTAGES
from storage.ids import ContactId, new_id

#: How often the newest numbers are compared with the database: slowly for safety, fast while the bus is away.
SWEEP_SECONDS = 5.0
SWEEP_WITHOUT_BUS_SECONDS = 1.0

MovedHandler = Callable[[Iterable[ContactId]], None]
SignalHandler = Callable[[str], None]


class Sink(Protocol):
    """Where a follower's entries go."""

    def entry(self, fresh: Fresh) -> bool:
        """Take the next entry; False when it cannot be opened without asking the database first."""

    async def prepare(self, fresh: Fresh) -> None:
        """Fetch what it takes to open this entry."""


class Follower:
    """One reader of one conversation's transcript, standing at `cursor`."""

    def __init__(self, *, contact: ContactId, after: int, sink: Sink, log: Log) -> None:
        self.contact = contact
        self.cursor = after
        self._sink = sink
        self._log = log
        self._healing: asyncio.Task[None] | None = None
        self._again = False
        self._closed = False

    def offer(self, fresh: Fresh) -> None:
        """An entry arrived. Must not block."""
        seq = fresh.entry.seq
        if seq <= self.cursor:
            return
        if self._healing is None and seq == self.cursor + 1 and self._sink.entry(fresh):
            self.cursor = seq
        else:
            self.heal()

    def heal(self) -> None:
        """Read what is missing from the database; once at a time, again if more was missed meanwhile."""
        if self._closed:
            return
        self._again = True
        if self._healing is None:
            self._healing = asyncio.create_task(self._heal(), name="follower-heal")

    async def healed(self) -> None:
        """Wait until everything that was committed before this call has been handed on."""
        while self._healing is not None:
            await asyncio.shield(self._healing)

    def close(self) -> None:
        """Hand on nothing more."""
        self._closed = True
        if self._healing is not None:
            self._healing.cancel()

    async def _heal(self) -> None:
        pause = 0.1
        try:
            while self._again:
                self._again = False
                try:
                    while await self._read_page():
                        pass
                except asyncio.CancelledError:
                    raise
                except OUTAGES:  # the database is away: it is asked again until this reader leaves
                    self._again = True
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, 5.0)
        finally:
            self._healing = None

    async def _read_page(self) -> bool:
        page = await self._log.entries_after(self.contact, Klass.TRANSCRIPT, self.cursor)
        for entry in page:
            fresh = Fresh(entry, None)
            if not self._sink.entry(fresh):
                await self._sink.prepare(fresh)
                self._sink.entry(fresh)
            self.cursor = entry.seq
        return bool(page)


class Live:
    """This worker's followers, and the bus to the other workers'. Listens to the committer."""

    def __init__(self, *, bus: Bus, log: Log, clock: Clock) -> None:
        self._bus = bus
        self._log = log
        self._clock = clock
        self._origin = new_id()
        self._followers: dict[ContactId, list[Follower]] = {}
        self._moved: list[MovedHandler] = []
        self._signals: dict[ContactId, list[SignalHandler]] = {}
        self._outgoing: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._gap = asyncio.Event()
        bus.subscribe(TOPIC, self._heard)
        bus.subscribe(SIGNAL_TOPIC, self._signalled)
        bus.on_gap(self._gap.set)

    # -- from this worker's committer

    def committed(self, batch: Committed) -> None:
        """Hand on at once to the followers here, then tell the other workers."""
        self._hand_on(batch.fresh)
        if batch.moved:
            self._tell_moved(batch.moved)
        if self._bus.reaches_others:
            self._send(TOPIC, packed(Announcement(self._origin, [f.entry for f in batch.fresh], list(batch.moved))))

    def announce(self, *moved: ContactId) -> None:
        """A contact was changed outside the committer (a new one was begun)."""
        self.committed(Committed((), moved))

    def signal(self, contact: ContactId, name: str) -> None:
        """Send a passing signal to everybody who listens to this contact."""
        self._hand_on_signal(contact, name)
        if self._bus.reaches_others:
            self._send(SIGNAL_TOPIC, packed(Signal(self._origin, contact, name)))

    # -- for readers

    def follow(self, contact: ContactId, *, after: int, sink: Sink) -> Follower:
        """Start to follow; first comes everything after `after`, from the database."""
        follower = Follower(contact=contact, after=after, sink=sink, log=self._log)
        self._followers.setdefault(contact, []).append(follower)
        follower.heal()
        return follower

    def unfollow(self, follower: Follower) -> None:
        """Stop; may be called twice."""
        follower.close()
        followers = self._followers.get(follower.contact, [])
        if follower in followers:
            followers.remove(follower)
            if not followers:
                del self._followers[follower.contact]

    def on_moved(self, handler: MovedHandler) -> Callable[[], None]:
        """Call `handler` with the contacts whose state changed; the answer stops it."""
        self._moved.append(handler)
        return lambda: _discard(self._moved, handler)

    def on_signal(self, contact: ContactId, handler: SignalHandler) -> Callable[[], None]:
        """Call `handler` with the name of each passing signal on this contact; the answer stops it."""
        self._signals.setdefault(contact, []).append(handler)

        def stop() -> None:
            handlers = self._signals.get(contact, [])
            _discard(handlers, handler)
            if not handlers:
                self._signals.pop(contact, None)

        return stop

    # -- tasks

    async def run(self) -> None:
        """Publish what waits, and compare with the database at intervals. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._publish(), name="live-publish")
            tasks.create_task(self._sweep_for_ever(), name="live-sweep")

    async def sweep(self) -> None:
        """Compare every follower's number with the database's, and heal those behind."""
        last = await self._log.last_numbers(list(self._followers)) if self._followers else {}
        for contact, newest in last.items():
            for follower in self._followers.get(contact, []):
                if follower.cursor < newest:
                    follower.heal()

    async def _publish(self) -> None:
        while True:
            topic, payload = await self._outgoing.get()
            await self._bus.publish(topic, payload)

    async def _sweep_for_ever(self) -> None:
        while True:
            alone = self._bus.connected or not self._bus.reaches_others
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_SECONDS if alone else SWEEP_WITHOUT_BUS_SECONDS):
                    await self._gap.wait()
            missed = self._gap.is_set() or not alone
            self._gap.clear()
            try:
                await self.sweep()
            except OUTAGES:  # the database is away: the next round tries again
                self._gap.set()
                await asyncio.sleep(SWEEP_WITHOUT_BUS_SECONDS)
            if missed:
                self._tell_moved(tuple(self._followers))

    # -- inside

    def _send(self, topic: str, payload: bytes) -> None:
        self._outgoing.put_nowait((topic, payload))

    def _heard(self, payload: bytes) -> None:
        try:
            heard = announcement(payload)
        except msgspec.DecodeError:  # another version of us, or a stranger on the bus
            self._gap.set()
            return
        if heard.origin == self._origin:
            return
        self._hand_on([Fresh(entry, None) for entry in heard.entries if entry.contact in self._followers])
        if heard.moved:
            self._tell_moved(heard.moved)

    def _signalled(self, payload: bytes) -> None:
        try:
            heard = signal(payload)
        except msgspec.DecodeError:
            return
        if heard.origin != self._origin:
            self._hand_on_signal(heard.contact, heard.name)

    def _hand_on(self, batch: Iterable[Fresh]) -> None:
        for fresh in batch:
            if fresh.entry.klass is not Klass.TRANSCRIPT:
                continue
            for follower in self._followers.get(fresh.entry.contact, ()):
                follower.offer(fresh)

    def _hand_on_signal(self, contact: ContactId, name: str) -> None:
        for handler in tuple(self._signals.get(contact, ())):
            handler(name)

    def _tell_moved(self, moved: Iterable[ContactId]) -> None:
        for handler in tuple(self._moved):
            handler(moved)


def _discard(items: list[Any], item: Any) -> None:
    if item in items:
        items.remove(item)
