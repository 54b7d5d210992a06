"""What a colleague asked, recorded and sent before the visitor let the present operator read on.

That it exists is told, so that it can be stopped and withdrawn; what it says is not, and nothing more leaves because of it.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.forwarding.consent import Denial, Denied
from contacts.openings import Opening
from contacts.tables_log import contacts
from storage.ids import StaffId


def veiled(reads_from: int, reader: StaffId, writer: StaffId) -> bool:
    """Whether what `writer` recorded is hidden from `reader`. `reads_from`: of the contact; above 1 not everything is read."""
    return reads_from > 1 and reader != writer


async def refuse_veiled(conn: AsyncConnection, opening: Opening, writer: StaffId) -> None:
    """Raises `Denied`: not_there, as for what does not exist."""
    reads_from = await conn.scalar(select(contacts.c.reads_from).where(contacts.c.id == opening.contact))
    if veiled(reads_from or 1, opening.session.staff_id, writer):
        raise Denied(Denial.NOT_THERE)
