"""Sessions of staff: a cookie that opens the person's keys, for ten hours at most.

The database knows SHA-256 of the cookie and the seed under it; whoever holds both the database and the app key still
needs a live cookie. One session per person: the newer takes over. Ending one erases its sealed seed at once; every worker
notices within two seconds (`contacts.session_watch`).
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable

from sqlalchemy import Row, and_, delete, insert, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.audit import Action, Audit
from contacts.chance import KEY_SIZE, fresh_key
from contacts.envelopes import Unopenable, derived, unwrapped, wrapped
from contacts.framing import Deployment, Field
from contacts.people import People, Person, Standing
from contacts.session import Ended, Session
from contacts.staff_keys import StaffKeys
from contacts.tables_staff import openings, sessions
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import StaffId, new_id

ABSOLUTE = 10 * 3600
"""Seconds from signing in to the end; a conversation under way then is not cut."""
IDLE = 30 * 60
"""Seconds without a sign of the person."""
TALK_HOLDS = 5 * 60
"""Seconds for which `talked` keeps a session from ending by itself."""
TOPIC = "sessions"

_COARSE = 60


class Sessions:
    """Begins, finds and ends sessions. `live` are those whose keys this process holds."""

    def __init__(
        self,
        *,
        store: Store,
        app_key: AppKey,
        deployment: Deployment,
        clock: Clock,
        people: People,
        audit: Audit,
        bus: Bus,
    ) -> None:
        self._store = store
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock
        self._people = people
        self._audit = audit
        self._bus = bus
        self.live: dict[str, Session] = {}

    async def begin(self, conn: AsyncConnection, person: Person, seed: bytes) -> tuple[str, list[str]]:
        """A new session in the caller's transaction, which holds the lock on staff: its cookie, and what it replaced."""
        replaced = await self.revoke(conn, person.id, Ended.REPLACED)
        token, session_id, now = fresh_key(), new_id(), epoch_seconds(self._clock.now())
        place = self._place(session_id, person.id, now)
        await conn.execute(
            insert(sessions).values(
                id=session_id,
                lookup=_lookup(token),
                staff=person.id,
                seed=wrapped(self._key(token), seed, *place),
                made_at=now,
                seen_at=now,
            )
        )
        return base64.urlsafe_b64encode(token).decode().rstrip("="), replaced

    async def resolve(self, cookie: str, *, active: bool = True) -> Session | None:
        """Whose cookie this is; None when it is unknown, malformed, ended, idle or expired: the same answer.

        `active`: the request is something a person did, so that the idle time starts anew; not at a locked desk, which
        anybody may sit at. Raises `Distrusted`.
        """
        token = _octets(cookie)
        if token is None:
            return None
        async with self._store.read() as conn:
            query = select(sessions).where(sessions.c.lookup == _lookup(token), sessions.c.ended.is_(None))
            row = (await conn.execute(query)).one_or_none()
            if row is None or over(row, epoch_seconds(self._clock.now())) is not None:
                return None
        session = self.live.get(row.id)
        if session is None:
            async with self._store.read() as conn:  # a state of its own: staff may have changed since
                session = await self._opened(conn, row, token)
            if session is None:
                return None
            # Somebody may have been faster meanwhile. There is one object for each session, or one is never ended.
            session = self.live.setdefault(session.id, session)
        session.turned(row.locked)
        if active and not session.locked and epoch_seconds(self._clock.now()) - row.seen_at >= _COARSE:
            await self._seen([session.id])
        return session

    async def touch(self, *acting: Session) -> None:
        """These people did something; their idle time starts anew."""
        await self._seen([session.id for session in acting])

    async def talked(self, *talking: Session) -> None:
        """Conversations of theirs are under way: say so at least every minute, and nothing ends them by time."""
        await self._seen([session.id for session in talking], talking=True)

    async def lock(self, session: Session) -> None:
        """Nothing is shown to whoever holds this cookie, in any process, until `unlock`."""
        await self._turn(session, locked=True)

    async def unlock(self, session: Session) -> None:
        """For who has just shown that they know the passphrase."""
        await self._turn(session, locked=False)

    async def sign_out(self, session: Session) -> None:
        """End one's own session."""
        async with self._store.write() as conn:
            if await self._end(conn, [session.id], Ended.SIGNED_OUT):
                await self._audit.append(conn, Action.SIGN_OUT, actor=session.staff_id)
        session.end(Ended.SIGNED_OUT)
        self.live.pop(session.id, None)
        await self.announce([session.id])

    async def revoke(self, conn: AsyncConnection, staff: StaffId, why: Ended = Ended.REVOKED) -> list[str]:
        """End every session of a person in the caller's transaction; their ids, for `announce` after the commit."""
        query = select(sessions.c.id).where(sessions.c.staff == staff, sessions.c.ended.is_(None))
        ids = list((await conn.execute(query)).scalars())
        await self._end(conn, ids, why)
        return ids

    async def expire(self, ids: dict[str, Ended]) -> None:
        """Note in the database what ran out of time, and erase its seed."""
        async with self._store.write() as conn:
            for session_id, why in ids.items():
                await self._end(conn, [session_id], why)

    async def sweep(self, conn: AsyncConnection) -> int:
        """Delete rows of sessions that can live no more, and what they had opened (the audit log keeps that). How many."""
        now = epoch_seconds(self._clock.now())
        oldest = now - ABSOLUTE
        held = and_(
            sessions.c.ended.is_(None),
            sessions.c.talked_at.is_not(None),
            sessions.c.talked_at > now - TALK_HOLDS,
        )
        await conn.execute(delete(openings).where(openings.c.at <= oldest))
        return (await conn.execute(delete(sessions).where(sessions.c.made_at <= oldest, not_(held)))).rowcount

    async def announce(self, ids: Iterable[str]) -> None:
        """Tell every worker to look now. Those who miss it look within a second anyway."""
        for session_id in ids:
            await self._bus.publish(TOPIC, session_id.encode())

    async def _turn(self, session: Session, *, locked: bool) -> None:
        async with self._store.write() as conn:
            mine = sessions.c.id == session.id
            await conn.execute(
                update(sessions)
                .where(mine, sessions.c.ended.is_(None), sessions.c.locked % 2 == (0 if locked else 1))
                .values(locked=sessions.c.locked + 1)
            )
            turns = (await conn.execute(select(sessions.c.locked).where(mine))).scalar_one_or_none()
        if turns is not None:
            session.turned(turns)
        await self.announce([session.id])

    async def _opened(self, conn: AsyncConnection, row: Row[tuple[object, ...]], token: bytes) -> Session | None:
        person = (await self._people.everybody(conn)).get(StaffId(row.staff))
        if person is None or person.state is not Standing.ACTIVE:
            return None
        try:
            seed = unwrapped(self._key(token), row.seed, *self._place(row.id, row.staff, row.made_at))
        except Unopenable:
            return None
        keys = StaffKeys(staff=person.id, seed=seed, deployment=self._deployment)
        if keys.exchange_public != person.exchange_public:
            return None  # enrolled anew since
        return Session(session_id=row.id, person=person, keys=keys, made_at=row.made_at)

    async def _seen(self, ids: list[str], *, talking: bool = False) -> None:
        if not ids:
            return
        now = epoch_seconds(self._clock.now())
        values = {"seen_at": now, "talked_at": now} if talking else {"seen_at": now}
        async with self._store.write() as conn:
            await conn.execute(
                update(sessions).where(sessions.c.id.in_(ids), sessions.c.ended.is_(None)).values(values)
            )

    async def _end(self, conn: AsyncConnection, ids: list[str], why: Ended) -> int:
        ended = await conn.execute(
            update(sessions)
            .where(sessions.c.id.in_(ids), sessions.c.ended.is_(None))
            .values(ended=why.value, seed=None)
        )
        return ended.rowcount

    def _key(self, token: bytes) -> bytes:
        return derived(token, salt=self._app_key.derive("session"), bound_to=("ql1/session-key", self._deployment))

    def _place(self, session_id: str, staff: str, made_at: int) -> tuple[Field, ...]:
        return ("ql1/session", self._deployment, session_id, staff, made_at)


def over(row: Row[tuple[object, ...]], now: int) -> Ended | None:
    """Why a row of `sessions` is over at `now`, or None while it lives."""
    if row.ended is not None:
        return Ended(row.ended)
    if row.talked_at is not None and now < row.talked_at + TALK_HOLDS:
        return None
    if now >= row.made_at + ABSOLUTE:
        return Ended.EXPIRED
    return Ended.IDLE if now >= row.seen_at + IDLE else None


def _lookup(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _octets(cookie: str) -> bytes | None:
    try:
        octets = base64.b64decode(cookie + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return octets if len(octets) == KEY_SIZE else None
