"""What assembly, sweeps and aliases make of the pieces, on the real house."""

from collections.abc import AsyncIterator

import pytest

from config.aliases import FRESH_SECONDS, Aliases
from config.assembly import public_facts
from config.house import Place
from config.settings import Mode, Settings
from contacts.people import Role
from duty.availability import State
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId
from tests.contacts.conftest import database_url, kept_database, store
from tests.house import Worker, opened_house
from tests.stores import clock, other_store, told

__all__ = ["clock", "database_url", "kept_database", "other_store", "store", "told"]


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


async def test_an_alias_is_found_and_remembered(here: Worker) -> None:
    anna = await here.signed_in("anna")
    aliases = Aliases(store=here.house.resources.store, people=here.house.office.people, clock=here.clock)
    assert await aliases.of(anna.staff_id) == anna.alias
    here.clock.advance(FRESH_SECONDS + 1)
    assert await aliases.of(anna.staff_id) == anna.alias
    assert await aliases.of(StaffId("nobody")) is None


async def test_who_falls_silent_is_away_after_the_sweep(here: Worker) -> None:
    await here.on_duty("anna")
    assert (await here.house.duty.availability("fi")).state is State.open
    here.clock.advance(31)
    await here.house.sweeps.mark_the_silent()
    assert (await here.house.duty.availability("fi")).state is State.busy  # for two minutes


async def test_a_new_month_begins_a_new_epoch(here: Worker) -> None:
    await here.signed_in("anna", Role.OPERATOR)
    epochs, store = here.house.office.epochs, here.house.resources.store
    async with store.read() as conn:
        before = (await epochs.current(conn)).number
    await here.house.sweeps.renew_epoch()
    here.clock.advance(40 * 24 * 3600)
    await here.house.sweeps.renew_epoch()
    async with store.read() as conn:
        assert (await epochs.current(conn)).number == before + 1
    await here.house.sweeps.retire_epochs()
    await here.house.sweeps.forget_sessions()


async def test_one_process_does_the_sweeps_and_every_job_can_run(here: Worker) -> None:
    names = [job.name for job in here.house.sweeps.jobs]
    assert len(set(names)) == len(names)
    for job in here.house.sweeps.jobs:
        await job.run()


async def test_without_redis_the_web_process_does_the_workers_part(here: Worker) -> None:
    web, worker = here.house.tasks(Place.WEB), here.house.tasks(Place.WORKER)
    assert len(web) > len(worker)


def test_the_public_reads_what_was_set() -> None:
    facts = public_facts(Settings(mode=Mode.DEVELOPMENT, service_name="Rowan Line", languages=("en", "fi")))
    assert (facts.name, facts.phone_tel, facts.languages) == ("Rowan Line", "+46846500412", ("fi", "en"))
    assert (facts.origin, facts.resume_minutes, facts.secure) == ("http://localhost:8000", 10, False)
