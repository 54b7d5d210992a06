"""Interpreters who can be asked to join a call: a name, a language, and a number that rests like those of staff."""

from msgspec import Struct
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import SettingSecrets
from contacts.audit import Action, Audit
from contacts.tables_calls import interpreters
from contacts.words import Words
from storage.ids import StaffId, new_id


class Interpreter(Struct, frozen=True):
    """One of the list. `language`: the one they interpret; the number is never shown again."""

    id: str
    name: str
    language: str


class Interpreters:
    """The list that leads keep. Every method works inside the caller's unit of work."""

    def __init__(self, *, secrets: SettingSecrets, audit: Audit) -> None:
        self._secrets = secrets
        self._audit = audit

    async def everybody(self, conn: AsyncConnection) -> list[Interpreter]:
        """By language, then by name."""
        query = select(interpreters).order_by(interpreters.c.language, interpreters.c.name, interpreters.c.id)
        return [Interpreter(row.id, row.name, row.language) for row in await conn.execute(query)]

    async def added(self, conn: AsyncConnection, *, name: str, language: str, e164: Words, by: StaffId) -> str:
        """Enter one; the number must be in E.164 form already. Its id."""
        made = new_id()
        sealed = self._secrets.seal(_name(made), e164)
        await conn.execute(interpreters.insert().values(id=made, name=name, language=language, sealed=sealed))
        await self._audit.append(conn, Action.SETTINGS, actor=by)
        return made

    async def removed(self, conn: AsyncConnection, interpreter: str, *, by: StaffId) -> bool:
        """Take one off the list; whether there was one."""
        gone = await conn.execute(delete(interpreters).where(interpreters.c.id == interpreter))
        if gone.rowcount:
            await self._audit.append(conn, Action.SETTINGS, actor=by)
        return bool(gone.rowcount)

    async def number(self, conn: AsyncConnection, interpreter: str) -> Words | None:
        """In E.164 form; None for somebody who is not on the list. Raises `Unopenable` for a row that is not ours."""
        query = select(interpreters.c.sealed).where(interpreters.c.id == interpreter)
        sealed = (await conn.execute(query)).scalar()
        return None if sealed is None else self._secrets.open(_name(interpreter), sealed)


def _name(interpreter: str) -> str:
    """What the number is sealed as, so that a number moved to another row does not open."""
    return f"interpreter-number/{interpreter}"
