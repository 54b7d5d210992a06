import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.sql.dml import Update

from contacts.app_key import AppKey
from contacts.distrust import Fault, Forged, MarkMissing, RolledBack
from contacts.marks import Mark, MemoryMarks
from contacts.people import People, Role, Standing, deployment_of, normalised_login
from contacts.session import Session
from contacts.tables_keys import house
from contacts.tables_staff import staff
from storage.engine import Store
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


async def rows(here: Installation) -> dict[str, list[dict[str, object]]]:
    async with here.store.read() as conn:
        return {
            table.name: [dict(row) for row in (await conn.execute(select(table))).mappings()]
            for table in (house, staff)
        }


async def put_back(here: Installation, copy: dict[str, list[dict[str, object]]]) -> None:
    async with here.store.write() as conn:
        for table in (house, staff):
            await conn.execute(delete(table))
            await conn.execute(insert(table), copy[table.name])


async def everybody(here: Installation) -> dict[str, str]:
    async with here.store.read() as conn:
        return {one.login: one.role for one in (await here.people.everybody(conn)).values()}


async def test_the_installation_keeps_its_id(here: Installation) -> None:
    async with here.store.write() as conn:
        assert await deployment_of(conn, app_key=here.app_key, marks=here.marks) == here.deployment


async def test_an_installation_under_another_app_key_is_refused(here: Installation) -> None:
    with pytest.raises(Forged):
        async with here.store.write() as conn:
            await deployment_of(conn, app_key=AppKey.fresh(), marks=here.marks)


async def test_an_emptied_database_is_not_taken_for_a_new_installation(here: Installation, lead: Session) -> None:
    """Else the marks would begin anew, and an older database could be put back afterwards."""
    marks = here.marks.read()
    async with here.store.write() as conn:
        await conn.execute(delete(house))
    with pytest.raises(RolledBack):
        async with here.store.write() as conn:
            await deployment_of(conn, app_key=here.app_key, marks=here.marks)
    assert here.marks.read() == marks
    async with here.store.read() as conn:
        assert (await conn.execute(select(house))).all() == []


async def test_a_first_start_that_was_broken_off_may_be_repeated(store: Store) -> None:
    app_key, marks = AppKey.fresh(), MemoryMarks()

    async def broken_off() -> None:
        async with store.write() as conn:
            await deployment_of(conn, app_key=app_key, marks=marks)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken_off()
    async with store.write() as conn:
        assert await deployment_of(conn, app_key=app_key, marks=marks)


async def test_the_list_reads_as_it_was_written(here: Installation, lead: Session) -> None:
    await here.staff.invite(lead, login=" Otso ", alias="Otso", role=Role.ANALYST, languages=[])
    async with here.store.read() as conn:
        otso = await here.people.by_login(conn, "OTSO")
        nobody = await here.people.by_login(conn, "nobody")
    assert otso is not None
    assert (otso.login, otso.role, otso.state, otso.languages) == ("otso", Role.ANALYST, Standing.INVITED, ())
    assert nobody is None


@pytest.mark.parametrize(
    "change",
    [
        update(staff).values(role="lead"),
        update(staff).values(state="left"),
        update(staff).values(exchange_public=b"x" * 32),
        update(staff).values(login="other"),
        update(staff).values(seed=None),
        update(staff).values(enrolment_until=2**40),
        update(staff).values(mac=b"x" * 32),
        update(house).values(people_revision=0),
        update(house).values(people_revision=99),
        update(house).values(recovery_public=b"x" * 32),
        update(house).values(people_digest=b"x" * 32),
    ],
    ids=str,
)
async def test_a_changed_row_is_refused_with_an_alarm(here: Installation, lead: Session, change: Update) -> None:
    await here.joined(lead, "otso")
    if change.table is staff:
        change = change.where(staff.c.login == "otso")
    async with here.store.write() as conn:
        await conn.execute(change)
    with pytest.raises(Forged):
        await everybody(here)
    assert here.alarms == [Fault.FORGED]


async def test_a_deleted_row_and_a_missing_house_are_refused(here: Installation, lead: Session) -> None:
    await here.joined(lead, "otso")
    for table in (staff, house):
        async with here.store.write() as conn:
            await conn.execute(delete(table))
        with pytest.raises(Forged):
            await everybody(here)


async def test_a_list_from_before_somebody_left_is_refused(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    before = await rows(here)
    await here.staff.leave(otso.staff_id)
    await put_back(here, before)
    with pytest.raises(RolledBack):
        await everybody(here)
    assert here.alarms == [Fault.ROLLED_BACK]


async def test_one_row_from_before_somebody_left_is_refused(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    before = next(row for row in (await rows(here))["staff"] if row["id"] == otso.staff_id)
    await here.staff.leave(otso.staff_id)
    async with here.store.write() as conn:
        await conn.execute(update(staff).where(staff.c.id == otso.staff_id).values(**before))
    with pytest.raises(Forged):
        await everybody(here)


async def test_an_administrator_who_restored_a_backup_accepts_the_older_list(here: Installation, lead: Session) -> None:
    before = await rows(here)
    await here.joined(lead, "otso")
    await put_back(here, before)
    here.marks.accept(Mark(epoch=1, people=1))
    assert await everybody(here) == {"leena": "lead"}


async def test_without_a_mark_nothing_is_believed(here: Installation, lead: Session) -> None:
    unmarked = People(app_key=here.app_key, deployment=here.deployment, marks=MemoryMarks(), alarm=here.alarms.append)
    async with here.store.read() as conn:
        with pytest.raises(MarkMissing):
            await unmarked.everybody(conn)
    assert here.alarms == [Fault.MARK_MISSING]


async def test_a_list_that_was_never_committed_does_not_raise_the_mark(here: Installation, lead: Session) -> None:
    mark = here.marks.read()

    async def broken_off() -> None:
        async with here.circle.changing() as change:
            await change.save(change.everybody[lead.staff_id])
            await here.people.everybody(change.conn, lock=True)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken_off()
    assert here.marks.read() == mark
    assert await everybody(here) == {"leena": "lead"}


def test_login_names_are_compared_without_case_and_spaces() -> None:
    assert normalised_login(" Ääkkö ") == "ääkkö"
