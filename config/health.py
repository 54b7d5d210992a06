"""Whether this service is well, for whoever watches over it: a word for each thing, no figure, no secret, no content."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

import structlog

from storage.clock import Clock

#: However often somebody asks, we look this often (seconds).
LOOK_SECONDS = 5.0
#: A look that takes longer is a bad sign (seconds).
PATIENCE = 4.0


class Sign(StrEnum):
    """How something is. Everything but `ok` and `unused` is red."""

    OK = "ok"
    UNUSED = "unused"
    LATE = "late"
    AWAY = "away"
    FORGED = "forged"


#: Looks, and says how it is; what it raises means `away`.
Check = Callable[[], Awaitable[Sign]]


class Health:
    """Asks every check, at most every few seconds. Who adds a job that must not stop adds a check in config/keeping.py."""

    def __init__(self, *, clock: Clock, checks: Mapping[str, Check]) -> None:
        self._clock = clock
        self._checks = dict(checks)
        self._lock = asyncio.Lock()
        self._at = float("-inf")
        self._signs: dict[str, Sign] = {}

    def watch(self, name: str, check: Check) -> None:
        """Look at one thing more."""
        self._checks[name] = check

    async def signs(self) -> dict[str, Sign]:
        """A sign for each check."""
        async with self._lock:
            if self._clock.monotonic() - self._at >= LOOK_SECONDS:
                self._signs = {name: await _sign(name, check) for name, check in self._checks.items()}
                self._at = self._clock.monotonic()
            return self._signs


def well(signs: Mapping[str, Sign]) -> bool:
    """Whether nothing is red."""
    return all(sign in {Sign.OK, Sign.UNUSED} for sign in signs.values())


async def _sign(name: str, check: Check) -> Sign:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception as error:  # noqa: BLE001 - whatever it was, somebody has to look
        structlog.get_logger().error("health_check_failed", service=name, exc_info=error)
        return Sign.AWAY
