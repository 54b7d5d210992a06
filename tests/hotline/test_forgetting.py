"""What the telephone company keeps of calls is deleted there, again until it has confirmed; a report says what is left."""

from datetime import timedelta

from contacts.provider_traces import Traces
from hotline.forgetting import Forgetting
from hotline.simulator.phones import answering
from tests.hotline.exchange import CALLER, NUMBERS, Exchange

_LATER = timedelta(hours=2).total_seconds()


async def an_ended_call(line: Exchange) -> Forgetting:
    await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    await line.call.dials(CALLER, presses="3", hangs_up_after=20)
    await line.call.until_over()
    line.clock.advance(_LATER)
    return forgetting(line)


def forgetting(line: Exchange) -> Forgetting:
    async def at_once(_seconds: float) -> None:
        return None

    return Forgetting(store=line.store, clock=line.clock, provider=line.line.provider, pause=at_once)


async def test_finished_calls_and_their_legs_are_deleted_at_the_provider_and_their_names_here(line: Exchange) -> None:
    work = await an_ended_call(line)
    assert (await work.report()).count == 2
    assert await work.run() == 2
    assert line.network.legs == {}
    assert await work.report() == Traces(0, None, 0)
    kept = await line.only()
    assert (kept.call.provider_call, kept.call.forgotten) == (None, "confirmed")
    assert [(leg.provider_call, leg.forgotten) for leg in kept.legs] == [(None, "confirmed")]


async def test_of_a_contact_that_is_erased_here_the_calls_there_are_deleted_all_the_same(line: Exchange) -> None:
    work = await an_ended_call(line)
    aino = await line.worker.signed_in("aino")
    await line.worker.house.keeping.asked.erase(aino, (await line.only()).contact.id)
    assert (await line.kept(), (await work.report()).count) == ([], 2)
    assert await work.run() == 2
    assert (line.network.legs, await work.report()) == ({}, Traces(0, None, 0))


async def test_recordings_somebody_switched_on_there_go_too(line: Exchange) -> None:
    work = await an_ended_call(line)
    caller = line.call.callers["caller"].sid
    line.network.recordings["RE" + "0" * 32] = caller
    await work.run()
    assert line.network.recordings == {}


async def test_what_fails_is_tried_again_and_what_is_gone_already_counts_as_deleted(line: Exchange) -> None:
    work = await an_ended_call(line)
    line.rest.fails = lambda method, _path: 503 if method == "DELETE" else 0
    assert await work.run() == 0
    assert (await work.report()).count == 2
    line.rest.fails = lambda _method, _path: 0
    line.network.legs.clear()  # somebody deleted them by hand
    assert await work.run() == 2


async def test_a_provider_that_never_confirms_is_told_of_and_after_14_days_its_names_are_dropped(
    line: Exchange,
) -> None:
    work = await an_ended_call(line)
    line.rest.fails = lambda method, _path: 500 if method == "DELETE" else 0
    await work.run()
    assert not await work.overdue()
    line.clock.advance(3 * 86_400)
    assert await work.overdue()
    line.clock.advance(12 * 86_400)
    await work.run()
    assert await work.report() == Traces(0, None, 2)
    assert (await line.only()).call.provider_call is None


async def test_a_late_report_of_a_deleted_call_brings_no_name_back(line: Exchange) -> None:
    work = await an_ended_call(line)
    sent = [one for one in line.network.sent if "leg-status" in one.url]
    await work.run()
    await line.network._post(sent[-1].url, sent[-1].headers, sent[-1].body)
    assert [leg.provider_call for leg in (await line.only()).legs] == [None]


async def test_a_call_under_way_is_left_alone(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    await line.call.dials(CALLER, presses="3")
    await line.call.after(40)
    work = forgetting(line)
    assert await work.run() == 0
    assert len(line.network.legs) == 2
