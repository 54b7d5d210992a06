"""Sending a message with the contact form: the visitor's half."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from chat import form_rules
from chat.contact_form import Message
from contacts.contact import Refusal, Refused
from contacts.form_messages import Arrival, FormMessages, SentBefore
from contacts.tags import new_tag
from duty.availability import Availability
from duty.opening import Duty
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId, new_id

#: Bus topic: a message came, was taken, put back or dealt with.
TOPIC = "forms"


class FormStep(Protocol):
    """What the form's pages need of `FormDoor`."""

    async def admission(self, language: str) -> Availability: ...

    async def sent(self, message: Message) -> None: ...


#: What else is kept with a message, in its transaction.
Also = Callable[[Connection, ContactId], Awaitable[object]]


class Letterbox:
    """Takes in what is written on a page, without a private key or a cookie."""

    def __init__(self, *, store: Store, clock: Clock, messages: FormMessages, bus: Bus) -> None:
        self._store = store
        self._clock = clock
        self._messages = messages
        self._bus = bus

    async def keep(self, message: Message, also: Also | None = None) -> None:
        """Seal and keep it; committed on return. The same message from the same page is kept once.

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
                if also is not None:
                    await also(conn, contact.id)
        except SentBefore:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the writer's page keeps the text and says so
            structlog.get_logger().error("form_not_kept", fault=type(error).__name__)
            raise Refused(Refusal.UNAVAILABLE) from None
        await self._bus.publish(TOPIC, b"")


class FormDoor:
    """The contact form."""

    def __init__(self, *, store: Store, clock: Clock, messages: FormMessages, duty: Duty, bus: Bus) -> None:
        self._letterbox = Letterbox(store=store, clock=clock, messages=messages, bus=bus)
        self._duty = duty

    async def admission(self, language: str) -> Availability:
        """When somebody will be there to read; never raises."""
        return await self._duty.availability(language)

    async def sent(self, message: Message) -> None:
        """As `Letterbox.keep`."""
        await self._letterbox.keep(message)
