"""Who is on the telephone. Whoever talks with a caller takes no chat meanwhile."""

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.tables_calls import call_legs, calls

_STAFF_BESIDE = ("lead", "back")
_ON_LINE = ("answered", "joined")


async def on_the_phone(conn: AsyncConnection) -> frozenset[str]:
    """Staff who have accepted a call that goes on, have joined one, or are calling somebody back."""
    answering = and_(calls.c.accepted == call_legs.c.id, calls.c.stage != "ended", calls.c.parted_at.is_(None))
    beside = and_(call_legs.c.kind.in_(_STAFF_BESIDE), call_legs.c.state.in_(_ON_LINE), call_legs.c.cancel == 0)
    query = select(call_legs.c.staff).join(calls, calls.c.contact == call_legs.c.contact).where(or_(answering, beside))
    return frozenset((await conn.execute(query)).scalars())
