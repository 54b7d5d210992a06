from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import config.schema  # makes every table known
from config.rosters import colleagues, rosters
from contacts.people import Person, Role, Standing
from duty.colleagues import Colleague
from duty.colleagues import Standing as Rostered
from duty.roster_checks import Draft, RosterRefused
from duty.shifts import Channel, Plan
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId
from tests.contacts.installation import founded
from tests.stores import sqlite_with_tables

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TABLES = config.schema.metadata


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(url=sqlite_with_tables(tmp_path / "store.sqlite"))
    yield store
    await store.close()


def person(role: Role, state: Standing) -> Person:
    return Person(
        id=StaffId("kaisa"),
        login="kaisa",
        alias="Kaisa",
        role=role,
        languages=("fi", "sv"),
        state=state,
        made_at=0,
    )


@pytest.mark.parametrize(
    ("role", "state", "expected"),
    [
        (Role.OPERATOR, Standing.ACTIVE, Rostered.works),
        (Role.LEAD, Standing.INVITED, Rostered.works),
        (Role.ANALYST, Standing.ACTIVE, Rostered.without_access),
        (Role.ADMIN, Standing.ACTIVE, Rostered.without_access),
        (Role.OPERATOR, Standing.LEFT, Rostered.left),
        (Role.ADMIN, Standing.LEFT, Rostered.left),
    ],
)
def test_only_those_who_hold_keys_and_have_not_left_may_be_rostered(
    role: Role, state: Standing, expected: Rostered
) -> None:
    one = person(role, state)
    assert colleagues({one.id: one}) == {one.id: Colleague("Kaisa", frozenset({"fi", "sv"}), expected)}


async def test_whoever_leaves_is_on_duty_no_more(store: Store) -> None:
    clock = ManualClock(NOON)
    here = await founded(store, clock)
    lead = await here.signed_in(await here.first_lead())
    kaisa = await here.joined(lead, "kaisa")
    built = rosters(clock=clock, people=here.people)
    morning = NOON.replace(tzinfo=None)
    plan = Plan(
        staff_id=kaisa.staff_id,
        channel=Channel.phone,
        languages=frozenset({"fi"}),
        starts=morning,
        ends=morning + timedelta(hours=8),
    )
    draft = Draft(plan=plan, zone=ZoneInfo("UTC"))

    async def on_duty() -> list[StaffId]:
        async with store.read() as conn:
            return [one.staff_id for one in await built.roster.on_duty(conn, NOON, Channel.phone)]

    async with store.write() as conn:
        await built.roster.add(conn, draft, by=lead.staff_id)
    assert await on_duty() == [kaisa.staff_id]
    await here.staff.leave(kaisa.staff_id, by=lead)
    assert await on_duty() == []
    with pytest.raises(RosterRefused, match="person_left"):
        async with store.write() as conn:
            await built.roster.add(conn, draft, by=lead.staff_id)
