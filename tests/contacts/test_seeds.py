import pytest

from contacts.app_key import AppKey
from contacts.chance import fresh_key, fresh_salt
from contacts.envelopes import Unopenable
from contacts.framing import Deployment
from contacts.seeds import Seeds
from contacts.stretching import Stretcher
from contacts.words import Words
from storage.ids import StaffId
from tests.contacts.installation import CHEAP

pytestmark = pytest.mark.anyio
ANNA, OTSO = StaffId("a" * 32), StaffId("o" * 32)
SEED, SALT = fresh_key(), fresh_salt()


@pytest.fixture
def seeds() -> Seeds:
    return Seeds(app_key=AppKey(b"k" * 32), deployment=Deployment("d"), stretcher=Stretcher(cost=CHEAP))


async def test_a_seed_opens_with_its_passphrase(seeds: Seeds) -> None:
    sealed = await seeds.closed(ANNA, SEED, Words("apple banana"), SALT)
    assert await seeds.opened(ANNA, sealed, Words(" Apple  BANANA "), SALT) == SEED


async def test_every_flipped_bit_of_a_seed_fails_closed(seeds: Seeds) -> None:
    sealed = await seeds.closed(ANNA, SEED, Words("apple"), SALT)
    for bit in range(8 * len(sealed)):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            await seeds.opened(ANNA, bytes(flipped), Words("apple"), SALT)


async def test_passphrase_salt_person_app_key_and_deployment_are_all_needed(seeds: Seeds) -> None:
    sealed = await seeds.closed(ANNA, SEED, Words("apple"), SALT)
    elsewhere = [
        Seeds(app_key=AppKey.fresh(), deployment=Deployment("d"), stretcher=Stretcher(cost=CHEAP)),
        Seeds(app_key=AppKey(b"k" * 32), deployment=Deployment("e"), stretcher=Stretcher(cost=CHEAP)),
    ]
    tries = [
        seeds.opened(ANNA, sealed, Words("banana"), SALT),
        seeds.opened(ANNA, sealed, Words("apple"), fresh_salt()),
        seeds.opened(OTSO, sealed, Words("apple"), SALT),
        *(other.opened(ANNA, sealed, Words("apple"), SALT) for other in elsewhere),
    ]
    for one in tries:
        with pytest.raises(Unopenable):
            await one


async def test_a_decoy_never_opens_and_has_the_same_salt_each_time(seeds: Seeds) -> None:
    (sealed, salt), (_, again) = seeds.decoy("nobody"), seeds.decoy("nobody")
    assert salt == again
    assert salt != seeds.decoy("other")[1]
    with pytest.raises(Unopenable):
        await seeds.opened(ANNA, sealed, Words(""), salt)
