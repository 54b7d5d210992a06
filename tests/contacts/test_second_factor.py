import asyncio

import pytest
from sqlalchemy import select, update

from contacts.chance import fresh_key
from contacts.second_factor import SecondFactors
from contacts.tables_staff import second_factors
from contacts.words import Words
from storage.ids import StaffId
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio
ANNA = StaffId("a" * 32)
SEED = fresh_key()


@pytest.fixture
def factors(here: Installation) -> SecondFactors:
    return SecondFactors(deployment=here.deployment, clock=here.clock, required=True)


async def kept(here: Installation, factors: SecondFactors) -> Words:
    secret = factors.new_secret()
    async with here.store.write() as conn:
        await factors.keep(conn, ANNA, SEED, secret, used=0)
    return secret


async def passed(here: Installation, factors: SecondFactors, code: str, seed: bytes = SEED) -> bool:
    async with here.store.write() as conn:
        return await factors.passed(conn, ANNA, seed, code)


async def test_a_code_passes_once(here: Installation, factors: SecondFactors) -> None:
    code = here.code_of(await kept(here, factors))
    assert await passed(here, factors, f"{code[:3]} {code[3:]}")
    assert not await passed(here, factors, code)


async def test_a_code_used_in_two_workers_at_once_passes_in_one(here: Installation, factors: SecondFactors) -> None:
    code = here.code_of(await kept(here, factors))
    assert sorted(await asyncio.gather(*(passed(here, factors, code) for _ in range(4)))) == [False] * 3 + [True]


async def test_an_earlier_code_does_not_pass_after_a_later_one(here: Installation, factors: SecondFactors) -> None:
    secret = await kept(here, factors)
    earlier = here.code_of(secret)
    here.clock.advance(30)
    assert await passed(here, factors, here.code_of(secret))
    assert not await passed(here, factors, earlier)


@pytest.mark.parametrize(("seconds", "good"), [(29, True), (59, True), (90, False), (300, False)])
async def test_a_clock_may_be_off_by_one_step(
    here: Installation, factors: SecondFactors, seconds: int, good: bool
) -> None:
    code = here.code_of(await kept(here, factors))
    here.clock.advance(seconds)
    assert await passed(here, factors, code) is good


@pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "abcdef", "０００００１", "x" * 10_000])
async def test_a_wrong_code_does_not_pass(here: Installation, factors: SecondFactors, code: str) -> None:
    secret = await kept(here, factors)
    assert code != here.code_of(secret)
    assert not await passed(here, factors, code)


async def test_without_the_seed_the_secret_stays_closed(here: Installation, factors: SecondFactors) -> None:
    code = here.code_of(await kept(here, factors))
    assert not await passed(here, factors, code, fresh_key())


async def test_a_secret_does_not_open_for_somebody_else(here: Installation, factors: SecondFactors) -> None:
    code = here.code_of(await kept(here, factors))
    async with here.store.write() as conn:
        await conn.execute(update(second_factors).values(staff="b" * 32))
        assert not await factors.passed(conn, StaffId("b" * 32), SEED, code)


async def test_who_has_none_does_not_pass(here: Installation, factors: SecondFactors) -> None:
    await kept(here, factors)
    async with here.store.write() as conn:
        await factors.forget(conn, ANNA)
    assert not await passed(here, factors, "000000")


async def test_switched_off_everybody_passes(here: Installation) -> None:
    factors = SecondFactors(deployment=here.deployment, clock=here.clock, required=False)
    assert await passed(here, factors, "")


async def test_keeping_a_second_one_replaces_the_first(here: Installation, factors: SecondFactors) -> None:
    first, second = await kept(here, factors), await kept(here, factors)
    assert not await passed(here, factors, here.code_of(first))
    assert await passed(here, factors, here.code_of(second))
    async with here.store.read() as conn:
        sealed = (await conn.execute(select(second_factors.c.secret))).scalar_one()
    assert second.reveal().encode() not in sealed


async def test_the_address_says_whose_it_is(factors: SecondFactors) -> None:
    address = factors.address(Words("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), "anna").reveal()
    assert address.startswith("otpauth://totp/Quietline:anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
