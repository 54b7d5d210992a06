"""Reading the audit log for a lead's page: newest first, a page at a time."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.tables_audit import audit
from contacts.tables_log import contacts

PAGE = 50


class Wanted(Struct, frozen=True, kw_only=True):
    """Which rows. Empty: all of them. Times are seconds since 1970; `below`: rows with a smaller number only."""

    actor: str = ""
    actions: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    tag: str = ""
    contact: str = ""
    since: int | None = None
    until: int | None = None
    below: int | None = None


class Line(Struct, frozen=True, kw_only=True):
    """One row. `tag`: of a contact that is still there."""

    number: int
    at: int
    action: str
    actor: str | None
    subject: str | None
    contact: str | None
    tag: str | None
    detail: str | None


async def read_page(conn: AsyncConnection, wanted: Wanted, *, size: int = PAGE) -> tuple[Sequence[Line], bool]:
    """Up to `size` rows, newest first, and whether there are older ones."""
    query = (
        select(audit, contacts.c.tag)
        .outerjoin(contacts, contacts.c.id == audit.c.contact)
        .order_by(audit.c.number.desc())
        .limit(size + 1)
    )
    if wanted.actor:
        query = query.where(audit.c.actor == wanted.actor)
    if wanted.actions:
        query = query.where(audit.c.action.in_(wanted.actions))
    if wanted.details:
        query = query.where(audit.c.detail.in_(wanted.details))
    if wanted.tag:
        query = query.where(contacts.c.tag == wanted.tag)
    if wanted.contact:
        query = query.where(audit.c.contact == wanted.contact)
    if wanted.since is not None:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(audit.c.at < wanted.until)
    if wanted.below is not None:
        query = query.where(audit.c.number < wanted.below)
    rows = (await conn.execute(query)).all()
    lines = [
        Line(
            number=row.number,
            at=row.at,
            action=row.action,
            actor=row.actor,
            subject=row.subject,
            contact=row.contact,
            tag=row.tag,
            detail=row.detail,
        )
        for row in rows[:size]
    ]
    return lines, len(rows) > size
