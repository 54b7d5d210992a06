"""The port through which statistics hear of forwardings that propose somebody to the assistance system."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.forwarding.consent import ForwardingId
from contacts.openings import Opening
from storage.ids import ContactId


class Proposing(Protocol):
    """Told in the same transaction. Contacts are locked before forwardings and consents: `lock` comes first."""

    async def lock(self, conn: AsyncConnection, contact: ContactId) -> None:
        """Before anything of the contact is queued."""

    async def composed(self, conn: AsyncConnection, opening: Opening, forwarding: ForwardingId) -> None:
        """It is queued, or was told by telephone, in its operator's session. Of referrals nothing is kept."""

    async def sent(self, conn: AsyncConnection, contact: ContactId, forwarding: ForwardingId) -> None:
        """It was sent. Takes no lock on the contact; again changes nothing."""

    async def dropped(self, conn: AsyncConnection, forwarding: ForwardingId) -> None:
        """It was withdrawn before it was sent, and never will be. Takes no lock on the contact; again changes nothing."""


class NoProposals:
    """Nothing is counted."""

    async def lock(self, conn: AsyncConnection, contact: ContactId) -> None:
        """Nothing."""

    async def composed(self, conn: AsyncConnection, opening: Opening, forwarding: ForwardingId) -> None:
        """Nothing."""

    async def sent(self, conn: AsyncConnection, contact: ContactId, forwarding: ForwardingId) -> None:
        """Nothing."""

    async def dropped(self, conn: AsyncConnection, forwarding: ForwardingId) -> None:
        """Nothing."""
