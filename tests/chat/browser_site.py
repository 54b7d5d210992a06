"""The visitor's site and a neutral site, served on this machine for a real browser."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import uvicorn
from playwright.async_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from chat.form_pages import form_routes
from chat.organisation_pages import organisation_routes
from chat.proposal_pages import proposal_routes
from contacts.codes.parties import professional_parties
from storage.clock import SystemClock
from tests.chat.fake_door import FakeDoor, FakeTalk
from tests.chat.fake_socket import FakeSocket
from tests.chat.forms import FakeFormDoor, FakeProposalDoor
from tests.chat.places_to_turn import organisations
from tests.chat.visitor_site import TRANSLATIONS, facts, site, visitor_page


class QuietServer(uvicorn.Server):
    """Leaves the signals of the test run alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class BrowserSite:
    """`door`, `socket` and `forms` are the house; `neutral` is where Leave goes."""

    url: str
    neutral: str
    door: FakeDoor
    socket: FakeSocket
    forms: FakeFormDoor

    @property
    def token(self) -> str:
        """Of the newest conversation."""
        return list(self.door.talks)[-1]

    @property
    def talk(self) -> FakeTalk:
        return self.door.talks[self.token]

    def words(self) -> list[str]:
        """What is committed, in order."""
        return [entry.text.reveal() for entry in self.talk.entries if entry.text is not None]


@contextlib.asynccontextmanager
async def browser_site() -> AsyncIterator[BrowserSite]:
    """Serve both until the end of the block."""
    ours, other = _listening(), _listening()
    url, neutral = f"http://localhost:{ours.getsockname()[1]}", f"http://127.0.0.1:{other.getsockname()[1]}/"
    known = facts(public_url=url, neutral_url=neutral, secure=False)
    door = FakeDoor()
    visitor_socket = FakeSocket(door, "talk")

    async def weather(_request: Request) -> Response:
        return PlainTextResponse("The weather")

    forms, clock = FakeFormDoor(), SystemClock()
    before: list[BaseRoute] = [
        WebSocketRoute("/socket", visitor_socket.endpoint),
        *form_routes(door=forms, page=visitor_page(known), facts=known, translations=TRANSLATIONS, clock=clock),
        *proposal_routes(
            door=FakeProposalDoor(forms),
            page=visitor_page(known),
            facts=known,
            translations=TRANSLATIONS,
            parties=professional_parties(),
            clock=clock,
        ),
        *organisation_routes(listed=organisations, page=visitor_page(known), facts=known),
    ]
    app = site(door, known=known, clock=clock, before=before)
    async with _serving(app, ours), _serving(Starlette(routes=[Route("/", weather)]), other):
        yield BrowserSite(url, neutral, door, visitor_socket, forms)


async def started(page: Page, where: BrowserSite) -> None:
    """Start a conversation in English and wait for the line."""
    await page.goto(where.url + "/en")
    await page.click("#start button")
    await page.wait_for_selector("#status-card[data-state=waiting]")


async def say(page: Page, text: str) -> None:
    """Write and send."""
    await page.fill("#text", text)
    await page.click("#composer button")


def _listening() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


@contextlib.asynccontextmanager
async def _serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1
    )
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        listener.close()
