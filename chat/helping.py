"""A lead helps in a live conversation, as pure rules: never silently (promise P13).

Joining is a line that visitor and worker see, committed before a word is shown to the lead; as long as it lasts the
sentence on top of the visitor's page names both. The lead reads what the worker may read, and writes nothing to the visitor.
"""

from msgspec.structs import replace

from chat.conversation import line
from contacts.committer import Decision
from contacts.contact import Contact, Door, Line, Refusal, Refused, State
from storage.ids import StaffId


def lead_joined(contact: Contact, _now: int, *, staff: StaffId) -> Decision:
    """Somebody's running chat, which nobody else helps in; again changes nothing. Raises `Refused`: not_yours, already_taken."""
    helpable = contact.door is Door.CHAT and contact.state is State.ACTIVE
    if not helpable or contact.operator is None or contact.operator == staff:
        raise Refused(Refusal.NOT_YOURS)
    if contact.helper == staff:
        return Decision(contact)
    if contact.helper is not None:
        raise Refused(Refusal.ALREADY_TAKEN)
    return Decision(replace(contact, helper=staff), (line(Line.LEAD_JOINED, staff),))


def lead_left(contact: Contact, _now: int, *, staff: StaffId) -> Decision:
    """The lead reads no more. Again, or by somebody else, it changes nothing."""
    if contact.helper != staff:
        return Decision(contact)
    return Decision(replace(contact, helper=None), (line(Line.LEAD_LEFT, staff),))
