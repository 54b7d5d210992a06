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


class Rates:
    """One bucket for each of many senders. Those who have been quiet long enough to be full again are forgotten."""

    #: Senders remembered before the quiet ones are looked for.
    MANY = 1_000

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._buckets: dict[str, tuple[Bucket, float]] = {}

    def take(self, sender: str, now: float) -> bool:
        """Whether one more from this sender is allowed at `now` (monotonic seconds)."""
        if len(self._buckets) >= self.MANY and sender not in self._buckets:
            full_again = now - self._rate.burst / self._rate.per_second
            self._buckets = {name: kept for name, kept in self._buckets.items() if kept[1] > full_again}
        bucket = self._buckets[sender][0] if sender in self._buckets else Bucket(self._rate, now)
        self._buckets[sender] = (bucket, now)
        return bucket.take(now)
