"""Calls at the desk: answered there, joined by others, called back; whoever is on the telephone takes no chat."""

import pytest
from sqlalchemy import select

from contacts.audit import Action
from contacts.calls import Kept
from contacts.contact import Klass, Refusal, Refused, State
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.words import Words
from hotline.call_state import LegKind
from hotline.simulator.phones import Phone, answering, ignoring
from tests.hotline.exchange import CALLER, NUMBERS, Exchange

AINO, EERO, KAISA = NUMBERS["aino"], NUMBERS["eero"], NUMBERS["kaisa"]
INTERPRETER = "+46846500431"
#: Asks to be called back at this number, this evening, and nobody else may know.
ASKS_BACK = "1142"


async def on_a_call(line: Exchange) -> tuple[Session, Kept]:
    """Aino talks with a caller, for as long as both want to."""
    await line.on_call("aino", answering("aino", AINO))
    session = await line.worker.signed_in("aino")
    await line.call.dials(CALLER, presses="3")
    await line.call.after(30)
    assert line.call.connected == ["aino"]
    return session, await line.only()


async def missed(line: Exchange) -> tuple[Session, Kept]:
    """Nobody is on call, and the caller asks to be called back."""
    session = await line.worker.signed_in("aino")
    async with line.store.write() as conn:
        await line.worker.house.office.numbers.keep(conn, session.staff_id, Words(AINO))
    await line.call.dials(CALLER, presses=ASKS_BACK)
    await line.call.until_over()
    kept = await line.only()
    assert (kept.call.outcome, kept.call.back_when, kept.call.back_named) == ("call_back", "evening", 0)
    return session, kept


async def test_answering_at_the_desk_rings_ones_own_phone_which_asks_for_a_key(line: Exchange) -> None:
    await line.on_call("eero", ignoring("eero", EERO))
    session = await line.worker.signed_in("aino")
    async with line.store.write() as conn:
        await line.worker.house.office.numbers.keep(conn, session.staff_id, Words(AINO))
    line.call.has(answering("aino", AINO))
    await line.call.dials(CALLER, presses="3", hangs_up_after=20)
    await line.call.after(5)
    await line.line.desk.answer(session, (await line.only()).contact.id)
    await line.call.until_over()
    assert line.call.connected == ["aino"]
    assert "Sinulle on puhelu" in " ".join(line.call.hears("aino"))


async def test_who_has_no_phone_is_told_so(line: Exchange) -> None:
    await line.on_call("eero", ignoring("eero", EERO))
    session = await line.worker.signed_in("aino")
    await line.call.dials(CALLER)
    with pytest.raises(Refused) as refused:
        await line.line.desk.answer(session, (await line.only()).contact.id)
    assert refused.value.code is Refusal.NO_NUMBER


async def test_who_is_on_a_call_has_no_room_for_a_chat_until_it_ends(line: Exchange) -> None:
    session, _kept = await on_a_call(line)
    await line.worker.house.attendance.arrived(session)
    async with line.store.read() as conn:
        assert (await line.worker.house.log.loads(conn))[session.staff_id] >= 1000
    await line.call.hangs_up()
    async with line.store.read() as conn:
        assert session.staff_id not in await line.worker.house.log.loads(conn)


async def test_an_interpreter_joins_and_the_caller_is_told_first(line: Exchange) -> None:
    session, kept = await on_a_call(line)
    async with line.store.write() as conn:
        whom = await line.line.interpreters.added(
            conn, name="Amal", language="ar", e164=Words(INTERPRETER), by=session.staff_id
        )
    line.call.has(answering("amal", INTERPRETER))
    await line.line.desk.add(session, kept.contact.id, LegKind.INTERPRETER, whom)
    await line.call.after(60)
    assert line.call.heard("An interpreter is now joining the call.")
    assert not line.call.legs_over("caller", "aino", "amal")
    assert {"aino", "amal"} <= {one.text for one in line.network.transcript.of("bridged") if one.t > 30} | {"aino"}
    await line.call.hangs_up()
    await line.call.until_over()
    assert (await line.only()).call.outcome == "talked"
    assert line.call.legs_over("caller", "aino", "amal")


async def test_who_does_not_press_one_does_not_join(line: Exchange) -> None:
    session, kept = await on_a_call(line)
    async with line.store.write() as conn:
        whom = await line.line.interpreters.added(
            conn, name="Amal", language="ar", e164=Words(INTERPRETER), by=session.staff_id
        )
    line.call.has(Phone(name="amal", number=INTERPRETER, answers_after=2))
    await line.line.desk.add(session, kept.contact.id, LegKind.INTERPRETER, whom)
    await line.call.after(60)
    assert not line.call.heard("interpreter is now")
    assert not line.call.legs_over("caller", "aino")


async def test_a_colleague_who_joined_goes_on_when_the_first_leaves_and_then_the_caller_hears_that_it_is_over(
    line: Exchange,
) -> None:
    session, kept = await on_a_call(line)
    eero = line.staff["eero"]
    async with line.store.write() as conn:
        await line.worker.house.office.numbers.keep(conn, eero, Words(EERO))
    line.call.has(answering("eero", EERO))
    await line.line.desk.add(session, kept.contact.id, LegKind.LEAD, eero)
    await line.call.after(40)
    assert line.call.heard("A second worker is now joining the call.")
    line.call.leg("aino").hang_up()
    await line.call.after(10)
    assert (await line.only()).contact.operator == eero
    assert not line.call.legs_over("caller", "eero")
    line.call.leg("eero").hang_up()
    await line.call.until_over()
    assert line.call.heard("The call has ended.")


async def test_the_operator_ends_the_call_and_the_caller_is_told(line: Exchange) -> None:
    session, kept = await on_a_call(line)
    await line.line.desk.end(session, kept.contact.id)
    await line.call.until_over()
    assert line.call.heard("The call has ended.")
    assert (await line.contact()).state is State.ENDED


async def test_ending_a_call_at_the_desk_ends_it_also_for_a_colleague_who_joined(line: Exchange) -> None:
    session, kept = await on_a_call(line)
    eero = line.staff["eero"]
    async with line.store.write() as conn:
        await line.worker.house.office.numbers.keep(conn, eero, Words(EERO))
    line.call.has(answering("eero", EERO))
    await line.line.desk.add(session, kept.contact.id, LegKind.LEAD, eero)
    await line.call.after(40)
    await line.line.desk.end(session, kept.contact.id)
    await line.call.until_over()
    assert line.call.legs_over("caller")
    assert line.call.legs_over("aino")
    assert line.call.legs_over("eero")
    assert (await line.contact()).operator == session.staff_id
    await line.line.listed.refresh()
    assert [one.stage for one in line.line.listed.rows] == ["over"]


async def test_a_missed_call_is_taken_by_one_person(line: Exchange) -> None:
    session, kept = await missed(line)
    other = await line.worker.signed_in("eero")
    await line.line.desk.take(session, kept.contact.id)
    with pytest.raises(Refused) as refused:
        await line.line.desk.take(other, kept.contact.id)
    assert refused.value.code is Refusal.ALREADY_TAKEN
    for act in (line.line.desk.number, line.line.desk.call_back, line.line.desk.put_back):
        with pytest.raises(Refused) as refused:
            await act(other, kept.contact.id)
        assert refused.value.code is Refusal.NOT_YOURS


async def test_opening_the_number_is_on_the_audit_record(line: Exchange) -> None:
    session, kept = await missed(line)
    await line.line.desk.take(session, kept.contact.id)
    shown = await line.line.desk.number(session, kept.contact.id)
    assert shown.display.reveal().replace(" ", "") == CALLER
    assert (shown.when, shown.named) == ("evening", False)
    async with line.store.read() as conn:
        rows = await conn.execute(select(audit.c.actor).where(audit.c.action == Action.OPEN.value))
        assert list(rows.scalars()) == [session.staff_id]


async def test_calling_back_shows_the_hotlines_number_and_leaves_none_behind(line: Exchange) -> None:
    session, kept = await missed(line)
    line.call.has(answering("aino", AINO), Phone(name="back", number=CALLER, answers_after=3))
    await line.line.desk.take(session, kept.contact.id)
    await line.line.desk.call_back(session, kept.contact.id)
    await line.call.after(30)
    assert line.call.heard("Soitamme nyt hänelle", "aino")
    assert {one.who for one in line.network.transcript.of("bridged")} == {"back"}
    assert line.call.leg("back").origin == line.network.number
    assert line.call.hears("back") == []
    async with line.store.read() as conn:
        assert session.staff_id in await line.worker.house.log.loads(conn)
    line.call.leg("back").hang_up()
    await line.call.until_over()
    await line.line.desk.dealt_with(session, kept.contact.id, "reached")
    assert await line.worker.house.log.entries_after(kept.contact.id, Klass.CALLBACK, 0) == []
    after = await line.only()
    assert (after.call.dealt_as, after.call.outcome) == ("reached", "call_back")
    everything = b"".join(path.read_bytes() for path in line.folder.parent.rglob("*") if path.is_file())
    assert CALLER[1:].encode() not in everything


async def test_whoever_calls_back_and_does_not_press_one_rings_nobody(line: Exchange) -> None:
    session, kept = await missed(line)
    line.call.has(Phone(name="aino", number=AINO, answers_after=2), Phone(name="back", number=CALLER, answers_after=3))
    await line.line.desk.take(session, kept.contact.id)
    await line.line.desk.call_back(session, kept.contact.id)
    await line.call.after(60)
    assert line.call.dialled == ["aino"]


async def test_a_missed_call_stays_listed_until_somebody_says_what_came_of_it(line: Exchange) -> None:
    session, kept = await missed(line)
    listed = line.line.listed
    await listed.refresh()
    assert [(one.stage, one.back, one.when, one.holder) for one in listed.rows] == [("missed", True, "evening", None)]
    await line.line.desk.take(session, kept.contact.id)
    await listed.refresh()
    assert [(one.holder, one.by) for one in listed.rows] == [(session.staff_id, "Aino")]
    await line.line.desk.dealt_with(session, kept.contact.id, "not_safe")
    await listed.refresh()
    assert listed.rows == ()
