import asyncio

import pytest

from contacts.contact import State
from hotline.intake import Foreign, Intake, Stale
from hotline.reports import Report
from hotline.simulator.phones import Phone
from hotline.verbs import Step
from tests.hotline.exchange import NUMBERS, Exchange

NOW = 1_795_521_600


def intake_of(line: Exchange) -> Intake:
    return line.line.switchboard._intake


def arrival(name: str) -> Report:
    return Report(step=Step.VOICE, provider_call=name)


async def test_calls_that_arrive_at_one_instant_are_each_opened_and_answered(line: Exchange) -> None:
    await line.on_call("aino", Phone(name="aino", number=NUMBERS["aino"]))
    intake = intake_of(line)
    told = await asyncio.gather(*(intake.taken(arrival(f"CA{number}"), NOW, ring=True) for number in range(70)))
    assert len(set(told)) == 70
    kept = await line.kept()
    assert len(kept) == 70
    assert {len(one.legs) for one in kept} == {1}
    assert {one.contact.state for one in kept} == {State.WAITING}


async def test_the_same_report_many_times_at_once_is_one_report(line: Exchange) -> None:
    intake = intake_of(line)
    told = await asyncio.gather(*(intake.taken(arrival("CA1"), NOW, ring=True) for _ in range(9)))
    assert len(set(told)) == 1
    await line.only()


async def test_a_report_nobody_waits_for_any_more_is_not_taken(line: Exchange) -> None:
    intake = intake_of(line)
    first = asyncio.ensure_future(intake.taken(arrival("CA1"), NOW, ring=True))
    second = asyncio.ensure_future(intake.taken(arrival("CA2"), NOW, ring=True))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert (await line.only()).call.provider_call == "CA2"


async def test_a_foreign_report_harms_no_other(line: Exchange) -> None:
    intake = intake_of(line)
    stranger = Report(step=Step.LANGUAGE, provider_call="CA9")
    other = Report(step=Step.LANGUAGE, provider_call="CA1", contact=intake.contact_of("CA2"))
    told = await asyncio.gather(
        intake.taken(stranger, NOW, ring=True),
        intake.taken(arrival("CA1"), NOW, ring=True),
        intake.taken(other, NOW, ring=True),
        return_exceptions=True,
    )
    assert [type(one) for one in told] == [Foreign, str, Foreign]
    await line.only()


async def test_what_was_answered_long_ago_is_answered_no_more(line: Exchange) -> None:
    intake = intake_of(line)
    await intake.taken(arrival("CA1"), NOW, ring=True)
    async with line.store.write() as conn:
        await line.line.calls.forget_answers(conn, answers_before=NOW + 1, names_before=0)
    with pytest.raises(Stale):
        await intake.taken(arrival("CA1"), NOW, ring=True)


async def test_with_the_database_away_everybody_is_told_at_once(line: Exchange) -> None:
    intake, line.store.away = intake_of(line), True
    told = await asyncio.gather(
        *(intake.taken(arrival(f"CA{number}"), NOW, ring=True) for number in range(3)), return_exceptions=True
    )
    line.store.away = False
    assert [type(one) for one in told] == [ConnectionRefusedError] * 3
    assert await line.kept() == []
