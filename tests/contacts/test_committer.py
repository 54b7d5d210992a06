"""The one writer: numbers without gaps, repeats without doubles, and no unit that harms its neighbours."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs
from structlog.types import EventDict

from contacts.begin import begin
from contacts.committer import Also, Committed, Committer, Decide, Decision, Fresh, Outcome, Unit
from contacts.contact import Author, Contact, Door, Entry, Kind, Klass, Line, NewEntry, Refusal, Refused, State
from contacts.framing import Deployment
from contacts.log import Log
from contacts.sealing import ContentKey, EntryName
from contacts.tables_log import contacts
from contacts.words import Words
from storage.clock import ManualClock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId, new_id
from tests.contacts.killed_writer import content_key
from tests.eventually import eventually
from tests.servers import PostgresServer

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]

NOTHING: Decide = lambda contact, _now: Decision(contact)  # noqa: E731 - a rule, as chat/conversation.py has them


@dataclass
class Recorder:
    """A listener that keeps what it was told."""

    batches: list[Committed] = field(default_factory=list)

    def committed(self, batch: Committed) -> None:
        self.batches.append(batch)

    @property
    def fresh(self) -> list[Fresh]:
        return [fresh for batch in self.batches for fresh in batch.fresh]


@dataclass
class Desk:
    """A committer at work, and what tests do with it."""

    store: Store
    committer: Committer
    heard: Recorder
    forgotten: list[ContactId]
    keys: dict[ContactId, ContentKey] = field(default_factory=dict)

    async def begun(self) -> ContactId:
        contact = Contact(
            id=ContactId(new_id()), door=Door.CHAT, language="fi", tag="K7", state=State.WAITING, opened_at=1
        )
        async with self.store.write() as conn:
            await begin(conn, contact)
        self.keys[contact.id] = content_key(contact.id)
        return contact.id

    def unit(self, contact: ContactId, client_id: str, *, author: Author = Author.VISITOR, text: str = "hei") -> Unit:
        key = self.keys.get(contact)
        return Unit(contact, says(client_id, author, text), key=key, client_id=client_id, author=author)

    def say(self, contact: ContactId, client_id: str, *, author: Author = Author.VISITOR) -> asyncio.Future[Outcome]:
        return self.committer.submit(self.unit(contact, client_id, author=author))

    async def stored(self, contact: ContactId, klass: Klass = Klass.TRANSCRIPT) -> list[Entry]:
        return await Log(store=self.store).entries_after(contact, klass, 0)

    async def contact(self, contact: ContactId) -> Contact:
        found = await Log(store=self.store).contact(contact)
        assert found is not None
        return found


def says(client_id: str, author: Author = Author.VISITOR, text: str = "hei", klass: Klass = Klass.TRANSCRIPT) -> Decide:
    def rule(contact: Contact, _now: int) -> Decision:
        if contact.state is State.ENDED:
            raise Refused(Refusal.ENDED)
        new = NewEntry(kind=Kind.MESSAGE, author=author, klass=klass, words=Words(text), client_id=client_id)
        return Decision(contact, (new,))

    return rule


def ends(contact: Contact, now: int) -> Decision:
    over = replace(contact, state=State.ENDED, ended_at=now)
    line = NewEntry(kind=Kind.LINE, author=Author.HOUSE, code=Line.ENDED_BY_VISITOR)
    return Decision(over, (line,), (Also.FORGET_VISITOR,))


def breaks(_contact: Contact, _now: int) -> Decision:
    raise ZeroDivisionError


@asynccontextmanager
async def working(store: Store, clock: ManualClock, *, largest_batch: int = 256) -> AsyncIterator[Desk]:
    heard, forgotten = Recorder(), list[ContactId]()

    async def forget(_conn: Connection, contact: ContactId) -> None:
        forgotten.append(contact)

    committer = Committer(
        store=store,
        clock=clock,
        effects={Also.FORGET_VISITOR: forget},
        listener=heard,
        largest_batch=largest_batch,
    )
    running = asyncio.create_task(committer.run())
    yield Desk(store, committer, heard, forgotten)
    committer.close()
    await asyncio.wait_for(running, 5)


@pytest.fixture(autouse=True)
def told() -> Iterator[list[EventDict]]:
    """What was written to the log."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
async def desk(store: Store, clock: ManualClock) -> AsyncIterator[Desk]:
    async with working(store, clock) as desk:
        yield desk


@pytest.fixture
async def other(desk: Desk, other_store: Store, clock: ManualClock) -> AsyncIterator[Desk]:
    """Another worker process on the same database."""
    async with working(other_store, clock) as other:
        other.keys = desk.keys
        yield other


async def refusal(done: Awaitable[Outcome]) -> Refusal:
    with pytest.raises(Refused) as refused:
        await done
    return refused.value.code


def numbers(entries: list[Entry]) -> list[tuple[int, str | None]]:
    return [(entry.seq, entry.client_id) for entry in entries]


def gapless(entries: list[Entry]) -> bool:
    return [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


async def test_entries_are_numbered_from_one_without_gaps_in_the_order_they_came(desk: Desk) -> None:
    contact = await desk.begun()
    outcomes = await asyncio.gather(*(desk.say(contact, f"m{number}") for number in range(1, 31)))
    assert [outcome.receipt.seq for outcome in outcomes if outcome.receipt] == list(range(1, 31))
    assert numbers(await desk.stored(contact)) == [(number, f"m{number}") for number in range(1, 31)]


async def test_what_came_during_a_commit_goes_into_the_next_one_together(desk: Desk) -> None:
    contact = await desk.begun()
    await asyncio.gather(*(desk.say(contact, str(number)) for number in range(100)))
    assert len(desk.heard.batches) == 1


async def test_a_commit_takes_no_more_units_than_it_may(store: Store, clock: ManualClock) -> None:
    async with working(store, clock, largest_batch=10) as desk:
        contact = await desk.begun()
        await asyncio.gather(*(desk.say(contact, str(number)) for number in range(25)))
        assert [len(batch.fresh) for batch in desk.heard.batches] == [10, 10, 5]
        assert gapless(await desk.stored(contact))


async def test_an_answer_means_that_it_can_be_read_by_anybody(
    desk: Desk, other_store: Store, clock: ManualClock
) -> None:
    contact = await desk.begun()
    receipt = (await desk.say(contact, "m")).receipt
    (entry,) = await Log(store=other_store).entries_after(contact, Klass.TRANSCRIPT, 0)
    assert receipt is not None
    assert (entry.seq, entry.at, entry.client_id) == (receipt.seq, receipt.at, "m")
    assert (receipt.at, receipt.repeated) == (epoch_seconds(clock.now()), False)
    assert (await Log(store=other_store).last_numbers([contact])) == {contact: 1}


async def test_what_rests_is_sealed_to_its_place(desk: Desk) -> None:
    contact = await desk.begun()
    await desk.committer.submit(desk.unit(contact, "m", text="her very words"))
    (entry,) = await desk.stored(contact)
    assert entry.sealed is not None
    assert b"her very words" not in entry.sealed
    name = EntryName(contact, Klass.TRANSCRIPT, 1, 1, 0, Kind.MESSAGE, Author.VISITOR)
    assert desk.keys[contact].open(name, entry.sealed) == Words("her very words")


async def test_classes_are_numbered_apart(desk: Desk) -> None:
    contact = await desk.begun()
    record = ContentKey(deployment=Deployment("d"), contact=contact, klass=Klass.RECORD, segment=1, secret=bytes(32))
    note = Unit(
        contact, says("n", Author.WORKER, klass=Klass.RECORD), key=record, client_id="n", klass=Klass.RECORD,
        author=Author.WORKER,
    )  # fmt: skip
    await asyncio.gather(desk.say(contact, "a"), desk.committer.submit(note), desk.say(contact, "b"))
    assert numbers(await desk.stored(contact)) == [(1, "a"), (2, "b")]
    assert numbers(await desk.stored(contact, Klass.RECORD)) == [(1, "n")]


# -- repeats


async def test_a_repeat_in_the_same_commit_is_the_first_ones_receipt(desk: Desk) -> None:
    contact = await desk.begun()
    first, again, next_one = await asyncio.gather(*(desk.say(contact, name) for name in ("m", "m", "n")))
    assert first.receipt is not None
    assert next_one.receipt is not None
    assert again.receipt == replace(first.receipt, repeated=True)
    assert next_one.receipt.seq == 2
    assert numbers(await desk.stored(contact)) == [(1, "m"), (2, "n")]


async def test_a_repeat_later_and_elsewhere_is_the_first_ones_receipt(
    desk: Desk, other: Desk, clock: ManualClock
) -> None:
    contact = await desk.begun()
    first = (await desk.say(contact, "m")).receipt
    assert first is not None
    clock.advance(60)
    for worker in (desk, other):
        again = await worker.say(contact, "m")
        assert again.receipt == replace(first, repeated=True)
        assert again.fresh == ()
    assert numbers(await desk.stored(contact)) == [(1, "m")]
    assert len(desk.heard.fresh) == 1
    assert other.heard.batches == []


async def test_a_repeat_is_answered_after_the_end_and_nothing_new_is_taken(desk: Desk) -> None:
    contact = await desk.begun()
    await desk.say(contact, "m")
    await desk.committer.submit(Unit(contact, ends))
    again = (await desk.say(contact, "m")).receipt
    assert again is not None
    assert (again.seq, again.repeated) == (1, True)
    assert await refusal(desk.say(contact, "new")) is Refusal.ENDED
    assert len(await desk.stored(contact)) == 2


async def test_an_id_of_the_other_side_is_taken_in_the_same_commit_and_later(desk: Desk) -> None:
    contact = await desk.begun()
    mine, theirs = desk.say(contact, "m"), desk.say(contact, "m", author=Author.WORKER)
    assert await refusal(theirs) is Refusal.ID_TAKEN
    await mine
    assert await refusal(desk.say(contact, "m", author=Author.WORKER)) is Refusal.ID_TAKEN
    assert numbers(await desk.stored(contact)) == [(1, "m")]


async def test_the_same_id_at_another_contact_is_another_message(desk: Desk) -> None:
    one, two = await desk.begun(), await desk.begun()
    outcomes = await asyncio.gather(desk.say(one, "m"), desk.say(two, "m"))
    assert [outcome.receipt and outcome.receipt.repeated for outcome in outcomes] == [False, False]


# -- neighbours


async def test_a_refused_unit_leaves_its_neighbours_alone(desk: Desk) -> None:
    contact, over = await desk.begun(), await desk.begun()
    await desk.committer.submit(Unit(over, ends))
    first, refused, second = desk.say(contact, "a"), desk.say(over, "x"), desk.say(contact, "b")
    assert await refusal(refused) is Refusal.ENDED
    await asyncio.gather(first, second)
    assert numbers(await desk.stored(contact)) == [(1, "a"), (2, "b")]
    assert len(desk.heard.batches) == 2, "one commit for all three"


async def test_a_contact_that_is_not_there_is_not_yours(desk: Desk) -> None:
    assert await refusal(desk.say(ContactId(new_id()), "m")) is Refusal.NOT_YOURS


async def test_words_without_a_key_cannot_be_written(desk: Desk) -> None:
    contact = await desk.begun()
    unit = Unit(contact, says("m"), client_id="m", author=Author.VISITOR)
    assert await refusal(desk.committer.submit(unit)) is Refusal.CANNOT_OPEN
    assert await desk.stored(contact) == []


POISONS: dict[str, Callable[[Desk, ContactId], Unit]] = {
    "a rule that breaks": lambda _desk, contact: Unit(contact, breaks),
    "a key of another contact": lambda _desk, contact: Unit(
        contact, says("x"), key=content_key(ContactId(new_id())), client_id="x", author=Author.VISITOR
    ),
    "words that no block holds": lambda desk, contact: desk.unit(contact, "x", text="x" * 20_000),
    "half a surrogate pair": lambda desk, contact: desk.unit(contact, "x", text="\ud800"),
    "an id that no column holds": lambda desk, contact: Unit(
        contact, says("\x00"), key=desk.keys[contact], client_id="x", author=Author.VISITOR,
        guard=lambda conn, contact: conn.execute(contacts.insert().values(id=contact)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
async def test_a_unit_that_breaks_is_unavailable_and_harms_nobody(
    desk: Desk, poison: Callable[[Desk, ContactId], Unit]
) -> None:
    contact, neighbour = await desk.begun(), await desk.begun()
    before = [desk.say(contact, "a"), desk.say(neighbour, "a")]
    broken = desk.committer.submit(poison(desk, contact))
    after = [desk.say(contact, "b"), desk.say(neighbour, "b")]
    assert await refusal(broken) is Refusal.UNAVAILABLE
    await asyncio.gather(*before, *after)
    for each in (contact, neighbour):
        assert numbers(await desk.stored(each)) == [(1, "a"), (2, "b")]
    heard = Counter((fresh.entry.contact, fresh.entry.seq) for fresh in desk.heard.fresh)
    assert set(heard.values()) == {1}, "nobody was told of anything twice, or of what was not kept"


async def test_of_a_unit_that_breaks_half_way_nothing_sticks(desk: Desk) -> None:
    contact = await desk.begun()

    def twice(found: Contact, now: int) -> Decision:
        good, bad = says("x")(found, now).entries, says("y", text="\ud800")(found, now).entries
        return Decision(replace(found, shown_seq=7), good + bad)

    broken = Unit(contact, twice, key=desk.keys[contact], client_id="x", author=Author.VISITOR)
    assert await refusal(desk.committer.submit(broken)) is Refusal.UNAVAILABLE
    await desk.say(contact, "x")
    assert numbers(await desk.stored(contact)) == [(1, "x")]
    assert (await desk.contact(contact)).shown_seq == 0


async def test_whoever_stopped_waiting_is_written_all_the_same(desk: Desk) -> None:
    contact = await desk.begun()
    gone = desk.say(contact, "a")
    gone.cancel()
    await desk.say(contact, "b")
    assert numbers(await desk.stored(contact)) == [(1, "a"), (2, "b")]


# -- guards and effects


async def test_a_guard_decides_inside_the_transaction(desk: Desk) -> None:
    contact = await desk.begun()
    seen: list[bool] = []

    async def guard(conn: Connection, guarded: ContactId) -> None:
        await conn.execute(contacts.update().where(contacts.c.id == guarded).values(missed_by="guard"))
        seen.append(conn.in_transaction())
        raise Refused(Refusal.AT_CAPACITY)

    unit = Unit(contact, says("m"), key=desk.keys[contact], client_id="m", author=Author.VISITOR, guard=guard)
    assert await refusal(desk.committer.submit(unit)) is Refusal.AT_CAPACITY
    assert seen == [True]
    assert await desk.stored(contact) == []


async def test_a_guard_sees_what_was_decided_before_it_in_the_same_commit(desk: Desk) -> None:
    first, second = await desk.begun(), await desk.begun()
    states: list[object] = []

    async def guard(conn: Connection, _contact: ContactId) -> None:
        row = (await conn.execute(contacts.select().where(contacts.c.id == first))).one()
        states.append((row.state, row.transcript_seq))

    done = desk.committer.submit(Unit(first, ends))
    await desk.committer.submit(Unit(second, NOTHING, guard=guard))
    await done
    assert states == [("ended", 1)]


async def test_a_contact_that_is_not_there_is_not_yours_whatever_its_guard_would_say(desk: Desk) -> None:
    async def guard(_conn: Connection, _contact: ContactId) -> None:
        raise Refused(Refusal.CANNOT_OPEN)

    assert await refusal(desk.committer.submit(Unit(ContactId(new_id()), NOTHING, guard=guard))) is Refusal.NOT_YOURS


async def test_an_effect_belongs_to_its_decision(desk: Desk) -> None:
    contact = await desk.begun()
    await desk.committer.submit(Unit(contact, ends))
    assert desk.forgotten == [contact]


async def test_an_effect_that_fails_takes_its_decision_back_and_no_other(store: Store, clock: ManualClock) -> None:
    async def fail(_conn: Connection, _contact: ContactId) -> None:
        raise IntegrityError("", {}, Exception())

    heard = Recorder()
    committer = Committer(store=store, clock=clock, effects={Also.FORGET_VISITOR: fail}, listener=heard)
    running = asyncio.create_task(committer.run())
    desk = Desk(store, committer, heard, [])
    contact, neighbour = await desk.begun(), await desk.begun()
    ended, said = committer.submit(Unit(contact, ends)), desk.say(neighbour, "a")
    assert await refusal(ended) is Refusal.UNAVAILABLE
    await said
    assert (await desk.contact(contact)).state is State.WAITING
    assert await desk.stored(contact) == []
    assert len(await desk.stored(neighbour)) == 1
    committer.close()
    await running


# -- who is told


async def test_listeners_are_told_after_the_commit_in_order_with_words(desk: Desk) -> None:
    contact = await desk.begun()
    await asyncio.gather(desk.say(contact, "a"), desk.committer.submit(Unit(contact, ends)))
    (batch,) = desk.heard.batches
    assert [(fresh.entry.seq, fresh.words) for fresh in batch.fresh] == [(1, Words("hei")), (2, None)]
    assert batch.moved == [contact]


async def test_what_changes_nothing_is_told_to_nobody(desk: Desk) -> None:
    contact = await desk.begun()
    await desk.committer.submit(Unit(contact, NOTHING))
    assert desk.heard.batches == []


# -- the end of a worker


async def test_closing_writes_what_is_pending_and_refuses_what_comes_later(store: Store, clock: ManualClock) -> None:
    async with working(store, clock) as desk:
        contact = await desk.begun()
        pending = [desk.say(contact, str(number)) for number in range(20)]
        desk.committer.close()
        assert await refusal(desk.say(contact, "late")) is Refusal.UNAVAILABLE
        await asyncio.gather(*pending)
        assert len(await desk.stored(contact)) == 20


async def test_a_refusal_that_nobody_waits_for_is_no_complaint(store: Store, clock: ManualClock) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    async with working(store, clock) as desk:
        contact = await desk.begun()
        desk.say(ContactId(new_id()), "m")
        await desk.say(contact, "m")
        desk.committer.close()
        desk.say(contact, "late")
    await asyncio.sleep(0)
    asyncio.get_running_loop().set_exception_handler(None)
    assert complaints == []


# -- several workers


async def test_two_workers_on_one_contact_lose_and_double_nothing(desk: Desk, other: Desk) -> None:
    contact = await desk.begun()
    chance = random.Random(6)
    answers: dict[str, set[int]] = {}

    async def send(worker: Desk, name: str) -> None:
        await asyncio.sleep(chance.uniform(0, 0.05))
        receipt = (await worker.say(contact, name)).receipt
        assert receipt is not None
        answers.setdefault(name, set()).add(receipt.seq)

    names = [f"m{number}" for number in range(80)]
    shared = [send(worker, name) for name in names[:40] for worker in (desk, other)]  # sent to both: a reconnect
    apart = [send(desk if number % 2 else other, name) for number, name in enumerate(names[40:])]
    await asyncio.gather(*shared, *apart)
    stored = await desk.stored(contact)
    assert gapless(stored)
    assert sorted(entry.client_id or "" for entry in stored) == sorted(names)
    assert answers == {entry.client_id: {entry.seq} for entry in stored}
    told = Counter(fresh.entry.seq for worker in (desk, other) for fresh in worker.heard.fresh)
    assert told == Counter(entry.seq for entry in stored), "each commit was announced by the worker that made it, once"


async def test_workers_that_write_many_contacts_in_any_order_never_wait_in_a_ring(desk: Desk, other: Desk) -> None:
    mine = [await desk.begun() for _ in range(12)]
    workers = (desk, other)
    sent = [
        workers[(number + index) % 2].say(contact, f"{number}")
        for number in range(6)
        for index, contact in enumerate(random.Random(number).sample(mine, len(mine)))
    ]
    outcomes = await asyncio.gather(*sent)
    assert all(outcome.receipt for outcome in outcomes)
    for contact in mine:
        stored = await desk.stored(contact)
        assert gapless(stored)
        assert len(stored) == 6


async def test_of_two_workers_that_end_a_contact_one_does(desk: Desk, other: Desk) -> None:
    def once(contact: Contact, now: int) -> Decision:
        return Decision(contact) if contact.state is State.ENDED else ends(contact, now)

    ids = [await desk.begun() for _ in range(10)]
    await asyncio.gather(*(worker.committer.submit(Unit(each, once)) for each in ids for worker in (desk, other)))
    assert sorted(desk.forgotten + other.forgotten) == sorted(ids)
    for each in ids:
        assert [entry.code for entry in await desk.stored(each)] == [Line.ENDED_BY_VISITOR]


# -- storage away


@pytest.fixture(scope="module")
def fragile() -> Iterator[PostgresServer]:
    """A PostgreSQL that a test takes away."""
    with PostgresServer.launch(durable=True) as server:
        yield server


@pytest.mark.servers
async def test_an_outage_is_said_at_once_to_everybody_and_passes(fragile: PostgresServer, clock: ManualClock) -> None:
    store = Store(url=fragile.create_database())
    await store.create_all()
    async with working(store, clock) as desk:
        contact = await desk.begun()
        await desk.say(contact, "a")
        fragile.kill()
        try:
            lost = [desk.say(contact, f"lost {number}") for number in range(300)]
            async with asyncio.timeout(5):
                assert {await refusal(each) for each in lost} == {Refusal.UNAVAILABLE}
        finally:
            fragile.start()
        again = [desk.say(contact, f"lost {number}") for number in range(300)]
        await asyncio.gather(*again)
        stored = await desk.stored(contact)
        assert gapless(stored)
        assert len(stored) == 301
    await store.close()


async def killed(url: str, contact: ContactId, times: int) -> list[tuple[str, int]]:
    """What writers acknowledged that were killed this many times."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contacts.killed_writer", url, contact, str(times), cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 0
    return [(line.split()[0], int(line.split()[1])) for line in output.decode().splitlines()]


@pytest.mark.parametrize("times", [10, pytest.param(50, marks=pytest.mark.fault)])
async def test_every_acknowledged_entry_outlives_a_killed_writer_once_and_in_order(
    desk: Desk, database_url: str, times: int
) -> None:
    contact = await desk.begun()
    acknowledged = await killed(database_url, contact, times)
    assert len(acknowledged) >= times
    stored = await all_stored(desk, contact)
    assert gapless(stored)
    assert len({entry.client_id for entry in stored}) == len(stored)
    found = {entry.client_id: entry.seq for entry in stored}
    assert [(name, found.get(name)) for name, _ in acknowledged] == acknowledged
    await desk.say(contact, "after")
    await eventually(lambda: desk.heard.fresh[-1].entry.seq == len(stored) + 1)


async def all_stored(desk: Desk, contact: ContactId) -> list[Entry]:
    log, found = Log(store=desk.store), list[Entry]()
    while page := await log.entries_after(contact, Klass.TRANSCRIPT, len(found)):
        found += page
    return found


async def test_a_silent_change_is_kept_and_nobody_is_told(desk: Desk) -> None:
    contact = await desk.begun()
    outcome = await desk.committer.submit(
        Unit(contact, lambda it, _now: Decision(replace(it, shown_seq=3), silent=True))
    )
    assert outcome.contact.shown_seq == 3
    assert await desk.contact(contact) == outcome.contact
    assert desk.heard.batches == []
