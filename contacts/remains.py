"""What else names a contact: every table of the schema with a column `contact`, and what hangs on those tables.

Found in the schema itself, so that a table somebody adds is swept too; `tests/contacts/test_remains.py` walks them all.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.provider_traces import outlive
from contacts.statistics.tables import fact_covers, pending_facts
from contacts.tables_log import contacts
from storage.ids import ContactId
from storage.metadata import metadata

#: Tables that may go on naming a contact that is gone, and why.
OUTLIVES: Final = {
    "audit": "who read what must be known longer than what was read; a random id that leads nowhere",
    pending_facts.name: "moves by itself to where nothing leads back to a contact",
    fact_covers.name: "is destroyed when its pending fact moves",
}


@cache
def naming_tables() -> tuple[Table, ...]:
    """Tables whose rows go with their contact, those that hang on others first."""
    found = [
        table
        for table in reversed(metadata.sorted_tables)
        if table is not contacts and table.name not in OUTLIVES and next(_ways(table), None) is not None
    ]
    return tuple(sorted(found, key=lambda table: "contact" in table.c))  # what leads there through another goes first


def of_contact(table: Table, contact: ContactId) -> ColumnElement[bool]:
    """Which rows of a table belong to a contact."""
    column, through, name = next(_ways(table))
    if through is None:
        return table.c[column] == contact
    return exists(select(through.c[name]).where(through.c[name] == table.c[column], through.c.contact == contact))


async def remove(conn: AsyncConnection, contact: ContactId, *, now: int) -> None:
    """Delete the contact and everything that names it; its keys are gone already. Again changes nothing.

    What the telephone company still has of it is deleted there all the same.
    """
    await conn.execute(
        update(contacts).where(contacts.c.id == contact, contacts.c.erased_at.is_(None)).values(erased_at=now)
    )
    await outlive(conn, contact, now=now)
    for table in naming_tables():
        await conn.execute(delete(table).where(of_contact(table, contact)))
    # What is owed cannot be told any more, and what was held back for a sending will never be sent: neither is counted.
    never = or_(pending_facts.c.number == 0, pending_facts.c.ready != 1)
    await conn.execute(delete(pending_facts).where(pending_facts.c.contact == contact, never))
    uncovers = select(pending_facts.c.slot).where(pending_facts.c.contact == contact)
    await conn.execute(delete(fact_covers).where(fact_covers.c.contact == contact, fact_covers.c.slot.not_in(uncovers)))
    await conn.execute(delete(contacts).where(contacts.c.id == contact))


def _ways(table: Table) -> Iterator[tuple[str, Table | None, str]]:
    """How a table leads to contacts: by a column of its own, else through a table that has one."""
    if "contact" in table.c:
        yield ("contact", None, "")
        return
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        if "contact" in key.column.table.c and key.column.table.name not in OUTLIVES:
            yield (key.parent.name, key.column.table, key.column.name)
    if "forwarding" in table.c and "forwardings" in metadata.tables:  # the keyring has no foreign keys
        yield ("forwarding", metadata.tables["forwardings"], "id")
