"""Rows of calls. Every method works inside the caller's unit of work; what a call means is `hotline.call`'s business.

Lock order: the row of `calls` first, then that of `contacts`. Nobody else writes to contacts that came by telephone while
the call lasts, except whoever fills their record.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.call_loads import on_the_phone
from contacts.call_row import CallRow, Kept, LegRow
from contacts.calls_together import answers_given, keep_answers, locked_calls, open_calls, store_calls
from contacts.committer import Ended, nobody_counts
from contacts.contact import Author, Contact, Entry, Kind, Klass
from contacts.heads import store_entries
from contacts.keyring import Keyring
from contacts.sealing import EntryName
from contacts.tables_calls import call_answers, call_legs, calls
from contacts.words import Words
from storage.ids import ContactId

__all__ = ["ENDED", "OVER", "TALKING", "WANTED", "CallRow", "Calls", "Kept", "LegRow", "Moving"]

ENDED = "ended"
OVER = "over"
TALKING = "talking"
WANTED = "wanted"


_PROMISED = (
    update(call_legs)
    .where(call_legs.c.id == bindparam("leg"))
    .values(tries=call_legs.c.tries + 1, try_at=bindparam("at"))
)
_DIALLED = (
    update(call_legs)
    .where(call_legs.c.id == bindparam("leg"))
    .values(
        provider_call=bindparam("name"),
        tries=0,
        try_at=bindparam("at"),
        state=func.replace(call_legs.c.state, WANTED, "dialled"),
    )
)


class Moving(Struct, frozen=True):
    """A caller's leg that is to be sent elsewhere. `turn`: of the call, for the address."""

    contact: ContactId
    provider_call: str
    move: str
    turn: int


class Calls:
    """Reading and writing calls, legs and answers."""

    def __init__(self, *, app_key: AppKey, keyring: Keyring, ended: Ended = nobody_counts) -> None:
        self._app_key = app_key
        self._keyring = keyring
        self._ended = ended

    # --- calls ---

    async def open_all(self, conn: AsyncConnection, new: Sequence[tuple[Contact, CallRow]]) -> None:
        """Contacts and calls that have arrived: counted from here on. Those opened before stay as they are."""
        await open_calls(conn, new)

    async def locked_all(self, conn: AsyncConnection, wanted: Collection[ContactId]) -> dict[ContactId, Kept]:
        """These calls as far as they exist, nobody else's until this transaction ends."""
        return await locked_calls(conn, wanted)

    async def locked(self, conn: AsyncConnection, contact: ContactId) -> Kept | None:
        """A call, nobody else's until this transaction ends; None when there is none."""
        return (await locked_calls(conn, [contact])).get(contact)

    async def exists(self, conn: AsyncConnection, contact: ContactId) -> bool:
        """Whether this call was opened."""
        return (await conn.execute(select(calls.c.contact).where(calls.c.contact == contact))).first() is not None

    async def store(self, conn: AsyncConnection, before: Kept, after: Kept) -> None:
        """What has changed, and legs that are new."""
        await self.store_all(conn, [(before, after)])

    async def store_all(self, conn: AsyncConnection, moved: Sequence[tuple[Kept, Kept]]) -> None:
        """What has changed of each, from before to after."""
        await store_calls(conn, moved, self._ended)

    async def due(self, conn: AsyncConnection, now: int, silent_since: int) -> list[ContactId]:
        """Calls whose rung of the ladder is over, or of which the provider has been silent since then."""
        query = select(calls.c.contact).where(
            calls.c.stage != ENDED,
            or_(
                (calls.c.rung_until <= now) & calls.c.accepted.is_(None) & calls.c.stage.in_(["menu", "waiting"]),
                (calls.c.seen_at <= silent_since) & ((calls.c.stage != TALKING) | calls.c.parted_at.is_not(None)),
            ),
        )
        return [ContactId(found) for found in (await conn.execute(query)).scalars()]

    async def silent_talks(self, conn: AsyncConnection, silent_since: int) -> list[tuple[ContactId, str]]:
        """Talks of which the provider has not spoken since then, as it should not while they last; with its name."""
        query = select(calls.c.contact, calls.c.provider_call).where(
            calls.c.stage == TALKING,
            calls.c.parted_at.is_(None),
            calls.c.seen_at <= silent_since,
            calls.c.provider_call.is_not(None),
        )
        return [(ContactId(contact), name) for contact, name in await conn.execute(query)]

    async def seen(self, conn: AsyncConnection, contact: ContactId, at: int) -> None:
        """The provider has spoken of it, or was asked."""
        await conn.execute(update(calls).where(calls.c.contact == contact).values(seen_at=at))

    async def on_the_phone(self, conn: AsyncConnection) -> frozenset[str]:
        """Staff who talk with a caller now, or are being connected."""
        return await on_the_phone(conn)

    # --- phones of staff ---

    async def any_legs_wait(self, conn: AsyncConnection, now: int, known: Collection[ContactId] = ()) -> bool:
        """Whether any leg is to be dialled or hung up, or a caller's leg to be sent elsewhere."""
        if (await conn.execute(_moving(now).limit(1))).first() is not None:
            return True
        return (await conn.execute(_waiting(now, known).limit(1))).first() is not None

    async def waiting_legs(
        self, conn: AsyncConnection, now: int, limit: int, known: Collection[ContactId] = ()
    ) -> list[LegRow]:
        """Legs to be dialled or hung up, oldest attempt first; locked for the one who asks, until the commit.

        `known`: contacts whose number the asking process has in memory; only it can call them back.
        """
        query = _waiting(now, known).order_by(call_legs.c.try_at, call_legs.c.id).limit(limit)
        return [_leg_row(row._mapping) for row in await conn.execute(query.with_for_update(skip_locked=True))]

    async def moves(self, conn: AsyncConnection, now: int, *, again_at: int) -> list[Moving]:
        """Callers' legs that are to be sent elsewhere; whoever asks does so, and another from `again_at` on."""
        rows = (await conn.execute(_moving(now).with_for_update(skip_locked=True))).all()
        found = [Moving(ContactId(row.contact), row.provider_call, row.move, row.turn) for row in rows]
        named = calls.c.contact.in_([one.contact for one in found])
        await conn.execute(update(calls).where(named).values(move_at=again_at))
        return found

    async def moved(self, conn: AsyncConnection, moving: Moving) -> None:
        """The provider has done so, or never will."""
        done = update(calls).where(calls.c.contact == moving.contact, calls.c.move == moving.move)
        await conn.execute(done.values(move=None, move_at=0))

    async def promise(self, conn: AsyncConnection, again_at: Mapping[str, int]) -> None:
        """Somebody is about to ask the provider about these legs; should they die, another does from then on."""
        if again_at:
            await conn.execute(_PROMISED, [{"leg": leg, "at": at} for leg, at in again_at.items()])

    async def put_off(self, conn: AsyncConnection, leg: str, *, until: int) -> None:
        """The provider could not be asked; from then on somebody tries again."""
        await conn.execute(update(call_legs).where(call_legs.c.id == leg).values(try_at=until))

    async def dialled(self, conn: AsyncConnection, names: Mapping[str, str], *, try_at: int) -> None:
        """The provider rings these legs under these names; looked at again from `try_at` on, should they be hung up."""
        if names:
            await conn.execute(_DIALLED, [{"leg": leg, "name": name, "at": try_at} for leg, name in names.items()])

    async def answered_by(self, conn: AsyncConnection, leg: str, provider_call: str) -> bool:
        """Whether a leg goes by this name at the provider; one without a name yet takes it."""
        naming = (
            update(call_legs)
            .where(call_legs.c.id == leg, call_legs.c.provider_call.is_(None), call_legs.c.forgotten.is_(None))
            .values(provider_call=provider_call)
        )
        await conn.execute(naming)
        query = select(call_legs.c.provider_call).where(call_legs.c.id == leg)
        return (await conn.execute(query)).scalar() == provider_call

    # --- reports of the provider ---

    def report_name(self, *fields: str | int) -> bytes:
        """What a report is known by; nothing can be read from it without the app key."""
        return self._app_key.mac("call-report", *fields)

    async def answers_given(self, conn: AsyncConnection, names: Collection[bytes]) -> dict[bytes, str | None]:
        """What was answered to those of these reports that were made before; None: too long ago to be given again.

        To be asked under the lock of their calls: then no twin of them is undecided.
        """
        return await answers_given(conn, names)

    async def keep_answers(self, conn: AsyncConnection, given: Sequence[tuple[bytes, int, str]]) -> None:
        """Names of new reports, when they were made, what is answered now and when they are repeated."""
        await keep_answers(conn, given)

    async def forget_answers(self, conn: AsyncConnection, *, answers_before: int, names_before: int) -> None:
        """Old answers are given no more; much older reports are not even known."""
        old = call_answers.c.answer.is_not(None) & (call_answers.c.at < answers_before)
        await conn.execute(update(call_answers).where(old).values(answer=None))
        await conn.execute(delete(call_answers).where(call_answers.c.at < names_before))

    # --- to be called back ---

    async def keep_number(self, conn: AsyncConnection, contact: ContactId, number: Words, at: int) -> None:
        """Seal the number under a key of its own class. Raises `NoEpoch`, `Distrusted`."""
        key = await self._keyring.new_segment(conn, contact, Klass.CALLBACK)
        name = EntryName(contact, Klass.CALLBACK, key.segment, 1, 0, Kind.NOTE, Author.VISITOR)
        entry = Entry(
            contact=contact,
            klass=Klass.CALLBACK,
            seq=1,
            segment=key.segment,
            kind=Kind.NOTE,
            author=Author.VISITOR,
            at=at,
            sealed=key.seal(name, number),
        )
        await store_entries(conn, [entry])


def _moving(now: int) -> Select[Any]:
    return select(calls.c.contact, calls.c.provider_call, calls.c.move, calls.c.turn).where(
        calls.c.move.is_not(None), calls.c.provider_call.is_not(None), calls.c.move_at <= now
    )


def _waiting(now: int, known: Collection[ContactId]) -> Select[Any]:
    mine = or_(call_legs.c.kind != "caller", call_legs.c.contact.in_(known))
    unnamed = (call_legs.c.state == WANTED) & call_legs.c.provider_call.is_(None) & mine
    return select(call_legs).where(
        or_(unnamed, call_legs.c.cancel == 1), call_legs.c.state != OVER, call_legs.c.try_at <= now
    )


def _leg_row(row: Mapping[Any, Any]) -> LegRow:
    return LegRow(**row)
