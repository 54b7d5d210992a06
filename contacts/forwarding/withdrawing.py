"""Promise P3: a withdrawal stops what was not yet handed to transmission, in the same transaction.

The transmitter locks a forwarding and then, in its trigger, its consent; so do we. A forwarding that is queued between our
two locks would be missed, and locking it afterwards would be the other order, which deadlocks: then everything since the
savepoint is let go and locked anew.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from contacts.audit import Action, Audit
from contacts.forwarding.consent import (
    ConsentId,
    Denial,
    Denied,
    ForwardingId,
    Moved,
    Outcome,
    Withdrawer,
)
from contacts.forwarding.forwarding import NOT_HANDED_OVER
from contacts.forwarding.proposing import Proposing
from contacts.forwarding.tables import consents, forwardings, notices, outbox, outbox_keys
from storage.ids import StaffId


class Withdrawal(Struct, frozen=True):
    """What became of it. `stopped`: nobody has it, and nobody ever will. `noticed`: may have it, and get a notice now."""

    stopped: tuple[ForwardingId, ...] = ()
    noticed: tuple[ForwardingId, ...] = ()
    sent: bool = False
    """Whether somebody may have something, now or at an earlier withdrawal of the same consent."""


async def withdrawn(
    conn: AsyncConnection,
    consent: ConsentId,
    *,
    by: Withdrawer,
    staff: StaffId | None,
    now: int,
    audit: Audit,
    proposing: Proposing,
) -> Withdrawal:
    """Withdraw a consent at `now`; `proposing` hears what was stopped. Again changes nothing. Raises `Denied`: not_there."""
    row, rows = await _locked(conn, consent)
    if row["withdrawn_at"] is not None:
        return Withdrawal(sent=await _noticed(conn, rows))
    at = max([now, row["given_at"], *(each[name] or 0 for each in rows for name in ("queued_at", "sent_at"))])
    standing = [each for each in rows if each["state"] != Moved.WITHDRAWN]
    stopped = tuple(ForwardingId(each["id"]) for each in standing if not _may_be_there(each))
    noticed = tuple(ForwardingId(each["id"]) for each in standing if _may_be_there(each))
    await destroy_waiting(conn, [ForwardingId(each["id"]) for each in standing])
    for each in standing:
        mine = update(forwardings).where(forwardings.c.id == each["id"])
        await conn.execute(
            mine.values(state=Moved.WITHDRAWN.value, withdrawn_at=at, outcome=Outcome.CONSENT_WITHDRAWN.value)
        )
    await conn.execute(
        update(consents)
        .where(consents.c.id == consent)
        .values(withdrawn_at=at, withdrawn_by=by.value, withdrawn_staff=staff)
    )
    if noticed:
        await conn.execute(
            insert(notices), [{"forwarding": each, "state": Moved.QUEUED.value, "queued_at": at} for each in noticed]
        )
    for each_stopped in stopped:
        await proposing.dropped(conn, each_stopped)
    await audit.append(conn, Action.WITHDRAWAL, actor=staff, contact=row["contact"], detail=by)
    return Withdrawal(stopped, noticed, sent=bool(noticed))


def _may_be_there(row: RowMapping) -> bool:
    """Whether its receiver may have it: marked as sent, and not certainly refused before anything was handed over."""
    return row["sent_at"] is not None and not (row["state"] == Moved.FAILED and row["outcome"] in NOT_HANDED_OVER)


async def _noticed(conn: AsyncConnection, rows: Sequence[RowMapping]) -> bool:
    """Whether any of these was followed by a notice, at an earlier withdrawal."""
    ids = [each["id"] for each in rows]
    found = await conn.execute(select(notices.c.forwarding).where(notices.c.forwarding.in_(ids)).limit(1))
    return found.first() is not None


async def destroy_waiting(conn: AsyncConnection, ids: Sequence[ForwardingId]) -> None:
    """Nothing of these can be transmitted any more: the keys first, then what they open."""
    for table in (outbox_keys, outbox):
        await conn.execute(delete(table).where(table.c.forwarding.in_(ids)))


async def _locked(conn: AsyncConnection, consent: ConsentId) -> tuple[RowMapping, Sequence[RowMapping]]:
    """The consent and all its forwardings, locked: forwardings first, and none left out."""
    mine = select(forwardings).where(forwardings.c.consent == consent).order_by(forwardings.c.id)
    while True:
        here: AsyncTransaction = await conn.begin_nested()
        rows = (await conn.execute(mine.with_for_update())).mappings().all()
        row = (await conn.execute(select(consents).where(consents.c.id == consent).with_for_update())).mappings()
        found = row.one_or_none()
        if found is None:
            await here.rollback()
            raise Denied(Denial.NOT_THERE)
        known = {each["id"] for each in rows}
        if known == set(
            (await conn.execute(select(forwardings.c.id).where(forwardings.c.consent == consent))).scalars()
        ):
            await here.commit()
            return found, rows
        await here.rollback()
