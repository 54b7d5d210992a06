"""The retention worker with a moved clock, on both databases."""

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action
from contacts.contact import Door, Klass
from contacts.retention import Aside, Counted, Retention, Waiting
from contacts.retention_classes import CLASSES, Terms
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_calls import calls
from contacts.tables_keeping import retention_days
from contacts.tables_keys import segments
from contacts.tables_log import contacts
from storage.ids import ContactId, new_id
from tests.contacts.installation import Installation
from tests.contacts.retained import DAY, classes_of, contact_with, there, worker

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("lead")]
ALL = set(Klass)


async def counts(here: Installation, retention: Retention) -> dict[str, int]:
    async with here.store.read() as conn:
        last = await retention.last(conn)
    assert last is not None
    assert last.ended_at is not None
    assert last.settled
    return last.counts


async def test_every_class_has_a_rule() -> None:
    assert set(CLASSES) == ALL
    assert [Terms().of(klass) for klass in CLASSES] == [7, 7, 30, 12]


async def test_each_class_goes_when_its_time_is_up_and_not_before(here: Installation, lead: Session) -> None:
    retention = worker(here)
    kept = await contact_with(here)
    seen = []
    for days in (0, 29, 1, 334, 1):
        here.clock.advance(days * DAY)
        await retention.run()
        seen.append(await classes_of(here, kept, lead))
    assert seen == [
        {Klass.TRANSCRIPT, Klass.RECORD},  # used: nobody will be called back; nothing waits to be forwarded
        {Klass.TRANSCRIPT, Klass.RECORD},
        {Klass.RECORD},
        {Klass.RECORD},
        set(),
    ]
    assert not await there(here, kept.id)


async def test_a_number_to_call_back_goes_after_seven_days_though_nobody_called(
    here: Installation, lead: Session
) -> None:
    retention = worker(here)
    kept = await contact_with(here, Klass.CALLBACK, Klass.TRANSCRIPT, ended=False)
    here.clock.advance(6 * DAY)
    await retention.run()
    assert await classes_of(here, kept, lead) == {Klass.CALLBACK, Klass.TRANSCRIPT}
    here.clock.advance(1 * DAY)
    await retention.run()
    assert await classes_of(here, kept, lead) == {Klass.TRANSCRIPT}
    here.clock.advance(1000 * DAY)
    await retention.run()
    assert await classes_of(here, kept, lead) == {Klass.TRANSCRIPT}, "what has not ended is not due"


async def test_a_caller_who_asked_to_be_called_back_keeps_their_number_until_somebody_cared(
    here: Installation, lead: Session
) -> None:
    retention = worker(here)
    called = await contact_with(here, Klass.CALLBACK, door=Door.PHONE)
    async with here.store.write() as conn:
        await conn.execute(insert(calls).values(contact=called.id, stage="ended", seen_at=1))
    here.clock.advance(3 * DAY)
    await retention.run()
    assert await classes_of(here, called, lead) == {Klass.CALLBACK}
    async with here.store.write() as conn:
        await conn.execute(update(calls).values(dealt_at=int(here.clock.now().timestamp())))
    await retention.run()
    assert await classes_of(here, called, lead) == set()


async def test_no_days_at_all_is_allowed_for_the_transcript(here: Installation, lead: Session) -> None:
    kept = await contact_with(here, Klass.TRANSCRIPT, Klass.RECORD)
    await worker(here, terms=Terms(transcript_days=0)).run()
    assert await classes_of(here, kept, lead) == {Klass.RECORD}
    assert await there(here, kept.id)


async def test_others_are_left_alone(here: Installation, lead: Session) -> None:
    old = await contact_with(here)
    here.clock.advance(40 * DAY)
    young = await contact_with(here, Klass.TRANSCRIPT, Klass.RECORD)
    live = await contact_with(here, Klass.TRANSCRIPT, ended=False)
    await worker(here).run()
    assert await classes_of(here, old, lead) == {Klass.RECORD}
    assert await classes_of(here, young, lead) == {Klass.TRANSCRIPT, Klass.RECORD}
    assert await classes_of(here, live, lead) == {Klass.TRANSCRIPT}


async def test_many_go_in_small_batches_and_are_counted(here: Installation) -> None:
    for _ in range(5):
        await contact_with(here, Klass.TRANSCRIPT)
    here.clock.advance(366 * DAY)
    retention = worker(here, batch=2)
    async with here.store.read() as conn:
        waiting = await retention.waiting(conn)
        assert waiting["transcript"] == Waiting(5, 5)
        assert waiting["record"] == waiting["contact"] == Waiting(0, 0)
        assert await retention.overdue(conn)
    await retention.run()
    assert await counts(here, retention) == {"transcript": 5, "contact": 5}
    async with here.store.read() as conn:
        lines = (await conn.execute(select(audit.c.detail).where(audit.c.action == Action.ERASURE.value))).scalars()
        assert list(lines) == ["transcript"] * 5
        assert not await retention.overdue(conn)
    await retention.run()
    assert await counts(here, retention) == {"transcript": 5, "contact": 5}


class Killed(Exception):
    """The process is gone."""


async def test_a_killed_run_is_made_up_for_by_the_next(here: Installation, lead: Session) -> None:
    kept = [await contact_with(here, Klass.TRANSCRIPT, Klass.RECORD) for _ in range(4)]
    here.clock.advance(31 * DAY)
    steps = 0

    async def killed_after_two(_seconds: float) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise Killed

    broken = worker(here, batch=1)
    broken._pause = killed_after_two
    with pytest.raises(Killed):
        await broken.run()
    async with here.store.read() as conn:
        last = await broken.last(conn)
    assert last is not None
    assert last.ended_at is None
    assert not last.settled
    assert sum([Klass.TRANSCRIPT in await classes_of(here, one, lead) for one in kept]) == 2
    here.clock.advance(DAY)
    retention = worker(here)
    await retention.run()
    assert await counts(here, retention) == {"transcript": 2}
    assert [await classes_of(here, one, lead) for one in kept] == [{Klass.RECORD}] * 4
    async with here.store.read() as conn:
        settled = (await conn.execute(select(retention_days.c.settled_at))).scalars().all()
    assert settled[0] is not None, "the killed day's write-ahead log has been emptied too"


async def test_a_key_without_a_contact_is_destroyed(here: Installation) -> None:
    await here.sealed("hukassa", contact=ContactId(new_id()), klass=Klass.RECORD)
    retention = worker(here)
    await retention.run()
    assert await counts(here, retention) == {Counted.STRAY_KEY: 1}
    async with here.store.read() as conn:
        assert (await conn.execute(select(segments))).all() == []


async def test_what_waits_less_than_a_day_is_due_but_not_overdue(here: Installation) -> None:
    await contact_with(here, Klass.TRANSCRIPT)
    here.clock.advance(30 * DAY + 3600)
    retention = worker(here)
    async with here.store.read() as conn:
        assert (await retention.waiting(conn))["transcript"] == Waiting(1, 0)
        assert not await retention.overdue(conn)
        assert await retention.last(conn) is None


async def test_what_else_is_kept_for_a_time_is_swept_and_counted(here: Installation) -> None:
    asked: list[int] = []

    async def forget(_conn: AsyncConnection, now: int) -> int:
        asked.append(now)
        return 3

    retention = worker(here, aside=(Aside("previews", forget),))
    await retention.run()
    assert await counts(here, retention) == {"previews": 3}
    assert asked == [int(here.clock.now().timestamp())]


async def test_an_erased_contact_keeps_the_moment_it_was_erased(here: Installation) -> None:
    kept = await contact_with(here, Klass.TRANSCRIPT)
    async with here.store.write() as conn:
        await conn.execute(update(contacts).where(contacts.c.id == kept.id).values(erased_at=5))
    here.clock.advance(400 * DAY)
    await worker(here).run()
    assert not await there(here, kept.id)


async def test_counts_are_kept_for_two_years(here: Installation) -> None:
    async with here.store.write() as conn:
        await conn.execute(insert(retention_days).values(day="2024-11-01", began_at=1))
    await worker(here).run()
    async with here.store.read() as conn:
        assert (await conn.execute(select(retention_days.c.day))).scalars().all() == ["2026-11-24"]
