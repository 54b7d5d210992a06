"""Voicemail, off by default: who could not be answered may speak; it is fetched once, sealed, deleted there, played here."""

import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select
from structlog.types import EventDict

from contacts.audit import Action
from contacts.call_messages import due
from contacts.contact import Door, EndedBy, Klass, Refused
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_calls import recordings
from hotline.call_state import Message
from hotline.simulator.network import LATE, NEVER, TWICE, Delivery
from hotline.simulator.phones import ignoring
from hotline.simulator.sound import silence
from operator_ui.cookies import session_cookie
from operator_ui.headers import page_headers
from storage.clock import ManualClock
from storage.ids import ContactId
from tests.hotline.exchange import CALLER, NUMBERS, BreakableStore, Exchange, Ready, exchange
from tests.hotline.test_forgetting import forgetting
from tests.sockets import ORIGIN

HOUR = 3600.0


@pytest.fixture
async def there(
    tmp_path: Path, clock: ManualClock, made_ready: Ready, told: list[EventDict]
) -> AsyncIterator[Exchange]:
    """The house with voicemail switched on; nobody is on call."""
    path = tmp_path / "store.sqlite"
    shutil.copy(made_ready.path, path)
    store = BreakableStore(url=f"sqlite+aiosqlite:///{path}")
    async with exchange(store, clock, tmp_path / "data", made_ready, logged=told, voicemail=True) as made:
        yield made
    await store.close()


async def speaks(line: Exchange, *, seconds: float | None = 20.0, hangs_up: bool = False, key: str = "6") -> None:
    """Somebody calls when nobody is on call, and leaves a message in English."""
    await line.call.dials(CALLER, presses=key, speaks=seconds, hangs_up_then=hangs_up)
    await line.call.until_over()
    await line.call.after(15)


async def looked_after(line: Exchange, *, again: int = 1) -> None:
    """The worker's rounds, with time between them."""
    for _ in range(again):
        await line.line.mailbox.round()
        line.clock.advance(HOUR)


async def message(line: Exchange) -> Message | None:
    found = (await line.only()).call.message
    return None if found is None else Message(found)


async def parts(line: Exchange) -> int:
    async with line.store.read() as conn:
        return len((await conn.execute(select(recordings.c.part))).all())


def fetched(line: Exchange) -> list[str]:
    return [path for method, path, _ in line.rest.asked if method == "GET" and path.endswith(".mp3")]


async def taken_by_aino(line: Exchange) -> tuple[Session, ContactId]:
    session = await line.worker.signed_in("aino")
    contact = (await line.only()).contact.id
    await line.line.desk.take(session, contact)
    return session, contact


# --- what the caller hears ---


async def test_without_the_setting_nobody_is_offered_to_be_recorded(line: Exchange) -> None:
    await line.call.dials(CALLER, presses="6", speaks=20)
    await line.call.until_over()
    assert not line.call.heard("recorded")
    assert not line.call.heard("nauhoite")
    assert await message(line) is None
    assert line.network.recordings == {}


async def test_when_nobody_is_on_call_a_message_is_offered_in_every_language_with_a_key_of_its_own(
    there: Exchange,
) -> None:
    await there.call.dials(CALLER, presses="w")
    await there.call.until_over()
    offers = [
        one.rstrip(".")[-1] for one in there.call.hears() if "nauhoite" in one or "inspel" in one or "recorded" in one
    ]
    assert offers == ["4", "5", "6"]
    assert (await there.only()).call.outcome == "unserved"


async def test_who_cannot_be_answered_is_told_that_it_is_recorded_and_by_whom_it_is_heard(there: Exchange) -> None:
    await speaks(there)
    heard = there.call.hears()
    said = next(one for one in heard if one.startswith("Your message is recorded"))
    assert "Only the workers of this helpline can listen to it. It is deleted afterwards." in said
    assert heard[-1].startswith("Thank you. Your message was recorded")
    kept = await there.only()
    assert (kept.call.outcome, kept.contact.ended_by, kept.contact.language) == ("message", EndedBy.MESSAGE, "en")


async def test_with_the_language_chosen_and_nobody_answering_2_leaves_a_message(there: Exchange) -> None:
    await there.on_call("aino", ignoring("aino", NUMBERS["aino"]))
    await there.call.dials(CALLER, presses="3", speaks=5)
    while not there.call.heard("To leave a recorded message in English, press 2."):
        await there.call.after(1)
    there.call.leg("caller").press("2")
    await there.call.until_over()
    assert there.call.dialled == ["aino"]
    assert (await there.only()).call.outcome == "message"


async def test_who_asks_to_be_called_back_is_not_recorded(there: Exchange) -> None:
    await there.call.dials(CALLER, presses="31111", speaks=20)
    await there.call.until_over()
    assert (await there.only()).call.outcome == "call_back"
    assert there.network.recordings == {}


async def test_who_says_nothing_is_told_that_nothing_was_recorded(there: Exchange) -> None:
    await speaks(there, seconds=None)
    assert there.call.hears()[-1].startswith("Nothing was recorded.")
    assert await message(there) is Message.NONE
    kept = await there.only()
    assert (kept.call.outcome, kept.contact.ended_by) == ("unserved", EndedBy.UNSERVED)


async def test_while_the_database_is_away_the_message_is_thanked_for_and_fetched_when_it_is_back(
    there: Exchange,
) -> None:
    await there.call.dials(CALLER, presses="6", speaks=10)
    while not there.call.heard("Your message is recorded"):
        await there.call.after(1)
    there.store.away = True
    await there.call.until_over()
    assert there.call.heard("Your message was recorded")
    there.store.away = False
    await there.line.reconcile()
    await looked_after(there)
    assert await message(there) is Message.KEPT
    assert (await there.only()).call.outcome == "message"


# --- fetched, sealed, deleted there ---


@pytest.mark.parametrize("hangs_up", [False, True], ids=["the hash key or silence", "hangs up"])
async def test_a_message_is_fetched_sealed_and_deleted_at_the_provider(there: Exchange, *, hangs_up: bool) -> None:
    await speaks(there, hangs_up=hangs_up)
    await looked_after(there)
    assert await message(there) is Message.KEPT
    assert (await there.only()).call.recording is None
    assert (there.network.recordings, there.network.sounds, len(fetched(there))) == ({}, {}, 1)
    session, contact = await taken_by_aino(there)
    length = 20 if hangs_up else 26
    assert await there.line.desk.message(session, contact) == silence(length)


@pytest.mark.parametrize(
    "what", [TWICE, LATE, NEVER, Delivery((3.0, 0.0, 9.0))], ids=["twice", "late", "lost", "thrice"]
)
async def test_whatever_becomes_of_its_reports_a_message_is_fetched_once(there: Exchange, what: Delivery) -> None:
    there.network.delivery = lambda _leg, _status: what
    there.network.repeats_questions = True
    if what is NEVER:  # nor is it told what follows the tone: the caller has hung up

        async def deaf(url: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
            return (0, "") if "message-left" in url else await send(url, headers, body)

        send, there.network._post = there.network._post, deaf  # type: ignore[assignment]
    await speaks(there, hangs_up=True)
    there.clock.advance(HOUR)
    await there.line.due()
    await looked_after(there, again=4)
    assert await message(there) is Message.KEPT
    assert len(fetched(there)) == 1
    assert (await there.only()).call.outcome == "message"
    assert there.network.recordings == {}


async def test_what_is_not_ready_or_cannot_be_reached_is_fetched_later(there: Exchange) -> None:
    there.network.readiness = 3000
    await speaks(there)
    assert await message(there) is Message.LEFT
    await looked_after(there)
    assert await message(there) is Message.LEFT
    there.rest.fails = lambda _method, path: 503 if path.endswith(".mp3") else 0
    await there.call.after(3000)
    await looked_after(there)
    assert await message(there) is Message.LEFT
    there.rest.fails = lambda _method, _path: 0
    await looked_after(there)
    assert await message(there) is Message.KEPT


async def test_what_cannot_be_deleted_there_is_deleted_later_and_not_fetched_again(there: Exchange) -> None:
    await speaks(there)
    there.rest.fails = lambda method, _path: 500 if method == "DELETE" else 0
    await looked_after(there, again=2)
    assert await message(there) is Message.SEALED
    there.rest.fails = lambda _method, _path: 0
    await looked_after(there)
    assert await message(there) is Message.KEPT
    assert (len(fetched(there)), there.network.recordings) == (1, {})


async def test_two_workers_at_once_fetch_and_keep_it_once(there: Exchange) -> None:
    await speaks(there)
    other = there.line.mailbox
    await there.line.mailbox.round()
    await other.round()
    assert (await parts(there), len(fetched(there))) == (len(silence(26)) // 12285 + 1, 1)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("when", ["fetched", "sealed", "deleted"])
async def test_a_worker_killed_at_any_moment_loses_nothing_and_doubles_nothing(there: Exchange, when: str) -> None:
    await speaks(there)
    provider = there.line.provider
    box = there.restarted().line.mailbox

    class Dies:
        """The provider, as seen by a process that is killed right after one of its requests, or before the next."""

        async def recording(self, name: str) -> bytes | None:
            sound = await provider.recording(name)
            if when == "fetched":
                raise Killed
            return sound

        async def forget_recording(self, name: str) -> None:
            if when == "sealed":
                raise Killed
            await provider.forget_recording(name)
            raise Killed

    box._provider = Dies()  # type: ignore[assignment]
    with pytest.raises(Killed):
        await box.round()
    there.clock.advance(HOUR)
    await looked_after(there)
    assert await message(there) is Message.KEPT
    assert there.network.recordings == {}
    session, contact = await taken_by_aino(there)
    assert await there.line.desk.message(session, contact) == silence(26)


async def test_a_worker_that_comes_too_late_undoes_nothing(there: Exchange) -> None:
    await speaks(there)
    async with there.store.read() as conn:
        [late] = await due(conn, int(there.clock.now().timestamp()), limit=1)
    await looked_after(there)
    there.clock.advance(14 * 24 * HOUR)
    await there.line.mailbox._gone_for_good(late, int(there.clock.now().timestamp()), 0)
    assert await message(there) is Message.KEPT


async def test_the_nightly_deletion_leaves_a_call_alone_until_its_message_is_here(there: Exchange) -> None:
    await speaks(there)
    there.clock.advance(2 * HOUR)
    assert await forgetting(there).run() == 0
    assert len(there.network.recordings) == 1
    await looked_after(there)
    assert await forgetting(there).run() == 1
    assert (there.network.legs, await parts(there) > 0) == ({}, True)


async def test_a_token_that_is_refused_for_days_loses_no_message(there: Exchange) -> None:
    there.rest.fails = lambda _method, _path: 401
    await speaks(there)
    await looked_after(there, again=30)
    assert await message(there) is Message.LEFT
    there.rest.fails = lambda _method, _path: 0
    await looked_after(there)
    assert await message(there) is Message.KEPT


async def test_a_message_the_provider_never_hands_out_is_told_of_and_given_up(
    there: Exchange, told: list[EventDict]
) -> None:
    await speaks(there)
    there.network.sounds.clear()
    await looked_after(there, again=8)
    assert await message(there) is Message.LOST
    assert "recorded_message_lost" in [one["event"] for one in told]


async def test_of_a_person_who_was_erased_nothing_is_kept_but_it_is_deleted_there(there: Exchange) -> None:
    await speaks(there)
    session, contact = await taken_by_aino(there)
    await there.worker.house.keeping.asked.erase(session, contact)
    await looked_after(there)
    there.clock.advance(HOUR)
    await forgetting(there).run()
    assert (await parts(there), there.network.recordings, fetched(there)) == (0, {}, [])


async def test_a_recording_nobody_asked_for_is_not_taken(line: Exchange) -> None:
    await line.call.dials(CALLER, presses="w")
    leg = line.call.callers["caller"]
    contact = (await line.only()).contact.id
    name = line.network.recorded(leg, 5, f"https://quietline.example/hotline/recorded?c={contact}")
    line.network.sent.clear()
    await line.call.until_over()
    assert name in line.network.recordings
    await looked_after(line)
    assert (await message(line), fetched(line)) == (None, [])


# --- at the desk ---


async def test_only_whoever_took_the_call_hears_it_and_the_audit_log_says_so_first(there: Exchange) -> None:
    await speaks(there)
    await looked_after(there)
    session, contact = await taken_by_aino(there)
    for name in ("eero", "kaisa"):
        with pytest.raises(Refused, match="not_yours"):
            await there.line.desk.message(await there.worker.signed_in(name), contact)
    await there.line.desk.message(session, contact)
    await there.line.desk.message(session, contact)
    async with there.store.read() as conn:
        rows = (await conn.execute(select(audit.c.actor).where(audit.c.action == Action.OPEN.value))).scalars()
        assert list(rows) == [there.staff["aino"]]


async def test_the_player_gets_sound_by_its_right_name_that_nobody_keeps(there: Exchange) -> None:
    await speaks(there)
    await looked_after(there)
    _, contact = await taken_by_aino(there)
    house = there.worker.house
    answers = {}
    for name in ("aino", "eero"):
        await there.worker.signed_in(name)
        cookies = {session_cookie(house.facts): there.worker.colleagues[name].cookie}
        transport = httpx2.ASGITransport(app=there.worker.app)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies) as browser:
            answers[name] = await browser.get(f"/desk/calls/{contact}/message")
    heard, refused = answers["aino"], answers["eero"]
    assert (heard.status_code, heard.content) == (200, silence(26))
    assert heard.headers["content-type"] == "audio/mpeg"
    assert heard.headers["cache-control"] == "no-store"
    assert heard.headers["x-content-type-options"] == "nosniff"
    assert (refused.status_code, refused.json()) == (404, {"error": "not_yours"})
    assert "media-src 'self'" in page_headers(house.facts)["content-security-policy"]


async def test_it_is_gone_with_its_key_when_the_call_has_been_dealt_with(there: Exchange) -> None:
    await speaks(there)
    await looked_after(there)
    session, contact = await taken_by_aino(there)
    await there.line.desk.dealt_with(session, contact, "heard")
    assert await parts(there) == 0
    async with there.store.read() as conn:
        keyring = there.worker.staff.keyring
        assert await keyring.segment_numbers(conn, contact, Klass.CALLBACK) == []


async def test_a_part_that_is_missing_is_no_shorter_message(there: Exchange) -> None:
    await speaks(there, seconds=60)
    await looked_after(there)
    session, contact = await taken_by_aino(there)
    async with there.store.write() as conn:
        last = await parts_of(there)
        await conn.execute(recordings.delete().where(recordings.c.part == last[-1]))
    with pytest.raises(Refused, match="cannot_open"):
        await there.line.desk.message(session, contact)


async def parts_of(line: Exchange) -> Sequence[int]:
    async with line.store.read() as conn:
        return list((await conn.execute(select(recordings.c.part).order_by(recordings.c.part))).scalars())


async def test_the_list_says_whether_a_message_is_on_its_way_or_here(there: Exchange) -> None:
    await speaks(there)
    await there.line.listed.refresh()
    assert [(one.stage, one.message) for one in there.line.listed.rows] == [("missed", "coming")]
    await looked_after(there)
    await there.line.listed.refresh()
    assert [(one.stage, one.message) for one in there.line.listed.rows] == [("missed", "here")]
    assert (await there.contact()).door is Door.PHONE
