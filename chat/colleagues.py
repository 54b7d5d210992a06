"""Who else could go on with a conversation: read once for all desks of a worker."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from duty.availability import Status
from duty.presence import Presence
from storage.clock import Clock
from storage.engine import Store
from storage.ids import StaffId

FRESH_SECONDS = 2.0


class Colleague(Struct, frozen=True):
    """Somebody available: duty alias, and the languages they write."""

    staff: StaffId
    alias: str
    languages: list[str]


class Colleagues:
    """`alias` gives the duty alias of somebody on the staff."""

    def __init__(
        self, *, store: Store, clock: Clock, presence: Presence, alias: Callable[[StaffId], Awaitable[str | None]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._presence = presence
        self._alias = alias
        self._known: list[Colleague] = []
        self._read_at = float("-inf")

    async def available(self) -> list[Colleague]:
        """Everybody who is at a desk and available, by alias."""
        if self._clock.monotonic() - self._read_at >= FRESH_SECONDS:
            self._read_at = self._clock.monotonic()
            async with self._store.read() as conn:
                present = await self._presence.present(conn)
            known = [
                Colleague(one.staff_id, await self._alias(one.staff_id) or "", sorted(one.languages))
                for one in present
                if one.status is Status.available
            ]
            self._known = sorted(known, key=lambda one: (one.alias, one.staff))
        return self._known
