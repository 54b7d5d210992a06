"""The list of messages of the form, on both databases."""

import asyncio

import pytest

from contacts.session import Session
from duty.availability import Status
from storage.engine import Store
from tests.chat.forms import message
from tests.eventually import eventually
from tests.house import Worker

pytestmark = pytest.mark.anyio


async def listed(here: Worker) -> tuple[int, list[str]]:
    """Number of messages in the list, and the languages of those shown."""
    await here.house.forms.waiting.refresh()
    return here.house.forms.waiting.count, [row.language for row in here.house.forms.waiting.rows]


async def test_the_urgent_come_first_then_the_oldest(here: Worker, anna: Session) -> None:
    for language, urgent in (("sv", False), ("fi", False), ("en", True)):
        await here.house.forms.door.sent(message(language=language, urgent=urgent))
        here.clock.advance(1)
    assert await listed(here) == (3, ["en", "sv", "fi"])


async def test_a_flood_fills_no_desk(here: Worker, anna: Session) -> None:
    for _ in range(101):
        await here.house.forms.door.sent(message())
    count, shown = await listed(here)
    assert (count, len(shown)) == (101, 100)


async def test_a_message_is_told_to_those_who_look_at_the_list(here: Worker, anna: Session) -> None:
    told: list[int] = []
    running_list = asyncio.create_task(here.house.forms.waiting.run())
    stop = here.house.forms.waiting.on_change(lambda: told.append(here.house.forms.waiting.count))
    await here.house.forms.door.sent(message())
    await eventually(lambda: told == [1], within=10, what="told")
    stop()
    stop()
    running_list.cancel()
    await asyncio.gather(running_list, return_exceptions=True)


async def test_a_colleague_who_comes_or_goes_is_seen_in_the_list(here: Worker, anna: Session) -> None:
    forms = here.house.forms
    await forms.door.sent(message())
    await forms.waiting.refresh()
    await forms.desk.taken(anna, forms.waiting.rows[0].contact)
    running_list = asyncio.create_task(forms.waiting.run())
    await eventually(lambda: forms.waiting.rows[0].by == "Anna" and not forms.waiting.rows[0].away, within=10)
    async with here.house.resources.store.write() as conn:
        await here.house.presence.changed(conn, anna.staff_id, Status.away)
    await here.house.resources.bus.publish("presence", b"")
    await eventually(lambda: forms.waiting.rows[0].away, within=10)
    running_list.cancel()
    await asyncio.gather(running_list, return_exceptions=True)


async def test_while_the_database_is_away_the_list_stays_as_it_was(here: Worker, anna: Session, store: Store) -> None:
    forms = here.house.forms
    await forms.door.sent(message())
    running_list = asyncio.create_task(forms.waiting.run())
    await eventually(lambda: forms.waiting.count == 1, within=10)
    async with store.write() as conn:
        await conn.run_sync(lambda sync: sync.exec_driver_sql("ALTER TABLE form_messages RENAME TO away"))
    await here.house.resources.bus.publish("forms", b"")
    await asyncio.sleep(0.3)
    assert forms.waiting.count == 1
    assert not running_list.done()
    async with store.write() as conn:
        await conn.run_sync(lambda sync: sync.exec_driver_sql("ALTER TABLE away RENAME TO form_messages"))
    await forms.door.sent(message())
    await eventually(lambda: forms.waiting.count == 2, within=10)
    running_list.cancel()
    await asyncio.gather(running_list, return_exceptions=True)
