"""Duty aliases of staff by id, remembered for a while: the page says who is writing."""

from contacts.people import People
from storage.clock import Clock
from storage.engine import Store
from storage.ids import StaffId

FRESH_SECONDS = 60.0


class Aliases:
    """Reads the whole list of staff at most once a minute, or when an id is not known."""

    def __init__(self, *, store: Store, people: People, clock: Clock) -> None:
        self._store = store
        self._people = people
        self._clock = clock
        self._known: dict[StaffId, str] = {}
        self._read_at = float("-inf")

    async def of(self, staff: StaffId) -> str | None:
        """The alias, or None when there is nobody with this id. Raises `Distrusted`."""
        if staff not in self._known or self._clock.monotonic() - self._read_at > FRESH_SECONDS:
            async with self._store.read() as conn:
                everybody = await self._people.everybody(conn)
            self._known = {person.id: person.alias for person in everybody.values()}
            self._read_at = self._clock.monotonic()
        return self._known.get(staff)
