"""Proposals that are composed from a contact and sent: the port `contacts.forwarding.proposing.Proposing`."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.forwarding.consent import ForwardingId
from contacts.forwarding.tables import forwardings
from contacts.openings import Opening
from contacts.statistics.fact import Codes
from contacts.statistics.proposals import Proposals
from contacts.tables_log import contacts
from storage.ids import ContactId

_PROPOSAL = "proposal"


class ComposedProposals:
    """Counts them when they are sent. `codes`: what the contact's record says."""

    def __init__(self, *, proposals: Proposals, codes: Callable[[Opening], Awaitable[Codes]]) -> None:
        self._proposals = proposals
        self._codes = codes

    async def lock(self, conn: AsyncConnection, contact: ContactId) -> None:
        """The contact first, then its forwardings, consents, proposals and facts: nobody waits in a ring."""
        await conn.execute(select(contacts.c.id).where(contacts.c.id == contact).with_for_update())

    async def composed(self, conn: AsyncConnection, opening: Opening, forwarding: ForwardingId) -> None:
        """A proposal is held until it is sent; one told by telephone is sent by now."""
        query = select(forwardings.c.scope, forwardings.c.sent_at).where(forwardings.c.id == forwarding)
        row = (await conn.execute(query)).one()
        if row.scope == _PROPOSAL:
            await self._proposals.composed(conn, opening, forwarding, await self._codes(opening))
            if row.sent_at is not None:
                await self._proposals.sent(conn, forwarding)

    async def sent(self, conn: AsyncConnection, _contact: ContactId, forwarding: ForwardingId) -> None:
        """From now on it is counted."""
        await self._proposals.sent(conn, forwarding)

    async def dropped(self, conn: AsyncConnection, forwarding: ForwardingId) -> None:
        """It never will be."""
        await self._proposals.dropped(conn, forwarding)
