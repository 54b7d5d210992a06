"""What is kept for how long, and who watches it: retention, erasure on request, the audit log's months and its witness."""

import asyncio
import contextlib
from dataclasses import dataclass

from chat.closed_reading import ClosedReading
from config.health import Health, Sign
from config.jobs import Job
from config.office import Office
from config.partners import partners
from config.resources import Resources, alarm
from contacts.distrust import Distrusted, Fault, Forged
from contacts.ended_contacts import EndedContacts
from contacts.epochs import NoEpoch
from contacts.erasure import Erasure
from contacts.erasure_asked import ErasureAsked
from contacts.forwarding.emergencies import Emergencies
from contacts.forwarding.proposing import Proposing
from contacts.forwarding.stuck import stuck
from contacts.holds import Holds
from contacts.keyring import Keyring
from contacts.log import Log
from contacts.openings import Openings
from contacts.retention import Aside, Retention
from contacts.retention_classes import Terms
from contacts.visitor_keys import VisitorKeys
from contacts.witness import EVERY_SECONDS, BadLine, append_line, last_line
from duty.forgetting import forget_hours
from storage.clock import epoch_seconds

#: How often the retention worker looks for what is due.
RETENTION_SECONDS = 600.0
MONTHS_SECONDS = 3600.0
#: What did not arrive, or nobody knows of, is late when nobody has seen to it for so long (seconds).
SENDING_LATE = 86_400
#: A witness that has had no head for so long is late (seconds).
WITNESS_LATE = 3 * EVERY_SECONDS
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Services about keeping. `jobs`: behind the lease."""

    retention: Retention
    erasure: Erasure
    asked: ErasureAsked
    holds: Holds
    ended: EndedContacts
    reading: ClosedReading
    health: Health
    jobs: tuple[Job, ...]


def keeping(
    held: Resources,
    people: Office,
    *,
    log: Log,
    keyring: Keyring,
    visitor_keys: VisitorKeys,
    openings: Openings,
    proposing: Proposing | None = None,
) -> Keeping:
    """Build them; nothing is read or written yet."""
    store, clock, settings = held.store, held.clock, held.settings
    erasure = Erasure(store=store, keyring=keyring, visitor_keys=visitor_keys, audit=people.audit)
    retention = Retention(
        store=store,
        clock=clock,
        erasure=erasure,
        terms=Terms(
            transcript_days=settings.transcript_days,
            record_months=settings.record_months,
            payload_days=settings.payload_days,
            callback_days=settings.callback_days,
        ),
        aside=(Aside("hours", forget_hours),),  # what else grows without end: (conn, now) -> how many rows went
    )
    watch = _Watch(held, people, retention)
    return Keeping(
        retention=retention,
        erasure=erasure,
        asked=ErasureAsked(store=store, clock=clock, erasure=erasure, audit=people.audit, proposing=proposing),
        holds=Holds(audit=people.audit, clock=clock),
        ended=EndedContacts(store=store),
        reading=ClosedReading(store=store, log=log, keyring=keyring, openings=openings),
        health=Health(
            clock=clock,
            checks={
                "database": watch.database,
                "retention": watch.retention,
                "audit": watch.audit,
                "witness": watch.witness,
                "emergencies": watch.emergencies,
                "sending": watch.sending,
                "keys": watch.keys,
            },
        ),
        jobs=(
            Job("retention", RETENTION_SECONDS, retention.run),
            Job("audit_months", MONTHS_SECONDS, watch.turn_months),
            Job("audit_witness", float(EVERY_SECONDS), watch.testify),
        ),
    )


class _Watch:
    """Jobs and checks of the audit log, and the checks of the rest."""

    def __init__(self, held: Resources, people: Office, retention: Retention) -> None:
        self._held = held
        self._people = people
        self._retention = retention
        self._emergencies = Emergencies(clock=held.clock, audit=people.audit)
        self._organisations = partners(held, people).organisations

    async def turn_months(self) -> None:
        """Close the months that are over, drop those whose time is up."""
        async with self._held.store.write() as conn:
            await self._people.audit_months.turn(conn)

    async def testify(self) -> None:
        """Hand the newest head to the witness."""
        path = self._held.settings.audit_witness
        if path is None:
            return
        async with self._held.store.read() as conn:
            line = await self._people.witness.line(conn)
        await asyncio.to_thread(append_line, path, line)

    async def database(self) -> Sign:
        """Whether it answers."""
        async with self._held.store.read() as conn:
            await self._retention.last(conn)
        return Sign.OK

    async def retention(self) -> Sign:
        """Whether anything has been due for more than a day, or the worker has not run for as long."""
        now = epoch_seconds(self._held.clock.now())
        async with self._held.store.read() as conn:
            last = await self._retention.last(conn)
            late = await self._retention.overdue(conn)
        return Sign.LATE if late or (last is not None and last.began_at < now - _DAY) else Sign.OK

    async def audit(self) -> Sign:
        """Whether the head is ours and no month stays too long. The whole chain is the business of `audit verify`."""
        try:
            async with self._held.store.read() as conn:
                await self._people.audit.head(conn)
                overdue = await self._people.audit_months.overdue(conn, epoch_seconds(self._held.clock.now()) - _DAY)
        except Forged:
            alarm(Fault.FORGED)
            return Sign.FORGED
        return Sign.LATE if overdue else Sign.OK

    async def emergencies(self) -> Sign:
        """Whether a lead has looked within 24 hours at everything that was done without consent."""
        async with self._held.store.read() as conn:
            late = await self._emergencies.overdue(conn)
        return Sign.LATE if late else Sign.OK

    async def sending(self) -> Sign:
        """Whether somebody saw to what failed, what is unconfirmed and what was not told; leads see the list."""
        now = epoch_seconds(self._held.clock.now())
        async with self._held.store.read() as conn:
            found = await stuck(conn, now=now, limit=1)
        return Sign.LATE if found and found[0].since <= now - SENDING_LATE else Sign.OK

    async def keys(self) -> Sign:
        """Whether staff, the epoch to seal to and every organisation's key are ours, and none is older than what was seen."""
        try:
            async with self._held.store.read() as conn:
                await self._people.people.everybody(conn)
                with contextlib.suppress(NoEpoch):  # before the first lead has enrolled
                    await self._people.epochs.current(conn)
                _, refused = await self._organisations.believed(conn)
        except Distrusted:  # the alarm has been raised
            return Sign.FORGED
        return Sign.FORGED if refused else Sign.OK

    async def witness(self) -> Sign:
        """Whether the witness was given a head lately."""
        path = self._held.settings.audit_witness
        if path is None:
            return Sign.UNUSED
        try:
            heads = self._people.witness.read([await asyncio.to_thread(last_line, path)])
        except BadLine:
            return Sign.FORGED
        late = not heads or heads[-1].at < epoch_seconds(self._held.clock.now()) - WITNESS_LATE
        return Sign.LATE if late else Sign.OK
