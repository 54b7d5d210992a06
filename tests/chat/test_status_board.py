"""Open pages are told of changes; looking costs the same for one page and for a thousand."""

import asyncio
from contextlib import AsyncExitStack, aclosing

import pytest

from chat.status_board import BoardPace, StatusBoard

pytestmark = pytest.mark.anyio
QUICK = BoardPace(look=0.01, heartbeat=0.05)


class Chat:
    """Counts how often somebody looks."""

    def __init__(self) -> None:
        self.state = "open"
        self.looks: list[str] = []
        self.fault: Exception | None = None

    async def look(self, language: str) -> dict[str, object]:
        self.looks.append(language)
        if self.fault is not None:
            raise self.fault
        return {"state": self.state, "language": language}


async def until(stream: object, text: str) -> None:
    async with asyncio.timeout(5):
        async for told in stream:  # type: ignore[attr-defined]
            if told is not None and text in told:
                return


async def test_a_page_is_told_at_once_and_at_every_change() -> None:
    chat = Chat()
    board = StatusBoard(look=chat.look, pace=QUICK)
    async with aclosing(board.watch("fi")) as page:
        assert await anext(page) == '{"state": "open", "language": "fi"}'
        chat.state = "closed"
        await until(page, "closed")
    assert board.watchers == 0


async def test_a_thousand_pages_look_no_oftener_than_one() -> None:
    chat = Chat()
    board = StatusBoard(look=chat.look, pace=BoardPace(look=0.05))
    async with AsyncExitStack() as open_pages:
        pages = [await open_pages.enter_async_context(aclosing(board.watch("fi"))) for _ in range(1000)]
        await asyncio.gather(*(anext(page) for page in pages))
        assert board.watchers == 1000
        before = len(chat.looks)
        chat.state = "closed"
        started = asyncio.get_running_loop().time()
        await asyncio.gather(*(until(page, "closed") for page in pages))
        took = asyncio.get_running_loop().time() - started
        assert len(chat.looks) - before <= took / 0.05 + 2


async def test_nobody_watching_nobody_looks() -> None:
    chat = Chat()
    board = StatusBoard(look=chat.look, pace=QUICK)
    async with aclosing(board.watch("fi")) as page:
        await anext(page)
    looked = len(chat.looks)
    await asyncio.sleep(0.05)
    assert len(chat.looks) == looked


async def test_a_fault_of_ours_is_not_the_end_of_the_stream(caplog: pytest.LogCaptureFixture) -> None:
    chat = Chat()
    board = StatusBoard(look=chat.look, pace=QUICK)
    async with aclosing(board.watch("fi")) as page:
        await anext(page)
        chat.fault = OSError("away")
        assert await anext(page) is None, "a sign of life"
        chat.fault, chat.state = None, "paused"
        await until(page, "paused")
