"""That a contact was erased on request, told to every desk at every worker: what stands on a screen goes too."""

from collections.abc import Awaitable, Callable

from config.resources import Resources
from operator_ui.desk_socket import HearErased
from storage.ids import ContactId, is_id

#: On the bus, with the id of the contact.
ERASED_TOPIC = "erased"


def tell_erased(held: Resources) -> Callable[[ContactId], Awaitable[None]]:
    """Tell of one, after the commit."""

    async def tell(contact: ContactId) -> None:
        await held.bus.publish(ERASED_TOPIC, contact.encode())

    return tell


def hear_erased(held: Resources) -> HearErased:
    """For the desks of this worker."""
    listeners: list[Callable[[ContactId], None]] = []

    def listen(handler: Callable[[ContactId], None]) -> Callable[[], None]:
        listeners.append(handler)
        return lambda: listeners.remove(handler)

    def heard(payload: bytes) -> None:
        contact = payload.decode("ascii", "replace")
        if is_id(contact):
            for handler in tuple(listeners):
                handler(ContactId(contact))

    held.bus.subscribe(ERASED_TOPIC, heard)
    return listen
