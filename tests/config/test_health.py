"""What watches over the service: words for each thing, red when something is late, and the line for the witness."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from config.health import Health, Sign, well
from config.keeping import WITNESS_LATE
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.audit_vandals import without_triggers
from tests.contacts.conftest import database_url, kept_database, store
from tests.house import Worker, opened_house
from tests.stores import NOON, clock, told

__all__ = ["clock", "database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio
DAY = 86_400
WELL = {
    "database": "ok",
    "retention": "ok",
    "audit": "ok",
    "witness": "unused",
    "emergencies": "ok",
    "sending": "ok",
    "keys": "ok",
}


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


def settle(worker: Worker, **changed: object) -> None:
    """Settings of this house that differ."""
    worker.house.settings.__dict__.update(changed)


async def asked(worker: Worker, path: str = "/health", **headers: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=worker.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        return await http.get(path, headers=headers)


async def checks(worker: Worker) -> dict[str, str]:
    worker.clock.advance(6)
    answer = await asked(worker)
    found = answer.json()
    assert (
        (answer.status_code == 200) == found["ok"] == well({name: Sign(sign) for name, sign in found["checks"].items()})
    )
    return dict(found["checks"])


async def test_a_house_that_is_well_says_so_in_words_only(here: Worker) -> None:
    await here.house.keeping.retention.run()
    assert await checks(here) == WELL


async def test_what_is_overdue_for_more_than_a_day_turns_health_red(here: Worker) -> None:
    await here.on_duty("anna")
    talk, desk = await here.conversation(here.sessions["anna"])
    await here.says(talk, 1)
    await here.house.desk_door.ended(here.sessions["anna"], desk.contact)
    here.clock.advance(30 * DAY + 3600)
    assert await checks(here) == WELL
    here.clock.advance(DAY)
    assert await checks(here) == WELL | {"retention": "late"}
    await here.house.keeping.retention.run()
    assert await checks(here) == WELL
    here.clock.advance(DAY + 1)
    assert (await checks(here))["retention"] == "late", "the worker itself has stopped"


async def test_a_forged_head_turns_health_red(here: Worker) -> None:
    await without_triggers(here.house.resources.store)
    async with here.house.resources.store.write() as conn:
        await conn.execute(text("UPDATE audit_head SET number = number + 5"))
    assert (await checks(here))["audit"] == "forged"


async def test_the_witness_is_given_heads_and_is_late_without(here: Worker, tmp_path: Path) -> None:
    file = tmp_path / "witness"
    settle(here, audit_witness=file)
    assert (await checks(here))["witness"] == "away"
    (job,) = (job for job in here.house.keeping.jobs if job.name == "audit_witness")
    await job.run()
    await job.run()
    assert (await checks(here))["witness"] == "ok"
    held = here.house.office.witness.read(await asyncio.to_thread(lambda: file.read_text().splitlines()))
    async with here.house.resources.store.read() as conn:
        assert await here.house.office.audit_check.verify(conn, witnessed=[one.head for one in held]) is None
    here.clock.advance(WITNESS_LATE + 1)
    assert (await checks(here))["witness"] == "late"
    await asyncio.to_thread(file.write_text, "something else\n")
    assert (await checks(here))["witness"] == "forged"


async def test_without_a_witness_the_job_does_nothing(here: Worker) -> None:
    (job,) = (job for job in here.house.keeping.jobs if job.name == "audit_witness")
    await job.run()


async def test_months_turn_behind_the_lease(here: Worker) -> None:
    (job,) = (job for job in here.house.keeping.jobs if job.name == "audit_months")
    await here.signed_in("liisa")
    here.clock.advance(40 * DAY)
    await job.run()
    async with here.house.resources.store.read() as conn:
        assert await here.house.office.audit_check.verify(conn) is None


async def test_the_head_is_pulled_with_the_token_and_with_nothing_else(here: Worker) -> None:
    assert (await asked(here, "/audit/head")).status_code == 404
    settle(here, audit_witness_token=SecretStr("t" * 32))
    for shown in ("", "Bearer ", "Bearer x", "t" * 32):
        assert (await asked(here, "/audit/head", authorization=shown)).status_code == 404
    answer = await asked(here, "/audit/head", authorization=f"Bearer {'t' * 32}")
    assert answer.status_code == 200
    assert len(here.house.office.witness.read(answer.text.splitlines())) == 1


async def test_looks_are_seldom_and_one_that_fails_is_a_bad_sign() -> None:
    clock, looks = ManualClock(NOON), 0

    async def look() -> Sign:
        nonlocal looks
        looks += 1
        raise RuntimeError("secret")

    health = Health(clock=clock, checks={"one": look})
    assert await health.signs() == await health.signs() == {"one": Sign.AWAY}
    assert looks == 1
    clock.advance(5)
    await health.signs()
    assert looks == 2
