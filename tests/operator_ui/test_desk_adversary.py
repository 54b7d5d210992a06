"""The desk keeps analysts and administrators out of everything, and one altered row closes one contact only."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from contacts.contact import Refusal, Refused
from contacts.people import Role
from contacts.tables_keys import segment_keys
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.house import Worker, opened_house
from tests.stores import clock, other_store, told

__all__ = ["clock", "database_url", "kept_database", "other_store", "store", "told"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
async def test_analysts_and_administrators_are_told_nothing_of_any_contact(here: Worker, role: Role) -> None:
    """P12: the desk's socket used to send them the whole waiting line: ids, tags, languages, times, danger flags."""
    await here.on_duty("anna")
    talk = await here.visitor()
    await here.signed_in("saga", role)
    async with here.desk("saga") as desk:
        desk.send("hello", open=[])
        await desk.next("welcome")
        desk.send("ping")
        await desk.next("pong")
        await asyncio.sleep(0.5)
        assert talk.contact not in json.dumps(desk.frames)


async def test_one_altered_key_row_closes_one_contact_and_not_the_desk(here: Worker) -> None:
    anna = await here.on_duty("anna")
    talk, _ = await here.conversation(anna)
    async with here.house.resources.store.write() as conn:
        await conn.execute(update(segment_keys).where(segment_keys.c.contact == talk.contact).values(mac=b"x" * 32))
    with pytest.raises(Refused) as refused:
        await here.house.desk_door.opened(anna, talk.contact)
    assert refused.value.code is Refusal.CANNOT_OPEN
