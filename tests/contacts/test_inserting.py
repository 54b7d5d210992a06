import asyncio

import pytest
from sqlalchemy import select

from contacts.inserting import inserted
from contacts.tables_staff import openings
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


async def test_of_rivals_one_inserts_and_no_transaction_is_spoilt(here: Installation) -> None:
    async def rival(number: int) -> bool:
        async with here.store.write() as conn:
            ours = await inserted(conn, openings, session="s", contact="c", at=number)
            assert await inserted(conn, openings, session="s", contact=f"c{number}", at=number)
        return ours

    assert sorted(await asyncio.gather(*(rival(number) for number in range(4)))) == [False, False, False, True]
    async with here.store.read() as conn:
        assert len((await conn.execute(select(openings))).all()) == 5
