"""What stays after the end, a disk that is full, a desk from the future, forms faster than sockets: found by review."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from chat.close_codes import Close
from chat.rate import Rate
from chat.socket import Connection, Pulse, SocketDoor
from contacts.tables_keys import visitor_segments
from operator_ui.desk_conversation import DeskConversation
from storage.clock import ManualClock
from storage.engine import Connection as Transaction
from storage.engine import Store
from tests.house import Worker, message_id, opened_house
from tests.sockets import ORIGIN
from tests.stores import clock, sqlite_with_tables

__all__ = ["clock"]

pytestmark = pytest.mark.anyio


class WritableOrNot(Store):
    """A store whose disk is full now and then."""

    full = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        if self.full:
            raise OperationalError("", None, Exception("database or disk is full"))
        async with super().write() as conn:
            yield conn


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[WritableOrNot]:
    store = WritableOrNot(url=sqlite_with_tables(tmp_path / "store.sqlite"))
    yield store
    await store.close()


@pytest.fixture
async def here(store: WritableOrNot, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


async def test_after_the_end_no_file_holds_the_visitors_wrap(here: Worker, store: Store, tmp_path: Path) -> None:
    """Deleted rows stay in SQLite's write-ahead log until it is emptied: with app key and cookie they open everything."""
    await here.on_duty("anna")
    talk = await here.visitor()
    async with store.read() as conn:
        sealed = (await conn.execute(select(visitor_segments.c.sealed))).scalar_one()
    await here.house.visitor_door.ended(talk)
    for job in here.house.sweeps.jobs:
        await job.run()
    assert [path.name for path in tmp_path.iterdir() if sealed in path.read_bytes()] == []  # noqa: ASYNC240 - a test may wait for a disk


async def test_who_cannot_be_sealed_anew_may_read_on(here: Worker, store: WritableOrNot) -> None:
    """Disk full: the conversation can still be read. (`_seal_to_current_epoch` says so, for other reasons.)"""
    await here.on_duty("anna")
    talk = await here.visitor()
    store.full = True
    assert await here.house.visitor_door.resumed(talk.token) is not None


async def test_a_desk_that_says_it_has_seen_the_future_has_not(here: Worker) -> None:
    anna = await here.on_duty("anna")
    talk, desk = await here.conversation(anna)
    sent: list[str] = []
    conversation = DeskConversation(door=here.house.desk_door, talk=desk, send=sent.append)
    await conversation.start(2**31 - 1)
    conversation.show(2**31 - 1)
    await conversation.stop()
    seq = await here.says(talk, 1)
    assert (await here.contact(talk.contact)).shown_seq < seq


async def test_forms_are_no_faster_than_the_socket(here: Worker) -> None:
    """4 a second and 30 at once on the socket (DESIGN: rate per socket); by POST it was as fast as the disk."""
    await here.on_duty("anna")
    token = await here.token()
    transport = httpx2.ASGITransport(here.app)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        headers = {"Origin": ORIGIN, "Accept": "application/json", "Cookie": f"talk={token}"}
        answers = [
            (await http.post("/fi/say", headers=headers, data={"id": message_id(n), "text": "x"})).status_code
            for n in range(60)
        ]
    assert answers[0] == 200
    assert 429 in answers


async def test_a_connection_closed_by_its_own_reader_is_closed(clock: ManualClock) -> None:
    """A reply that finds the outbox full closes from inside `received`; then nobody ever closed it."""

    class Fills:
        async def opened(self, connection: Connection, _first: str) -> None:
            self.connection = connection

        async def received(self, _text: str) -> None:
            self.connection.close(Close.TOO_SLOW)

        async def gone(self) -> None:
            return

    frames = [{"type": "websocket.connect"}, *({"type": "websocket.receive", "text": "x"} for _ in range(2))]
    sent: list[Any] = []

    async def receive() -> Any:
        return frames.pop(0) if frames else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    door = SocketDoor(clock=clock, pulse=Pulse(clock=clock), origin=ORIGIN, rate=Rate(1.0, 10.0))
    scope = {"type": "websocket", "headers": [(b"origin", ORIGIN.encode())]}
    serving = asyncio.create_task(door.serve(scope, receive, send, lambda _scope: Fills()))
    done, _ = await asyncio.wait({serving}, timeout=1)
    serving.cancel()
    assert done
    assert sent[-1]["code"] == Close.TOO_SLOW
