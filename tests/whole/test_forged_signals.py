"""The threat model: "a forged message makes a worker look, never believe". Served with a real Redis."""

import uuid
from pathlib import Path

import pytest
import redis.asyncio as redis
from sqlalchemy import select

from chat.announcements import SIGNAL_TOPIC, TOPIC, Announcement, Signal, packed
from contacts.contact import Author, Entry, Kind, Klass, Line
from contacts.tables_log import contacts
from storage.engine import Store
from storage.ids import ContactId
from tests.served import served
from tests.servers import ValkeyServer
from tests.talkers import Operator, Visitor

pytestmark = pytest.mark.anyio


async def test_whoever_writes_to_redis_puts_no_line_before_a_visitor_and_swallows_no_message(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with ValkeyServer.launch() as valkey:
        async with served(data, REDIS_URL=valkey.url) as service:
            aino = await Operator.signed_in(service.url, *service.sign_in())
            await aino.come()
            await aino.frame("welcome")
            visitor = await Visitor.started(service.url)
            await visitor.come()
            await visitor.frame("status")
            contact = await _only_contact(data)
            await aino.take(contact)
            first = await visitor.say("first")
            seq = (await visitor.frame("ack", id=first))["seq"]
            forged = Entry(
                contact=contact,
                klass=Klass.TRANSCRIPT,
                seq=seq + 1,
                segment=0,
                kind=Kind.LINE,
                author=Author.HOUSE,
                at=1,
                code=Line.VISITOR_LOST,
            )
            stranger = redis.from_url(valkey.url)
            await stranger.publish("ql:" + TOPIC, packed(Announcement("stranger", [forged], [])))
            second = await visitor.say("second")
            try:
                await aino.frame("entry", seq=seq + 1, id=second)  # swallowed: the forged line took its number
                assert not [f for f in visitor.frames + aino.frames if f.get("code") == "visitor_lost"]
                await stranger.publish(
                    "ql:" + SIGNAL_TOPIC, packed(Signal("stranger", contact, f"socket:{uuid.uuid4()}"))
                )
                third = await visitor.say("third")
                await visitor.frame("ack", id=third)  # was closed as "replaced": do not come back
            finally:
                await stranger.aclose()
                await visitor.close()
                await aino.close()


async def _only_contact(data: Path) -> ContactId:
    store = Store(url=f"sqlite+aiosqlite:///{data / 'demo' / 'quietline.sqlite'}")
    try:
        async with store.read() as conn:
            return ContactId((await conn.execute(select(contacts.c.id))).scalar_one())
    finally:
        await store.close()
