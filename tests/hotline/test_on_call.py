"""Who can be rung: on the telephone's roster now, with a number that can be opened; and what is remembered of that."""

from datetime import datetime, timedelta

from contacts.staff_numbers import forget_number
from contacts.words import Words
from hotline.ladder import Candidate
from hotline.simulator.phones import answering, ignoring
from storage.ids import StaffId
from tests.hotline.exchange import CALLER, HELSINKI, NUMBERS, Exchange

_SHIFT = 8 * 3600


async def candidates(line: Exchange) -> dict[StaffId, Candidate]:
    async with line.store.read() as conn:
        return {one.staff: one for one in await line.line.on_call.candidates(conn)}


async def test_whoever_is_on_shift_with_a_number_can_be_rung_and_nobody_else(line: Exchange) -> None:
    aino = await line.on_call("aino", ignoring("aino", NUMBERS["aino"]), tier=2, languages="fi sv")
    await line.on_call("eero", None)
    later = datetime(2026, 11, 24, 22, 0)  # noqa: DTZ001 - as a roster is written, in local time
    await line.on_call("kaisa", ignoring("kaisa", NUMBERS["kaisa"]), shift=(later, later + timedelta(hours=8)))
    assert await candidates(line) == {aino: Candidate(staff=aino, tier=2, languages=frozenset({"fi", "sv"}))}


async def test_nobody_is_asked_about_when_nobody_is_on_shift(line: Exchange) -> None:
    assert await candidates(line) == {}


async def test_at_the_end_of_a_shift_its_owner_is_rung_no_more(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", NUMBERS["aino"]))
    line.clock.advance(_SHIFT)
    assert await candidates(line) == {}
    assert line.line.on_call.remembered(line.clock.now()) == ()


async def test_an_overnight_shift_lasts_until_the_morning_also_in_memory(line: Exchange) -> None:
    evening = datetime(2026, 11, 24, 20, 0)  # noqa: DTZ001 - as above
    aino = await line.on_call("aino", ignoring("aino", NUMBERS["aino"]), shift=(evening, evening + timedelta(hours=12)))
    night = datetime(2026, 11, 25, 3, 0, tzinfo=HELSINKI)
    line.clock.advance((night - line.clock.now()).total_seconds())
    assert list(await candidates(line)) == [aino]
    assert line.line.on_call.remembered(line.clock.now()) == ((aino,),)


async def test_whoever_is_on_a_call_is_busy(line: Exchange) -> None:
    aino = await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    eero = await line.on_call("eero", ignoring("eero", NUMBERS["eero"]), tier=2)
    await line.call.dials(CALLER, presses="3")
    await line.call.after(30)
    assert {staff: one.busy for staff, one in (await candidates(line)).items()} == {aino: True, eero: False}


async def test_what_is_remembered_is_as_new_as_the_last_look_and_serves_without_a_database(line: Exchange) -> None:
    aino = await line.on_call("aino", ignoring("aino", NUMBERS["aino"]), tier=1)
    eero = await line.on_call("eero", ignoring("eero", NUMBERS["eero"]), tier=2)
    async with line.store.write() as conn:
        await line.worker.house.office.numbers.keep(conn, eero, Words("+46846500431"))
    now = line.clock.now()
    assert line.line.on_call.numbers == {aino: NUMBERS["aino"], eero: NUMBERS["eero"]}
    await line.line.on_call.refresh()
    line.store.away = True
    assert line.line.on_call.numbers == {aino: NUMBERS["aino"], eero: "+46846500431"}
    assert line.line.on_call.remembered(now) == ((aino,), (eero,))


async def test_a_number_is_opened_for_the_one_who_dials_and_is_none_when_it_was_taken_away(line: Exchange) -> None:
    aino = await line.on_call("aino", ignoring("aino", NUMBERS["aino"]))
    async with line.store.write() as conn:
        assert await line.line.on_call.number(conn, aino) == NUMBERS["aino"]
        await forget_number(conn, aino)
        assert await line.line.on_call.number(conn, aino) is None
    assert await candidates(line) == {}
