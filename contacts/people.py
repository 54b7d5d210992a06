"""The list of staff, believed only as a whole.

Every row carries an HMAC under the app key, and the `house` row one over all of them and a counter; the counter may not
fall below the mark beside the app key. So whoever can write the database can neither add somebody, nor change a role or a
public key, nor bring back a row from before somebody left.
"""

import hashlib
from dataclasses import dataclass, fields
from enum import StrEnum
from hmac import compare_digest

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, RowMapping, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.audit import begin_log
from contacts.distrust import Alarm, Distrusted, Forged, MarkMissing, RolledBack
from contacts.framing import Deployment, Field, framed
from contacts.inserting import inserted
from contacts.marks import Mark, Marks
from contacts.tables_keys import house
from contacts.tables_staff import staff
from storage.ids import StaffId, new_id

_HOUSE = 1
_EVERYTHING = (
    select(house, staff)
    .select_from(house.outerjoin(staff, true()))
    .where(house.c.id == _HOUSE)
    .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
)


class Role(StrEnum):
    """What somebody may do."""

    OPERATOR = "operator"
    LEAD = "lead"
    ANALYST = "analyst"
    ADMIN = "admin"


#: Roles that are given keys of contacts (promise P12: no others are).
KEY_HOLDERS = frozenset({Role.OPERATOR, Role.LEAD})


class Standing(StrEnum):
    """Where an account is in its life."""

    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One account. Keys are None until enrolment, and again after leaving."""

    id: StaffId
    login: str
    alias: str
    role: Role
    languages: tuple[str, ...]
    state: Standing
    made_at: int
    exchange_public: bytes | None = None
    signing_public: bytes | None = None
    salt: bytes | None = None
    seed: bytes | None = None
    enrolment: bytes | None = None
    enrolment_until: int | None = None

    @property
    def holds_keys(self) -> bool:
        """Whether this person is to be given the keys of contacts."""
        return self.state is Standing.ACTIVE and self.role in KEY_HOLDERS


async def deployment_of(conn: AsyncConnection, *, app_key: AppKey, marks: Marks) -> Deployment:
    """The id of this installation; makes it, and the first marks, when the database is new.

    Needs a writing connection. Raises `Forged` when the row is not ours, `RolledBack` when it vanished.
    """
    fresh = Deployment(new_id())
    digest = _digest([])
    if await inserted(
        conn,
        house,
        id=_HOUSE,
        deployment=fresh,
        people_revision=0,
        people_digest=digest,
        mac=_house_mac(app_key, fresh, 0, digest, None),
    ):
        _first_mark(marks)
    row = (await conn.execute(select(house).where(house.c.id == _HOUSE))).one()
    deployment = Deployment(row.deployment)
    expected = _house_mac(app_key, deployment, row.people_revision, row.people_digest, row.recovery_public)
    if not compare_digest(row.mac, expected):
        raise Forged
    if row.people_revision == 0:
        await begin_log(conn, app_key=app_key, deployment=deployment)
    return deployment


def _first_mark(marks: Marks) -> None:
    """An empty database beside marks that were raised is a database that was emptied, not a new installation."""
    try:
        if marks.read() != Mark():
            raise RolledBack
    except MarkMissing:
        marks.accept(Mark())


class People:
    """Reads and writes the list of staff."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment, marks: Marks, alarm: Alarm) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._marks = marks
        self._alarm = alarm

    async def everybody(self, conn: AsyncConnection, *, lock: bool = False) -> dict[StaffId, Person]:
        """All accounts. With `lock` nobody else changes staff or epochs until the transaction ends.

        Raises `Distrusted` (and raises the alarm) when the list is not the one we wrote last.
        """
        try:
            return await self._believed(conn, lock=lock)
        except Distrusted as refused:
            self._alarm(refused.fault)
            raise

    async def by_login(self, conn: AsyncConnection, login: str) -> Person | None:
        """The account with this login name, in any state."""
        name = normalised_login(login)
        return next((one for one in (await self.everybody(conn)).values() if one.login == name), None)

    async def save(self, conn: AsyncConnection, person: Person) -> int:
        """Write one account; takes the lock. The list's new revision, for `saw` after the commit."""
        everybody = await self.everybody(conn, lock=True)
        values = {**_columns(person), "mac": self._mac(person)}
        if person.id in everybody:
            await conn.execute(update(staff).where(staff.c.id == person.id).values(**values))
        else:
            await conn.execute(insert(staff).values(**values))
        return await self._vouch(conn, await self.recovery_public(conn))

    async def recovery_public(self, conn: AsyncConnection) -> bytes | None:
        """The recovery key's public half; None before set-up. Read after `everybody`, which verifies it."""
        found: bytes | None = (await conn.execute(select(house.c.recovery_public))).scalar_one()
        return found

    async def keep_recovery(self, conn: AsyncConnection, public: bytes) -> int:
        """Make this the recovery key of all epochs to come; takes the lock. The new revision, for `saw`."""
        await self.everybody(conn, lock=True)
        return await self._vouch(conn, public)

    def saw(self, revision: int) -> None:
        """After the commit: never believe an older list again."""
        self._marks.raise_to(Mark(people=revision))

    async def _believed(self, conn: AsyncConnection, *, lock: bool) -> dict[StaffId, Person]:
        if lock:
            await conn.execute(select(house.c.id).where(house.c.id == _HOUSE).with_for_update())
        seen = self._marks.read().people  # before the rows: a list that is changed meanwhile is no older list
        # One statement, so that head and rows are of one moment also under PostgreSQL's READ COMMITTED.
        found = (await conn.execute(_EVERYTHING)).mappings().all()
        if not found:
            raise Forged
        head, rows = found[0], [row for row in found if row[staff.c.id] is not None]
        revision, digest = head[house.c.people_revision], head[house.c.people_digest]
        expected = _house_mac(self._app_key, self._deployment, revision, digest, head[house.c.recovery_public])
        if not compare_digest(head[house.c.mac], expected):
            raise Forged
        if revision < seen:
            raise RolledBack
        if _digest([(row[staff.c.id], row[staff.c.mac]) for row in rows]) != digest:
            raise Forged
        if not lock:  # under the lock this may be our own list, not yet committed
            self.saw(revision)
        return {StaffId(row[staff.c.id]): self._person(row) for row in rows}

    async def _vouch(self, conn: AsyncConnection, recovery: bytes | None) -> int:
        macs = [(row.id, row.mac) for row in await conn.execute(select(staff.c.id, staff.c.mac))]
        revision: int = (await conn.execute(select(house.c.people_revision))).scalar_one() + 1
        digest = _digest(macs)
        await conn.execute(
            update(house)
            .where(house.c.id == _HOUSE)
            .values(
                people_revision=revision,
                people_digest=digest,
                recovery_public=recovery,
                mac=_house_mac(self._app_key, self._deployment, revision, digest, recovery),
            )
        )
        return revision

    def _person(self, row: RowMapping) -> Person:
        languages = row[staff.c.languages]
        person = Person(
            **{
                column.name: row[column]
                for column in staff.c
                if column.name not in {"mac", "languages", "role", "state"}
            },
            role=Role(row[staff.c.role]),
            state=Standing(row[staff.c.state]),
            languages=tuple(languages.split(",")) if languages else (),
        )
        self._app_key.verify(row[staff.c.mac], "staff", *self._fields(person))
        return person

    def _mac(self, person: Person) -> bytes:
        return self._app_key.mac("staff", *self._fields(person))

    def _fields(self, person: Person) -> list[Field]:
        return [self._deployment, *(_distinct(value) for value in _columns(person).values())]


def normalised_login(login: str) -> str:
    """Login names are compared without case and surrounding spaces."""
    return login.strip().casefold()


def _columns(person: Person) -> dict[str, bytes | str | int | None]:
    values = {field.name: getattr(person, field.name) for field in fields(person)}
    return {**values, "languages": ",".join(person.languages)}


def _distinct(value: Field | None) -> bytes:
    """A missing value and an empty one must not look alike."""
    return b"" if value is None else framed(value)


def _house_mac(app_key: AppKey, deployment: Deployment, revision: int, digest: bytes, recovery: bytes | None) -> bytes:
    return app_key.mac("house", deployment, revision, digest, _distinct(recovery))


def _digest(macs: list[tuple[str, bytes]]) -> bytes:
    return hashlib.sha256(framed(*(part for pair in sorted(macs) for part in pair))).digest()
