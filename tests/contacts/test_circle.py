import pytest
from sqlalchemy import func, select

from contacts.distrust import RolledBack
from contacts.marks import Mark
from contacts.session import Session
from contacts.tables_keys import epochs
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


async def test_a_change_that_fails_changes_nothing(here: Installation, lead: Session) -> None:
    mark = here.marks.read()

    async def broken_off() -> None:
        async with here.circle.changing() as change:
            await change.save(change.everybody[lead.staff_id])
            await change.sign_out(lead.staff_id)
            await change.take_keys(lead.staff_id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken_off()
    assert here.marks.read() == mark
    assert await here.read(lead, await here.sealed("hei")) == "hei"


async def test_a_change_of_nothing_makes_no_epoch(here: Installation, lead: Session) -> None:
    async with here.circle.changing():
        pass
    async with here.store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(epochs))).scalar_one() == 1


async def test_after_each_change_the_older_state_is_refused(here: Installation, lead: Session) -> None:
    before = here.marks.read()
    await here.joined(lead, "otso")
    after = here.marks.read()
    assert after.people > before.people
    assert after.epoch == before.epoch + 1


async def test_nothing_is_changed_on_a_list_that_is_not_believed(here: Installation, lead: Session) -> None:
    here.marks.raise_to(Mark(people=99))
    with pytest.raises(RolledBack):
        await here.joined(lead, "otso")
