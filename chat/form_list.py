"""The messages that wait for somebody, read once for all desks at this worker, and again whenever something changed."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from chat.form_door import TOPIC
from contacts.contact import Answer, State, Urgency
from contacts.form_messages import FormMessages, OpenMessage
from duty.presence import Presence
from storage.bus import Bus
from storage.engine import Store
from storage.ids import ContactId, StaffId
from storage.shared_list import SharedList

#: A desk shows so many; the rest is a number. (A flood must not fill anybody's line.)
MOST_ROWS = 100

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


class FormList(SharedList[Listed]):
    """Messages nobody has dealt with, the urgent first, then the oldest. `count` of all, `rows` of the first."""

    def __init__(
        self, *, store: Store, messages: FormMessages, presence: Presence, alias: Alias, bus: Bus, presence_topic: str
    ) -> None:
        super().__init__(bus=bus, topics=(TOPIC, presence_topic))
        self._store = store
        self._messages = messages
        self._presence = presence
        self._alias = alias

    async def read(self) -> tuple[tuple[Listed, ...], int]:
        """See `SharedList`."""
        async with self._store.read() as conn:
            found, count = await self._messages.waiting(conn, MOST_ROWS)
            taken = any(one.contact.state is State.ACTIVE for one in found)
            here = {one.staff_id for one in await self._presence.present(conn)} if taken else set()
        return tuple([await self._listed(one, here) for one in found]), count

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
