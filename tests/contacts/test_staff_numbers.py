"""Numbers of staff: kept for ringing, opened only as whose they are, gone with the person."""

import pytest
from sqlalchemy import update

from contacts.app_key import AppKey, SettingSecrets
from contacts.envelopes import Unopenable
from contacts.framing import Deployment
from contacts.staff_numbers import StaffNumbers, forget_number
from contacts.tables_staff import staff_numbers
from contacts.words import Words
from storage.engine import Store
from storage.ids import StaffId
from tests.contacts.conftest import database_url, kept_database, store
from tests.stores import clock

__all__ = ["clock", "database_url", "kept_database", "store"]

pytestmark = pytest.mark.anyio
AINO, EERO = StaffId("a" * 32), StaffId("e" * 32)


@pytest.fixture
def numbers() -> StaffNumbers:
    return StaffNumbers(secrets=SettingSecrets(app_key=AppKey.fresh(), deployment=Deployment("d")))


async def test_a_number_is_kept_replaced_and_forgotten(store: Store, numbers: StaffNumbers) -> None:
    async with store.write() as conn:
        assert await numbers.number(conn, AINO) is None
        await numbers.keep(conn, AINO, Words("+46701740605"))
        await numbers.keep(conn, AINO, Words("+46701740606"))
        found = await numbers.number(conn, AINO)
        assert found is not None
        assert found.reveal() == "+46701740606"
        await forget_number(conn, AINO)
        assert await numbers.number(conn, AINO) is None


async def test_a_number_given_to_somebody_else_does_not_open(store: Store, numbers: StaffNumbers) -> None:
    async with store.write() as conn:
        await numbers.keep(conn, AINO, Words("+46701740605"))
        await conn.execute(update(staff_numbers).values(staff=EERO))
        with pytest.raises(Unopenable):
            await numbers.number(conn, EERO)
