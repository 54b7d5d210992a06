import asyncio

import pytest
from sqlalchemy import func, select

from contacts.tables_staff import attempts
from contacts.throttle import WINDOW, Throttle, TooMany
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


@pytest.fixture
def throttle(here: Installation) -> Throttle:
    return Throttle(store=here.store, app_key=here.app_key, clock=here.clock, per_account=3, per_bucket=5)


async def spent(throttle: Throttle, bucket: str, account: str | None, times: int) -> None:
    for _ in range(times):
        await throttle.count(bucket, account)


async def test_an_account_in_a_bucket_has_so_many_tries(throttle: Throttle) -> None:
    await spent(throttle, "here", "otso", 3)
    with pytest.raises(TooMany) as refused:
        await throttle.count("here", "otso")
    assert 0 < refused.value.retry_after <= WINDOW


async def test_a_bucket_has_so_many_tries_whatever_the_account(throttle: Throttle) -> None:
    for number in range(5):
        await throttle.count("here", f"guess{number}")
    with pytest.raises(TooMany):
        await throttle.count("here", "another")
    with pytest.raises(TooMany):
        await throttle.count("here")


async def test_an_attacker_elsewhere_does_not_lock_out_the_only_operator(throttle: Throttle) -> None:
    await spent(throttle, "attacker", "otso", 3)
    with pytest.raises(TooMany):
        await throttle.count("attacker", "otso")
    await throttle.count("office", "otso")


async def test_tries_at_once_are_all_counted(throttle: Throttle) -> None:
    done = await asyncio.gather(*(throttle.count("here", "otso") for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(one, TooMany) for one in done) == 5


async def test_the_next_window_begins_at_nothing_and_forgets_the_last(throttle: Throttle, here: Installation) -> None:
    await spent(throttle, "here", "otso", 3)
    here.clock.advance(WINDOW)
    await throttle.count("here", "otso")
    async with here.store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(attempts))).scalar_one() == 2


async def test_who_signed_in_is_forgiven_there(throttle: Throttle) -> None:
    await spent(throttle, "here", "otso", 3)
    await throttle.forgive("here", "otso")
    await throttle.count("here", "otso")


async def test_no_bucket_and_no_login_is_kept(throttle: Throttle, here: Installation) -> None:
    await throttle.count("192.0.2.7", "otso")
    async with here.store.read() as conn:
        subjects = [row.subject for row in await conn.execute(select(attempts))]
    assert len(set(subjects)) == 2
    assert {len(subject) for subject in subjects} == {32}


async def test_a_bucket_that_looks_like_another_bucket_and_account_is_another(throttle: Throttle) -> None:
    await spent(throttle, "a", "b", 3)
    await throttle.count("ab")
    await throttle.count("", "ab")
