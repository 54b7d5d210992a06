"""Calls as every desk of this process sees them: read once for all desks, and again whenever something changed."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct

from contacts.call_list import listed
from contacts.calls import Kept, LegRow
from contacts.contact import State
from contacts.interpreters import Interpreters
from hotline.call_state import LegKind, LegState, Message
from hotline.switchboard import TOPIC
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId, StaffId
from storage.shared_list import SharedList

#: A talk that has ended stays on its operator's desk so long, for the record (console.md: wrap-up).
WRAP_UP_SECONDS = 20 * 60

#: How far a recorded message has come, for whoever looks at the list.
_SHOWN: Mapping[str, str] = {
    Message.LEFT: "coming",
    Message.SEALED: "here",
    Message.KEPT: "here",
    Message.LOST: "lost",
}

Alias = Callable[[StaffId], Awaitable[str | None]]


class Party(Struct, frozen=True):
    """Somebody asked to join. `state`: rings, joined, gone."""

    kind: str
    name: str
    state: str


class Listed(Struct, frozen=True, kw_only=True):
    """A call. `stage`: ringing, talking, over, missed. `phones`: whose phone rings for it, and whether it was picked up.

    `back`: a number was left; `when` and `named`: what was said about it; `holder`: who takes care of it; `returning`:
    how far calling back has come: rings, press, calling, talking; `message`: coming, here, lost.
    """

    contact: ContactId
    tag: str
    language: str
    since: int
    stage: str
    danger: bool = False
    operator: StaffId | None = None
    connected_at: int | None = None
    phones: Mapping[StaffId, str] = {}
    parties: tuple[Party, ...] = ()
    back: bool = False
    when: str | None = None
    named: bool = False
    holder: StaffId | None = None
    by: str | None = None
    returning: str | None = None
    message: str | None = None


class CallList(SharedList[Listed]):
    """`rows` of what is shown, `count` of all."""

    def __init__(self, *, store: Store, clock: Clock, interpreters: Interpreters, alias: Alias, bus: Bus) -> None:
        super().__init__(bus=bus, topics=(TOPIC,))
        self._store = store
        self._clock = clock
        self._interpreters = interpreters
        self._alias = alias

    async def read(self) -> tuple[tuple[Listed, ...], int]:
        """See `SharedList`."""
        ended_after = epoch_seconds(self._clock.now()) - WRAP_UP_SECONDS
        async with self._store.read() as conn:
            found = await listed(conn, ended_after=ended_after)
            joining = any(leg.kind == LegKind.INTERPRETER for kept in found.calls for leg in kept.legs)
            names = {one.id: one.name for one in await self._interpreters.everybody(conn)} if joining else {}
        return tuple([await self._listed(kept, names) for kept in found.calls]), found.count

    async def _listed(self, kept: Kept, names: Mapping[str, str]) -> Listed:
        contact, call = kept.contact, kept.call
        live = [leg for leg in kept.legs if leg.state != LegState.OVER and not leg.cancel]
        holder = None if call.taken_by is None else StaffId(call.taken_by)
        return Listed(
            contact=contact.id,
            tag=contact.tag,
            language=contact.language,
            since=contact.opened_at,
            stage=_stage(kept),
            danger=bool(contact.danger),
            operator=contact.operator,
            connected_at=call.bridged_at,
            phones={StaffId(leg.staff): leg.state for leg in live if leg.kind == LegKind.ANSWER},
            parties=tuple([await self._party(leg, names) for leg in kept.legs if leg.kind in {"lead", "interpreter"}]),
            back=bool(call.taken),
            when=call.back_when,
            named=bool(call.back_named),
            holder=holder,
            by=None if holder is None else await self._alias(holder),
            returning=_returning(live),
            message=_SHOWN.get(call.message or ""),
        )

    async def _party(self, leg: LegRow, names: Mapping[str, str]) -> Party:
        name = names.get(leg.staff) if leg.kind == LegKind.INTERPRETER else await self._alias(StaffId(leg.staff))
        gone = leg.state == LegState.OVER or leg.cancel
        state = "gone" if gone else "joined" if leg.state == LegState.JOINED else "rings"
        return Party(leg.kind, name or "", state)


def _stage(kept: Kept) -> str:
    if kept.contact.state is not State.ENDED:
        return "talking" if kept.call.bridged_at is not None else "ringing"
    return "over" if kept.call.outcome == "talked" else "missed"


def _returning(live: list[LegRow]) -> str | None:
    mine = next((leg for leg in live if leg.kind == LegKind.BACK), None)
    if mine is None:
        return None
    theirs = next((leg for leg in live if leg.kind == LegKind.CALLER), None)
    if theirs is not None:
        return "talking" if theirs.state == LegState.JOINED else "calling"
    return {LegState.ANSWERED: "press", LegState.JOINED: "calling"}.get(LegState(mine.state), "rings")
