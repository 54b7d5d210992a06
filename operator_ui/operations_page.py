"""The last 24 hours by channel, for leads: live, never an export. Nothing here is about a person (statistics.md)."""

from starlette.responses import Response

from contacts.release.dimensions import CHANNEL
from contacts.rendering.labels import label
from contacts.reviews.registers import last_hours
from operator_ui.lead_room import LeadRoom, Visit
from storage.clock import Clock, epoch_seconds
from storage.engine import Store

PATH = "/desk/lead/operations"
_DAY = 24 * 3600


class OperationsPage:
    """GET /desk/lead/operations."""

    def __init__(self, *, room: LeadRoom, store: Store, clock: Clock) -> None:
        self._room = room
        self._store = store
        self._clock = clock

    async def show(self, visit: Visit) -> Response:
        """Totals of each channel."""
        async with self._store.read() as conn:
            found = await last_hours(conn, epoch_seconds(self._clock.now()) - _DAY)
        rows = [
            (label(CHANNEL.name, channel, visit.language, country=""), *found.get(channel, (0, 0, 0)))
            for channel in CHANNEL.codes
        ]
        total = tuple(sum(row[column] for row in found.values()) for column in range(3))
        return self._room.page(visit, "lead_operations.html", here="operations", rows=rows, total=total)
