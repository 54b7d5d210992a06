"""Counts attempts to sign in or enrol, before anything costly is done.

Per bucket (the caller's opaque name for where an attempt comes from) and per account in a bucket, never per account alone:
an attacker elsewhere cannot lock out the only operator. A passphrase of 66 bits needs no more. What is stored is an HMAC
that changes with each window, so that rows of two windows cannot be linked.
"""

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.tables_staff import attempts
from storage.clock import Clock, epoch_seconds
from storage.engine import Store

WINDOW = 900
"""Seconds an attempt counts; windows begin at fixed times."""


class TooMany(Exception):
    """Too many attempts; nothing was tried."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after
        """Seconds until the window ends."""


class Throttle:
    """Allows so many attempts per window."""

    def __init__(
        self, *, store: Store, app_key: AppKey, clock: Clock, per_account: int = 8, per_bucket: int = 60
    ) -> None:
        self._store = store
        self._app_key = app_key
        self._clock = clock
        self._per_account = per_account
        self._per_bucket = per_bucket

    async def count(self, bucket: str, account: str | None = None) -> None:
        """Count one attempt, committed on return. Raises `TooMany` past the limit."""
        now = epoch_seconds(self._clock.now())
        since = now - now % WINDOW
        async with self._store.write() as conn:
            await conn.execute(delete(attempts).where(attempts.c.since < since))
            here = await self._counted(conn, self._subject(since, bucket), since)
            there = 0 if account is None else await self._counted(conn, self._subject(since, bucket, account), since)
        if here > self._per_bucket or there > self._per_account:
            raise TooMany(since + WINDOW - now)

    async def forgive(self, bucket: str, account: str) -> None:
        """This account signed in from here: earlier slips do not count."""
        now = epoch_seconds(self._clock.now())
        subject = self._subject(now - now % WINDOW, bucket, account)
        async with self._store.write() as conn:
            await conn.execute(delete(attempts).where(attempts.c.subject == subject))

    async def _counted(self, conn: AsyncConnection, subject: bytes, since: int) -> int:
        insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
        counted = (
            insert(attempts)
            .values(subject=subject, since=since, count=1)
            .on_conflict_do_update(
                index_elements=[attempts.c.subject, attempts.c.since], set_={"count": attempts.c.count + 1}
            )
            .returning(attempts.c.count)
        )
        return int((await conn.execute(counted)).scalar_one())

    def _subject(self, since: int, *what: str) -> bytes:
        return self._app_key.mac("attempts", since, len(what), *what)
