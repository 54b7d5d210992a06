"""Until when a conversation goes on after closing, as far as anybody has said. Pure. Nothing ends by itself (P6)."""

from contacts.contact import Contact
from duty.closing import Closing, Phase
from storage.clock import epoch_seconds


def grace_end(contact: Contact, closing: Closing | None) -> int | None:
    """Seconds since 1970; None while we are open, or when the grace has passed and nobody gave more time.

    `closing`: the next closing, or the last one while its grace runs; None when there is none or its grace is over.
    """
    if closing is None:
        return contact.grace_until
    if closing.phase is not Phase.grace:
        return None
    return max(contact.grace_until or 0, epoch_seconds(closing.grace_until))
