"""Rows of the outbox: what waits, under a key of its own that is destroyed with it."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.distrust import Alarm, Fault, Forged
from contacts.forwarding.consent import ForwardingId
from contacts.forwarding.outbox_layer import OutboxLayer
from contacts.forwarding.tables import outbox, outbox_keys
from storage.clock import Clock, epoch_seconds

DOCUMENT = "document"
NOTICE = "notice"


class Waiting:
    """Every method works inside the caller's transaction."""

    def __init__(self, *, layer: OutboxLayer, clock: Clock, alarm: Alarm) -> None:
        self._layer = layer
        self._clock = clock
        self._alarm = alarm

    async def put(self, conn: AsyncConnection, forwarding: ForwardingId, kind: str, ciphertext: bytes) -> None:
        """An age file for what is queued. The database refuses anything else."""
        sealed, under, mac = self._layer.covered(forwarding, kind, ciphertext)
        place = {"forwarding": forwarding, "kind": kind}
        await conn.execute(insert(outbox_keys).values(**place, sealed=under, mac=mac))
        await conn.execute(insert(outbox).values(**place, sealed=sealed, made_at=epoch_seconds(self._clock.now())))

    async def read(self, conn: AsyncConnection, forwarding: ForwardingId, kind: str) -> bytes | None:
        """The age file; None when it waits no more. Raises `Forged`, with an alarm."""
        query = (
            select(outbox.c.sealed, outbox_keys.c.sealed.label("under"), outbox_keys.c.mac)
            .join(
                outbox_keys,
                (outbox_keys.c.forwarding == outbox.c.forwarding) & (outbox_keys.c.kind == outbox.c.kind),
            )
            .where(outbox.c.forwarding == forwarding, outbox.c.kind == kind)
        )
        row = (await conn.execute(query)).one_or_none()
        if row is None:
            return None
        try:
            return self._layer.uncovered(forwarding, kind, row.sealed, row.under, row.mac)
        except Forged:
            self._alarm(Fault.FORGED)
            raise

    async def waits(self, conn: AsyncConnection, forwardings: list[ForwardingId], kind: str) -> set[ForwardingId]:
        """Which of these still wait; of what was sent: whose arrival nobody has confirmed."""
        query = select(outbox.c.forwarding).where(outbox.c.forwarding.in_(forwardings), outbox.c.kind == kind)
        return set((await conn.execute(query)).scalars())

    async def destroy(self, conn: AsyncConnection, forwarding: ForwardingId, kind: str) -> None:
        """Its key first. Again changes nothing."""
        for table in (outbox_keys, outbox):
            await conn.execute(delete(table).where(table.c.forwarding == forwarding, table.c.kind == kind))
