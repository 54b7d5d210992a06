"""Waiting for something to become true, instead of for some time to pass."""

import asyncio
import time
from collections.abc import Callable

#: Seconds. Costs nothing when all is well; two busy cores may be slow.
PATIENCE = 20.0


async def eventually(true: Callable[[], object], *, within: float = PATIENCE, what: str = "") -> None:
    """Wait until `true()` is; raises AssertionError when it still is not after `within` seconds."""
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, f"not within {within} s{': ' if what else ''}{what}"
        await asyncio.sleep(0.005)
