"""Proposing a person to the assistance system: the professional's half."""

from typing import Protocol

import structlog

from chat import form_rules
from chat.contact_form import Message
from chat.form_door import TOPIC
from contacts.contact import Refusal, Refused
from contacts.form_messages import Arrival, FormMessages, SentBefore
from contacts.statistics.fact import Codes
from contacts.statistics.proposals import Proposals
from contacts.tags import new_tag
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId, new_id


class ProposalStep(Protocol):
    """What the page for professionals needs of `ProposalDoor`."""

    async def sent(self, message: Message, codes: Codes) -> None: ...


class ProposalDoor:
    """Takes proposals in. Needs no private key and no cookie."""

    def __init__(self, *, store: Store, clock: Clock, messages: FormMessages, proposals: Proposals, bus: Bus) -> None:
        self._store = store
        self._clock = clock
        self._messages = messages
        self._proposals = proposals
        self._bus = bus

    async def sent(self, message: Message, codes: Codes) -> None:
        """Seal and keep it, as a message of the form that is a proposal; committed on return, and kept once.

        Raises `Refused` (unavailable) when it could not be kept, whatever the reason: the page keeps the text.
        """
        contact = form_rules.arrived(
            contact=ContactId(new_id()),
            language=message.language,
            tag=new_tag(),
            now=epoch_seconds(self._clock.now()),
        )
        arrival = Arrival(
            contact=contact,
            page=message.page,
            words=message.words,
            call_back=message.call_back,
            urgency=message.urgency,
            answer=message.answer,
        )
        try:
            async with self._store.write() as conn:
                await self._messages.keep(conn, arrival)
                await self._proposals.arrived(conn, contact.id, codes)
        except SentBefore:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the writer's page keeps the text and says so
            structlog.get_logger().error("proposal_not_kept", fault=type(error).__name__)
            raise Refused(Refusal.UNAVAILABLE) from None
        await self._bus.publish(TOPIC, b"")
