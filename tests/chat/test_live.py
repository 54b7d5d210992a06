"""Every follower gets each entry once, in order, whatever was lost, doubled or turned round on the way."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.announcements import SIGNAL_TOPIC, TOPIC, Announcement, Signal, announcement, packed, signal
from chat.live import Follower, Live
from contacts.begin import begin
from contacts.committer import Committed, Fresh
from contacts.contact import Author, Contact, Door, Entry, Kind, Klass, State
from contacts.heads import lock_heads, store_entries, store_heads
from contacts.log import Log
from storage.bus import Bus, MemoryBus
from storage.clock import ManualClock
from storage.engine import Connection, Store
from storage.ids import ContactId, new_id
from storage.redis_bus import RedisBus
from tests.eventually import eventually
from tests.servers import ValkeyServer

pytestmark = pytest.mark.anyio

C = ContactId("c" * 32)


class Reader:
    """A sink. `closed`: segments that it first has to fetch a key for."""

    def __init__(self, *, closed: set[int] | None = None) -> None:
        self.seen: list[int] = []
        self.prepared: list[int] = []
        self._closed = closed or set()

    def entry(self, fresh: Fresh) -> bool:
        if fresh.entry.segment in self._closed:
            return False
        self.seen.append(fresh.entry.seq)
        return True

    async def prepare(self, fresh: Fresh) -> None:
        self.prepared.append(fresh.entry.segment)
        self._closed.discard(fresh.entry.segment)


class SwitchedStore(Store):
    """A store that can be switched off."""

    off = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        if self.off:
            raise ConnectionRefusedError
        async with super().read() as conn:
            yield conn


@dataclass
class Desk:
    """One worker's live delivery on a database of its own kind."""

    store: Store
    bus: Bus
    live: Live
    entries: list[Entry] = field(default_factory=list)

    async def commit(self, *, klass: Klass = Klass.TRANSCRIPT, segment: int = 1) -> Entry:
        """Write the next entry as a committer would, and tell nobody."""
        async with self.store.write() as conn:
            head = (await lock_heads(conn, [C]))[C]
            head.last = {**head.last, klass: head.last[klass] + 1}
            head.grown = True
            new = entry(head.last[klass], klass=klass, segment=segment)
            await store_entries(conn, [new])
            await store_heads(conn, [head])
        self.entries.append(new)
        return new

    def tell(self, *entries: Entry) -> None:
        self.live.committed(Committed([Fresh(each, None) for each in entries], []))

    async def hear(self, *entries: Entry) -> None:
        """Another worker tells of these."""
        await self.bus.publish(TOPIC, packed(Announcement("another", list(entries), [])))


def entry(seq: int, *, contact: ContactId = C, klass: Klass = Klass.TRANSCRIPT, segment: int = 1) -> Entry:
    return Entry(
        contact=contact,
        klass=klass,
        seq=seq,
        segment=segment,
        kind=Kind.MESSAGE,
        author=Author.VISITOR,
        at=1,
        client_id=f"{klass}{seq}",
        sealed=b"x",
    )


@asynccontextmanager
async def working(store: Store, bus: Bus, clock: ManualClock, *, run: bool = False) -> AsyncIterator[Desk]:
    await bus.start()
    live = Live(bus=bus, log=Log(store=store), clock=clock)
    task = asyncio.create_task(live.run()) if run else None
    yield Desk(store, bus, live)
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await bus.close()


async def made(store: Store) -> None:
    async with store.write() as conn:
        await begin(conn, Contact(id=C, door=Door.CHAT, language="fi", tag="K7", state=State.ACTIVE, opened_at=1))


@pytest.fixture
async def desk(store: Store, clock: ManualClock) -> AsyncIterator[Desk]:
    await made(store)
    async with working(store, MemoryBus(), clock) as desk:
        yield desk


@contextmanager
def following(desk: Desk, reader: Reader, after: int = 0) -> Iterator[Follower]:
    follower = desk.live.follow(C, after=after, sink=reader)
    yield follower
    desk.live.unfollow(follower)


async def test_a_follower_is_first_given_what_is_there(desk: Desk) -> None:
    for _ in range(4):
        await desk.commit()
    reader, later = Reader(), Reader()
    with following(desk, reader) as follower, following(desk, later, after=3) as other:
        await follower.healed()
        await other.healed()
    assert reader.seen == [1, 2, 3, 4]
    assert later.seen == [4]


async def test_the_next_entry_is_handed_on_at_once_from_memory(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        desk.tell(entry(1), entry(2))  # not in the database at all: no need to look
        assert reader.seen == [1, 2]
        assert follower.cursor == 2


async def test_a_second_announcement_of_the_same_changes_nothing(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        first, second = await desk.commit(), await desk.commit()
        desk.tell(first, second, first, second, second)
        await follower.healed()
    assert reader.seen == [1, 2]


async def test_what_was_missed_comes_from_the_database_before_what_came(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        for _ in range(4):
            await desk.commit()
        desk.tell(desk.entries[2])
        await follower.healed()
        assert reader.seen == [1, 2, 3, 4]


async def test_another_workers_entries_are_handed_on_and_the_own_echo_is_not(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        await desk.hear(await desk.commit())
        await follower.healed()
        desk.tell(await desk.commit())
        await follower.healed()
    assert reader.seen == [1, 2]


async def test_notes_are_nothing_for_followers(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        note = await desk.commit(klass=Klass.RECORD)
        desk.tell(note)
        await desk.hear(note)
        await follower.healed()
    assert reader.seen == []


async def test_who_follows_another_contact_hears_nothing(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        desk.tell(entry(1, contact=ContactId(new_id())))
        await follower.healed()
    assert reader.seen == []


async def test_an_entry_of_a_segment_without_a_key_waits_for_the_key(desk: Desk) -> None:
    reader = Reader(closed={2})
    with following(desk, reader) as follower:
        await follower.healed()
        for segment in (1, 2, 2, 1):
            desk.tell(await desk.commit(segment=segment))
        await follower.healed()
    assert reader.seen == [1, 2, 3, 4]
    assert reader.prepared == [2]


async def test_who_stopped_following_is_given_nothing_more(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
    desk.live.unfollow(follower)
    desk.tell(await desk.commit())
    follower.heal()
    await asyncio.sleep(0)
    assert reader.seen == []


async def test_two_followers_of_one_contact_are_each_served_from_where_they_stand(desk: Desk) -> None:
    one, two = Reader(), Reader()
    await desk.commit()
    with following(desk, one) as first, following(desk, two, after=1) as second:
        await first.healed()
        await second.healed()
        desk.tell(await desk.commit())
        assert (one.seen, two.seen) == ([1, 2], [2])


async def test_a_long_conversation_is_replayed_whole(desk: Desk) -> None:
    async with desk.store.write() as conn:
        head = (await lock_heads(conn, [C]))[C]
        head.last, head.grown = {Klass.TRANSCRIPT: 1100, Klass.RECORD: 0}, True
        await store_entries(conn, [entry(seq) for seq in range(1, 1101)])
        await store_heads(conn, [head])
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
    assert reader.seen == list(range(1, 1101))


async def test_a_sweep_finds_what_nobody_was_told_of(desk: Desk) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        await desk.commit()
        await desk.live.sweep()
        await follower.healed()
        assert reader.seen == [1]
    await desk.live.sweep()  # with nobody following it asks nothing


@pytest.mark.parametrize("seed", range(3))
async def test_any_mixture_of_losses_doubles_and_disorder_heals(desk: Desk, seed: int) -> None:
    chance, reader = random.Random(seed), Reader()
    with following(desk, reader) as follower:
        for _ in range(40):
            new = await desk.commit()
            told = chance.choice(["lost", "here", "there", "both", "old", "late"])
            if told in {"here", "both"}:
                desk.tell(new)
            if told in {"there", "both"}:
                await desk.hear(new)
            if told == "old":
                desk.tell(*chance.sample(desk.entries, len(desk.entries)))
            if told == "late":
                await asyncio.sleep(0)
        await desk.live.sweep()
        await follower.healed()
    assert reader.seen == list(range(1, 41))


async def test_while_the_database_is_away_nothing_is_skipped_and_all_comes_when_it_is_back(
    database_url: str, store: Store, clock: ManualClock
) -> None:
    await made(store)
    switched = SwitchedStore(url=database_url)
    async with working(store, MemoryBus(), clock) as desk:
        live = Live(bus=desk.bus, log=Log(store=switched), clock=clock)
        reader = Reader()
        switched.off = True
        follower = live.follow(C, after=0, sink=reader)
        first, second = await desk.commit(), await desk.commit()
        live.committed(Committed([Fresh(second, None)], []))
        live.committed(Committed([Fresh(first, None)], []))
        await asyncio.sleep(0.05)
        assert reader.seen == []
        switched.off = False
        await eventually(lambda: reader.seen == [1, 2])
        await follower.healed()
        live.unfollow(follower)
    await switched.close()


async def test_moves_and_signals_reach_who_listens_until_they_stop(desk: Desk) -> None:
    moved: list[list[ContactId]] = []
    signals: list[str] = []
    stops = [desk.live.on_moved(lambda ids: moved.append(list(ids))), desk.live.on_signal(C, signals.append)]
    desk.live.announce(C)
    desk.live.signal(C, "writing")
    desk.live.signal(ContactId(new_id()), "writing")
    await desk.bus.publish(TOPIC, packed(Announcement("another", [], [C])))
    await desk.bus.publish(SIGNAL_TOPIC, packed(Signal("another", C, "shown:3")))
    assert moved == [[C], [C]]
    assert signals == ["writing", "shown:3"]
    for stop in (*stops, *stops):
        stop()
    desk.live.announce(C)
    desk.live.signal(C, "writing")
    assert (len(moved), len(signals)) == (2, 2)


@pytest.mark.parametrize("noise", [b"", b"\x00", b"{}", b"\x93\xa1a\x90", b"\xff" * 100])
async def test_a_strangers_noise_on_the_bus_changes_nothing(desk: Desk, noise: bytes) -> None:
    reader = Reader()
    with following(desk, reader) as follower:
        await follower.healed()
        await desk.bus.publish(TOPIC, noise)
        await desk.bus.publish(SIGNAL_TOPIC, noise)
        await desk.hear(await desk.commit())
        await follower.healed()
    assert reader.seen == [1]


entries_of_any_kind = st.builds(
    Entry,
    contact=st.text(max_size=32).map(ContactId),
    klass=st.sampled_from(Klass),
    seq=st.integers(0, 2**31 - 1),
    segment=st.integers(0, 99),
    kind=st.sampled_from(Kind),
    author=st.sampled_from(Author),
    at=st.integers(0, 2**40),
    client_id=st.none() | st.uuids().map(str),
    sealed=st.none() | st.binary(),
)


@given(st.lists(entries_of_any_kind, max_size=5), st.lists(st.text(max_size=32).map(ContactId), max_size=5))
def test_an_announcement_arrives_as_it_was_packed(entries: list[Entry], moved: list[ContactId]) -> None:
    message = Announcement("origin", entries, moved)
    assert announcement(packed(message)) == message


def test_a_signal_arrives_as_it_was_packed() -> None:
    message = Signal("origin", C, "shown:4")
    assert signal(packed(message)) == message


# -- two workers over a real Redis


@pytest.fixture(scope="module")
def troubled() -> Iterator[ValkeyServer]:
    with ValkeyServer.launch() as server:
        yield server


@pytest.fixture
async def two(
    troubled: ValkeyServer, store: Store, other_store: Store, clock: ManualClock
) -> AsyncIterator[tuple[Desk, Desk]]:
    await made(store)
    async with (
        working(store, RedisBus(url=troubled.url, patience=0.5), clock, run=True) as one,
        working(other_store, RedisBus(url=troubled.url, patience=0.5), clock, run=True) as other,
    ):
        yield one, other


@pytest.mark.servers
async def test_an_entry_of_one_worker_reaches_the_readers_of_another(two: tuple[Desk, Desk]) -> None:
    writer, other = two
    reader, moved, signals = Reader(), list[ContactId](), list[str]()
    other.live.on_moved(moved.extend)
    other.live.on_signal(C, signals.append)
    with following(other, reader) as follower:
        await follower.healed()
        writer.tell(entry(1), entry(2))  # in no database: it can only have come over the bus
        writer.live.announce(C)
        writer.live.signal(C, "writing")
        await eventually(lambda: reader.seen == [1, 2] and C in moved and signals == ["writing"])


@pytest.mark.servers
async def test_without_redis_entries_arrive_within_about_a_second(
    troubled: ValkeyServer, two: tuple[Desk, Desk]
) -> None:
    writer, other = two
    reader, moved = Reader(), list[ContactId]()
    other.live.on_moved(moved.extend)
    with following(other, reader) as follower:
        await follower.healed()
        troubled.stop()
        try:
            await eventually(lambda: not other.bus.connected)
            writer.tell(await writer.commit())
            await eventually(lambda: reader.seen == [1], within=3)
            await eventually(lambda: C in moved, within=3, what="states may have changed too")
            await follower.healed()
        finally:
            troubled.start()
        await eventually(lambda: writer.bus.connected and other.bus.connected, within=8)
        writer.tell(await writer.commit())
        await eventually(lambda: reader.seen == [1, 2])


@pytest.mark.servers
async def test_what_was_lost_with_the_line_is_read_when_the_line_is_back(
    troubled: ValkeyServer, two: tuple[Desk, Desk]
) -> None:
    writer, other = two
    reader = Reader()
    with following(other, reader) as follower:
        await follower.healed()
        troubled.kill()
        for _ in range(3):
            await writer.commit()  # told to nobody: not even this worker's own bus
        troubled.start()
        await eventually(lambda: reader.seen == [1, 2, 3], within=3)
        await follower.healed()
