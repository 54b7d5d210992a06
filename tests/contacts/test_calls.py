"""Rows of calls, on both databases."""

import asyncio
from typing import Any

import pytest

from contacts.call_list import dealt_with, listed, taken
from contacts.calls import CallRow, Calls, Kept, LegRow
from contacts.contact import Contact, Door, Klass, State
from contacts.words import Words
from storage.engine import Store
from storage.ids import ContactId, StaffId, new_id
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.installation import Installation, founded
from tests.stores import clock

AINO, EERO = StaffId("aino"), StaffId("eero")
__all__ = ["clock", "database_url", "kept_database", "store"]


@pytest.fixture
async def house(store: Store, clock: object) -> Installation:
    made = await founded(store, clock)  # type: ignore[arg-type]  # a manual clock
    await made.first_lead()
    return made


@pytest.fixture
def calls(house: Installation) -> Calls:
    return Calls(app_key=house.app_key, keyring=house.keyring)


async def begun(calls: Calls, store: Store, **fields: Any) -> Kept:
    """A call that is kept."""
    contact = Contact(
        id=ContactId(new_id()), door=Door.PHONE, language="fi", tag="A3", state=State.WAITING, opened_at=1000
    )
    row = CallRow(contact=contact.id, stage="waiting", seen_at=1000, provider_call="CA" + contact.id, **fields)
    async with store.write() as conn:
        await calls.open_all(conn, [(contact, row)])
    return Kept(contact, row, ())


def leg(kept: Kept, **fields: Any) -> LegRow:
    return LegRow(id=new_id(), contact=kept.contact.id, staff="aino", rung=1, state="wanted", **fields)


async def with_legs(calls: Calls, store: Store, kept: Kept, *legs: LegRow) -> Kept:
    after = Kept(kept.contact, kept.call, legs)
    async with store.write() as conn:
        await calls.store(conn, kept, after)
    return after


async def test_a_call_comes_back_as_it_was_stored(calls: Calls, store: Store) -> None:
    kept = await begun(calls, store, back_when="soon", told=1)
    after = await with_legs(calls, store, kept, leg(kept))
    async with store.write() as conn:
        assert await calls.locked(conn, kept.contact.id) == after
        assert await calls.exists(conn, kept.contact.id)
        assert not await calls.exists(conn, ContactId("nobody"))
        assert await calls.locked(conn, ContactId("nobody")) is None


async def test_of_many_who_open_one_call_one_is_first(calls: Calls, store: Store) -> None:
    names = [ContactId(new_id()) for _ in range(2)]

    async def opened(language: str) -> None:
        new = [
            (
                Contact(id=name, door=Door.PHONE, language=language, tag="A3", state=State.WAITING, opened_at=1000),
                CallRow(contact=name, stage="menu", seen_at=1000, provider_call="CA" + name),
            )
            for name in sorted(names)
        ]
        async with store.write() as conn:
            await calls.open_all(conn, new)

    await asyncio.gather(*(opened(language) for language in ["fi", "sv", "en"] * 4))
    async with store.write() as conn:
        found = await calls.locked_all(conn, [*names, ContactId("nobody")])
        assert set(found) == set(names)


async def test_answers_are_given_again_for_a_while_and_names_are_known_longer(calls: Calls, store: Store) -> None:
    name, other = calls.report_name("CA1"), calls.report_name("CA2")
    async with store.write() as conn:
        assert await calls.answers_given(conn, [name, other]) == {}
        await calls.keep_answers(conn, [(name, 1000, "<Response/>")])
        assert await calls.answers_given(conn, [name, other]) == {name: "<Response/>"}
        await calls.forget_answers(conn, answers_before=1001, names_before=500)
        assert await calls.answers_given(conn, [name]) == {name: None}
        await calls.forget_answers(conn, answers_before=1001, names_before=1001)
        assert await calls.answers_given(conn, [name]) == {}


async def test_legs_to_be_rung_or_hung_up_are_found_when_it_is_time(calls: Calls, store: Store) -> None:
    kept = await begun(calls, store)
    wanted, later = leg(kept), leg(kept, try_at=2000)
    cancelled = leg(kept, cancel=1, provider_call="CA-c")
    over = leg(kept, cancel=1, provider_call="CA-o")
    named = leg(kept, provider_call="CA-n")
    over = LegRow(**{**{name: getattr(over, name) for name in over.__struct_fields__}, "state": "over"})
    await with_legs(calls, store, kept, wanted, later, cancelled, over, named)
    async with store.write() as conn:
        assert await calls.any_legs_wait(conn, 1000)
        assert {one.id for one in await calls.waiting_legs(conn, 1000, 10)} == {wanted.id, cancelled.id}
        await calls.promise(conn, {wanted.id: 1015})
        await calls.put_off(conn, cancelled.id, until=1020)
        assert not await calls.any_legs_wait(conn, 1000)
        await calls.dialled(conn, {wanted.id: "CA-w"}, try_at=1000)
        found = await calls.locked(conn, kept.contact.id)
        assert found is not None
        state = {one.id: (one.state, one.provider_call, one.tries) for one in found.legs}
        assert state[wanted.id] == ("dialled", "CA-w", 0)


async def test_a_leg_goes_by_one_name_only(calls: Calls, store: Store) -> None:
    kept = await begun(calls, store)
    one = leg(kept)
    await with_legs(calls, store, kept, one)
    async with store.write() as conn:
        assert await calls.answered_by(conn, one.id, "CA-1")
        assert await calls.answered_by(conn, one.id, "CA-1")
        assert not await calls.answered_by(conn, one.id, "CA-2")


async def test_calls_whose_time_is_over_and_calls_that_fell_silent_are_due(calls: Calls, store: Store) -> None:
    rung = await begun(calls, store, rung_until=1500)
    accepted = await begun(calls, store, rung_until=1500, accepted="leg")
    ended = await begun(calls, store)
    talk = await begun(calls, store)
    for kept, stage in ((ended, "ended"), (talk, "talking")):
        moved = Kept(kept.contact, CallRow(**{**_fields(kept.call), "stage": stage, "outcome": "hung_up"}), ())
        async with store.write() as conn:
            await calls.store(conn, kept, moved)
    async with store.write() as conn:
        assert await calls.due(conn, 1500, 900) == [rung.contact.id]
        assert set(await calls.due(conn, 1500, 1000)) == {rung.contact.id, accepted.contact.id}
        assert await calls.silent_talks(conn, 1000) == [(talk.contact.id, talk.call.provider_call)]
        await calls.seen(conn, talk.contact.id, 1400)
        assert await calls.silent_talks(conn, 1000) == []


async def test_missed_calls_stay_on_the_list_until_somebody_deals_with_them(calls: Calls, store: Store) -> None:
    live = await begun(calls, store)
    missed = await begun(calls, store)
    fields = {**_fields(missed.call), "stage": "ended", "outcome": "unserved"}
    async with store.write() as conn:
        await calls.store(conn, missed, Kept(missed.contact, CallRow(**fields), ()))
    async with store.write() as conn:
        shown = (await listed(conn, ended_after=0)).calls
        assert {one.contact.id for one in shown} == {live.contact.id, missed.contact.id}
        assert await taken(conn, missed.contact.id, by=AINO, at=1900)
        assert not await taken(conn, missed.contact.id, by=EERO, at=1901)
        assert not await dealt_with(conn, missed.contact.id, by=EERO, at=2000, outcome="reached")
        assert await dealt_with(conn, missed.contact.id, by=AINO, at=2000, outcome="reached")
        assert not await dealt_with(conn, missed.contact.id, by=AINO, at=2001, outcome="reached")
        assert not await taken(conn, live.contact.id, by=EERO, at=2001)
        assert [one.contact.id for one in (await listed(conn, ended_after=0)).calls] == [live.contact.id]


async def test_a_number_is_sealed_with_nobody_signed_in(calls: Calls, store: Store, house: Installation) -> None:
    kept = await begun(calls, store)
    async with store.write() as conn:
        await calls.keep_number(conn, kept.contact.id, Words("+46313900601"), 1000)
        assert await house.keyring.segment_numbers(conn, kept.contact.id, Klass.CALLBACK) == [1]


async def test_whoever_talks_is_on_the_phone(calls: Calls, store: Store) -> None:
    kept = await begun(calls, store)
    one = leg(kept)
    fields = {**_fields(kept.call), "accepted": one.id}
    async with store.write() as conn:
        await calls.store(conn, kept, Kept(kept.contact, CallRow(**fields), (one,)))
        assert await calls.on_the_phone(conn) == {"aino"}


def _fields(row: CallRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
