"""argon2id (RFC 9106): makes each guess of a passphrase cost time and memory.

64 MiB, 3 passes, 1 lane: 0.15 s on a small server. It runs in a thread, since `cryptography` releases the interpreter
lock, and never more than a few at once, so that sign-in attempts cannot eat the machine.
"""

from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SALT_SIZE = 16


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Parameters of argon2id. `memory` is in KiB."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


class Overloaded(Exception):
    """Too many people are signing in at this moment: nothing was tried, come back in a few seconds."""


class Stretcher:
    """Runs argon2id, at most `at_once` at a time, with at most `waiting` more in line."""

    def __init__(self, *, cost: Argon2Cost | None = None, at_once: int = 2, waiting: int = 20) -> None:
        self._cost = cost or Argon2Cost()
        self._slots = CapacityLimiter(at_once)
        self._room = at_once + waiting
        self._inside = 0
        self.runs = 0
        """How often argon2id has run: what an attacker can measure, so tests do."""

    async def stretched(self, passphrase: bytes, salt: bytes) -> bytes:
        """32 bytes. Raises `Overloaded` at once when the line is full."""
        if self._inside >= self._room:
            raise Overloaded
        self._inside += 1
        try:
            return await to_thread.run_sync(self._derive, passphrase, salt, limiter=self._slots)
        finally:
            self._inside -= 1

    def _derive(self, passphrase: bytes, salt: bytes) -> bytes:
        self.runs += 1
        cost = self._cost
        return Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory).derive(
            passphrase
        )
