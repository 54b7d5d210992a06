"""Rows of many calls in one transaction, on both databases: opened once, locked in one order, told of once."""

import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.call_messages import due, promise
from contacts.call_row import CallRow, Kept, LegRow
from contacts.calls_together import answers_given, keep_answers, locked_calls, open_calls, store_calls
from contacts.committer import nobody_counts
from contacts.contact import Contact, Door, State
from contacts.provider_traces import due as traces
from contacts.provider_traces import left, outlive
from storage.engine import Store
from storage.ids import ContactId
from tests.contacts.conftest import database_url, kept_database, store

__all__ = ["database_url", "kept_database", "store"]

A, B, C = ContactId("a" * 32), ContactId("b" * 32), ContactId("c" * 32)


def new(contact: ContactId, language: str = "fi", **fields: object) -> tuple[Contact, CallRow]:
    head = Contact(id=contact, door=Door.PHONE, language=language, tag="A3", state=State.WAITING, opened_at=1000)
    row = CallRow(contact=contact, stage="menu", seen_at=1000, provider_call="CA" + contact, **fields)  # type: ignore[arg-type]
    return head, row


def leg(contact: ContactId, name: str, rung: int = 1) -> LegRow:
    return LegRow(id=name * 32, contact=contact, staff="aino", rung=rung, state="wanted")


async def opened(store: Store, *calls: tuple[Contact, CallRow]) -> dict[ContactId, Kept]:
    async with store.write() as conn:
        await open_calls(conn, calls)
        return await locked_calls(conn, [contact.id for contact, _ in calls])


def over(kept: Kept) -> Kept:
    """It has ended."""
    contact = replace(kept.contact, state=State.ENDED, ended_at=1100)
    return replace(kept, contact=contact, call=replace(kept.call, stage="ended", ended_at=1100))


class Counted:
    """Who is told that contacts have ended."""

    def __init__(self) -> None:
        self.told: list[ContactId] = []

    async def __call__(self, _conn: AsyncConnection, contacts: Sequence[Contact]) -> None:
        self.told += [one.id for one in contacts]


async def test_a_call_that_is_opened_twice_stays_as_it_was_opened_first(store: Store) -> None:
    await opened(store, new(A, "sv"))
    found = await opened(store, new(A, "en", told=1), new(B))
    assert (found[A].contact.language, found[A].call.told, found[B].contact.language) == ("sv", 0, "fi")
    assert await opened(store) == {}


async def test_calls_that_do_not_exist_are_left_out_and_legs_come_in_the_order_of_ringing(store: Store) -> None:
    found = await opened(store, new(A), new(B))
    legs = (leg(A, "2", rung=1), leg(A, "1", rung=2))
    async with store.write() as conn:
        await store_calls(conn, [(found[A], replace(found[A], legs=legs[::-1]))], nobody_counts)
        again = await locked_calls(conn, [B, A, C])
    assert (set(again), again[A].legs, again[B].legs) == ({A, B}, legs, ())


async def test_what_has_changed_of_each_is_stored_and_who_has_ended_is_counted_once(store: Store) -> None:
    found = await opened(store, new(A), new(B), new(C))
    counted = Counted()
    rung = replace(found[B], call=replace(found[B].call, rung=1, turn=2), legs=(leg(B, "3"),))
    async with store.write() as conn:
        await store_calls(conn, [(found[A], over(found[A])), (found[B], rung), (found[C], found[C])], counted)
    async with store.write() as conn:
        now = await locked_calls(conn, [A, B, C])
        late = replace(now[A], call=replace(now[A].call, seen_at=1200))
        await store_calls(conn, [(now[A], late)], counted)
    assert now == {A: over(found[A]), B: rung, C: found[C]}
    assert counted.told == [A]


async def test_a_leg_moves_without_losing_its_name_at_the_provider(store: Store) -> None:
    found = await opened(store, new(A))
    first = replace(found[A], legs=(replace(leg(A, "4"), provider_call="CA-leg", tries=2),))
    async with store.write() as conn:
        await store_calls(conn, [(found[A], first)], nobody_counts)
        moved = replace(first, legs=(replace(first.legs[0], state="ringing", provider_call=None, tries=0),))
        await store_calls(conn, [(first, moved)], nobody_counts)
        [kept] = (await locked_calls(conn, [A]))[A].legs
    assert (kept.state, kept.provider_call, kept.tries) == ("ringing", "CA-leg", 2)


async def test_processes_that_move_the_same_calls_never_wait_for_each_other_in_a_ring(store: Store) -> None:
    await opened(store, new(A), new(B), new(C))

    async def moved(order: list[ContactId]) -> None:
        async with store.write() as conn:
            found = await locked_calls(conn, order)
            after = [
                (found[one], replace(found[one], call=replace(found[one].call, turn=found[one].call.turn + 1)))
                for one in order
            ]
            await store_calls(conn, after, nobody_counts)

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for number in range(9):
            order = [A, B, C][number % 3 :] + [A, B, C][: number % 3]
            tasks.create_task(moved(order if number % 2 else order[::-1]))
    async with store.write() as conn:
        assert {one.call.turn for one in (await locked_calls(conn, [A, B, C])).values()} == {9}


async def test_answers_are_known_by_the_name_of_their_report(store: Store) -> None:
    async with store.write() as conn:
        await keep_answers(conn, [])
        await keep_answers(
            conn, [(b"1" * 32, 1000, "<Response/>"), (b"2" * 32, 1000, "<Response><Hangup/></Response>")]
        )
        assert await answers_given(conn, [b"2" * 32, b"3" * 32]) == {b"2" * 32: "<Response><Hangup/></Response>"}


# --- what the provider still has ---


@pytest.mark.parametrize(("message", "found"), [("asked", 1), ("left", 1), ("sealed", 1), ("kept", 0), ("none", 0)])
async def test_a_recorded_message_is_looked_after_until_it_is_here_and_nowhere_else(
    store: Store, message: str, found: int
) -> None:
    await opened(store, new(A, message=message, recording="RE1", ended_at=1100), new(B))
    async with store.write() as conn:
        waiting = await due(conn, 1100, limit=10, lock=True)
        assert [(one.contact, one.message, one.tries) for one in waiting] == [(A, message, 0)] * found
        assert len(await traces(conn, ended_before=2000, limit=10)) == (message not in {"asked", "left"})
        await promise(conn, A, again_at=1500)
        assert await due(conn, 1499, limit=10) == []
        assert len(await due(conn, 1500, limit=10)) == found


async def test_nobody_looks_for_a_message_while_the_caller_is_speaking(store: Store) -> None:
    await opened(store, new(A, message="asked"))
    async with store.read() as conn:
        assert await due(conn, 2000, limit=10) == []


async def test_names_at_the_provider_outlive_a_contact_that_goes_without_naming_it(store: Store) -> None:
    found = await opened(store, new(A, ended_at=1100))
    kept = replace(found[A], legs=(replace(leg(A, "5"), provider_call="CA-leg", state="over"),))
    async with store.write() as conn:
        await store_calls(conn, [(found[A], kept)], nobody_counts)
        await outlive(conn, A, now=2000)
        every = await traces(conn, ended_before=2000, limit=10)
        assert {one.name for one in every if one.contact is None} == {"CA" + A, "CA-leg"}
        assert (await left(conn)).count == 4
