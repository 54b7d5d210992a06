"""Why somebody was asked to answer somebody: one row for each offer and each taking, for a complaint. Shown to nobody yet."""

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.tables_log import assignments
from storage.ids import ContactId, StaffId, new_id


class Assignment(Struct, frozen=True):
    """`why`: a code of chat.waiting_line; `eligible`: how many could have been asked; `at`: seconds since 1970."""

    contact: ContactId
    staff: StaffId
    at: int
    why: str
    eligible: int
    same_language: bool


async def explain(conn: AsyncConnection, assignment: Assignment) -> None:
    """Keep it, in the transaction of the offer."""
    values = {name: getattr(assignment, name) for name in Assignment.__struct_fields__}
    same_language = int(assignment.same_language)
    await conn.execute(assignments.insert().values({**values, "same_language": same_language, "id": new_id()}))


async def explanations(conn: AsyncConnection, contact: ContactId) -> list[Assignment]:
    """What was explained about one contact, first things first."""
    query = select(assignments).where(assignments.c.contact == contact).order_by(assignments.c.at, assignments.c.id)
    return [
        Assignment(row.contact, row.staff, row.at, row.why, row.eligible, bool(row.same_language))
        for row in await conn.execute(query)
    ]
