"""Rows become values and values rows, with nothing lost on the way."""

import asyncio

import pytest
from msgspec.structs import fields, replace

from contacts.begin import begin
from contacts.contact import Author, Contact, Door, EndedBy, Entry, Kind, Klass, Line, Question, State, Wish
from contacts.heads import find_repeats, lock_heads, store_entries, store_heads
from contacts.log import Log
from storage.engine import Store
from storage.ids import ContactId, StaffId, new_id

pytestmark = pytest.mark.anyio

FULL = Contact(
    id=ContactId("c" * 32),
    door=Door.FORM,
    language="sv",
    tag="K7",
    state=State.ENDED,
    opened_at=1,
    accepted_at=2,
    ended_at=3,
    ended_by=EndedBy.SILENCE,
    operator=StaffId("anna"),
    offered_to=StaffId("bertil"),
    offer_until=4,
    missed_by=StaffId("cecilia"),
    visitor_away_since=5,
    operator_away_since=6,
    shown_seq=7,
    place=8,
    waited=9,
    danger=True,
    overtaken=2,
    missed_at=10,
    former=StaffId("daavid"),
    next_reads=True,
    reads_from=11,
    question=Question.HAND_OVER,
    question_to=StaffId("eeva"),
    grace_until=12,
    told_at=13,
    quiet_since=14,
    card="e" * 32,
    wish=Wish.CONFIDENTIAL,
    helper=StaffId("fanny"),
)
BARE = Contact(id=ContactId("b" * 32), door=Door.CHAT, language="fi", tag="A3", state=State.WAITING, opened_at=1)
MESSAGE = Entry(
    contact=FULL.id,
    klass=Klass.RECORD,
    seq=1,
    segment=2,
    kind=Kind.NOTE,
    author=Author.WORKER,
    at=9,
    staff=StaffId("anna"),
    client_id="m",
    sealed=b"\x00\xff",
    revision=3,
)
LINE = Entry(
    contact=FULL.id,
    klass=Klass.TRANSCRIPT,
    seq=1,
    segment=0,
    kind=Kind.LINE,
    author=Author.HOUSE,
    at=9,
    code=Line.ENDED_SILENT,
)


async def began(store: Store, *contacts: Contact) -> None:
    async with store.write() as conn:
        for contact in contacts:
            await begin(conn, contact)


def test_the_examples_leave_no_field_out() -> None:
    for one in (FULL, MESSAGE):
        unset = [field.name for field in fields(one) if getattr(one, field.name) in {None, field.default}]
        assert set(unset) <= {"code"}, "a line has the code, a message has not"


@pytest.mark.parametrize("contact", [FULL, BARE], ids=["every field", "no optional field"])
async def test_a_contact_comes_back_as_it_was_stored(store: Store, contact: Contact) -> None:
    await began(store, contact)
    assert await Log(store=store).contact(contact.id) == contact
    async with store.write() as conn:
        heads = await lock_heads(conn, [contact.id])
    assert heads[contact.id].contact == contact
    assert heads[contact.id].last == {Klass.TRANSCRIPT: 0, Klass.RECORD: 0}


async def test_a_contact_that_moved_is_stored_in_every_field(store: Store) -> None:
    await began(store, BARE)
    moved = replace(FULL, id=BARE.id)
    async with store.write() as conn:
        heads = await lock_heads(conn, [BARE.id])
        head = heads[BARE.id]
        head.contact, head.last, head.moved = moved, {Klass.TRANSCRIPT: 4, Klass.RECORD: 2}, True
        await store_heads(conn, heads.values())
        assert not head.moved
    assert await Log(store=store).contact(BARE.id) == moved
    async with store.write() as conn:
        assert (await lock_heads(conn, [BARE.id]))[BARE.id].last == {Klass.TRANSCRIPT: 4, Klass.RECORD: 2}


async def test_a_contact_that_only_grew_is_stored_in_its_numbers_alone(store: Store) -> None:
    await began(store, BARE)
    async with store.write() as conn:
        heads = await lock_heads(conn, [BARE.id])
        head = heads[BARE.id]
        head.contact, head.last, head.grown = replace(FULL, id=BARE.id), {Klass.TRANSCRIPT: 4, Klass.RECORD: 0}, True
        await store_heads(conn, heads.values())
    assert await Log(store=store).contact(BARE.id) == BARE
    assert await Log(store=store).last_numbers([BARE.id]) == {BARE.id: 4}


async def test_what_neither_moved_nor_grew_is_left_alone(store: Store) -> None:
    await began(store, BARE)
    async with store.write() as conn:
        heads = await lock_heads(conn, [BARE.id])
        heads[BARE.id].contact = replace(FULL, id=BARE.id)
        await store_heads(conn, heads.values())
    assert await Log(store=store).contact(BARE.id) == BARE


async def test_who_is_not_there_is_not_locked(store: Store) -> None:
    await began(store, BARE)
    async with store.write() as conn:
        assert (await lock_heads(conn, [ContactId(new_id()), BARE.id])).keys() == {BARE.id}


async def test_entries_come_back_as_they_were_stored(store: Store) -> None:
    await began(store, FULL)
    async with store.write() as conn:
        await store_entries(conn, [MESSAGE, LINE])
        await store_entries(conn, [])
    log = Log(store=store)
    assert await log.entries_after(FULL.id, Klass.RECORD, 0) == [MESSAGE]
    assert await log.entries_after(FULL.id, Klass.TRANSCRIPT, 0) == [LINE]


async def test_repeats_are_found_by_contact_class_and_id_together(store: Store) -> None:
    await began(store, FULL, BARE)
    async with store.write() as conn:
        await store_entries(conn, [MESSAGE, LINE])
    asked = [
        (FULL.id, Klass.RECORD, "m"),
        (FULL.id, Klass.TRANSCRIPT, "m"),
        (BARE.id, Klass.RECORD, "m"),
        (FULL.id, Klass.RECORD, "n"),
    ]
    async with store.write() as conn:
        assert await find_repeats(conn, asked) == {asked[0]: MESSAGE}
        assert await find_repeats(conn, []) == {}


async def test_a_locked_contact_waits_for_whoever_locked_it_first(store: Store, other_store: Store) -> None:
    await began(store, BARE)
    order: list[str] = []
    locked, free = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with store.write() as conn:
            head = (await lock_heads(conn, [BARE.id]))[BARE.id]
            locked.set()
            await free.wait()
            head.last, head.grown = {Klass.TRANSCRIPT: 1, Klass.RECORD: 0}, True
            await store_heads(conn, [head])
            order.append("first")

    async def second() -> int:
        await locked.wait()
        async with other_store.write() as conn:
            head = (await lock_heads(conn, [BARE.id]))[BARE.id]
            order.append("second")
            return head.last[Klass.TRANSCRIPT]

    async def release() -> None:
        await locked.wait()
        await asyncio.sleep(0.05)  # the second is waiting by now; if not, the test is only easier
        free.set()

    _, seen, _ = await asyncio.gather(first(), second(), release())
    assert order == ["first", "second"]
    assert seen == 1, "and then sees what the first one stored"
