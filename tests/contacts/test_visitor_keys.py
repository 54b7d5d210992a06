import base64

import pytest
from sqlalchemy import Table, func, insert, select, update

from contacts.app_key import AppKey
from contacts.contact import Kind, Klass
from contacts.distrust import Fault, Forged
from contacts.envelopes import KeyPair, Unopenable, sealed_to
from contacts.sealing import ContentKey
from contacts.session import Session
from contacts.tables_keys import visitor_segments, visitors
from contacts.visitor_keys import Unlocked, VisitorKeys
from storage.clock import epoch_seconds
from storage.ids import ContactId, new_id
from tests.contacts.installation import Installation, SealedEntry

pytestmark = pytest.mark.anyio


async def started(here: Installation) -> tuple[SealedEntry, str]:
    entry = await here.sealed("hei")
    async with here.store.write() as conn:
        return entry, await here.visitor_keys.hand_out(conn, entry.key)


async def unlocked(here: Installation, token: str) -> Unlocked | None:
    async with here.store.read() as conn:
        return await here.visitor_keys.unlock(conn, token)


async def count(here: Installation, table: Table) -> int:
    async with here.store.read() as conn:
        return int((await conn.execute(select(func.count()).select_from(table))).scalar_one())


def now(here: Installation) -> int:
    return epoch_seconds(here.clock.now())


async def test_the_cookie_opens_the_transcript(here: Installation, lead: Session) -> None:
    entry, token = await started(here)
    assert len(token) == 43
    found = await unlocked(here, token)
    assert found is not None
    assert found.contact == entry.name.contact
    assert found.key.open(entry.name, entry.sealed).reveal() == "hei"


async def test_any_worker_serves_the_cookie(here: Installation, lead: Session) -> None:
    _, token = await started(here)
    assert await unlocked(here.another_process(), token) is not None


async def test_the_cookie_also_opens_a_segment_that_somebody_else_began(here: Installation, lead: Session) -> None:
    entry, token = await started(here)
    second = await here.sealed("moi", contact=entry.name.contact)
    async with here.store.write() as conn:
        await here.visitor_keys.add(conn, second.key)
        await here.visitor_keys.add(conn, second.key)
    found = await unlocked(here, token)
    assert found is not None
    assert [key.segment for key in found.keys] == [1, 2]
    assert found.key.open(second.name, second.sealed).reveal() == "moi"


async def test_the_cookie_opens_no_note(here: Installation, lead: Session) -> None:
    entry, token = await started(here)
    note = await here.sealed("sisäinen", contact=entry.name.contact, klass=Klass.RECORD)
    async with here.store.write() as conn:
        with pytest.raises(ValueError, match="transcript only"):
            await here.visitor_keys.add(conn, note.key)
        with pytest.raises(ValueError, match="transcript only"):
            await here.visitor_keys.hand_out(conn, note.key)
    found = await unlocked(here, token)
    assert found is not None
    assert {key.klass for key in found.keys} == {Klass.TRANSCRIPT}
    for key in found.keys:
        disguised = ContentKey(
            deployment=here.deployment,
            contact=note.name.contact,
            klass=Klass.RECORD,
            segment=1,
            secret=key.secret(),
        )
        for name in (note.name, note.name._replace(kind=Kind.MESSAGE)):
            with pytest.raises(Unopenable):
                disguised.open(name, note.sealed)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "ö" * 43, "=" * 43, "A" * 42, "A" * 44, "A" * 1000])
async def test_an_unknown_or_malformed_cookie_opens_nothing(here: Installation, lead: Session, token: str) -> None:
    await started(here)
    assert await unlocked(here, token) is None
    async with here.store.write() as conn:
        assert await here.visitor_keys.contact_of(conn, token) is None
        await here.visitor_keys.revoke(conn, token)
    assert await count(here, visitors) == 1


async def test_the_cookie_itself_is_not_kept(here: Installation, lead: Session) -> None:
    _, token = await started(here)
    octets = base64.urlsafe_b64decode(token + "=")
    async with here.store.read() as conn:
        rows = [*await conn.execute(select(visitors)), *await conn.execute(select(visitor_segments))]
    assert not [value for row in rows for value in row if isinstance(value, bytes) and octets in value]


async def test_without_the_app_key_the_cookie_opens_nothing(here: Installation, lead: Session) -> None:
    _, token = await started(here)
    thief = VisitorKeys(app_key=AppKey.fresh(), deployment=here.deployment, clock=here.clock, alarm=here.alarms.append)
    async with here.store.read() as conn:
        assert await thief.unlock(conn, token) is None


async def test_the_contact_is_known_without_opening_anything(here: Installation, lead: Session) -> None:
    entry, token = await started(here)
    async with here.store.read() as conn:
        assert await here.visitor_keys.contact_of(conn, token) == entry.name.contact


async def test_leaving_destroys_the_way_back(here: Installation, lead: Session) -> None:
    _, token = await started(here)
    _, other = await started(here)
    async with here.store.write() as conn:
        await here.visitor_keys.revoke(conn, token)
    assert await unlocked(here, token) is None
    assert await unlocked(here, other) is not None
    assert await count(here, visitors) == await count(here, visitor_segments) == 1


async def test_the_end_of_the_chat_destroys_the_way_back(here: Installation, lead: Session) -> None:
    entry, token = await started(here)
    async with here.store.write() as conn:
        await here.visitor_keys.destroy(conn, entry.name.contact)
    assert await unlocked(here, token) is None
    assert await count(here, visitors) == await count(here, visitor_segments) == 0


async def test_after_the_end_whose_it_was_is_known_until_the_sweep_and_no_word_is_opened(
    here: Installation, lead: Session
) -> None:
    entry, token = await started(here)
    second = await here.sealed("jälkeen", contact=entry.name.contact)
    async with here.store.write() as conn:
        await here.visitor_keys.lock(conn, entry.name.contact)
        await here.visitor_keys.add(conn, second.key)  # a colleague begins a segment: not for this visitor
    assert await unlocked(here, token) is None
    assert await count(here, visitor_segments) == 0
    async with here.store.write() as conn:
        assert await here.visitor_keys.contact_of(conn, token) == entry.name.contact
        here.clock.advance(700)
        assert await here.visitor_keys.contact_of(conn, token) is None
        assert await here.visitor_keys.sweep(conn, epoch_seconds(here.clock.now())) == [entry.name.contact]
    assert await count(here, visitors) == 0


async def test_ten_minutes_without_a_connection_end_the_cookie_even_before_the_sweep(
    here: Installation, lead: Session
) -> None:
    _, token = await started(here)
    here.clock.advance(600)
    assert await unlocked(here, token) is not None
    here.clock.advance(1)
    assert await unlocked(here, token) is None


async def test_a_visitor_who_is_connected_keeps_the_cookie(here: Installation, lead: Session) -> None:
    entry, token = await started(here)
    for _ in range(4):
        here.clock.advance(500)
        async with here.store.write() as conn:
            await here.visitor_keys.touch(conn, [entry.name.contact], now(here))
    assert await unlocked(here, token) is not None


async def test_the_time_of_a_connection_is_kept_to_the_minute(here: Installation, lead: Session) -> None:
    entry, _ = await started(here)
    here.clock.advance(95)
    async with here.store.write() as conn:
        await here.visitor_keys.touch(conn, [entry.name.contact], now(here))
        seen = (await conn.execute(select(visitors.c.seen_at))).scalar_one()
        assert await here.visitor_keys.seen(conn, [entry.name.contact]) == {entry.name.contact: seen}
    assert seen % 60 == 0
    assert now(here) - 60 < seen <= now(here)


async def test_the_sweep_destroys_what_was_left_alone(here: Installation, lead: Session) -> None:
    left, _ = await started(here)
    here.clock.advance(400)
    _, token = await started(here)
    here.clock.advance(260)
    async with here.store.write() as conn:
        assert await here.visitor_keys.sweep(conn, now(here)) == [left.name.contact]
        assert await here.visitor_keys.sweep(conn, now(here)) == []
    assert await unlocked(here, token) is not None
    assert await count(here, visitor_segments) == 1


@pytest.mark.parametrize("table", [visitors, visitor_segments], ids=str)
async def test_a_changed_row_is_refused_with_an_alarm(here: Installation, lead: Session, table: Table) -> None:
    _, token = await started(here)
    changed: dict[str, object] = {"contact": new_id()} if table is visitors else {"sealed": b"\x01" + b"x" * 80}
    async with here.store.write() as conn:
        await conn.execute(update(table).values(changed))
    with pytest.raises(Forged):
        await unlocked(here, token)
    assert here.alarms == [Fault.FORGED]


async def test_a_planted_visitor_is_given_no_further_segment(here: Installation, lead: Session) -> None:
    entry, _ = await started(here)
    async with here.store.write() as conn:
        await conn.execute(
            insert(visitors).values(
                lookup=b"l" * 32, contact=entry.name.contact, public=KeyPair.fresh().public, seen_at=0, mac=b"m" * 32
            )
        )
    second = await here.sealed("moi", contact=entry.name.contact)
    with pytest.raises(Forged):
        async with here.store.write() as conn:
            await here.visitor_keys.add(conn, second.key)
    assert await count(here, visitor_segments) == 1


async def test_a_key_of_another_segment_in_its_place_opens_nothing(here: Installation, lead: Session) -> None:
    entry, token = await started(here)
    octets = base64.urlsafe_b64decode(token + "=")
    public = here.visitor_keys._pair(octets).public
    sealed = sealed_to(public, b"k" * 32, *here.visitor_keys._place(ContactId(new_id()), 1, public))
    place = here.visitor_keys._place(entry.name.contact, 1, public)
    async with here.store.write() as conn:
        mac = here.app_key.mac("visitor-segment", *place, sealed)
        await conn.execute(update(visitor_segments).values(sealed=sealed, mac=mac))
    assert await unlocked(here, token) is None


async def test_a_visitor_without_any_segment_opens_nothing(here: Installation, lead: Session) -> None:
    _, token = await started(here)
    async with here.store.write() as conn:
        await conn.execute(visitor_segments.delete())
    assert await unlocked(here, token) is None
