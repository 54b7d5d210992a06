"""Rows of many calls at once: what one transaction reads and writes for all reports that came together.

Locks are taken in the order of the contacts' ids, calls first, so that two processes never wait for each other in a ring.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import structs
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.call_row import CallRow, Kept, LegRow
from contacts.committer import Ended
from contacts.contact import Contact, State
from contacts.heads import contact_of, contact_row
from contacts.tables_calls import call_answers, call_legs, calls
from contacts.tables_log import contacts
from storage.ids import ContactId

_LEG_COLUMNS = ("id", "staff", "rung", "state", "cancel", "passed", "sequence", "kind")


def _change(table: Any, key: str, names: Collection[str]) -> Any:
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != key}
    return update(table).where(table.c[key] == bindparam("this")).values(changed)


_CONTACT_COLUMNS = tuple(
    column.name for column in contacts.c if column.name not in {"transcript_seq", "record_seq", "erased_at"}
)
_MOVE_CALLS = _change(calls, "contact", CallRow.__struct_fields__)
_MOVE_CONTACTS = _change(contacts, "id", _CONTACT_COLUMNS)
_MOVE_LEGS = _change(call_legs, "id", _LEG_COLUMNS)


async def open_calls(conn: AsyncConnection, new: Sequence[tuple[Contact, CallRow]]) -> None:
    """Contacts and their calls, counted from here on; those that were opened before stay as they are."""
    if new:
        people = [{**contact_row(contact), "transcript_seq": 0} for contact, _ in new]
        await conn.execute(_unless_there(conn, contacts), people)
        await conn.execute(_unless_there(conn, calls), [structs.asdict(call) for _, call in new])


async def locked_calls(conn: AsyncConnection, wanted: Collection[ContactId]) -> dict[ContactId, Kept]:
    """These calls as far as they exist, nobody else's until this transaction ends."""
    found = select(calls).where(calls.c.contact.in_(wanted)).order_by(calls.c.contact).with_for_update()
    rows = {row.contact: CallRow(**row._mapping) for row in await conn.execute(found)}
    if not rows:
        return {}
    of = select(contacts).where(contacts.c.id.in_(rows)).order_by(contacts.c.id).with_for_update()
    people = {row.id: contact_of(row._mapping) for row in await conn.execute(of)}
    legs: dict[str, list[LegRow]] = {contact: [] for contact in rows}
    order = call_legs.c.rung, call_legs.c.id
    for leg in await conn.execute(select(call_legs).where(call_legs.c.contact.in_(rows)).order_by(*order)):
        legs[leg.contact].append(LegRow(**leg._mapping))
    return {ContactId(one): Kept(people[one], row, tuple(legs[one])) for one, row in rows.items()}


async def store_calls(conn: AsyncConnection, moved: Sequence[tuple[Kept, Kept]], ended: Ended) -> None:
    """What has changed of each, from before to after, and legs that are new. `ended` is told who has ended now."""
    rows = [structs.asdict(after.call) for before, after in moved if after.call != before.call]
    if rows:
        await conn.execute(_MOVE_CALLS, [_renamed(row, "contact") for row in rows])
    people = [(before.contact, after.contact) for before, after in moved if after.contact != before.contact]
    if people:
        await conn.execute(_MOVE_CONTACTS, [_renamed(contact_row(after), "id") for _, after in people])
        over = [after for before, after in people if after.state is State.ENDED and before.state is not State.ENDED]
        if over:
            await ended(conn, over)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for before, after in moved:
        known = {leg.id: leg for leg in before.legs}
        new += [structs.asdict(leg) for leg in after.legs if leg.id not in known]
        changed += [
            _renamed({name: getattr(leg, name) for name in _LEG_COLUMNS}, "id")
            for leg in after.legs
            if leg.id in known and leg != known[leg.id]
        ]
    if new:
        await conn.execute(call_legs.insert(), new)
    if changed:
        await conn.execute(_MOVE_LEGS, changed)


async def answers_given(conn: AsyncConnection, names: Collection[bytes]) -> dict[bytes, str | None]:
    """What was answered to those of these reports that were made before; None: too long ago to be given again.

    Whoever holds the lock of their calls knows that no twin of them is undecided.
    """
    query = select(call_answers.c.name, call_answers.c.answer).where(call_answers.c.name.in_(names))
    return {bytes(name): answer for name, answer in await conn.execute(query)}


async def keep_answers(conn: AsyncConnection, given: Sequence[tuple[bytes, int, str]]) -> None:
    """Names of reports, when they were made, and what is answered to them, now and when they are repeated."""
    if given:
        await conn.execute(
            call_answers.insert(), [{"name": name, "at": at, "answer": text} for name, at, text in given]
        )


def _renamed(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {"this" if name == key else f"new_{name}": value for name, value in row.items()}


def _unless_there(conn: AsyncConnection, table: Any) -> Any:
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()
