"""Telephone numbers of staff: the hotline must ring them with nobody signed in, so they rest under the app key.

They are settings secrets (log.md section 1), not part of the sealed log: whoever holds the database and the app key
reads them. They are never shown to visitors or callers.
"""

from contextlib import suppress

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import SettingSecrets
from contacts.envelopes import Unopenable
from contacts.tables_staff import staff_numbers
from contacts.words import Words
from storage.ids import StaffId


class StaffNumbers:
    """One number for each person. Every method works inside the caller's unit of work."""

    def __init__(self, *, secrets: SettingSecrets) -> None:
        self._secrets = secrets

    async def keep(self, conn: AsyncConnection, staff: StaffId, e164: Words) -> None:
        """Enter or replace a number; it must be in E.164 form already."""
        await forget_number(conn, staff)
        sealed = self._secrets.seal(_name(staff), e164)
        await conn.execute(staff_numbers.insert().values(staff=staff, sealed=sealed))

    async def number(self, conn: AsyncConnection, staff: StaffId) -> Words | None:
        """The number in E.164 form, or None. Raises `Unopenable` for a row that is not ours."""
        query = select(staff_numbers.c.sealed).where(staff_numbers.c.staff == staff)
        sealed = (await conn.execute(query)).scalar()
        return None if sealed is None else self._secrets.open(_name(staff), sealed)

    async def everybody(self, conn: AsyncConnection) -> dict[StaffId, Words]:
        """All numbers that are ours; a row that was tampered with is left out, so that it stops nobody else's phone."""
        found: dict[StaffId, Words] = {}
        for row in await conn.execute(select(staff_numbers)):
            with suppress(Unopenable):
                found[StaffId(row.staff)] = self._secrets.open(_name(StaffId(row.staff)), row.sealed)
        return found


async def forget_number(conn: AsyncConnection, staff: StaffId) -> None:
    """Take a number away; a person without one is not rung."""
    await conn.execute(delete(staff_numbers).where(staff_numbers.c.staff == staff))


def _name(staff: StaffId) -> str:
    """What the number is sealed as, so that a number moved to another person does not open."""
    return f"staff-number/{staff}"
