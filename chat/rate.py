"""How fast one connection may send. Pure."""

from msgspec import Struct


class Rate(Struct, frozen=True):
    """`per_second` on average, `burst` at once."""

    per_second: float
    burst: float


#: A frightened person typing fast stays far below; a program sending as fast as it can does not.
VISITOR_RATE = Rate(4.0, 30.0)
DESK_RATE = Rate(20.0, 100.0)


class Bucket:
    """A token bucket."""

    __slots__ = ("_at", "_rate", "_tokens")

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at = now

    def take(self, now: float) -> bool:
        """Whether one more is allowed at `now` (monotonic seconds)."""
        self._tokens = min(self._rate.burst, self._tokens + (now - self._at) * self._rate.per_second)
        self._at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
