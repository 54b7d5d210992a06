import pytest
from msgspec.structs import replace

from chat import conversation
from contacts.begin import begin
from contacts.contact import Author, Contact, Entry, Kind, Klass, Line, State
from contacts.heads import find_repeats, lock_heads, store_entries, store_heads
from contacts.log import Log
from storage.engine import Store
from storage.ids import ContactId, StaffId, new_id

pytestmark = pytest.mark.anyio

MESSAGE, NOTE = Klass.TRANSCRIPT, Klass.RECORD


async def begun(store: Store) -> Contact:
    contact = conversation.begun(contact=ContactId(new_id()), language="sv", tag="A3", now=1_800_000_000)
    async with store.write() as conn:
        await begin(conn, contact)
    return contact


def entry(contact: Contact, seq: int, *, client_id: str | None = None, klass: Klass = MESSAGE) -> Entry:
    return Entry(
        contact=contact.id,
        klass=klass,
        seq=seq,
        segment=1,
        kind=Kind.MESSAGE,
        author=Author.VISITOR,
        at=1_800_000_000,
        staff=StaffId(new_id()),
        client_id=client_id,
        sealed=bytes(range(256)),
        revision=2,
    )


def line(contact: Contact, seq: int) -> Entry:
    return Entry(
        contact=contact.id,
        klass=MESSAGE,
        seq=seq,
        segment=0,
        kind=Kind.LINE,
        author=Author.HOUSE,
        at=1_800_000_000,
        code=Line.VISITOR_LOST,
    )


async def test_many_contacts_are_locked_at_once_in_the_order_of_their_ids(store: Store) -> None:
    contacts = [await begun(store) for _ in range(5)]
    async with store.write() as conn:
        heads = await lock_heads(conn, [contact.id for contact in contacts])
    assert [head.contact for head in heads.values()] == sorted(contacts, key=lambda contact: contact.id)
    assert all(head.last == {MESSAGE: 0, NOTE: 0} for head in heads.values())


async def test_a_contact_that_is_not_there_has_no_head(store: Store) -> None:
    async with store.write() as conn:
        assert await lock_heads(conn, [ContactId(new_id())]) == {}


async def test_entries_come_back_as_they_were_stored(store: Store) -> None:
    contact = await begun(store)
    stored = [entry(contact, 1, client_id="one"), line(contact, 2)]
    async with store.write() as conn:
        await store_entries(conn, stored)
    assert await Log(store=store).entries_after(contact.id, MESSAGE, 0) == stored


async def test_no_entries_are_stored_without_a_word(store: Store) -> None:
    async with store.write() as conn:
        await store_entries(conn, [])


async def test_a_client_id_is_found_again_in_its_own_contact_and_class_only(store: Store) -> None:
    contact, other = await begun(store), await begun(store)
    first, second = entry(contact, 1, client_id="one"), entry(contact, 2, client_id='a "quoted" id')
    async with store.write() as conn:
        await store_entries(conn, [first, second, line(contact, 3)])
        found = await find_repeats(
            conn,
            [
                (contact.id, MESSAGE, "one"),
                (contact.id, MESSAGE, 'a "quoted" id'),
                (contact.id, MESSAGE, "three"),
                (contact.id, NOTE, "one"),
                (other.id, MESSAGE, "one"),
            ],
        )
        assert await find_repeats(conn, []) == {}
    assert found == {
        (contact.id, MESSAGE, "one"): first,
        (contact.id, MESSAGE, 'a "quoted" id'): second,
    }


async def test_grown_heads_keep_their_numbers_and_moved_ones_their_state_too(store: Store) -> None:
    quiet, grown, moved = [await begun(store) for _ in range(3)]
    async with store.write() as conn:
        heads = await lock_heads(conn, [quiet.id, grown.id, moved.id])
        heads[quiet.id].last = {MESSAGE: 9, NOTE: 9}
        heads[grown.id].last, heads[grown.id].grown = {MESSAGE: 3, NOTE: 1}, True
        heads[moved.id].last, heads[moved.id].moved = {MESSAGE: 4, NOTE: 2}, True
        heads[moved.id].contact = replace(moved, state=State.ACTIVE, operator=StaffId(new_id()), accepted_at=7)
        await store_heads(conn, heads.values())
        again = await lock_heads(conn, [quiet.id, grown.id, moved.id])
    assert again[quiet.id].last == {MESSAGE: 0, NOTE: 0}
    assert (again[grown.id].last, again[grown.id].contact) == ({MESSAGE: 3, NOTE: 1}, grown)
    assert (again[moved.id].last, again[moved.id].contact) == ({MESSAGE: 4, NOTE: 2}, heads[moved.id].contact)
