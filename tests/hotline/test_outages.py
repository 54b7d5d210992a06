"""Database, Redis, the telephone company or our own answers fail: who is dialled, what the caller hears, what is counted."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from contacts.contact import State
from hotline.simulator.network import Post
from hotline.simulator.phones import Phone, answering, ignoring, voicemail
from storage.clock import ManualClock
from storage.redis_bus import RedisBus
from tests.hotline.exchange import CALLER, NUMBERS, BreakableStore, Exchange, Ready, exchange
from tests.hotline.test_calls_are_counted import counted
from tests.servers.process import free_port

AINO, EERO, KAISA = NUMBERS["aino"], NUMBERS["eero"], NUMBERS["kaisa"]
DUTY = "+46846500429"
ROOT = Path(__file__).parents[2]


async def back(line: Exchange) -> None:
    """The database is there again, and what was spooled is taken over; twice, as two processes might."""
    line.store.away = False
    await line.line.reconcile()
    await line.line.reconcile()
    assert line.line.spool.waiting == []


# --- the database ---


@pytest.mark.parametrize("seconds", [0.0, 1.0, 4.0, 9.0, 20.0])
async def test_whenever_the_database_goes_away_the_caller_reaches_a_phone_and_is_counted_once(
    line: Exchange, seconds: float
) -> None:
    await line.on_call("aino", answering("aino", AINO, after=12))
    await line.on_call("eero", voicemail("eero", EERO), tier=2)
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.after(seconds)
    line.store.away = True
    await line.call.until_over()
    assert line.call.connected == ["aino"]
    assert line.call.heard("yksi yksi kaksi")
    await back(line)
    await line.call.after(200)
    kept = await line.only()
    assert (kept.call.outcome, kept.contact.state) == ("talked", State.ENDED)
    assert await counted(line) == (1, 1)
    assert not [leg for leg in line.network.legs.values() if not leg.over]


async def test_with_the_database_down_tiers_are_rung_one_after_the_other_then_each_alone(line: Exchange) -> None:
    """A mailbox that picks up first silences its tier at the provider; so everybody is then rung alone."""
    await line.on_call("aino", voicemail("aino", AINO, after=1), tier=1)
    await line.on_call("eero", answering("eero", EERO, after=6), tier=1)
    await line.on_call("kaisa", ignoring("kaisa", KAISA), tier=2)
    line.store.away = True
    await line.call.dials(CALLER, hangs_up_after=10)
    await line.call.until_over()
    assert line.call.dialled[:3] == ["aino", "eero", "kaisa"]
    assert line.call.connected == ["eero"]
    await back(line)
    assert (await line.only()).call.outcome == "talked"


async def test_with_the_database_down_and_nobody_on_call_the_truth_is_told_at_once(line: Exchange) -> None:
    await line.line.on_call.refresh()
    line.store.away = True
    await line.call.dials(CALLER)
    await line.call.until_over()
    assert line.call.dialled == []
    assert line.call.heard("yksi yksi kaksi")
    assert line.call.heard("We are sorry, nobody can come to the telephone now.")
    await back(line)
    assert (await line.only()).call.outcome == "unserved"


async def test_with_the_database_down_three_callers_are_three_calls(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    line.store.away = True
    for number in ("+46313900601", "anonymous", "+46313900601"):
        await line.call.dials(number, hangs_up_after=3)
        await line.call.until_over()
    await back(line)
    assert [one.call.outcome for one in await line.kept()] == ["talked"] * 3
    assert await counted(line) == (3, 3)


async def test_with_the_database_down_nobody_off_shift_is_rung_from_memory(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    line.store.away = True
    line.clock.advance(8 * 3600)
    await line.call.dials(CALLER)
    await line.call.until_over()
    assert line.call.dialled == []


async def test_who_hangs_up_while_the_database_is_down_is_counted_later(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO))
    line.store.away = True
    await line.call.dials(CALLER)
    await line.call.after(3)
    await line.call.hangs_up()
    await line.call.until_over()
    await back(line)
    assert (await line.only()).call.ended_at is not None
    assert await counted(line) == (1, 1)


async def test_a_database_that_comes_back_in_the_middle_of_a_call_takes_it_over(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2)
    line.store.away = True
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.after(12)
    await back(line)
    await line.call.until_over()
    await back(line)  # as the job does every five seconds: who accepts without the database is always spooled
    await line.call.after(200)
    assert line.call.connected == ["eero"]
    assert (await line.only()).call.outcome == "talked"
    assert await counted(line) == (1, 1)


# --- Redis ---


async def test_with_redis_down_nothing_about_a_call_changes(
    tmp_path: Path, clock: ManualClock, made_ready: Ready
) -> None:
    shutil.copy(made_ready.path, tmp_path / "store.sqlite")
    store = BreakableStore(url=f"sqlite+aiosqlite:///{tmp_path}/store.sqlite")
    bus = RedisBus(url=f"redis://127.0.0.1:{free_port()}", key=b"k" * 32)
    async with exchange(store, clock, tmp_path / "data", made_ready, bus=bus) as line:
        await line.on_call("aino", ignoring("aino", AINO), tier=1)
        await line.on_call("eero", answering("eero", EERO), tier=2)
        await line.call.dials(CALLER, presses="3", hangs_up_after=10)
        await line.call.until_over()
        assert line.call.dialled == ["aino", "eero"]
        assert line.call.connected == ["eero"]
        assert not line.call.heard("We are now connecting you directly")  # the way of an outage was not taken
        assert line.line.spool.waiting == []
        assert (await line.only()).call.outcome == "talked"
    await store.close()


# --- the way to us, and the way to the provider ---


@pytest.mark.parametrize("reached", [True, False], ids=["answer lost", "question lost"])
async def test_every_first_try_of_every_question_is_lost_and_nothing_changes(line: Exchange, reached: bool) -> None:
    send: Post = line.network._post
    tried: set[tuple[str, bytes]] = set()

    async def losing(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        if (url, body) in tried:
            return await send(url, headers, body)
        tried.add((url, body))
        if reached:
            await send(url, headers, body)
        return 0, ""

    line.network._post = losing
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2)
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero"]
    assert line.call.connected == ["eero"]
    assert await counted(line) == (1, 1)


async def test_a_provider_that_rings_nobody_for_us_lets_the_caller_hear_the_truth(line: Exchange) -> None:
    line.rest.fails = lambda _method, _path: 503
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="3")
    await line.call.until_over()
    assert line.call.dialled == []
    assert line.call.heard("We are sorry, nobody can come to the telephone now.")
    assert (await line.only()).call.outcome == "unserved"


async def test_every_number_of_a_tier_is_bad_and_the_next_tier_is_rung_at_once(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO), number="12345", tier=1)
    await line.on_call("eero", Phone(name="eero", number=EERO, exists=False), tier=1)
    await line.on_call("kaisa", answering("kaisa", KAISA), tier=2)
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.dialled == ["eero", "kaisa"]
    assert line.call.ring_times()["kaisa"] < 5
    assert line.call.connected == ["kaisa"]


async def test_an_application_that_stays_silent_while_a_caller_waits_leaves_them_to_the_duty_phone(
    line: Exchange,
) -> None:
    line.call.has(answering("duty", DUTY))
    line.network.fallback = (ROOT / "deploy/fallback.xml").read_text().replace("+00000000000", DUTY)
    await line.on_call("aino", ignoring("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.after(10)
    line.dies()
    await line.call.until_over()
    assert line.call.dialled == ["aino", "duty"]
    assert line.call.connected == ["duty"]
    line.restarted()
    await line.call.after(200)
    assert (await line.only()).call.ended_at is not None
    assert await counted(line) == (1, 1)
    assert not [leg for leg in line.network.legs.values() if not leg.over]
