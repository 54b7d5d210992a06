import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contacts.chance import fresh_key
from contacts.envelopes import KeyPair, sealed_to
from contacts.framing import Deployment
from contacts.staff_keys import Closed, StaffKeys
from storage.ids import StaffId

SEED = fresh_key()


def keys(staff: str = "anna", deployment: str = "d") -> StaffKeys:
    return StaffKeys(staff=StaffId(staff), seed=SEED, deployment=Deployment(deployment))


def test_a_seed_always_unfolds_to_the_same_keys() -> None:
    assert keys().exchange_public == keys().exchange_public
    assert keys().signing_public == keys().signing_public


def test_another_person_or_deployment_has_other_keys() -> None:
    assert len({keys().exchange_public, keys("otso").exchange_public, keys(deployment="e").exchange_public}) == 3


def test_what_is_sealed_to_a_person_opens() -> None:
    mine = keys()
    assert mine.exchange.open(sealed_to(mine.exchange_public, b"x")) == b"x"


def test_a_signature_verifies() -> None:
    Ed25519PublicKey.from_public_bytes(keys().signing_public).verify(keys().sign(b"x"), b"x")


def test_an_epoch_key_is_held_once_opened() -> None:
    mine, epoch = keys(), KeyPair.fresh()
    assert mine.held(1) is None
    mine.hold(1, epoch)
    assert mine.held(1) is epoch


def test_closed_keys_do_nothing_any_more() -> None:
    mine = keys()
    mine.hold(1, KeyPair.fresh())
    mine.close()
    for use in (
        lambda: mine.exchange,
        lambda: mine.sign(b"x"),
        lambda: mine.held(1),
        lambda: mine.hold(1, KeyPair.fresh()),
    ):
        with pytest.raises(Closed):
            use()
