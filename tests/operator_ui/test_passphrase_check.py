"""Unlocking asks for the passphrase of the one who is signed in, on the real staff list."""

from pathlib import Path

import pytest

from contacts.throttle import TooMany
from contacts.words import Words
from operator_ui.passphrase_check import PassphraseCheck
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.installation import Installation, founded
from tests.stores import clock, sqlite_with_tables

__all__ = ["clock"]
pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(tmp_path: Path, clock: ManualClock) -> Installation:
    store = Store(url=sqlite_with_tables(tmp_path / "store.sqlite"))
    return await founded(store, clock)


def check(here: Installation) -> PassphraseCheck:
    return PassphraseCheck(store=here.store, people=here.people, seeds=here.seeds, throttle=here.throttle)


async def test_only_ones_own_passphrase_confirms(here: Installation) -> None:
    lead = await here.first_lead()
    session = await here.signed_in(lead)
    other = await here.joined(session, "olli")
    assert await check(here).confirms(session, lead.passphrase, bucket="b")
    assert not await check(here).confirms(session, other.passphrase, bucket="b")
    assert not await check(here).confirms(session, Words(""), bucket="b")
    await here.store.close()


async def test_guessing_is_throttled_before_argon2_runs(here: Installation) -> None:
    session = await here.signed_in(await here.first_lead())
    runs = here.stretcher.runs
    for _ in range(8):
        assert not await check(here).confirms(session, Words("guess"), bucket="b")
    with pytest.raises(TooMany):
        await check(here).confirms(session, Words("guess"), bucket="b")
    assert here.stretcher.runs - runs == 8
    await here.store.close()


async def test_somebody_who_has_left_unlocks_nothing(here: Installation) -> None:
    lead = await here.signed_in(await here.first_lead())
    olli = await here.joined(lead, "olli")
    session = await here.signed_in(olli)
    await here.staff.leave(olli.staff_id, by=lead)
    assert not await check(here).confirms(session, olli.passphrase, bucket="b")
    await here.store.close()
