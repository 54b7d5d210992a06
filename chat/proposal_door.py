"""Proposing a person to the assistance system: the professional's half."""

from functools import partial
from typing import Protocol

from chat.contact_form import Message
from chat.form_door import Letterbox
from contacts.form_messages import FormMessages
from contacts.statistics.fact import Codes
from contacts.statistics.proposals import Proposals
from storage.bus import Bus
from storage.clock import Clock
from storage.engine import Connection, Store
from storage.ids import ContactId


class ProposalStep(Protocol):
    """What the page for professionals needs of `ProposalDoor`."""

    async def sent(self, message: Message, codes: Codes) -> None: ...


class ProposalDoor:
    """Takes proposals in: messages of the form, with what is counted of them."""

    def __init__(self, *, store: Store, clock: Clock, messages: FormMessages, proposals: Proposals, bus: Bus) -> None:
        self._letterbox = Letterbox(store=store, clock=clock, messages=messages, bus=bus)
        self._proposals = proposals

    async def sent(self, message: Message, codes: Codes) -> None:
        """As `Letterbox.keep`; the proposal is counted once, in the same transaction."""
        await self._letterbox.keep(message, partial(self._arrived, codes))

    async def _arrived(self, codes: Codes, conn: Connection, contact: ContactId) -> None:
        await self._proposals.arrived(conn, contact, codes)
