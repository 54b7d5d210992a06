"""Phones are rung and hung up as the calls say: again until it has succeeded, and by one process at a time."""

import asyncio
from collections.abc import Sequence

import pytest

from contacts.calls import CallRow, LegRow
from contacts.contact import Contact, Door, State
from contacts.tables_staff import staff_numbers
from contacts.words import Words
from hotline.call_state import LegKind
from hotline.dialler import LONGEST_PAUSE, MOST_TRIES, NUMBER_SECONDS, PROMISE_SECONDS, Dialler
from hotline.provider import RefusedByProvider, Unreached
from hotline.verbs import Link, Step
from storage.ids import ContactId, new_id
from tests.hotline.exchange import CALLER, NUMBERS, Exchange


class Company:
    """A provider that writes down what it was asked, and fails as it is told: the next errors, one for each request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.errors: list[type[Exception]] = []
        self.begun, self.slow = asyncio.Event(), asyncio.Event()
        self.slow.set()

    async def _does(self, what: str, whom: str) -> None:
        self.asked.append((what, whom))
        self.begun.set()
        await self.slow.wait()
        if self.errors:
            raise self.errors.pop(0)

    async def prepare(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def ring(self, *, number: str, leg: str, **_more: object) -> str:
        await self._does("ring", number)
        return f"CA{leg}"

    async def end(self, provider_call: str) -> None:
        await self._does("end", provider_call)

    async def send(self, provider_call: str, *, link: Link, **_more: object) -> None:
        await self._does(f"send {link.step}", provider_call)


class Desk:
    """A call, and one dialler or several."""

    def __init__(self, line: Exchange) -> None:
        self.line = line
        self.company = Company()
        self.failed: list[str] = []
        self.contact = ContactId(new_id())

    def dialler(self) -> Dialler:
        async def failed(legs: Sequence[LegRow]) -> None:
            self.failed += [leg.id for leg in legs]

        here = self.line.line
        return Dialler(
            store=self.line.store,
            clock=self.line.clock,
            calls=here.calls,
            on_call=here.on_call,
            interpreters=here.interpreters,
            provider=self.company,  # type: ignore[arg-type]  # as much of it as is asked
            failed=failed,
            ring_seconds=25,
            work=asyncio.Event(),
        )

    async def has(self, *legs: LegRow, **fields: object) -> None:
        """A call with these phones."""
        contact = Contact(
            id=self.contact, door=Door.PHONE, language="fi", tag="A3", state=State.WAITING, opened_at=1000
        )
        row = CallRow(contact=self.contact, stage="waiting", seen_at=1000, **fields)  # type: ignore[arg-type]
        async with self.line.store.write() as conn:
            await self.line.line.calls.open_all(conn, [(contact, row)])
            kept = await self.line.line.calls.locked(conn, self.contact)
            assert kept is not None
            await self.line.line.calls.store(conn, kept, type(kept)(kept.contact, kept.call, legs))

    def leg(self, staff: str, **fields: object) -> LegRow:
        made = {"id": new_id(), "rung": 1, "state": "wanted", **fields}
        return LegRow(contact=self.contact, staff=staff, **made)  # type: ignore[arg-type]

    async def legs(self) -> dict[str, LegRow]:
        async with self.line.store.write() as conn:
            kept = await self.line.line.calls.locked(conn, self.contact)
        assert kept is not None
        return {leg.id: leg for leg in kept.legs}

    async def reachable(self, name: str) -> str:
        """Somebody on the staff with a number."""
        staff = self.line.staff[name]
        async with self.line.store.write() as conn:
            await self.line.worker.house.office.numbers.keep(conn, staff, Words(NUMBERS[name]))
        return staff


@pytest.fixture
def desk(line: Exchange) -> Desk:
    return Desk(line)


async def test_a_wanted_phone_is_rung_once_and_goes_by_its_name_at_the_provider(desk: Desk) -> None:
    leg = desk.leg(await desk.reachable("aino"))
    await desk.has(leg)
    dialler = desk.dialler()
    assert [await dialler.round(), await dialler.round()] == [1, 0]
    assert desk.company.asked == [("ring", NUMBERS["aino"])]
    assert ((await desk.legs())[leg.id].provider_call, (await desk.legs())[leg.id].state) == (f"CA{leg.id}", "dialled")


async def test_what_one_process_has_taken_no_other_rings_until_its_promise_is_over(desk: Desk) -> None:
    await desk.has(desk.leg(await desk.reachable("aino")))
    desk.company.slow.clear()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(desk.dialler().round())
        await desk.company.begun.wait()
        assert await desk.dialler().round() == 0
        desk.company.slow.set()
    assert len(desk.company.asked) == 1


async def test_what_could_not_be_noted_is_noted_by_the_next_round_and_nobodys_phone_rings_twice(desk: Desk) -> None:
    leg = desk.leg(await desk.reachable("aino"))
    await desk.has(leg)
    dialler = desk.dialler()
    desk.company.slow.clear()

    async def goes_away() -> None:
        await desk.company.begun.wait()
        desk.line.store.away = True
        desk.company.slow.set()

    async def while_it_rings() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(dialler.round())
            tasks.create_task(goes_away())

    with pytest.raises(ExceptionGroup):
        await while_it_rings()
    desk.line.store.away = False
    desk.line.clock.advance(PROMISE_SECONDS)
    assert await dialler.round() == 0
    assert ((await desk.legs())[leg.id].provider_call, len(desk.company.asked)) == (f"CA{leg.id}", 1)


async def test_phones_of_many_calls_are_noted_together(desk: Desk) -> None:
    staff = await desk.reachable("aino")
    await desk.has(*[desk.leg(staff) for _ in range(12)])
    commits = desk.line.store.writes
    await desk.dialler().round()
    assert len(desk.company.asked) == 12
    assert desk.line.store.writes - commits <= 4


async def test_of_a_process_that_died_before_it_rang_another_does_it(desk: Desk) -> None:
    leg = desk.leg(await desk.reachable("aino"))
    await desk.has(leg)
    async with desk.line.store.write() as conn:  # it had taken the leg
        now = int(desk.line.clock.now().timestamp())
        await desk.line.line.calls.promise(conn, {leg.id: now + PROMISE_SECONDS})
    assert await desk.dialler().round() == 0
    desk.line.clock.advance(PROMISE_SECONDS)
    assert await desk.dialler().round() == 1
    assert desk.company.asked == [("ring", NUMBERS["aino"])]


async def test_a_bad_number_fails_alone_and_the_others_of_the_tier_are_rung(desk: Desk) -> None:
    aino, eero, nobody = await desk.reachable("aino"), await desk.reachable("eero"), desk.line.staff["kaisa"]
    legs = [desk.leg(staff) for staff in (aino, nobody, eero)]
    await desk.has(*legs)
    desk.company.errors = [RefusedByProvider]
    assert await desk.dialler().round() == 3
    assert len(desk.company.asked) == 2
    assert len(desk.failed) == 2
    assert legs[1].id in desk.failed


async def test_a_number_that_does_not_open_is_a_phone_that_cannot_be_rung(desk: Desk) -> None:
    leg = desk.leg(await desk.reachable("aino"))
    await desk.has(leg)
    async with desk.line.store.write() as conn:
        await conn.execute(staff_numbers.update().values(sealed=b"\x01" + bytes(60)))
    await desk.dialler().round()
    assert (desk.company.asked, desk.failed) == ([], [leg.id])


async def test_a_provider_out_of_reach_is_asked_again_and_in_the_end_given_up(desk: Desk) -> None:
    leg = desk.leg(await desk.reachable("aino"))
    await desk.has(leg)
    desk.company.errors = [Unreached] * 10
    for _ in range(MOST_TRIES + 1):
        await desk.dialler().round()
        desk.line.clock.advance(2)
    assert len(desk.company.asked) == MOST_TRIES
    assert desk.failed == [leg.id]


async def test_hanging_up_is_tried_until_it_has_succeeded(desk: Desk) -> None:
    leg = desk.leg("aino", state="ringing", cancel=1, provider_call="CA-1")
    await desk.has(leg)
    desk.company.errors = [Unreached] * 6
    for _ in range(7):
        await desk.dialler().round()
        assert (desk.failed == [leg.id]) == (not desk.company.errors and len(desk.company.asked) == 7)
        desk.line.clock.advance(LONGEST_PAUSE)
    assert desk.company.asked == [("end", "CA-1")] * 7


async def test_a_phone_that_was_never_rung_is_simply_over(desk: Desk) -> None:
    leg = desk.leg("aino", cancel=1)
    await desk.has(leg)
    await desk.dialler().round()
    assert (desk.company.asked, desk.failed) == ([], [leg.id])


async def test_only_the_process_that_has_a_callers_number_calls_them_back_and_then_forgets_it(desk: Desk) -> None:
    await desk.has(desk.leg("aino", kind=LegKind.CALLER.value))
    knows = desk.dialler()
    knows.will_call(desk.contact, Words(CALLER))
    assert await desk.dialler().round() == 0
    assert await knows.round() == 1
    assert desk.company.asked == [("ring", CALLER)]
    assert CALLER not in repr(vars(knows))
    assert knows._called_back == {}


async def test_a_number_nobody_dialled_in_time_is_forgotten(desk: Desk) -> None:
    await desk.has(desk.leg("aino", kind=LegKind.CALLER.value))
    dialler = desk.dialler()
    dialler.will_call(desk.contact, Words(CALLER))
    desk.line.clock.advance(NUMBER_SECONDS)
    assert await dialler.round() == 0
    assert desk.company.asked == []


@pytest.mark.parametrize("error", [None, RefusedByProvider, Unreached])
async def test_a_caller_is_sent_to_the_room_and_asked_about_again_only_when_nobody_could_be_reached(
    desk: Desk, error: type[Exception] | None
) -> None:
    await desk.has(provider_call="CA-caller", move="room", turn=3)
    desk.company.errors = [] if error is None else [error]
    dialler = desk.dialler()
    for _ in range(2):
        await dialler.round()
        desk.line.clock.advance(PROMISE_SECONDS)
    times = 2 if error is Unreached else 1
    assert desk.company.asked == [(f"send {Step.ROOM}", "CA-caller")] * times
