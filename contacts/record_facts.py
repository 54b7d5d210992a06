"""The port through which statistics hear of every change of a record, inside the same transaction."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Contact
from contacts.openings import Opening
from contacts.record import Record


class Facts(Protocol):
    """Is told of each save before it is sealed. What it raises undoes the save."""

    async def changed(
        self, conn: AsyncConnection, contact: Contact, before: Record | None, after: Record, *, opening: Opening
    ) -> None:
        """`contact` is locked. `before`: None at the first save, or when the writer has no key for what was there.

        `after.handles` may be filled: it holds what `before.handles` held, and is sealed with the record.
        """


class MemoryFacts:
    """Remembers what it was told, in order; gives each contact one handle."""

    def __init__(self) -> None:
        self.told: list[tuple[Contact, Record | None, Record]] = []

    async def changed(
        self, conn: AsyncConnection, contact: Contact, before: Record | None, after: Record, *, opening: Opening
    ) -> None:
        """Remember it."""
        del conn, opening
        after.handles.setdefault("memory", f"handle-{len(self.told)}")
        self.told.append((contact, before, after))


class NoFacts:
    """Statistics are not kept."""

    async def changed(
        self, conn: AsyncConnection, contact: Contact, before: Record | None, after: Record, *, opening: Opening
    ) -> None:
        """Nothing."""
