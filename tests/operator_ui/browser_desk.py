"""The desk's pages in a real Chromium, on doors in memory and a socket played in the browser's own network layer."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page

from storage.clock import SystemClock
from tests.eventually import eventually
from tests.operator_ui.desk_line import ANNE, DeskServer
from tests.operator_ui.desk_site import TOKEN, FakeHouse, facts, site

ROW = "[data-focus='row-{}']"


class QuietServer(uvicorn.Server):
    """Leaves the signals of the test run alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Desk:
    """A page at the desk, the server behind it, and what the browser complained about."""

    page: Page
    server: DeskServer
    house: FakeHouse
    complaints: list[str] = field(default_factory=list)

    async def opens(self, contact: str) -> None:
        await self.page.click(ROW.format(contact))
        await self.page.wait_for_selector(f"[data-log='{contact}']")

    async def until(self, what: str, times: int = 1) -> None:
        """The server has heard so many frames of this kind."""
        await eventually(lambda: len(self.server.of_kind(what)) >= times, within=10, what=what)

    async def passes_axe(self) -> None:
        found = (await Axe().run(self.page)).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []

    async def focus(self) -> str:
        found: str = await self.page.evaluate("document.activeElement?.id || document.activeElement?.tagName")
        return found


@contextlib.asynccontextmanager
async def served(house: FakeHouse) -> AsyncIterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    url = f"http://localhost:{listener.getsockname()[1]}"
    app = site(house, known=facts(public_url=url, secure=False), clock=SystemClock())
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="none", lifespan="off", timeout_graceful_shutdown=1
    )
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield url
    finally:
        server.should_exit = True
        await serving
        listener.close()


@contextlib.asynccontextmanager
async def at_the_desk(browser: Browser, *, width: int = 1280, dark: bool = False) -> AsyncIterator[Desk]:
    house = FakeHouse()
    async with served(house) as url:
        context = await browser.new_context(
            viewport={"width": width, "height": 800}, locale="en-GB", color_scheme="dark" if dark else "light"
        )
        await context.add_cookies([{"name": "desk", "value": TOKEN, "url": url}])
        page = await context.new_page()
        desk = Desk(page, DeskServer(), house)

        def complained(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                desk.complaints.append(message.text)

        page.on("console", complained)
        page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        await page.route_web_socket("**/desk/socket", desk.server.connect)
        await page.goto(f"{url}/desk")
        await page.wait_for_selector(ROW.format(ANNE), state="attached")
        yield desk
        await context.close()
