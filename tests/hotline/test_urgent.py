"""An urgent message of the contact form rings whoever is on call: a fixed sentence, and 1 takes it."""

from sqlalchemy import select

from chat.contact_form import Message
from contacts.contact import Answer, Door, State, Urgency
from contacts.tables_log import contacts
from contacts.words import Words
from hotline.simulator.phones import Phone, answering, ignoring
from storage.ids import ContactId, new_id
from tests.hotline.exchange import NUMBERS, Exchange

AINO, EERO = NUMBERS["aino"], NUMBERS["eero"]


async def a_message(line: Exchange, urgency: Urgency = Urgency.URGENT) -> ContactId:
    message = Message(
        page=new_id(),
        language="en",
        words=Words("a secret of the form"),
        call_back=None,
        urgency=urgency,
        answer=Answer.UNSAID,
    )
    before = await messages(line)
    await line.worker.house.forms.door.sent(message)
    [contact] = await messages(line) - before
    return contact


async def messages(line: Exchange) -> set[ContactId]:
    """Every message of the form there is."""
    async with line.store.read() as conn:
        rows = await conn.execute(select(contacts.c.id).where(contacts.c.door == Door.FORM))
        return {ContactId(row.id) for row in rows}


async def passes(line: Exchange, seconds: int) -> None:
    for _ in range(0, seconds, 2):
        await line.line.urgent.look()
        await line.call.after(2)


async def test_an_urgent_message_rings_the_ladder_and_belongs_to_whoever_presses_one(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2)
    contact = await a_message(line)
    await passes(line, 60)
    assert line.call.dialled == ["aino", "eero"]
    assert line.call.heard("kiireellinen viesti", "eero")
    assert not line.call.heard("secret", "eero")
    assert line.taken == [(contact, line.staff["eero"])]
    await passes(line, 60)
    assert line.call.dialled == ["aino", "eero"]


async def test_nobody_who_does_not_press_one_takes_it_and_it_waits_at_the_desk(line: Exchange) -> None:
    await line.on_call("aino", Phone(name="aino", number=AINO, answers_after=2))
    contact = await a_message(line)
    await passes(line, 60)
    assert line.taken == []
    found = await line.worker.house.log.contact(contact)
    assert found is not None
    assert (found.state, found.operator) == (State.WAITING, None)


async def test_an_ordinary_message_rings_nobody(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await a_message(line, Urgency.ORDINARY)
    await passes(line, 20)
    assert line.call.dialled == []


async def test_what_a_message_rang_is_no_call_and_is_not_listed_as_one(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO))
    await a_message(line)
    await passes(line, 60)
    await line.line.listed.refresh()
    assert line.line.listed.rows == ()
