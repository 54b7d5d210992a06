import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chat.plain_stream import Pace, PlainStream
from chat.shown import Item, ShownEntry, ShownUpTo, WritingNow
from chat.talk import Talk
from contacts.contact import Author, Kind
from storage.clock import ManualClock
from tests.chat.fake_door import FakeDoor
from tests.chat.visitor_site import NOW, SENTENCES

pytestmark = pytest.mark.anyio
ZONE = ZoneInfo("Europe/Helsinki")


class Room:
    """A conversation that has begun, and its stream."""

    def __init__(self, *, heartbeat: float = 15.0) -> None:
        self.door = FakeDoor()
        self.clock = ManualClock(NOW)
        pace = Pace(heartbeat=heartbeat)
        self.stream = PlainStream(door=self.door, sentences=SENTENCES, clock=self.clock, pace=pace)
        self.token = ""

    async def talk(self) -> Talk:
        self.token = self.token or await self.door.started("en")
        talk = await self.door.resumed(self.token)
        assert talk is not None
        return talk

    async def pieces(self, *, once: bool = False) -> AsyncGenerator[str]:
        return self.stream.pieces("<head>", await self.talk(), "en", ZONE, once=once)


async def until(pieces: AsyncGenerator[str], text: str) -> str:
    """Read on until the text comes."""
    async with asyncio.timeout(5):
        async for piece in pieces:
            if text in piece:
                return piece
    raise AssertionError(f"{text!r} did not come")


async def test_the_head_comes_at_once_then_the_conversation_then_what_is_said() -> None:
    room = Room()
    pieces = await room.pieces()
    room.door.worker_says(room.token, "before")
    assert await anext(pieces) == "<head>"
    assert "before" in await anext(pieces)
    await until(pieces, "You are waiting.")
    room.door.worker_says(room.token, "after")
    assert "after" in await anext(pieces)
    await pieces.aclose()
    assert room.door.talks[room.token].followers == []


async def test_words_are_text_with_a_name_and_a_time_of_the_deployments_zone() -> None:
    room = Room()
    pieces = await room.pieces()
    room.door.worker_joins(room.token, "<Anna>")
    await until(pieces, "You are active.")
    room.door.worker_says(room.token, "<script>alert(1)</script>")
    said = await anext(pieces)
    assert "&lt;script&gt;" in said
    assert "&lt;Anna&gt;" in said
    assert datetime.fromtimestamp(1795431601, UTC).astimezone(ZONE).strftime("%H:%M") in said
    await pieces.aclose()


async def test_own_words_are_marked_and_shown_to_the_worker_is_said_once() -> None:
    room = Room()
    pieces = await room.pieces()
    room.door.talks[room.token].add(Author.VISITOR, "mine", client_id="x")
    assert 'class="message own"' in await until(pieces, "mine")
    await until(pieces, "waiting")
    room.door.worker_saw(room.token)
    assert "Shown to the worker" in await anext(pieces)
    room.door.worker_saw(room.token)
    room.door.talks[room.token].put(WritingNow())
    room.door.talks[room.token].put(ShownUpTo(99))
    room.door.worker_says(room.token, "next")
    assert "next" in await anext(pieces)
    await pieces.aclose()


async def test_words_nobody_here_can_open_are_dots() -> None:
    room = Room()
    pieces = await room.pieces()
    await until(pieces, "<head>")
    lost = ShownEntry(1, Kind.MESSAGE, Author.WORKER, 1795431600, None, None, None)
    room.door.talks[room.token].entries.append(lost)
    assert "…" in await anext(pieces)
    await pieces.aclose()


async def test_silence_is_broken_by_a_comment() -> None:
    room = Room(heartbeat=0.02)
    pieces = await room.pieces()
    assert await until(pieces, "<!--") == "<!-- -->\n"
    await pieces.aclose()


async def test_after_ten_minutes_the_browser_loads_it_again() -> None:
    room = Room(heartbeat=0.02)
    pieces = await room.pieces()
    await until(pieces, "waiting")
    room.clock.advance(601)
    assert 'http-equiv="refresh" content="0"' in await until(pieces, "refresh")
    assert [piece async for piece in pieces] == []


async def test_the_end_takes_the_words_off_the_page() -> None:
    room = Room()
    pieces = await room.pieces()
    await until(pieces, "waiting")
    await room.door.ended(await room.talk())
    assert "refresh" in await anext(pieces)
    assert [piece async for piece in pieces] == []


async def test_a_newer_stream_of_the_same_visitor_ends_the_older() -> None:
    room = Room()
    older = await room.pieces()
    await until(older, "waiting")
    newer = await room.pieces()
    await until(newer, "waiting")
    room.door.worker_says(room.token, "for one only")
    assert "for one only" in await anext(newer)
    assert [piece async for piece in older] == []
    await newer.aclose()


async def test_once_ends_when_everything_said_so_far_is_there() -> None:
    room = Room()
    pieces = await room.pieces(once=True)
    room.door.worker_says(room.token, "said")
    text = "".join([piece async for piece in pieces])
    assert "said" in text
    assert "waiting" in text
    assert "refresh" not in text


async def test_a_door_that_stops_ends_the_stream_and_the_browser_asks_again() -> None:
    class Broken(FakeDoor):
        async def follow(self, talk: Talk, after: int) -> AsyncGenerator[Item]:
            async for item in super().follow(talk, after):
                yield item
                raise RuntimeError("secret")

    room = Room(heartbeat=0.02)
    room.stream = PlainStream(door=Broken(), sentences=SENTENCES, clock=room.clock, pace=Pace(heartbeat=0.02))
    text = "".join([piece async for piece in await room.pieces()])
    assert "refresh" in text
    assert "secret" not in text
