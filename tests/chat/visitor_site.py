"""The visitor's routes on the door in memory, as one application; over https like in production."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from chat.page_builder import VisitorPage
from chat.pages import visitor_routes
from chat.plain_stream import Pace
from chat.public_facts import PublicFacts
from chat.sentences import Sentences
from chat.translations import read_translations
from storage.clock import Clock, ManualClock
from tests.chat.fake_door import FakeDoor

ORIGIN = "https://help.example"
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TRANSLATIONS = read_translations(("fi", "sv", "en"))
SENTENCES = Sentences(translations=TRANSLATIONS)


def facts(**changed: Any) -> PublicFacts:
    values: dict[str, Any] = {
        "name": "Saarnilinja",
        "phone_display": "0800 123 456",
        "phone_tel": "+358800123456",
        "neutral_url": "https://www.weather.example/",
        "public_url": ORIGIN,
        "languages": ("fi", "sv", "en"),
        "secure": True,
    }
    return PublicFacts(**values | changed)


def visitor_page(known: PublicFacts | None = None) -> VisitorPage:
    return _page_of(known or facts())


@cache  # nothing about a page changes, and building one weighs all its documents
def _page_of(known: PublicFacts) -> VisitorPage:
    return VisitorPage(facts=known, translations=TRANSLATIONS, sentences=SENTENCES)


PAGE = visitor_page()


def site(
    door: FakeDoor,
    *,
    known: PublicFacts | None = None,
    clock: Clock | None = None,
    pace: Pace | None = None,
    before: list[BaseRoute] | None = None,
) -> Starlette:
    """The application. `before`: more routes, tried first."""
    known = known or facts()
    page = PAGE if known == facts() else visitor_page(known)
    routes = visitor_routes(
        door=door, page=page, facts=known, sentences=SENTENCES, clock=clock or ManualClock(NOW), pace=pace
    )
    return Starlette(routes=[*(before or []), *routes])


def browser_of(door: FakeDoor, **options: Any) -> TestClient:
    """A browser that keeps cookies, follows no redirect and sends our Origin."""
    return TestClient(site(door, **options), base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
