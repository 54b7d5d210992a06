"""Erasure on request with something on its way, and the retention of payloads: the gate's own triggers stand guard."""

import pytest
from sqlalchemy import select

from contacts.contact import Klass, Refusal, Refused
from contacts.forwarding.tables import consents, forwardings, notices, outbox, outbox_keys
from contacts.organisations.organisation import Channel
from contacts.remains import naming_tables, of_contact
from contacts.tables_audit import audit
from contacts.tables_keys import segments, visitors
from contacts.tables_log import contacts, entries
from storage.engine import Store
from storage.ids import ContactId
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.scene import Scene, scene
from tests.stores import told

__all__ = ["database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio
DAY = 86_400


async def queued(here: Scene) -> None:
    consent = await here.consent()
    shown = await here.leaving.sending.preview(here.otso, here.contact, consent)
    await here.leaving.sending.send(here.otso, here.contact, consent, channel=Channel.EMAIL, seen=shown.seen)


async def ended(here: Scene) -> None:
    await here.worker.house.desk_door.ended(here.otso, here.contact)


async def left_of(store: Store, contact: ContactId) -> set[str]:
    """Tables that still name this contact."""
    async with store.read() as conn:
        named = {
            table.name
            for table in naming_tables()
            if (await conn.execute(select(table).where(of_contact(table, contact)))).first() is not None
        }
        if (await conn.execute(select(contacts.c.id).where(contacts.c.id == contact))).first() is not None:
            named.add("contacts")
    return named


async def test_what_waited_vanishes_and_nothing_names_the_contact_any_more(store: Store) -> None:
    async with scene(store) as here:
        await queued(here)
        await ended(here)
        assert {"entries", "segments", "consents", "forwardings", "outbox", "outbox_keys"} <= await left_of(
            store, here.contact
        )
        erased = await here.worker.house.keeping.asked.erase(here.otso, here.contact)
        assert erased.handed_over == 0
        assert await left_of(store, here.contact) == set()
        await here.leaving.transmitter.run()
        assert here.post.arrived == []  # type: ignore[attr-defined]
        async with store.read() as conn:
            query = select(audit.c.action, audit.c.actor, audit.c.detail).where(audit.c.contact == here.contact)
            lines = (await conn.execute(query.order_by(audit.c.number))).all()
        assert lines[-1] == ("erasure_asked", here.otso.staff_id, None)
        assert ("withdrawal", here.otso.staff_id, "erasure") in lines


async def test_what_was_handed_over_is_withdrawn_with_a_notice_and_its_bare_row_stays(store: Store) -> None:
    async with scene(store) as here:
        await queued(here)
        await here.leaving.transmitter.run()
        await ended(here)
        erased = await here.worker.house.keeping.asked.erase(here.lead, here.contact)
        assert erased.handed_over == 1
        async with store.read() as conn:
            assert (await conn.execute(select(forwardings.c.state))).scalars().all() == ["withdrawn"]
            assert (await conn.execute(select(consents.c.withdrawn_by))).scalars().all() == ["erasure"]
            assert (await conn.execute(select(notices.c.state))).scalars().all() == ["queued"]
            for table in (entries, segments, visitors, outbox, outbox_keys):
                assert (await conn.execute(select(table))).all() == [], table.name
        read = await here.worker.house.keeping.reading.read(here.otso, here.contact, None)
        assert (read.said, read.notes) == ([], [])
        assert (await here.worker.house.keeping.ended.page()).contacts == []
        here.worker.clock.advance(400 * DAY)
        await here.worker.house.keeping.retention.run()
        assert await left_of(store, here.contact) == set()


async def test_only_its_operator_and_leads_may_and_only_when_it_is_over(store: Store) -> None:
    async with scene(store) as here:
        asked = here.worker.house.keeping.asked
        anna = await here.worker.signed_in("anna")
        for session, code in ((anna, Refusal.NOT_YOURS), (here.lead, Refusal.NOT_YOURS), (here.otso, Refusal.ENDED)):
            with pytest.raises(Refused) as refused:
                await asked.erase(session, here.contact)
            assert refused.value.code is code
        await ended(here)
        with pytest.raises(Refused):
            await asked.erase(anna, here.contact)
        assert (await asked.asked(here.lead, here.contact)).id == here.contact
        await asked.erase(here.lead, here.contact)
        for attempt in (asked.erase, asked.asked):
            with pytest.raises(Refused):
                await attempt(here.lead, here.contact)


async def test_a_payload_is_destroyed_a_week_after_delivery_and_not_while_it_waits(store: Store) -> None:
    async with scene(store) as here:
        retention, clock = here.worker.house.keeping.retention, here.worker.clock

        async def kept() -> bool:
            await retention.run()
            async with store.read() as conn:
                query = select(segments.c.segment).where(segments.c.klass == Klass.PAYLOAD.value)
                return (await conn.execute(query)).first() is not None

        await queued(here)
        clock.advance(8 * DAY)
        assert await kept(), "still in the outbox"
        await here.leaving.transmitter.run()
        clock.advance(6 * DAY)
        assert await kept()
        clock.advance(2 * DAY)
        assert not await kept()
