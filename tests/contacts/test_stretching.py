import asyncio
import threading

import pytest

from contacts.stretching import Argon2Cost, Overloaded, Stretcher
from tests.contacts.installation import CHEAP

pytestmark = pytest.mark.anyio


class Held(Stretcher):
    """Stands still inside argon2id until told to go on."""

    def __init__(self, *, waiting: int) -> None:
        super().__init__(cost=CHEAP, at_once=2, waiting=waiting)
        self.go_on = threading.Event()
        self.both_inside = threading.Event()
        self.inside = 0
        self.most = 0
        self._lock = threading.Lock()

    def _derive(self, passphrase: bytes, salt: bytes) -> bytes:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            if self.inside == 2:
                self.both_inside.set()
        self.go_on.wait(5)
        with self._lock:
            self.inside -= 1
        return super()._derive(passphrase, salt)


def test_the_default_cost_is_the_one_we_publish() -> None:
    assert Argon2Cost() == Argon2Cost(memory=64 * 1024, passes=3, lanes=1)


async def test_the_same_input_stretches_to_the_same_key() -> None:
    stretcher = Stretcher(cost=CHEAP)
    first = await stretcher.stretched(b"apple", b"s" * 16)
    assert len(first) == 32
    assert first == await stretcher.stretched(b"apple", b"s" * 16)
    assert first != await stretcher.stretched(b"apple", b"t" * 16)
    assert first != await stretcher.stretched(b"banana", b"s" * 16)
    assert stretcher.runs == 4


async def test_never_more_than_two_run_at_once() -> None:
    stretcher = Held(waiting=10)
    tries = [asyncio.create_task(stretcher.stretched(b"x", b"s" * 16)) for _ in range(6)]
    await asyncio.to_thread(stretcher.both_inside.wait, 5)
    await asyncio.sleep(0.02)
    stretcher.go_on.set()
    await asyncio.gather(*tries)
    assert stretcher.most == 2


async def test_a_full_line_is_refused_at_once_and_empties_again() -> None:
    stretcher = Held(waiting=1)
    tries = [asyncio.create_task(stretcher.stretched(b"x", b"s" * 16)) for _ in range(3)]
    await asyncio.to_thread(stretcher.both_inside.wait, 5)
    with pytest.raises(Overloaded):
        await stretcher.stretched(b"x", b"s" * 16)
    stretcher.go_on.set()
    await asyncio.gather(*tries)
    await stretcher.stretched(b"x", b"s" * 16)
