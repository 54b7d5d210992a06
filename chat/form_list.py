"""The messages that wait for somebody, read once for all desks at this worker, and again whenever something changed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from msgspec import Struct

from chat.form_door import TOPIC
from contacts.contact import Answer, State, Urgency
from contacts.form_messages import FormMessages, OpenMessage
from duty.presence import Presence
from storage.bus import Bus
from storage.engine import OUTAGES, Store
from storage.ids import ContactId, StaffId

#: A desk shows so many; the rest is a number. (A flood must not fill anybody's line.)
MOST_ROWS = 100
#: Changes closer together than this are told together.
SETTLE_SECONDS = 0.1
#: Without any signal the list is read this often: what was missed cannot stay missed.
REFRESH_SECONDS = 15.0

Handler = Callable[[], None]
Alias = Callable[[StaffId], Awaitable[str | None]]


class Listed(Struct, frozen=True):
    """A message in the list. `by`: the alias of who has it; `away`: that person is not at the desk."""

    contact: ContactId
    tag: str
    language: str
    since: int
    urgency: Urgency
    answer: Answer
    operator: StaffId | None
    by: str | None
    away: bool
    proposal: bool = False


class FormList:
    """Messages nobody has dealt with, the urgent first, then the oldest. `count` of all, `rows` of the first."""

    def __init__(
        self, *, store: Store, messages: FormMessages, presence: Presence, alias: Alias, bus: Bus, presence_topic: str
    ) -> None:
        self._store = store
        self._messages = messages
        self._presence = presence
        self._alias = alias
        self._changed = asyncio.Event()
        self._handlers: list[Handler] = []
        self.rows: tuple[Listed, ...] = ()
        self.count = 0
        for topic in (TOPIC, presence_topic):
            bus.subscribe(topic, lambda _payload: self._changed.set())
        bus.on_gap(self._changed.set)

    def on_change(self, handler: Handler) -> Callable[[], None]:
        """Call `handler` after each change of the list; the answer stops it."""
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler) if handler in self._handlers else None

    async def run(self) -> None:
        """Read now, after each change and at intervals, until cancelled."""
        while True:
            self._changed.clear()
            with contextlib.suppress(*OUTAGES):  # the database is away: what is on screen stays
                await self.refresh()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_SECONDS):
                    await self._changed.wait()
            await asyncio.sleep(SETTLE_SECONDS)

    async def refresh(self) -> None:
        """Read the list now, and tell if anything is different."""
        async with self._store.read() as conn:
            found, count = await self._messages.waiting(conn, MOST_ROWS)
            taken = any(one.contact.state is State.ACTIVE for one in found)
            here = {one.staff_id for one in await self._presence.present(conn)} if taken else set()
        rows = tuple([await self._listed(one, here) for one in found])
        if (rows, count) != (self.rows, self.count):
            self.rows, self.count = rows, count
            for handler in tuple(self._handlers):
                handler()

    async def _listed(self, one: OpenMessage, here: set[StaffId]) -> Listed:
        contact = one.contact
        holder = contact.operator
        return Listed(
            contact=contact.id,
            tag=contact.tag,
            language=contact.language,
            since=contact.opened_at,
            urgency=one.urgency,
            answer=one.answer,
            operator=holder,
            by=None if holder is None else await self._alias(holder),
            away=holder is not None and holder not in here,
            proposal=one.proposal,
        )
