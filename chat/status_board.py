"""Tells open pages when the chat opens, closes or is busy: looked at once a second per language, however many look on.

A stream of server-sent events (HTML, section 9.2) without a cookie. Who watches is not known and not counted.
"""

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chat.answers import data_answer
from chat.headers import data_headers

#: What the page is told of its language: JSON values.
Look = Callable[[str], Awaitable[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class BoardPace:
    """Seconds: `look` between looks, `heartbeat` between signs of life. `most` streams at one worker."""

    look: float = 1.0
    heartbeat: float = 25.0
    most: int = 5000


class _Notice:
    """What stands on the board in one language, and who waits for it to change."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.changed = asyncio.Event()
        self.watchers = 0
        self.looking: asyncio.Task[None] | None = None


class StatusBoard:
    """One board for a worker. It looks only while somebody watches."""

    def __init__(self, *, look: Look, pace: BoardPace | None = None) -> None:
        self._look = look
        self._pace = pace or BoardPace()
        self._notices: dict[str, _Notice] = {}

    @property
    def watchers(self) -> int:
        """Streams that are open."""
        return sum(notice.watchers for notice in self._notices.values())

    async def endpoint(self, _request: Request, language: str) -> Response:
        """`GET /{lang}/status`."""
        if self.watchers >= self._pace.most:
            return data_answer({"ok": False}, 503)  # the page asks /status.json now and then instead
        headers = {**data_headers(), "content-type": "text/event-stream", "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(language), headers=headers)

    async def watch(self, language: str) -> AsyncGenerator[str | None]:
        """What stands there, then whatever it becomes; None for a heartbeat."""
        notice = self._notices.setdefault(language, _Notice())
        notice.watchers += 1
        if notice.looking is None:
            notice.looking = asyncio.create_task(self._keep(language, notice), name="status-board")
        try:
            shown: str | None = None
            while True:
                changed = notice.changed
                if notice.text is not None and notice.text != shown:
                    shown = notice.text
                    yield shown
                    continue
                try:
                    async with asyncio.timeout(self._pace.heartbeat):
                        await changed.wait()
                except TimeoutError:
                    yield None
        finally:
            notice.watchers -= 1
            if notice.watchers == 0 and notice.looking is not None:
                notice.looking.cancel()
                with suppress(asyncio.CancelledError):
                    await notice.looking
                if notice.watchers == 0:
                    self._notices.pop(language, None)

    async def _stream(self, language: str) -> AsyncGenerator[str]:
        # After a restart not everybody comes back in the same second.
        yield f"retry: {random.randint(2000, 10000)}\n\n"  # noqa: S311 - jitter, not a secret
        async for text in self.watch(language):
            yield f"data: {text}\n\n" if text is not None else ": \n\n"

    async def _keep(self, language: str, notice: _Notice) -> None:
        while True:
            try:
                text = json.dumps(await self._look(language), ensure_ascii=False)
            except Exception as fault:  # noqa: BLE001 - those who watch keep what they see, and are told when it is over
                structlog.get_logger().error("status_board_failed", fault=type(fault).__name__)
            else:
                if text != notice.text:
                    notice.text = text
                    notice.changed.set()
                    notice.changed = asyncio.Event()
            await asyncio.sleep(self._pace.look)
