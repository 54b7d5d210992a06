"""What a lead was shown in the preview is what the live page says at that minute."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import httpx2 as httpx
import pytest

from duty.clock_times import read_intervals
from duty.dated_exceptions import DatedException, Kind
from duty.preview import preview, shown_at
from duty.proposal import NewException, NewHours
from duty.schedule import CHAT
from duty.timeline import Timeline
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId
from tests.contacts.conftest import database_url, kept_database, store
from tests.duty.made import HELSINKI, hours
from tests.house import Worker, opened_house
from tests.sockets import ORIGIN
from tests.stores import clock

__all__ = ["clock", "database_url", "kept_database", "store"]

KAISA = StaffId("kaisa")
SPOKEN = frozenset({"fi", "en"})
WEEK = 'Tu 15:00-17:00 "fi sv", Th 09:00-11:00,14:00-20:00 "fi", Fr 21:00-02:00, Sa 01:30-03:00 "sv"; PH off'
FORTNIGHT = timedelta(days=14)


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


async def publish(here: Worker) -> Timeline:
    """A lead sees and publishes a week and an exception; what the second preview was made of."""
    now = here.clock.now()
    friday = (now.astimezone(HELSINKI) + timedelta(days=3)).date()
    night = DatedException(kind=Kind.other, first=friday, last=friday, times=read_intervals("22-23.30"))
    house = here.house
    seen = []
    for change in (NewHours(hours(WEEK), timedelta(minutes=20)), NewException(night)):
        async with here.house.resources.store.write() as conn:
            proposal = await house.drafts.proposal(conn, CHAT, change)
            await house.drafts.saw(conn, CHAT, proposal, now, now + FORTNIGHT, by=KAISA)
            seen.append(proposal.after(now).timeline(now - timedelta(days=3), now + timedelta(days=60)))
            await house.drafts.publish(conn, CHAT, change, by=KAISA)
    house.duty.forget()
    return seen[-1]


@asynccontextmanager
async def somebody_there(here: Worker, languages: frozenset[str]) -> AsyncIterator[None]:
    """An operator who writes these languages sits at the desk for a moment."""
    store = here.house.resources.store
    async with store.write() as conn:
        seat = await here.house.presence.arrived(conn, KAISA, capacity=1, languages=languages)
    here.house.duty.forget()
    yield
    async with store.write() as conn:
        await here.house.presence.left(conn, KAISA, seat)


def chosen(timeline: Timeline, start: datetime) -> list[datetime]:
    """Every change of a fortnight, the minute before each, and some minutes between."""
    turns = [one.at for one in preview(timeline, "fi", start, start + FORTNIGHT, SPOKEN)]
    minutes = random.Random(3).sample(range(20, 14 * 24 * 60), 40)
    found = {*turns, *(turn - timedelta(minutes=1) for turn in turns[1:])}
    return sorted(found | {start + timedelta(minutes=minute) for minute in minutes})


async def test_the_page_says_at_each_minute_what_the_preview_said(here: Worker) -> None:
    seen = await publish(here)
    sentences, spoken, states = here.house.sentences, SPOKEN, set()
    transport = httpx.ASGITransport(app=here.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
        for at in chosen(seen, here.clock.now()):
            here.clock.advance((at - here.clock.now()).total_seconds())
            stretch = seen.at(at)
            promised = (stretch.languages_at(at) or spoken) if stretch is not None else spoken
            async with somebody_there(here, promised):
                for language in ("fi", "sv", "en"):
                    shown = shown_at(seen, language, at, spoken)
                    sentence = sentences.availability(language, shown.availability, at)
                    answer = (await browser.get("/status.json", params={"lang": language})).json()
                    assert (answer["text"], answer["state"]) == (sentence, shown.availability.state), at
                    assert sentence in (await browser.get(f"/{language}")).text
                    states.add(shown.availability.state.value)
    assert states == {"closed", "opening_soon", "open", "open_other_language", "closing"}
