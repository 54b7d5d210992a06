"""A database with something of everything the gate guards, written by plain SQL in the order in which it happens."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from config.schema import metadata
from contacts.forwarding.tables import (
    consent_asks,
    consents,
    emergencies,
    forwardings,
    notices,
    outbox,
    outbox_keys,
)
from storage.engine import Store

DAY = 86_400
D1, D2 = b"1" * 32, b"2" * 32
_NOW = {
    "sqlite": "SELECT unixepoch()",
    "postgresql": "SELECT CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT)",
}


@dataclass
class World:
    """`now`: the database's time when it was made."""

    store: Store
    now: int

    def ask(self, ask: str, **other: Any) -> dict[str, Any]:
        return {
            "id": ask,
            "contact": "c1",
            "organisation": "o1",
            "scope": "referral",
            "fields": "age,needs",
            "digest": D1,
            "payload": 1,
            "wording": "w1",
            "wording_version": 1,
            "language": "fi",
            "how": "card",
            "minor": "no",
            "until": self.now + 14 * DAY,
            "asked_by": "otso",
            "asked_at": self.now,
        } | other

    def consent(self, consent: str, ask: str, **other: Any) -> dict[str, Any]:
        asked = self.ask(ask)
        for name in ("asked_by", "asked_at"):
            del asked[name]
        return (
            asked
            | {
                "id": consent,
                "ask": ask,
                "interpreter": "no",
                "giver": "self",
                "recorded_by": "otso",
                "given_at": self.now,
            }
            | other
        )

    def forwarding(self, forwarding: str, **other: Any) -> dict[str, Any]:
        return {
            "id": forwarding,
            "contact": "c1",
            "consent": "live",
            "emergency": None,
            "organisation": "o1",
            "scope": "referral",
            "fields": "age,needs",
            "digest": D1,
            "channel": "email",
            "queued_by": "otso",
            "state": "queued",
            "queued_at": self.now,
        } | other

    def emergency(self, emergency: str, **other: Any) -> dict[str, Any]:
        return {
            "id": emergency,
            "contact": "c1",
            "authority": "police",
            "organisation": "o1",
            "scope": "emergency",
            "fields": "where",
            "digest": D1,
            "payload": 1,
            "reason": "danger_to_life",
            "basis": "vital_interests",
            "acted_by": "otso",
            "acted_at": self.now,
        } | other

    async def asked(self, conn: AsyncConnection, ask: str, *, said: str | None = "yes", **other: Any) -> None:
        """A question, and its answer."""
        lead = other.pop("lead", None)
        await conn.execute(insert(consent_asks).values(self.ask(ask, **other)))
        values: dict[str, Any] = {} if said is None else {"answer": said, "answered_at": self.now}
        if lead is not None:
            values |= {"lead": lead, "lead_at": self.now}
        if values:
            await conn.execute(update(consent_asks).where(consent_asks.c.id == ask).values(values))

    async def moved(self, conn: AsyncConnection, forwarding: str, state: str, **times: int) -> None:
        """A forwarding goes on."""
        await conn.execute(update(forwardings).where(forwardings.c.id == forwarding).values(state=state, **times))

    async def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the gate guards, to compare."""
        tables = (consent_asks, consents, emergencies, forwardings, notices, outbox, outbox_keys)
        async with self.store.read() as conn:
            return {
                table.name: sorted((tuple(row) for row in await conn.execute(table.select())), key=repr)
                for table in tables
            }


async def database_now(store: Store) -> int:
    """The database's own time, in whole seconds."""
    async with store.read() as conn:
        return int((await conn.execute(text(_NOW[store.dialect]))).scalar_one())


async def world_in(store: Store) -> World:
    """Consents `live`, `withdrawn`, `expired`; forwardings of each; an emergency; questions of every kind. Takes 2 s."""
    world = World(store, await database_now(store))
    await founded(world)
    async with store.write() as conn:
        for name in ("live", "withdrawn"):
            await world.asked(conn, f"a-{name}")
            await conn.execute(insert(consents).values(world.consent(name, f"a-{name}")))
        await world.asked(conn, "a-expired", until=world.now + 2)
        await conn.execute(insert(consents).values(world.consent("expired", "a-expired", until=world.now + 2)))
        for forwarding, consent in (
            ("queued", "live"),
            ("sent", "live"),
            ("accepted", "live"),
            ("stopped", "live"),
            ("recalled", "live"),
            ("too-late", "withdrawn"),
            ("over", "expired"),
        ):
            await conn.execute(insert(forwardings).values(world.forwarding(forwarding, consent=consent)))
        await conn.execute(
            insert(outbox).values(forwarding="queued", kind="document", sealed=b"sealed", made_at=world.now)
        )
        for forwarding in ("sent", "accepted", "recalled"):
            await world.moved(conn, forwarding, "sent", sent_at=world.now)
        await world.moved(conn, "accepted", "accepted", decided_at=world.now)
        await world.moved(conn, "stopped", "withdrawn", withdrawn_at=world.now)
        await world.moved(conn, "recalled", "withdrawn", withdrawn_at=world.now)
        await conn.execute(insert(notices).values(forwarding="recalled", state="queued", queued_at=world.now))
        # By hand, so that its forwarding is left queued: the database alone has to stop that one.
        await conn.execute(
            update(consents).where(consents.c.id == "withdrawn").values(withdrawn_at=world.now, withdrawn_by="visitor")
        )
        await conn.execute(insert(emergencies).values(world.emergency("danger")))
        await conn.execute(insert(emergencies).values(world.emergency("confirmed", acted_by="otso")))
        await conn.execute(
            update(emergencies)
            .where(emergencies.c.id == "confirmed")
            .values(confirmed_by="leena", confirmed_at=world.now, verdict="agreed")
        )
        await conn.execute(
            insert(forwardings).values(
                world.forwarding("urgent", consent=None, emergency="danger", scope="emergency", fields="where")
            )
        )
        await world.asked(conn, "a-open", said=None)
        await world.asked(conn, "a-no", said="no")
        await world.asked(conn, "a-yes")
        await world.asked(conn, "a-draft", wording_version=2)
        await world.asked(conn, "a-proposal", scope="proposal")
        await world.asked(conn, "a-minor", minor="yes")
        await world.asked(conn, "a-minor-lead", minor="yes", lead="leena")
    await asyncio.sleep(2.1)
    assert await database_now(store) >= world.now + 2
    return world


async def founded(world: World) -> None:
    """Contacts, organisations, an approved wording, people; what the gate looks at but does not guard."""
    tables = metadata.tables
    async with world.store.write() as conn:
        for contact in ("c1", "c2"):
            await conn.execute(
                insert(tables["contacts"]).values(
                    id=contact, door="chat", language="fi", tag=contact, state="ended", opened_at=world.now
                )
            )
        for organisation in ("o1", "o2"):
            await conn.execute(
                insert(tables["organisations"]).values(
                    **dict.fromkeys(
                        ("listed", "takes_referrals", "by_spoken", "by_email", "by_download", "revision"), 0
                    )
                    | {"takes_referrals": 1, "takes_proposals": int(organisation == "o2")},
                    id=organisation,
                    name=organisation,
                    profile="{}",
                    state="active",
                    changed_at=world.now,
                    mac=b"-",
                )
            )
        await conn.execute(
            insert(tables["wordings"]).values(
                id="w1",
                purpose="referral",
                language="fi",
                version=1,
                state="draft",
                text="-",
                revision=1,
                made_at=world.now,
                mac=b"-",
            )
        )
        await conn.execute(
            update(tables["wordings"]).values(state="approved", approved_at=world.now, approved_by="leena")
        )
        for person, role, state in (
            ("otso", "operator", "active"),
            ("leena", "lead", "active"),
            ("lasse", "lead", "active"),
            ("gone", "lead", "left"),
            ("anna", "analyst", "active"),
        ):
            await conn.execute(
                insert(tables["staff"]).values(
                    id=person,
                    login=person,
                    alias=person,
                    role=role,
                    languages="fi",
                    state=state,
                    made_at=world.now,
                    mac=b"-",
                )
            )
